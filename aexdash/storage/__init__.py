"""SQLite files whoever owns them: the named errors, and whether a file is whole.

May know: nothing of aexdash.
Begin at: errors.py (what can be wrong with a file).
"""
