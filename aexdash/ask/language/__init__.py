"""The words of questions in four languages: how a text is cut, its phrases, and the closed grammar of periods.

May know: ask.question, clock, model, view.
Begin at: times/periods.py (times), lexicon.py (phrases), pieces.py (what a question is made of).
"""
