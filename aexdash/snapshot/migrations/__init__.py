"""The tables of snapshot.db as they came to be, a step a module; a published step is never changed.

May know: storage.
Begin at: m0001_m0002.py (the first tables).
"""
