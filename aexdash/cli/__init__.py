"""The command line: what people type, what it does with a home, and what a terminal is shown.

May know: every room but ui and demo.
Begin at: main.py (every command), actions.py (what they do).
"""
