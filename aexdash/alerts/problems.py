"""What speaks against a rule, a sentence each: what cannot fire, could never recover, or names what is not there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aexdash.alerts.limits import recovery
from aexdash.alerts.model import (
    Anomaly,
    Concentration,
    Condition,
    NewReason,
    NoData,
    OneListing,
    Quiet,
    Rise,
    Rule,
    Severity,
    Silence,
    Threshold,
    Way,
)
from aexdash.cards import CARDS, Card
from aexdash.config.file import did_you_mean
from aexdash.desk.bands import FULL
from aexdash.words.rules import unit_of

KEY = re.compile("[a-z0-9]+(-[a-z0-9]+)*")

OTHER = {Way.ABOVE: Way.BELOW, Way.BELOW: Way.ABOVE}


def problems(rule: Rule, cards: Mapping[str, Card] = CARDS) -> list[str]:
    """List what speaks against a rule; empty when nothing does."""
    found = [*_named(rule), *_quiet(rule.quiet)]
    card = getattr(rule.condition, "card", None)
    if card is not None and card not in cards:
        return [*found, f"There is no card {card!r}{did_you_mean(card, cards)}."]
    return [*found, *_way(rule.condition), *_limits(rule, _reach(rule.condition, cards))]


def _named(rule: Rule) -> Iterator[str]:
    if not rule.title.strip():
        yield "A rule needs a title."
    if not KEY.fullmatch(rule.key):
        yield f"The key of a rule is made of a-z, 0-9 and hyphens between them, so not {rule.key!r}."
    if rule.muted_until is not None and rule.muted_until.tzinfo is None:
        yield "The end of a mute needs a time zone."


def _quiet(quiet: Quiet | None) -> Iterator[str]:
    if quiet is None:
        return
    if quiet.start == quiet.end:
        yield f"Quiet hours from {quiet.start:%H:%M} to {quiet.end:%H:%M} have no length; leave them out."
    if quiet.start.tzinfo or quiet.end.tzinfo:
        yield "Quiet hours are those of their zone: write them without an offset."
    try:
        ZoneInfo(quiet.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"There is no time zone {quiet.zone!r}; write one like Europe/Berlin."


def _way(condition: Condition) -> Iterator[str]:
    """Some levels are only worth an alert on one side."""
    match condition:
        case NewReason() | OneListing() | Concentration():
            wanted = Way.ABOVE
        case NoData():
            wanted = Way.BELOW if condition.silence is Silence.SIGN_IN else Way.ABOVE
        case Rise() | Anomaly():
            if condition.limit == 0 or (condition.limit > 0) is not (condition.way is Way.ABOVE):
                yield "A rise needs a limit above 0, a fall (below) a limit under 0."
            return
        case Threshold():
            return
        case _:
            assert_never(condition)
    if condition.way is not wanted:
        yield f"Such a rule alerts {wanted.value} its limit, not {condition.way.value} it."


def _reach(condition: Condition, cards: Mapping[str, Card]) -> tuple[float, float]:
    """Return the least and the greatest level that there can be."""
    match condition:
        case Threshold():
            return 0.0, FULL.get(cards[condition.card].unit, math.inf)
        case Rise():
            full = FULL.get(cards[condition.card].unit, math.inf)
            return (-100.0, math.inf) if condition.relative else (-full, full)
        case Concentration():
            return 0.0, 100.0
        case NoData():
            full = 100.0 if condition.silence is Silence.BUDGET else math.inf
            return (-math.inf if condition.silence is Silence.SIGN_IN else 0.0), full
        case NewReason() | OneListing():
            return 0.0, math.inf
        case Anomaly():
            return -math.inf, math.inf
    assert_never(condition)


def _limits(rule: Rule, reach: tuple[float, float]) -> Iterator[str]:
    condition, unit = rule.condition, unit_of(rule.condition)
    lowest, highest = reach if condition.way is Way.ABOVE else (-reach[1], -reach[0])
    sign = 1 if condition.way is Way.ABOVE else -1
    limit, way, other = sign * condition.limit, condition.way.value, OTHER[condition.way].value
    if limit >= highest:
        yield f"It cannot fire: nothing is {way} {condition.limit:,.10g}{unit}."
    if sign * recovery(condition) < lowest:
        yield f"It could never recover: nothing is at or {other} {recovery(condition):,.10g}{unit}."
    if sign * recovery(condition) > limit:
        yield f"It must recover at or {other} the limit of {condition.limit:,.10g}{unit}, where it no longer fires."
    if condition.worse_at is None:
        return
    if rule.severity is Severity.CRITICAL:
        yield "Nothing is worse than critical: leave the second limit out, or take a lower severity."
    if sign * condition.worse_at <= limit:
        yield f"The second limit must be {way} the first, {condition.limit:,.10g}{unit}."
    elif sign * condition.worse_at >= highest:
        yield f"It cannot get worse: nothing is {way} {condition.worse_at:,.10g}{unit}."
