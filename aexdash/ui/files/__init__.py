"""Files that people bring to a page: the place to drop one, and the question in which code page it was written.

May know: what all pages share, and how files are read.
Begin at: `drop_zone.py`; what a file says, and what becomes of it, is known to the page that asks for it.
"""
