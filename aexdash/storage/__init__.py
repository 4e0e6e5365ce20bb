"""SQLite files whoever owns them: opened, brought up to date, written in transactions; what is wrong as a sentence.

May know: nothing of aexdash.
Begin at: file.py (opening and transactions), errors.py (what can be wrong with a file).
"""
