"""A rule as a plain sentence, and moments as people write them. Pure functions."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from aexdash.alerts.limits import recovery, worse
from aexdash.alerts.model import (
    Anomaly,
    Concentration,
    Condition,
    NewReason,
    NoData,
    OneListing,
    Rise,
    Rule,
    Silence,
    Subject,
    Threshold,
    Way,
)
from aexdash.cards import CARDS
from aexdash.cards.reference_page import SIGN

HIGHER = {Way.ABOVE: "higher", Way.BELOW: "lower"}

MINUTES = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60}

LISTINGS = {
    Subject.STUCK: "in audit for longer than nine in ten audits of this store",
    Subject.DEADLINE: "whose time for an appeal or a fix ends within {hours}",
    Subject.REGRESSED: "rejected again in the last {hours}",
}

SILENCES = {
    Silence.WALK: ("No complete reading for more than {limit}", " minutes"),
    Silence.SIGN_IN: ("The sign-in ends in less than {limit}", " hours"),
    Silence.BUDGET: ("Calls used of those allowed in this hour above {limit}", " %"),
    Silence.PARTIAL: ("More than {limit} in a row partial or failed", " runs"),
}
"""How each is said, and the unit of its level."""


def sentence(rule: Rule) -> str:
    """Say in one line when a rule alerts, when it is worse, and when it recovers."""
    condition, unit = rule.condition, unit_of(rule.condition)
    parts = [f"{when(condition)}{_hold(rule)}"]
    if condition.worse_at is not None:
        parts.append(f"{worse(rule.severity).value} {condition.way.value} {condition.worse_at:,.10g}{unit}")
    keep = f" after {span_words(rule.keep_minutes)}" if rule.keep_minutes else ""
    parts.append(f"recovers at {recovery(condition):,.10g}{unit}{keep}")
    if rule.quiet:
        hours = f"{rule.quiet.start:%H:%M} to {rule.quiet.end:%H:%M}, {rule.quiet.zone}"
        parts.append(f"quiet from {hours}, unless critical")
    return "; ".join(parts) + "."


def when(condition: Condition) -> str:
    """Say when a condition fires, as the beginning of a sentence."""
    limit = f"{condition.limit:,.10g}{unit_of(condition)}"
    match condition:
        case Threshold():
            return f"{card_title(condition.card)} {condition.way.value} {limit}"
        case Rise() | Anomaly():
            return f"{card_title(condition.card)} {_differs(condition)}"
        case NewReason():
            return _listings(condition, f"with a reason that was not given for {_count(condition.days, 'day')}")
        case Concentration():
            among = f"{condition.least:,} or more newly held in {_count(condition.hours, 'hour')}"
            return f"Share of one {condition.shared.value} among {among} above {limit}"
        case OneListing():
            return _listings(condition, LISTINGS[condition.subject].format(hours=_count(condition.hours, "hour")))
        case NoData():
            return SILENCES[condition.silence][0].format(limit=limit)
    assert_never(condition)


def unit_of(condition: Condition) -> str:
    """Write the unit of a level, to go after its figure."""
    match condition:
        case Threshold():
            return _unit(condition.card)
        case Rise():
            return " %" if condition.relative else _unit(condition.card)
        case Anomaly():
            return " deviations"
        case Concentration():
            return " %"
        case NoData():
            return SILENCES[condition.silence][1]
        case NewReason() | OneListing():
            return ""
    assert_never(condition)


def card_title(card: str) -> str:
    """Name a card; one of another version is shown by its key."""
    return CARDS[card].title if card in CARDS else card


def span_words(minutes: int) -> str:
    """Write a number of minutes in its largest whole unit: `10 minutes`, `2 hours`, `1 day`."""
    for unit, size in MINUTES.items():
        if minutes and minutes % size == 0:
            return _count(minutes // size, unit)
    return _count(minutes, "minute")


def moment_words(at: datetime) -> str:
    """Write a moment in UTC: `9 Mar 2026 12:04 UTC`."""
    return f"{day_words(at)} {at:%H:%M} UTC"


def day_words(at: datetime) -> str:
    """Write the day of a moment: `9 Mar 2026`."""
    return f"{at.day} {at:%b %Y}"


def _hold(rule: Rule) -> str:
    length = f" for {span_words(rule.hold_minutes)}" if rule.hold_minutes else ""
    return length + (f" in {rule.hold_observations} readings in a row" if rule.hold_observations > 1 else "")


def _differs(condition: Rise | Anomaly) -> str:
    limit = f"{HIGHER[condition.way]} by more than {abs(condition.limit):,.10g}{unit_of(condition)}"
    if isinstance(condition, Anomaly):
        least = f" and {condition.least:,.10g}{_unit(condition.card) or ' listings'}" if condition.least else ""
        return f"{limit}{least} than is usual at this hour of the week"
    if condition.days == 1:
        return f"{limit} than at this hour the day before"
    return f"{limit} than the median of this hour on the {condition.days} days before"


def _listings(condition: NewReason | OneListing, which: str) -> str:
    return f"More than {condition.limit:,.10g} listings {which}" if condition.limit else f"Any listing {which}"


def _unit(card: str) -> str:
    return SIGN[CARDS[card].unit] if card in CARDS else ""


def _count(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
