"""Orders, what held listings sold before they were held, and the validation files of the feed.

May know: the rooms of snapshot beside it.
Begin at: orders.py (units and prices, never a buyer), held_sales.py (money held back).
"""
