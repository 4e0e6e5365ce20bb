"""Fix sheets: the listings of one reason with just what its fix needs, as CSV and as a workbook to fill in.

May know: exports' columns, CSV and workbook, exports.worklist, and what they know.
Begin at: fixsheet.py (the rows of one reason), fix_kinds.py (what each reason's fix needs).
"""
