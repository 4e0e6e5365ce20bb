"""Completeness, quality and risk of all listings on sale, estimated while their details are read.

The sync works them out from samples and stores them with the cards; everybody else reads what was stored, so that a
card, its history and a past moment say the same. Sums of several stores are made of those of each store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aexdash import estimate
from aexdash.estimate import Range, Sample
from aexdash.snapshot.evidence.quality_sums import PARTS
from aexdash.snapshot.history import card_values, counts
from aexdash.snapshot.history.card_values import Entry
from aexdash.snapshot.measures import on_sale
from aexdash.snapshot.measures.facts import Completeness, Counts, Estimated, Quality
from aexdash.snapshot.measures.on_sale import AT_RISK, COMPLETENESS, FILLED, PART_KEYS, QUALITY, Ratios
from aexdash.snapshot.measures.samples import samples
from aexdash.snapshot.measures.scope import MeasuredStore, Scope

HIGHEST = {COMPLETENESS: 1, QUALITY: 100, AT_RISK: 1}
"""The highest value of one listing: it counts as complete or at risk, or has a score."""

UNITS = {COMPLETENESS: 100, QUALITY: 1}
"""By what a mean is multiplied where a card says it; the other card says a sum."""

FEW = 0.001
"""Where no more than this share of the listings is not read, nothing is estimated: the rest may be anything. So a few
details that can never be read do not make every run look at every listing."""

Estimates = Mapping[str, Estimated]


def estimates(scope: Scope, *, live: bool) -> Estimates:
    """Return what is known of completeness, quality and listings at risk of all stores together, by card key.

    Without `live` it is what was stored; where nothing is stored yet, it is worked out.
    """
    by_store = [_of_store(scope, store, live=live) for store in scope.stores]
    found = {key: [one[key] for one in by_store if key in one] for key in HIGHEST}
    return {key: _added(of_stores) for key, of_stores in found.items() if of_stores}


def completeness(known: Estimates, ratios: Ratios, listed: Counts) -> Completeness | None:
    """Return how many listings on sale have all required attributes, and how many of these attributes are filled."""
    estimated = known.get(COMPLETENESS)
    if listed.active is None or estimated is None or not estimated.known:
        return None
    filled, required = ratios.get(FILLED, (0.0, 0.0))
    return Completeness(estimated, round(filled), round(required))


def quality(known: Estimates, ratios: Ratios, listed: Counts) -> Quality | None:
    """Return the sum of the scores of listings on sale, and of each part the mean where it could be measured."""
    estimated = known.get(QUALITY)
    if listed.active is None or estimated is None or not estimated.known:
        return None
    parts = {part: ratios[key][0] / ratios[key][1] for part, key in zip(PARTS, PART_KEYS, strict=True) if key in ratios}
    return Quality(estimated, parts)


def _of_store(scope: Scope, store: MeasuredStore, *, live: bool) -> dict[str, Estimated]:
    stored = {} if live else {key: card_values.latest(scope.connection, store.id, key, scope.at) for key in HIGHEST}
    read = {key: one for key, entry in stored.items() if entry and (one := _of_entry(key, entry))}
    return read if read or scope.past else _worked_out(scope, store)


def _of_entry(key: str, entry: Entry) -> Estimated | None:
    """Read an estimate from what was stored of a card; None where that does not say of how many listings it is."""
    if entry.known is None or entry.of is None:
        return None
    scale = entry.of / UNITS[key] if key in UNITS else 1.0
    middle = (entry.value or 0.0) * scale if entry.numerator is None else entry.numerator
    if entry.low is not None and entry.high is not None:
        low, high = entry.low * scale, entry.high * scale
    elif entry.known >= entry.of:
        low = high = middle
    elif entry.known == 0:
        low, high = 0.0, float(entry.of * HIGHEST[key])
    else:
        return Estimated(middle, None, entry.known, entry.of)
    certain = high - low >= (entry.of - entry.known) * HIGHEST[key]
    return Estimated(middle, Range(middle, low, high, certain), entry.known, entry.of)


def _worked_out(scope: Scope, store: MeasuredStore) -> dict[str, Estimated]:
    """Work out the estimates of a store; where nearly every listing is read, from the sums that are kept."""
    counted = _counted(scope, store)
    if counted and all(one.of - one.known <= FEW * one.of for one in counted.values()):
        return counted
    drawn = samples(scope.connection, store.id)
    return {
        COMPLETENESS: _of_strata(drawn.complete, estimate.share),
        QUALITY: _of_strata(drawn.score, lambda one: estimate.mean(one, HIGHEST[QUALITY])),
        AT_RISK: _of_strata(drawn.at_risk, estimate.share),
    }


def _counted(scope: Scope, store: MeasuredStore) -> dict[str, Estimated]:
    """Return the sums over what is known of a store, and what they may be with the rest; nothing before a sweep."""
    risk, sums = on_sale.at_risk_of(scope, store), on_sale.counted(scope, store)
    active = counts.on_sale(scope.connection, [store.id])
    if active is None or risk.checked is None or risk.of is None:
        return {}
    known = {key: (total, round(listings), active) for key in UNITS for total, listings in [sums.get(key, (0.0, 0.0))]}
    known[AT_RISK] = (risk.listings, risk.checked, risk.of)
    return {key: _possible(*told, HIGHEST[key]) for key, told in known.items()}


def _possible(total: float, known: int, of: int, highest: int) -> Estimated:
    """Return a sum of which the part of some listings is known, between the least and the most it may be."""
    most = min(total + (of - known) * highest, of * highest)
    middle = min(total * of / known, most) if known else total
    return Estimated(middle, Range(middle, total, most, certain=True), known, of)


def _of_strata(strata: Sequence[Sample], estimated: Callable[[Sample], Range]) -> Estimated:
    ranges = [(one, estimated(one)) for one in strata]
    return _added([Estimated(total.middle, total, one.all_known, one.listings) for one, total in ranges])


def _added(parts: Sequence[Estimated]) -> Estimated:
    """Add up stores, or strata; of one where nothing is known the guess is that it is as the others are."""
    known, of = sum(one.known for one in parts), sum(one.of for one in parts)
    told = [one for one in parts if one.known or not one.of] or list(parts)
    told_of = sum(one.of for one in told)
    middle = sum(one.middle for one in told) * (of / told_of if told_of else 1)
    ranges = [one.total for one in parts if one.total]
    if len(ranges) < len(parts):
        return Estimated(middle, None, known, of)
    total = estimate.together(ranges)
    return Estimated(min(max(middle, total.low), total.high), total, known, of)
