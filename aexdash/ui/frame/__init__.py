"""What surrounds every page: shell, guard, top bar, banners, the time machine, the address and the view.

May know: config, snapshot, words.
Begin at: guard.py (the first line of every page), visit.py (what a page reads), address.py (view and URL).
"""
