"""A sync run: read the store, record what was read, gather the evidence; and the worker that repeats runs.

May know: cards, desk, config, reasons, snapshot, checks, aliexpress, platform_data, http, storage.
Begin at: run.py (one run), walking.py (what it reads), evidence/gathering.py (the evidence),
worker/store_worker.py (the loop).
"""
