"""Commands for the two files of a home: back up, restore, repair what is damaged, bring up to date.

May know: doctor and what it knows, cli's errors and options.
Begin at: restore.py (a backup in place of a file), repair.py (what is recovered of a damaged one).
"""
