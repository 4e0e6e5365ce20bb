"""Delivery: who is told of an alert, over which channel, in which words, and whether it arrived."""
