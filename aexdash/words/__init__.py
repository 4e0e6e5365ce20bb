"""Words for screens, mails and terminals: numbers with units, spans of time, statuses, cards; pure functions.

May know: causes, reconcile, cards, desk, config, snapshot and what they know; no page, no message, no command.
Begin at: common.py (moments, spans, counts), statements.py (what a number may claim),
listings/listing.py (what a listing is).
"""
