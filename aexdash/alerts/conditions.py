"""What a condition finds at a moment: its level, what the level is made of, and what one should know of it.

The same code reads the present and the past. Nothing is said of what is not known: then the level is None and the
reading says why. What a level is about is looked up only where it fires, because nobody asks for it elsewhere.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from aexdash.alerts.baselines import DAY, LEAST_DAYS, Usual, same_time, usual, whole_hour
from aexdash.alerts.causes import A_DAY, FIRST, HERO, UNSAID, concern, material, shared_cause
from aexdash.alerts.facts import Entered, Facts
from aexdash.alerts.limits import fires
from aexdash.alerts.model import (
    Anomaly,
    Concentration,
    Condition,
    NewReason,
    NoData,
    OneListing,
    Reading,
    Rise,
    Shared,
    Silence,
    Subject,
    Threshold,
)
from aexdash.cards import CARDS
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.words.rules import card_title, day_words, moment_words

OF_CARD = Threshold | Rise | Anomaly

TOO_YOUNG = f"Fewer than {LEAST_DAYS} days of history: too few to say what is new."
NO_LIMIT = "The calls of this hour, or how many there may be, are not known."


def read(condition: Condition, facts: Facts, at: datetime) -> Reading:
    """Return what a condition finds at a moment."""
    match condition:
        case Threshold() | Rise() | Anomaly():
            return _card(condition, facts, at)
        case NewReason():
            return _new_reason(condition, facts, at)
        case Concentration():
            return _concentration(condition, facts, at)
        case OneListing():
            return _one_listing(condition, facts, at)
        case NoData():
            return _no_data(condition, facts, at)
    assert_never(condition)


def _card(condition: OF_CARD, facts: Facts, at: datetime) -> Reading:
    if condition.card not in CARDS:
        return Reading(None, because=f"There is no card {condition.card}.")
    value = facts.value(condition.card, at)
    if value is None:
        return Reading(None, because=f"{card_title(condition.card)} has no data.")
    if isinstance(condition, Threshold):
        found = Reading(value, value, facts.values(condition.card, [whole_hour(at - DAY)])[0])
    elif isinstance(condition, Rise):
        found = _rise(condition, value, same_time(facts, condition.card, at, condition.days))
    else:
        found = _anomaly(condition, value, usual(facts, condition.card, at, condition.weeks))
    if found.level is None or not fires(condition, found.level):
        return found
    about = concern(condition.card, facts, at)
    return Reading(
        found.level,
        value,
        found.baseline,
        marks=material(about),
        listings=about.listings,
        because=shared_cause(about),
        counts=dict(about.counts),
    )


def _rise(rise: Rise, value: float, before: Sequence[float]) -> Reading:
    """A rise from 0 has no percentage of its own: it is taken in percent of 1."""
    if 2 * len(before) < rise.days:
        known = f"known for {len(before)} of the {rise.days} days before, fewer than half"
        return Reading(None, value, because=f"{card_title(rise.card)} at this hour is {known}.")
    baseline = statistics.median(before)
    difference = value - baseline
    return Reading(100 * difference / (baseline or 1) if rise.relative else difference, value, baseline)


def _anomaly(anomaly: Anomaly, value: float, known: Usual | None) -> Reading:
    if known is None:
        short = f"is known for fewer than {LEAST_DAYS} days at this hour, too few to say what is usual"
        return Reading(None, value, because=f"{card_title(anomaly.card)} {short}.")
    return Reading((value - known.middle) / scale(anomaly, known), value, known.middle)


def scale(anomaly: Anomaly, known: Usual) -> float:
    """Return what one deviation is, in the unit of the card: never less than chance and what matters make it.

    Counts that never moved have a spread of 0, yet one more tomorrow is no wonder: counts vary by chance by the root of
    what is usual. And the limit is never reached by a difference below `least`.
    """
    chance = math.sqrt(max(known.middle, 1)) if CARDS[anomaly.card].unit == "listings" else 0.0
    matters = anomaly.least / abs(anomaly.limit or 1)
    return max(known.spread, chance, matters) or 1.0


def _new_reason(condition: NewReason, facts: Facts, at: datetime) -> Reading:
    """Look at the last 24 hours; a store that is known for less than a week has only new reasons, and no news."""
    if facts.values(HERO, [whole_hour(at) - LEAST_DAYS * DAY])[0] is None:
        return Reading(None, because=TOO_YOUNG)
    new = [
        one
        for one in facts.given(at - A_DAY, at)
        if one.code not in UNSAID and (one.before is None or one.first_at - one.before > condition.days * DAY)
    ]
    new.sort(key=lambda one: (-len(one.listings), one.code))
    listings = list(dict.fromkeys(listing for one in new for listing in one.listings))
    told = (
        f"{load_taxonomy().label(one.code)}: {f'last given {day_words(one.before)}' if one.before else 'never before'}."
        for one in new
    )
    return Reading(
        len(listings),
        len(listings),
        marks=tuple(one.code for one in new),
        listings=tuple(listings[:FIRST]),
        because=" ".join(told),
    )


def _concentration(condition: Concentration, facts: Facts, at: datetime) -> Reading:
    """Of the newly held whose reason, or category, is known: the share that has the commonest."""
    newest = {one.product_id: one for one in reversed(facts.entered(at - timedelta(hours=condition.hours), at))}
    traits = {listing: _traits(condition.shared, one) for listing, one in reversed(newest.items())}
    known = [listing for listing, has in traits.items() if has]
    if len(known) < condition.least:
        return Reading(0.0, because=f"Fewer than {condition.least} newly held whose {condition.shared.value} is known.")
    counts = Counter(trait for listing in known for trait in traits[listing])
    trait, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
    having = [listing for listing in known if trait in traits[listing]]
    level = 100 * count / len(known)
    told = f"{count:,} of {len(known):,} newly held whose {condition.shared.value} is known share one: "
    return Reading(
        level,
        level,
        marks=(trait,),
        listings=tuple(having[:FIRST]),
        because=f"{told}{_trait_words(condition.shared, trait, newest[having[0]])} ({count / len(known):.0%}).",
    )


def _traits(shared: Shared, one: Entered) -> tuple[str, ...]:
    if shared is Shared.REASON:
        return tuple(code for code in dict.fromkeys(one.codes) if code not in UNSAID)
    return () if one.category is None else (str(one.category),)


def _trait_words(shared: Shared, trait: str, one: Entered) -> str:
    return load_taxonomy().label(trait) if shared is Shared.REASON else one.category_name or f"category {trait}"


def _one_listing(condition: OneListing, facts: Facts, at: datetime) -> Reading:
    hours = timedelta(hours=condition.hours)
    match condition.subject:
        case Subject.STUCK:
            listings = facts.stuck(at)
        case Subject.DEADLINE:
            listings = facts.deadlines(at, at + hours)
        case Subject.REGRESSED:
            listings = facts.regressed(at - hours, at)
    count = len(listings)
    return Reading(count, count, marks=tuple(str(one) for one in listings), listings=tuple(listings[:FIRST]))


def _no_data(condition: NoData, facts: Facts, at: datetime) -> Reading:
    known = facts.condition(at)
    match condition.silence:
        case Silence.WALK:
            return _since(known.complete_at, at)
        case Silence.SIGN_IN:
            return _left(known.token_expires_at, at)
        case Silence.BUDGET:
            return _used(known.calls_this_hour, known.calls_budget)
        case Silence.PARTIAL:
            runs = known.unsuccessful_runs
            return _told(runs, f"Runs in a row that were partial or failed: {runs}.")
    assert_never(condition.silence)


def _since(complete_at: datetime | None, at: datetime) -> Reading:
    """Minutes; a reading that a clock put back has left in the future is none ago."""
    if complete_at is None:
        return Reading(None, because="Nothing was read completely so far.")
    minutes = max(0.0, (at - complete_at) / timedelta(minutes=1))
    return _told(minutes, f"The last complete reading was on {moment_words(complete_at)}.")


def _left(expires_at: datetime | None, at: datetime) -> Reading:
    if expires_at is None:
        return Reading(None, because="When the sign-in ends is not known.")
    ended = "ended" if expires_at <= at else "ends"
    return _told((expires_at - at) / timedelta(hours=1), f"The sign-in {ended} on {moment_words(expires_at)}.")


def _used(calls: int, budget: int | None) -> Reading:
    if not budget:
        return Reading(None, because=NO_LIMIT)
    return _told(100 * calls / budget, f"{calls:,} of {budget:,} calls of this hour are used.")


def _told(level: float, because: str) -> Reading:
    return Reading(level, level, because=because)
