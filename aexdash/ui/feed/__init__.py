"""The page of the feed: its files, what they rejected, a file dropped in, its columns.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
