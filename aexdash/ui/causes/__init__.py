"""What goes with a movement: the link beside each movement, and the page of a report with what can be done about it.

May know: ui/frame.
Begin at: ways.py (the link and the line beside a movement), page.py (what is on the page, in order).
"""
