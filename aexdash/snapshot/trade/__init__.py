"""What was sold and what the feed says: order lines, sales of held listings before the hold, validation files.

May know: `snapshot.history`. Begin with: `orders.py` or `feed_report.py`.
"""
