"""Files for people: the CSV and workbook of a view, fix sheets, moves, rejected feed rows.

May know: config, desk, reasons, snapshot, model, clock.
Begin at: worklist.py (columns, cells, what a spreadsheet may not run), fixsheet.py (one reason).
"""
