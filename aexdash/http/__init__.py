"""All HTTP requests: forms and JSON to one host, pictures within limits, and which addresses are allowed.

May know: model, clock.
Begin at: wire.py (the only import of httpx).
"""
