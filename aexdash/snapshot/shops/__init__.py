"""The seller's own shops: readings of them, and what each variant was in them from one reading to another.

May know: shops.records, and the rooms of snapshot beside it.
Begin at: report.py (what is asked of them), recording.py (a reading is written), staging.py (what has come so far).
"""
