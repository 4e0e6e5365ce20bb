"""Evidence on listings: details, categories, pictures and words; what is missing, what was read, which reasons stand.

May know: checks, and the rooms of snapshot beside it.
Begin at: api.py (what the sync reads and records), standing_reasons.py (the reasons of a listing now).
"""
