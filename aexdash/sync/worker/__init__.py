"""The worker: runs and readings at their times in threads of their own, begun anew after an error, by one supervisor.

May know: sync and what it knows, supervision, log.
Begin at: supervisor.py (every thread), store_worker.py (what is due for a store), shop_watch.py (for the shops).
"""
