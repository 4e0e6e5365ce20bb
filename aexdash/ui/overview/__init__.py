"""The overview page: open alerts, hero and its spikes, reasons, a line a store, cards, listings at risk.

May know: ui/frame.
Begin at: tiles.py (hero and bridge), why.py (reasons), look.css (which places are kept free for what comes late).
"""
