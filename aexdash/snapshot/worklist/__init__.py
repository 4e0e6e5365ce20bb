"""From a view to rows: filters as SQL, facets with counts, pages of rows, one listing with its story.

May know: view, and the rooms of snapshot beside it.
Begin at: filters.py (a view as conditions), rows.py (the rows).
"""
