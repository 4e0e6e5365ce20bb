"""Writing a run: what was read is staged, compared with the tables, and recorded in one transaction.

May know: storage, and the rooms of snapshot beside it.
Begin at: record.py (a run from beginning to end), difference.py (what has changed, as sets).
"""
