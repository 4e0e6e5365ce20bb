"""Commands that ask one question of a home: in words, does Seller Center agree, what left sale, what stood when; shops.

May know: cli, and what it knows.
Begin at: ask.py (a question in plain words), reconcile.py (a list of Seller Center beside ours), evidence.py (a pack).
"""
