"""The doctor: what can be wrong with an installation, each condition with what to do about it; pages and commands ask.

May know: sync, replica, alerts, causes, reconcile, words, config, desk, snapshot, supervision, storage, clock.
Begin at: finding.py (every condition), files.py (the two files and their backups), desk_rows.py (damaged rows).
"""
