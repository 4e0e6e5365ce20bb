"""What cards count, at any moment and over any stores; a value that no complete reading confirms is None.

May know: every other room of snapshot but alerting.
Begin at: measures.py (every measure), scope.py (which stores, at which moment).
"""
