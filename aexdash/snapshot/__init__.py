"""The snapshot: what was observed of the stores, written in one transaction a run, and every query on it.

Only this room contains SQL on snapshot.db.

May know: checks, sources, view, people, storage, platform_data, model, clock.
Begin at: query.py (the read side, as pages see it), recording/record.py (the write side).
"""
