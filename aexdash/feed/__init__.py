"""Validation files of a feed: where they come from, and the watch that reads each once.

May know: sync, desk, config, sources, snapshot, http, storage.
Begin at: watching.py (the folders of all stores), sftp.py (files of another server).
"""
