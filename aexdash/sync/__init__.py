"""A run: what to ask of a store, ask it, record it, then gather the evidence; and the worker that repeats it.

May know: cards, desk, config, reasons, snapshot, checks, aliexpress, http, storage.
Begin at: run.py (one run), worker.py (the loop, a thread a store), gathering.py (the evidence).
"""
