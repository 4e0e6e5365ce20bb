"""What the words of a question mean together: its pieces, which listings they choose, what is counted, and when.

May know: ask.language, and the two types, typed words, rules and words of ask.
Begin at: cutting.py (a text to its pieces), composing.py (pieces to one question), subjects/subjects.py (what is
counted), following.py (what a follow-up changes).
"""
