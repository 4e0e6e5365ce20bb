"""A rule as a plain sentence. Pure functions."""

from __future__ import annotations

from collections.abc import Callable

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.limits import Way, recovery
from aexdash.alerts.model import Rule
from aexdash.cards import Band, Card, Direction
from aexdash.words.card_units import limit
from aexdash.words.common import plural

MINUTES = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60}


def sentence(rule: Rule) -> str:
    """Say in one line when a rule alerts, when it is worse, and when it recovers."""
    condition = rule.condition
    parts = [f"{condition.when()}{_hold(rule)}"]
    if condition.worse_at is not None:
        second = f"{condition.way.value} {condition.worse_at:,.10g}{condition.suffix}"
        parts.append(f"{rule.severity.worse.value} {second}")
    keep = f" after {length_words(rule.keep_minutes)}" if rule.keep_minutes else ""
    parts.append(f"well again at {recovery(condition):,.10g}{condition.suffix}{keep}")
    if rule.quiet:
        hours = f"{rule.quiet.start:%H:%M} to {rule.quiet.end:%H:%M}, {rule.quiet.zone}"
        parts.append(f"quiet from {hours}, unless critical")
    return "; ".join(parts) + "."


def beside_band(rule: Rule, bands: Callable[[Card], Band]) -> str:
    """Say at which limits a rule and the band of its card speak, where these are not the same; else nothing.

    `bands` gives the band of a card in the profile of the rule.
    """
    condition = rule.condition
    if not isinstance(condition, Threshold) or condition.known_card is None:
        return ""
    band, unit = bands(condition.known_card), condition.known_card.unit
    side = {Direction.LOWER: Way.ABOVE, Direction.HIGHER: Way.BELOW}.get(band.direction)
    if side is None or (side, band.bad) == (condition.way, condition.limit):
        return ""
    alerts = f"Alerts {condition.way.value} {limit(condition.limit, unit)}"
    return f"{alerts}; the card needs attention {side.value} {limit(band.bad, unit)}."


def length_words(minutes: int) -> str:
    """Write a number of minutes in its largest whole unit: `10 minutes`, `2 hours`, `1 day`."""
    for unit, size in MINUTES.items():
        if minutes and minutes % size == 0:
            return plural(minutes // size, unit)
    return plural(minutes, "minute")


def _hold(rule: Rule) -> str:
    length = f" for {length_words(rule.hold_minutes)}" if rule.hold_minutes else ""
    return length + (f" in {rule.hold_observations} readings in a row" if rule.hold_observations > 1 else "")
