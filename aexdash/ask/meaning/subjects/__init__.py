"""What a question counts: a card, listings that stand so, a share of them, moves or causes, of which and when.

May know: ask.meaning.in_context, who asks, which listings are chosen, several numbers of one question.
Begin at: subjects.py (which of them it is), stocks.py (what stands at a moment), cards_asked.py (cards).
"""
