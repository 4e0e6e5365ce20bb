"""The closed grammar of times in four languages: words become half-open spans of a time zone, moments, and ages.

May know: how a text is cut into words and phrases, ask.question, clock, view.
Begin at: periods.py (words to a span), period_words.py (the words), period_forms.py (what each form means).
"""
