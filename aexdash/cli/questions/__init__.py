"""Commands that ask one question of a home and print the answer: whether Seller Center agrees.

May know: cli, and what it knows.
Begin at: reconcile.py (a list of Seller Center beside ours).
"""
