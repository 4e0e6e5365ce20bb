"""What people decide, in a file of its own: owners, notes, stages, annotations, profiles, bands, columns of feeds.

May know: reasons, cards, snapshot, sources, view, storage, model, clock.
Begin at: work.py (the triage of listings, and opening the file).
"""
