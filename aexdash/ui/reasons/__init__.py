"""The reasons page: import of Seller Center files, texts not recognised, and what each reason means.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
