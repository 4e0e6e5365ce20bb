"""What listings are, side by side: those that were rejected in a span and those that could have been, for comparing.

May know: the rooms of snapshot beside it.
Begin at: listings.py (a row a listing).
"""
