"""The worklist: the filters of a view as SQL, facets with counts, pages of rows, one listing with its history.

May know: view, and the rooms of snapshot beside it.
Begin at: filters.py (a view as conditions), rows.py (the rows).
"""
