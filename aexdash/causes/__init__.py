"""Causes: which properties go with a movement of rejected listings, and what moved before it. Never why.

May know: desk, config, cards, reasons, snapshot, view, statement, model, clock.
Begin at: report.py (from a movement to what is told of it), slices.py (the test), movement.py (who is compared).
"""
