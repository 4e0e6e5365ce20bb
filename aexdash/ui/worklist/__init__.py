"""The held listings one by one: filters and chips, the table, what people do with rows, one listing in full.

May know: `ui.frame`, `ui.overview` and `ui.reasons`, of which it shows parts. Begin with: `page.py`.
"""
