"""Which listings and reasons a card's value is about, which of them are worth a message, and what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aexdash.alerts.facts import Facts, Given
from aexdash.model import IN_REVIEW, UNKNOWN_REASON
from aexdash.reasons.taxonomy import load_taxonomy

HERO = "aex_rejected_auditing_listings"

HELD_NOW = frozenset({HERO, "aex_listing_suppressed_pct", "aexdash_money_held_back"})
"""Cards of what is held at the moment."""

NEWLY_REJECTED = frozenset({"aex_rejected_listings_24h"})
"""Cards of what the last 24 hours brought."""

A_DAY = timedelta(hours=24)

UNSAID = frozenset({IN_REVIEW, UNKNOWN_REASON})

FIRST = 10
"""So many listings are named, those to look at first."""

FEW = 5
"""With fewer listings than this, each reason counts."""

MATERIAL_LISTINGS = 3
MATERIAL_SHARE = 0.2
"""Otherwise a reason counts that so many listings have and at least such a part of all."""

SHARED_SHARE = 0.5
"""A reason is called shared when at least such a part has it."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What a value is about: how many listings in all, how many by reason code, and the first to look at."""

    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    listings: tuple[int, ...] = ()


def concern(card: str, facts: Facts, at: datetime) -> Concern:
    """Return what a card's value is about at a moment; nothing where it is not about held listings."""
    if card in HELD_NOW:
        counts = said(facts.held_codes(at))
        held = int(facts.value(HERO, at) or 0)
        return Concern(max([held, *counts.values()]), counts, tuple(facts.first_held(at, FIRST)))
    if card in NEWLY_REJECTED:
        return _given(facts.given(at - A_DAY, at), int(facts.value(card, at) or 0))
    return Concern()


def _given(given: list[Given], total: int) -> Concern:
    """Reasons that were given, those of most listings first; so are the listings."""
    ordered = sorted((one for one in given if one.code not in UNSAID), key=lambda one: (-len(one.listings), one.code))
    listings = tuple(dict.fromkeys(listing for one in ordered for listing in one.listings))
    counts = {one.code: len(set(one.listings)) for one in ordered}
    return Concern(max(total, len(listings)), counts, listings[:FIRST])


def said(counts: Mapping[str, int]) -> dict[str, int]:
    """Leave out the codes that only say that nobody has said anything; most listings first."""
    known = Counter({code: count for code, count in counts.items() if code not in UNSAID and count > 0})
    return dict(sorted(known.items(), key=lambda one: (-one[1], one[0])))


def material(about: Concern) -> tuple[str, ...]:
    """Return the codes that are worth a message of their own when they come up."""
    if about.total < FEW:
        return tuple(about.counts)
    least = max(MATERIAL_LISTINGS, MATERIAL_SHARE * about.total)
    return tuple(code for code, count in about.counts.items() if count >= least)


def shared_cause(about: Concern) -> str:
    """Say in a sentence which reason most of the listings share; empty where there is none."""
    code, count = next(iter(about.counts.items()), ("", 0))
    if count < 2 or count < SHARED_SHARE * about.total:
        return ""
    return f"{count:,} of {about.total:,} share one reason: {load_taxonomy().label(code)} ({count / about.total:.0%})."
