"""What the pages are made of: one folder for each page, and `frame` for what all pages share.

No SQL and no HTTP: pages ask the rooms below.

May know: notify, feed, alerts, words, exports, config, desk, cards, reasons, snapshot, checks, sources, view, storage.
Begin at: frame/guard.py (the first line of every page), frame/visit.py (what a page reads).
"""
