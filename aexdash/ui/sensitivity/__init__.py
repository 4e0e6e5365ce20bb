"""The page of limits: bands tried on the past before they are saved, and profiles.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
