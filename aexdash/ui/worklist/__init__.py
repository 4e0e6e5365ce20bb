"""The worklist page: filter listings, act on them, export them, and all that is known of one listing.

May know: ui/frame.
Begin at: page.py (what is on it, in order), table.py (the rows), keys.py (what each key does).
"""
