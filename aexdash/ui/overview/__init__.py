"""The overview page: open alerts, hero and its siblings, reasons, listings at risk, every card.

May know: ui/frame.
Begin at: tiles.py (hero and bridge), why.py (reasons).
"""
