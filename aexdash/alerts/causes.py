"""Finds the listings and reasons behind a card's value, the reasons worth a message, and a reason most share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aexdash.alerts.facts import Facts, Given
from aexdash.cards import About, held
from aexdash.clock import DAY
from aexdash.model import IN_REVIEW, UNKNOWN_REASON
from aexdash.reasons.taxonomy import load_taxonomy

HERO = held.HERO.key
"""The key of the card that changes whenever a listing becomes held or is released."""

STUCK = "aexdash_stuck_in_audit"
"""The key of the card that counts the listings that are stuck in audit."""

UNSAID = frozenset({IN_REVIEW, UNKNOWN_REASON})

FIRST = 10
"""The most listings that an event names."""

FEW = 5
"""Of fewer listings than this, every reason is material."""

MATERIAL_LISTINGS = 3
MATERIAL_SHARE = 0.2
"""Of more listings, a reason is material that at least so many of them have, and at least such a part of all."""

SHARED_SHARE = 0.5
"""A reason is called shared when at least such a part has it."""


@dataclass(frozen=True, slots=True)
class ListingsConcerned:
    """What a value is about: how many listings in all, how many by reason code, and the first to look at."""

    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    listings: tuple[int, ...] = ()


def listings_concerned(about: About, card: str, facts: Facts, at: datetime) -> ListingsConcerned:
    """Return the listings that the value of a card is about at a moment; none where it is not about held listings."""
    if about is About.HELD:
        counts = real_reasons(facts.held_codes(at))
        held = int(facts.value(HERO, at) or 0)
        return ListingsConcerned(max([held, *counts.values()]), counts, tuple(facts.first_held(at, FIRST)))
    if about is About.NEWLY_REJECTED:
        return _given(facts.given(at - DAY, at), int(facts.value(card, at) or 0))
    return ListingsConcerned()


def _given(given: list[Given], total: int) -> ListingsConcerned:
    """The listings that were given reasons, those with the commonest reason first."""
    ordered = sorted((one for one in given if one.code not in UNSAID), key=lambda one: (-len(one.listings), one.code))
    listings = tuple(dict.fromkeys(listing for one in ordered for listing in one.listings))
    counts = {one.code: len(set(one.listings)) for one in ordered}
    return ListingsConcerned(max(total, len(listings)), counts, listings[:FIRST])


def real_reasons(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts without *in review* and *unknown*, which are no reasons; the greatest first."""
    known = Counter({code: count for code, count in counts.items() if code not in UNSAID and count > 0})
    return dict(sorted(known.items(), key=lambda one: (-one[1], one[0])))


def material(about: ListingsConcerned) -> tuple[str, ...]:
    """Return the reason codes whose appearance is worth a message."""
    if about.total < FEW:
        return tuple(about.counts)
    least = max(MATERIAL_LISTINGS, MATERIAL_SHARE * about.total)
    return tuple(code for code, count in about.counts.items() if count >= least)


def shared_cause(about: ListingsConcerned) -> str:
    """Say in a sentence which reason most of the listings share; empty where there is none."""
    code, count = next(iter(about.counts.items()), ("", 0))
    if count < 2 or count < SHARED_SHARE * about.total:
        return ""
    return f"{count:,} of {about.total:,} share one reason: {load_taxonomy().label(code)} ({count / about.total:.0%})."
