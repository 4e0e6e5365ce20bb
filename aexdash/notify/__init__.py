"""Delivery: who is told of an alert, over which channel, in which words, and whether it arrived.

May know: alerts, words, config, desk, reasons, snapshot, http, storage.
Begin at: waiting.py (what waits to be sent), sending.py (at least once), writing.py (the words of a message).
"""
