"""The feed page: validation files, what they rejected, upload of a file, and which of its columns hold what.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
