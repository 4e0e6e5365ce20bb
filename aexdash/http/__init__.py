"""The one way out: a form posted, a picture fetched within bounds, and to which addresses that is allowed.

May know: model, clock.
Begin at: wire.py (the only import of httpx).
"""
