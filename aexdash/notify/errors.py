"""The error of a failed delivery."""

from __future__ import annotations


class NotDelivered(Exception):
    """A channel did not take a message, or it is not certain that it did; the text is one sentence without secrets."""
