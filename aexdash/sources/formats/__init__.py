"""The formats in which tables come, CSV, XLS and XLSX: which one a file is, its sheets or lines, and its heading row.

May know: sources.cells, sources.errors and sources.columns, by whose words a heading row is found.
Begin at: kinds.py (which format a file is), delimited.py and workbooks.py (its tables), layout.py (the heading row).
"""
