"""The page where listings are filtered, taken, fixed and exported, and the story of one listing.

May know: ui/frame.
Begin at: page.py (what is on it, in order), table.py (the rows).
"""
