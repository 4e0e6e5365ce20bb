"""From a question to its answer: what is counted and what it may speak for, its rows, and where it is shown too.

May know: the question and answer of ask, its rules, its words and its workspace; how words were read, where a
text is answered.
Begin at: answering.py (which function answers what), number.py (what is counted), dividing.py (its rows).
"""
