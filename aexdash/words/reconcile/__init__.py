"""Words of the page Reconcile: a list beside ours, the shop beside AliExpress, how far SKUs get, and what left sale.

May know: reconcile, snapshot, words.common, model, clock.
Begin at: comparison.py (what a comparison came to), source.py (what a listing is beside its shop).
"""
