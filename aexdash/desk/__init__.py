"""What people decide, in a file of its own: annotations, profiles, bands, campaigns, views, columns of feeds, sessions.

What they decide about listings (owners, notes, stages) is in a room of its own, and what is told of alerts is kept here
too.

May know: people, reasons, cards, snapshot, sources, view, storage, model, clock.
Begin at: decisions/items.py (what people can decide about a listing), decisions/work.py (deciding it), file.py (opening
the desk), profiles.py (which stores a view shows).
"""
