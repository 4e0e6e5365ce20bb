"""The first page: hero and tiles, why, what is at risk, every card, open alerts.

May know: ui/frame.
Begin at: tiles.py (hero and bridge), why.py (reasons).
"""
