"""The business models of sellers: which methods each calls, and how its answers become observations and details.

May know: aliexpress.protocol, aliexpress.reading, aliexpress.errors, model, clock.
Begin at: dialect.py (what every business model answers), overseas.py (the commonest), walks.py (all pages of a status).
"""
