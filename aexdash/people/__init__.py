"""People: how a name is read, and who somebody is by the word of an identity provider.

May know: storage, model, clock.
Begin at: identity.py (who somebody is), names.py (how a name is read).
"""
