"""One signed call: the signature, tokens, limits and bans; an answer as content or as an error of its kind.

May know: aliexpress.errors, http, model, clock.
Begin at: gateway.py (one call from parameters to content), failures.py (what each refusal means).
"""
