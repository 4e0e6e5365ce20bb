"""Details, categories, pictures and words behind findings: what is lacking, what was told, what stands.

May know: checks, and the rooms of snapshot beside it.
Begin at: api.py (what the sync may ask and tell), standing_reasons.py (what holds a listing now).
"""
