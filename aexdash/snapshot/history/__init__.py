"""The past of a store: held counts, the books of a span, moves, ages, series by hour, day and week.

May know: the rooms of snapshot beside it.
Begin at: counts.py (held at any moment), span.py (opening, entered, left, closing).
"""
