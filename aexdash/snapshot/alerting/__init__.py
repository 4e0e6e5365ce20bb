"""What alert rules ask of a store: facts at a moment of the present or the past.

May know: the rooms of snapshot beside it.
Begin at: facts.py (the questions).
"""
