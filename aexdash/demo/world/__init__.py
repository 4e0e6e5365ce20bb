"""Stores whose listings enter, are rejected and are fixed, as a function of a seed and the time alone.

May know: model, checks.
Begin at: world.py (what a store looks like at a moment), population.py (who lives in it).
"""
