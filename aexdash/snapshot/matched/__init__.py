"""Listings beside the shop that they come from: which variant is which listing, and what differs between the two.

May know: shops.records, checks, and the rooms of snapshot beside it.
Begin at: matching.py (which is which), differences.py (what differs), recording.py (kept as periods).
"""
