"""Ask: a question in plain words becomes a typed `Question`, and that an `Answer` equal to what the pages show.

May know: alerts and what lies below it; never a page, a command or a channel.
Begin at: question.py and answer.py (the two types), reading.py (words to a question), answers/answering.py (to its
answer).
"""
