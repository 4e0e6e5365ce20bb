"""Our side: what was observed, written in one transaction a run, and every question asked of it.

The only room that speaks the SQL of snapshot.db.

May know: checks, sources, view, storage, model, clock.
Begin at: query.py (the read side, as pages see it), recording/record.py (the write side).
"""
