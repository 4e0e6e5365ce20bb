"""From a view to rows: the filters as SQL, counts a reason, choices a filter, rows, and one listing in full.

May know: `snapshot.evidence`, `snapshot.history` and `snapshot.trade`. Begin with: `filters.py`, then `rows.py`.
"""
