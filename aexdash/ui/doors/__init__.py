"""What the server answers beside the pages: health check, downloads, thumbnails, security headers.

May know: exports, config, snapshot.
Begin at: routes.py (every address).
"""
