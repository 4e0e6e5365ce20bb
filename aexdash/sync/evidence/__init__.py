"""Evidence that a run gathers beside the statuses: details, categories, words, pictures with thumbnails, and orders.

May know: sync.kit and what it knows, checks, snapshot, aliexpress, http, storage; nothing of walks or of the worker.
Begin at: gathering.py (what is gathered, in which order), fan_out.py (many calls until a deadline).
"""
