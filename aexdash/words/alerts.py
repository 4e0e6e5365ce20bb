"""The words of alerts: how bad, in which unit, what was found, of which store. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from aexdash.alerts.model import (
    Anomaly,
    Concentration,
    Condition,
    EventKind,
    NewReason,
    NoData,
    OneListing,
    Rise,
    Severity,
    Silence,
    Subject,
    Threshold,
)
from aexdash.cards import CARDS

SIGNS: Mapping[Severity, str] = {
    Severity.CRITICAL: "‼",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "◆",
    Severity.LOW: "●",
    Severity.INFO: "○",
}
"""A sign a severity, so that its colour is never the only one."""

COLOURS: Mapping[Severity, str] = {
    Severity.CRITICAL: "red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "orange",
    Severity.LOW: "gray",
    Severity.INFO: "blue",
}

KIND_WORDS: Mapping[str, str] = {
    "threshold": "A number is above or below a limit",
    "rise": "A number is higher or lower than it was",
    "anomaly": "A number is not what is usual at this hour",
    "new_reason": "A reason that is new",
    "concentration": "One cause behind most of what is new",
    "one_listing": "A listing that needs somebody now",
    "no_data": "Nothing can be said, or soon nothing",
}

SILENCE_WORDS: Mapping[Silence, str] = {
    Silence.WALK: "no complete walk",
    Silence.SIGN_IN: "the sign-in is about to end",
    Silence.BUDGET: "the calls of the hour are nearly used",
    Silence.PARTIAL: "run after run is partial or fails",
}

SUBJECT_WORDS: Mapping[Subject, str] = {
    Subject.STUCK: "stuck in audit",
    Subject.DEADLINE: "a deadline is near",
    Subject.REGRESSED: "rejected again",
}

EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.OPENED: "opened",
    EventKind.WORSENED: "got worse",
    EventKind.CHANGED: "changed",
    EventKind.CLOSED: "closed",
}

_SILENCE_UNITS: Mapping[Silence, str] = {
    Silence.WALK: "minutes",
    Silence.SIGN_IN: "hours left",
    Silence.BUDGET: "percent of the calls",
    Silence.PARTIAL: "runs in a row",
}


def badge(severity: Severity) -> str:
    """Write a severity as a badge of Markdown, with its sign."""
    return f":{COLOURS[severity]}-badge[{SIGNS[severity]} {severity.value}]"


def unit_of(condition: Condition) -> str:
    """Name the unit of a condition's level and of its limits."""
    match condition:
        case Threshold(card=card) | Rise(card=card, relative=False):
            return CARDS[card].unit if card in CARDS else "of a card that is gone"
        case Rise() | Concentration():
            return "percent"
        case Anomaly():
            return "deviations"
        case NewReason() | OneListing():
            return "listings"
        case NoData(silence=silence):
            return _SILENCE_UNITS[silence]
