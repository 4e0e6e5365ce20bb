"""Measures of what is on sale: at risk, required attributes filled, quality.

Attributes and scores are stored as they are now, so their past is read from what the cards said then (`cardbook`), and
their present too: what the last sync wrote. The sync itself asks for them `live`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aexdash.model import Status
from aexdash.snapshot.evidence.quality_sums import PARTS, TOTALS
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.facts import Completeness, Counts, Quality
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.snapshot.readmodels import AtRisk
from aexdash.snapshot.worklist import at_risk as risk
from aexdash.snapshot.worklist import filters
from aexdash.view import View

COMPLETENESS = "aex_required_attribute_completeness"
FILLED = "aex_required_attribute_completeness/filled"
QUALITY = "aex_listing_quality_score"
AT_RISK = "aexdash_at_risk"
PART_KEYS = tuple(f"{QUALITY}/{part}" for part in PARTS)
KEPT = (COMPLETENESS, FILLED, QUALITY, *PART_KEYS)
"""The keys under which `cardbook` keeps these values; after the slash, a part of the card."""

KNOWN = "q.required IS NOT NULL AND q.filled IS NOT NULL"

SUMS = f"""
sum({KNOWN} AND q.filled >= q.required), sum({KNOWN}), sum(q.filled) FILTER (WHERE {KNOWN}),
sum(q.required) FILTER (WHERE {KNOWN}), sum(q.score), count(q.score),
{", ".join(f"sum(q.{part}), count(q.{part})" for part in PARTS)}
"""
"""Numerator and denominator of each of `KEPT`."""

OF_THOSE_NOT_ON_SALE = f"""
SELECT {SUMS} FROM status_period AS p INDEXED BY period_open_by_status
CROSS JOIN listing_quality AS q ON q.store_id = p.store_id AND q.product_id = p.product_id
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN (SELECT value FROM json_each(:not_on_sale))
"""  # noqa: S608
"""Of many listings few are not on sale: these are taken off the sums of all, which are kept."""

NOT_ON_SALE = json.dumps([status.value for status in Status if status is not Status.ACTIVE])

Ratios = Mapping[str, tuple[float, float]]


def at_risk(scope: Scope) -> AtRisk:
    """Count the listings on sale with a finding, and say how many were checked; both sums over the stores."""
    found = [_at_risk(scope, store) for store in scope.stores]
    return AtRisk(
        listings=sum(one.listings for one in found),
        checked=_sum([one.checked for one in found]),
        of=_sum([one.of for one in found]),
    )


def _at_risk(scope: Scope, store: MeasuredStore) -> AtRisk:
    view = View(store=store.key, statuses=(Status.ACTIVE,), as_of=scope.at if scope.past else None)
    found = risk.at_risk(scope.connection, store.key, filters.select(view, scope.at, desk=False))
    if not scope.past:
        return found
    entry = card_values.latest(scope.connection, store.id, AT_RISK, scope.at)
    return AtRisk(found.listings, entry.known, entry.of) if entry else found


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def ratios(scope: Scope, *, live: bool) -> Ratios:
    """Return numerator and denominator of each of `KEPT` that is known, sums over the stores."""
    found: dict[str, tuple[float, float]] = {}
    for store in scope.stores:
        kept = {} if live else _kept(scope, store)
        for key, (numerator, denominator) in (kept or (_live(scope, store) if not scope.past else {})).items():
            before = found.get(key, (0.0, 0.0))
            found[key] = (before[0] + numerator, before[1] + denominator)
    return found


def _kept(scope: Scope, store: MeasuredStore) -> Ratios:
    entries = {key: card_values.latest(scope.connection, store.id, key, scope.at) for key in KEPT}
    return {
        key: (entry.numerator, entry.denominator)
        for key, entry in entries.items()
        if entry and entry.numerator is not None and entry.denominator
    }


def _live(scope: Scope, store: MeasuredStore) -> Ratios:
    bound = {"store": store.id, "not_on_sale": NOT_ON_SALE}
    scored, elsewhere = (scope.connection.execute(sql, bound).fetchone() for sql in (TOTALS, OF_THOSE_NOT_ON_SALE))
    sums = [(whole or 0.0) - (off or 0.0) for whole, off in zip(scored, elsewhere, strict=True)]
    pairs = zip(KEPT, sums[::2], sums[1::2], strict=True)
    return {key: (numerator, denominator) for key, numerator, denominator in pairs if denominator}


def completeness(known: Ratios, counts: Counts) -> Completeness | None:
    """Say how many listings on sale have every required attribute, and how many of these attributes are filled."""
    if counts.active is None or COMPLETENESS not in known:
        return None
    complete, listings = known[COMPLETENESS]
    filled, required = known.get(FILLED, (0.0, 0.0))
    return Completeness(round(complete), round(listings), counts.active, round(filled), round(required))


def quality(known: Ratios, counts: Counts) -> Quality | None:
    """Average the scores of the listings on sale, and of each part those in which it could be measured."""
    if counts.active is None or QUALITY not in known:
        return None
    score, listings = known[QUALITY]
    parts = {part: known[key][0] / known[key][1] for part, key in zip(PARTS, PART_KEYS, strict=True) if key in known}
    return Quality(score / listings, parts, round(listings), counts.active)
