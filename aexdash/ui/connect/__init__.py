"""The page Connect: a store is connected by signing in to AliExpress, its seller confirmed, its first reading shown.

May know: ui/frame.
Begin at: page.py (what is on it, step by step), routes.py (to AliExpress and back).
"""
