"""Rules: those that ship, those that people wrote over them, what is wrong with one, and each as a plain sentence.

May know: alerts.model and what it knows, alerts.episodes.routing, words, desk, people, storage; no channel.
Begin at: shipped.py (the rules that ship), rule_store.py (the rules in force).
"""
