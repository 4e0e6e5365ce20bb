"""The page Settings: stores, channels, feeds, shops and the workspace, edited in the files that hold them.

May know: ui/frame, ui/alerts (the rows of channels), ui/connect (signing in again).
Begin at: page.py (its parts), fields.py (a form of settings), saving.py (how they are written).
"""
