"""What people decide, in a file of its own: owners, notes, stages, annotations, profiles, bands, columns of feeds.

May know: people, reasons, cards, snapshot, sources, view, storage, model, clock.
Begin at: items.py (what people can decide), work.py (making decisions, undoing them, and their log).
"""
