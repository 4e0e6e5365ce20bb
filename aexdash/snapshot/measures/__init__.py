"""What cards count, at any moment and over any stores, and what each card said, kept as steps.

May know: the rooms of snapshot beside it.
Begin at: measures.py (every measure), card_values.py (what was said).
"""
