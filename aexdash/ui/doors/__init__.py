"""What the server answers beside pages: health, downloads, pictures, security headers.

May know: exports, config, snapshot.
Begin at: routes.py (every address).
"""
