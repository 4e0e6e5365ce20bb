"""Asking in plain words on the pages: the box of the overview, and the page with the answer and what was asked before.

May know: ui/frame, ask.
Begin at: page.py (what is on it, in order), box.py (where words are typed, and its key).
"""
