"""Connecting from the pages: a store by the sign-in that leads over AliExpress and back, and a shop that is tried.

May know: sync (whether a worker runs, mapping files), words, config, desk, snapshot, shops, http, aliexpress.
Begin at: attempts.py (a sign-in under way), signing.py (its steps), reading.py (the first reading), trying.py (a shop).
"""
