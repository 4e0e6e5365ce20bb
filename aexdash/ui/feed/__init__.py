"""What the feed's validation rejected: its files, their columns, the rows behind the numbers.

May know: `ui.frame`, and the parts of `ui.reasons` and `ui.overview` that it shares. Begin with: `page.py`.
"""
