"""Reconciling: what Seller Center lists beside what the snapshot had at that moment, by id, each difference explained.

May know: desk, sources, snapshot, storage, statement, model, clock.
Begin at: compare.py (which listings differ), explain.py (why, the first that holds), examine.py (both, of a snapshot).
"""
