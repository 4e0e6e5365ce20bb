"""What the server answers beside the pages: health check, downloads, thumbnails, security headers, our style.

May know: exports, config, snapshot.
Begin at: routes.py (every address).
"""
