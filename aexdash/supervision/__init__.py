"""Supervision: loops that begin again after an error, what each says of itself, and whether everything is ready.

May know: config, desk, snapshot, http, storage, log, clock; nothing that such a loop does.
Begin at: loop.py (a loop that does not die), states.py (what the pages are told of it), readiness.py (is all well?).
"""
