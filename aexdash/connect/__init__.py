"""Connecting a store from the pages: the sign-in that leads over AliExpress and back, and the store that comes of it.

May know: sync (whether a worker runs), words, config, desk, snapshot, aliexpress.
Begin at: attempts.py (a sign-in under way), signing.py (its steps), reading.py (how far the first reading is).
"""
