"""The replica: both files of a home copied to other machines by Litestream, which starts and ends with us.

May know: config, snapshot, desk, supervision, storage, sync's lease, log, clock; nothing of pages and commands.
Begin at: replicating.py (the machine with the worker), following.py (one copy on another machine), follow.py (all).
"""
