"""The doctor: what can be wrong with an installation, each condition with what to do about it; pages and commands ask.

May know: every room but pages and commands.
Begin at: examining.py (what is looked at, in order), finding.py (every condition), outside.py (what others say).
"""
