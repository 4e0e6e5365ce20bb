"""Alerts on the Sensitivity page: rules and their form, a rule tried on the past, channels, episodes.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
