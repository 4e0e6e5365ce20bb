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
from aexdash.cards.page import SIGN

HIGHER = {Way.ABOVE: "higher", Way.BELOW: "lower"}

MINUTES = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60}

SUBJECTS = {
    Subject.STUCK: "Listings in audit for longer than nine in ten audits of this store",
    Subject.DEADLINE: "Listings whose time for an appeal or a fix ends within {hours}",
    Subject.REGRESSED: "Listings that were rejected again in the last {hours}",
}

SILENCES = {
    Silence.WALK: ("Minutes since the last complete reading", ""),
    Silence.SIGN_IN: ("Hours until the sign-in ends", ""),
    Silence.BUDGET: ("Calls used of those allowed in this hour", " %"),
    Silence.PARTIAL: ("Runs in a row that were partial or failed", ""),
}


def sentence(rule: Rule) -> str:
    """Say in one line when a rule alerts, when it is worse, and when it recovers."""
    condition, unit = rule.condition, unit_of(rule.condition)
    parts = [f"{subject(condition)} {beyond(condition)}{_hold(rule)}"]
    if condition.worse_at is not None:
        parts.append(f"{worse(rule.severity).value} {condition.way.value} {condition.worse_at:,.10g}{unit}")
    keep = f" after {span_words(rule.keep_minutes)}" if rule.keep_minutes else ""
    parts.append(f"recovers at {recovery(condition):,.10g}{unit}{keep}")
    if rule.quiet:
        hours = f"{rule.quiet.start:%H:%M} to {rule.quiet.end:%H:%M}, {rule.quiet.zone}"
        parts.append(f"quiet from {hours}, unless critical")
    return "; ".join(parts) + "."


def subject(condition: Condition) -> str:
    """Name what a condition looks at, as the beginning of a sentence."""
    match condition:
        case Threshold() | Rise() | Anomaly():
            return card_title(condition.card)
        case NewReason():
            return f"Listings with a reason that was not given for {_count(condition.days, 'day')}"
        case Concentration():
            among = f"{condition.least:,} or more newly held in {_count(condition.hours, 'hour')}"
            return f"Share of one {condition.shared.value} among {among}"
        case OneListing():
            return SUBJECTS[condition.subject].format(hours=_count(condition.hours, "hour"))
        case NoData():
            return SILENCES[condition.silence][0]
    assert_never(condition)


def beyond(condition: Condition) -> str:
    """Say beyond which limit a condition fires, as the rest of a sentence that begins with its subject."""
    if not isinstance(condition, Rise | Anomaly):
        return f"{condition.way.value} {condition.limit:,.10g}{unit_of(condition)}"
    limit = f"{abs(condition.limit):,.10g}{unit_of(condition)}"
    if isinstance(condition, Rise):
        than = f"the median of this hour on the {_count(condition.days, 'day')} before"
    else:
        limit += f" and {condition.least:,.10g}{_unit(condition.card) or ' listings'}" if condition.least else ""
        than = "is usual at this hour of the week"
    return f"{HIGHER[condition.way]} by more than {limit} than {than}"


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


def _unit(card: str) -> str:
    return SIGN[CARDS[card].unit] if card in CARDS else ""


def _count(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
