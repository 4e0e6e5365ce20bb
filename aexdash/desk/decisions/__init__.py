"""Decisions on listings: what people can decide, making and undoing it, its log, and a file that brings it back.

May know: the files and tables of desk beside it, profiles and their stores, and what desk knows.
Begin at: items.py (what people can decide), work.py (making decisions, undoing them, and their log).
"""
