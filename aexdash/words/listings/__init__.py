"""Words of listings: what one is and who says why, what people decide about it, what happened to it.

May know: words.common, words.statements, and what words knows.
Begin at: listing.py (status, age, reasons), work.py (decisions), past.py (what happened to it).
"""
