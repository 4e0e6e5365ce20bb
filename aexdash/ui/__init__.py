"""What the pages are made of, a folder a page, and what surrounds them all.

No SQL and no HTTP: pages ask rooms that know.

May know: notify, feed, alerts, words, exports, config, desk, cards, reasons, snapshot, checks, sources, view, storage.
Begin at: frame/guard.py (the first line of every page), frame/visit.py (what a page reads).
"""
