"""Commands that answer questions in plain words; what they say is what pages and assistants say of the same question.

May know: ask, words, config, snapshot, and the rooms that every command may know.
Begin at: ask.py (`aexdash ask`).
"""
