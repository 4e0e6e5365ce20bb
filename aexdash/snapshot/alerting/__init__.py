"""The facts about a store that alert rules are made of, now or at a moment of the past.

May know: the rooms of snapshot beside it.
Begin at: store.py (the facts of one store), facts.py (their value objects).
"""
