"""Commands that ask a question of a home: in plain words, does Seller Center agree, what left sale, what stood, shops.

May know: cli, and what it knows.
Begin at: ask.py (a question in plain words), reconcile.py (a list of Seller Center beside ours), evidence.py (a pack).
"""
