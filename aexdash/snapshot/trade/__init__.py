"""What was ordered, what held listings sold before, and what validation files of the feed rejected.

May know: the rooms of snapshot beside it.
Begin at: orders.py (units and prices, never a buyer), held_sales.py (money held back).
"""
