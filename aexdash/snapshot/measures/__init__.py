"""What cards count, at any moment and over any stores; a value that no reading vouches for is None.

May know: every other folder of `snapshot` but `alerting`. Begin with: `measures.py`, then `scope.py`.
"""
