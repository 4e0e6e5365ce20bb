"""What all pages share: shell, guard, top bar, banners, time machine, address, charts.

May know: config, snapshot, words.
Begin at: guard.py (the first line of every page), visit.py (what a page reads), address.py (view and URL).
"""
