"""Files that people bring: reading them as tables, and telling which listings their rows are about.

Knows no HTTP, no SQL, no Streamlit. A file is read as it is, and nothing in it is trusted.

May know: model, clock.
Begin at: tables.py (any file as rows), seller_center.py (ids and texts), feedonomics.py (rejected SKUs of a feed).
"""
