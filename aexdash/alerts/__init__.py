"""Alerts: rules that say when somebody should be told, and the episodes that come of them.

May know: words, exports, config, desk, cards, snapshot and what they know.
Begin at: conditions.py (what a rule finds), machine.py (what follows of it), engine.py (both after a run).
"""
