"""What columns and their cells mean: headings in sellers' languages, product ids, SKU codes, dates, words of verdicts.

May know: sources.cells.
Begin at: headings.py (which column is which), ids.py (an id digit for digit, or none).
"""
