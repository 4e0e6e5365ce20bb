"""Alerts on pages: rules and their form, a rule tried on the past, channels, episodes, the tab's badge.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
