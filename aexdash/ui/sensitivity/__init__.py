"""The first part of the Sensitivity page: the band of each card, previewed on the past, and profiles.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
