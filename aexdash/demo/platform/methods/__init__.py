"""The business methods of the simulated platform, a module a subject.

May know: demo.platform's shapes and envelope, demo.world.
Begin at: listings.py (the plainest).
"""
