"""Commands that ask one question of a home: whether Seller Center agrees, what left sale, what stood when.

May know: cli, and what it knows.
Begin at: reconcile.py (a list of Seller Center beside ours), evidence.py (a pack on one listing).
"""
