"""The page Reconcile: a list, copied ids or numbers of Seller Center, compared with ours of that moment and explained.

May know: ui/frame, ui/reasons (reading a file that is dropped in).
Begin at: page.py (what is on it, in order), ask.py (what is brought), shown.py (what came of it).
"""
