"""Assistants: five tools and two resources over the Model Context Protocol, which read and never write.

May know: ask, words, causes, config, desk, cards, reasons, snapshot, statement, view, storage, model, clock.
Begin at: tools.py (the five), scope.py (which stores they may speak of), server.py (the protocol, by `mcp`).
"""
