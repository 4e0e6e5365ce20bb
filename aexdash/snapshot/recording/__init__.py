"""Writing down what a run has read: staged, compared as sets, and recorded in one transaction with the books.

May know: `snapshot.history`, whose day books and spells it keeps. Begin with: `record.py`.
"""
