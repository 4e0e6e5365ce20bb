"""A sync run: read the store, record what was read, gather the evidence; and the worker that repeats runs.

May know: cards, desk, config, reasons, snapshot, checks, aliexpress, http, storage.
Begin at: run.py (one run), walking.py (what it reads), worker.py (the loop, a thread a store), gathering.py (the evidence).
"""
