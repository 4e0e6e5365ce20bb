"""People: how a name is read, who somebody is by the word of an identity provider, and what each may do.

May know: storage, model, clock.
Begin at: acting.py (who acts, and what is refused), rights.py (roles), identity.py (who somebody is), names.py.
"""
