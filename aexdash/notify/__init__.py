"""Delivery: who is told of an alert, over which channel, in which words, and whether it arrived.

May know: alerts, words, config, desk, snapshot, http.
Begin at: outbox.py (what waits), routing.py (who is told, when), sending.py (at least once).
"""
