"""Words that mean something only by what stands beside them: *stopped*, *pending*, *for a week*, *on our side*.

May know: who asks, the details of a question, ask.language and the two types.
Begin at: settling.py (words beside others), everyday.py (everyday words), neighbours.py (one phrase by the next).
"""
