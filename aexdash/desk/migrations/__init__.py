"""The tables of desk.db as they came to be, a step a module; a published step is never changed.

May know: storage.
Begin at: the highest number.
"""
