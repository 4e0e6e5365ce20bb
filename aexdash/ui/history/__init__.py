"""The page of the past: hero and siblings over time, the books of a span, ages, times to clear.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
