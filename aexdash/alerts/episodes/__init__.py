"""Episodes and their events: kept in the desk, told to channels, and shown to people in words.

May know: alerts.model and what it knows, words, config, desk, people, cards, snapshot, storage; not the rules in force.
Begin at: episodes.py (what people read and write), rounds.py (what a round of rules writes), routing.py (who is told).
"""
