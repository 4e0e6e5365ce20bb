"""Files for people and scripts: what all of them share, and those of moves between shop, feed, Seller Center and sale.

The largest have rooms of their own: the worklist, and the fix sheets.

May know: words, config, desk, reasons, snapshot, sources, view, platform_data, model, clock.
Begin at: table.py (columns and cells), csv_file.py (what a spreadsheet may not run), worklist/worklist.py (columns for
people).
"""
