"""Words for screens, mails and terminals: numbers with units, spans of time, statuses, cards; pure functions.

May know: cards, desk, config, snapshot.
Begin at: common.py (moments, spans, counts).
"""
