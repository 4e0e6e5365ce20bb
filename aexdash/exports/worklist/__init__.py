"""The worklist as files: CSV and workbook for people, its plain form for scripts, and what moved between two moments.

May know: exports' columns, CSV and workbook, and what they know; nothing of fix sheets.
Begin at: worklist.py (columns for people), worklist_csv.py (the same bytes, faster), plain.py (for scripts).
"""
