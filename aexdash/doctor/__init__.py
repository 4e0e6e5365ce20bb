"""The doctor: what can be wrong with an installation, each condition with what to do about it; pages and commands ask.

May know: feed, notify, sync, alerts, causes, reconcile, config, desk, snapshot, shops, aliexpress, storage, clock.
Begin at: desk_rows.py (the rows of the desk that cannot be read).
"""
