"""Files for people and scripts: CSV and workbook of a view, its plain form, fix sheets, moves, rejected feed rows.

May know: words, config, desk, reasons, snapshot, sources, view, platform_data, model, clock.
Begin at: worklist.py (columns for people), csv_file.py (what a spreadsheet may not run), fixsheet.py (one reason).
"""
