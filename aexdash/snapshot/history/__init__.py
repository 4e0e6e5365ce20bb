"""Moments and spans: what was held at one, what moved between two, by hour, day and week, in whole spells.

May know: the files of `snapshot` itself. Begin with: `counts.py` (the hero and its days), then `span.py` (the books).
"""
