"""SQLite files, those of the snapshot and of the desk: opening, migrations, named errors, and whether a file is whole.

May know: nothing of aexdash.
Begin at: file.py (opening a file), errors.py (what can be wrong with it).
"""
