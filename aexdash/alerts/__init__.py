"""Alerts: rules that say when somebody should be told, and the episodes that come of them.

May know: words, config, desk, cards, reasons, snapshot and what they know; not who delivers.
Begin at: conditions/base.py (what a rule finds), machine.py (what follows of it), engine.py (both after a run),
rules/shipped.py (the rules that ship), episodes/rounds.py (what is kept).
"""
