"""The history page: hero and other cards over time, the books of a span, ages, times to clear.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
