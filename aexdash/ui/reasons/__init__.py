"""The page of reasons: files of Seller Center brought in, texts not recognised, what each reason means.

May know: ui/frame.
Begin at: page.py (what is on it, in order).
"""
