"""What is counted of listings on sale: those at risk, required attributes filled, scores and their parts.

The tables have only the present attributes and scores. So past values are read from the stored values of cards
(`card_values`), and so are the present ones, which the last sync stored. Only the sync counts them, with `live`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from aexdash.model import Status
from aexdash.snapshot.evidence.quality_sums import PARTS, TOTALS
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history.counts import sum_if_known
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.snapshot.tallies import AtRisk
from aexdash.snapshot.worklist import at_risk as risk
from aexdash.snapshot.worklist import filters
from aexdash.view import View

COMPLETENESS = "aex_required_attribute_completeness"
FILLED = "aex_required_attribute_completeness/filled"
QUALITY = "aex_listing_quality_score"
AT_RISK = "aexdash_at_risk"
PART_KEYS = tuple(f"{QUALITY}/{part}" for part in PARTS)
KEPT = (COMPLETENESS, FILLED, QUALITY, *PART_KEYS)
"""The card keys under which `card_values` stores these values; after the slash stands a part of the card."""

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
"""The sums over listings that are not on sale. They are few, and are subtracted from the stored sums over all listings,
which is faster than adding up those on sale."""

NOT_ON_SALE = json.dumps([status.value for status in Status if status is not Status.ACTIVE])

Ratios = Mapping[str, tuple[float, float]]


def at_risk(scope: Scope) -> AtRisk:
    """Count the listings on sale with a finding, and how many were checked, both summed over the stores."""
    by_store = [at_risk_of(scope, store) for store in scope.stores]
    return AtRisk(
        listings=sum(one.listings for one in by_store),
        checked=sum_if_known([one.checked for one in by_store]),
        of=sum_if_known([one.of for one in by_store]),
    )


def at_risk_of(scope: Scope, store: MeasuredStore) -> AtRisk:
    """Count those of one store."""
    view = View(store=store.key, statuses=(Status.ACTIVE,), as_of=scope.at if scope.past else None)
    found = risk.at_risk(scope.connection, store.key, filters.select(view, scope.at))
    if not scope.past:
        return found
    entry = card_values.latest(scope.connection, store.id, AT_RISK, scope.at)
    return AtRisk(found.listings, entry.known, entry.of) if entry else found


def ratios(scope: Scope, *, live: bool) -> Ratios:
    """Return numerator and denominator of each of `KEPT` that is known, summed over the stores.

    Without `live` they are the stored ones; where none are stored yet, the present ones are counted.
    """
    sums: dict[str, tuple[float, float]] = {}
    for store in scope.stores:
        stored = {} if live else _stored(scope, store)
        for key, (numerator, denominator) in (stored or (counted(scope, store) if not scope.past else {})).items():
            before = sums.get(key, (0.0, 0.0))
            sums[key] = (before[0] + numerator, before[1] + denominator)
    return sums


def _stored(scope: Scope, store: MeasuredStore) -> Ratios:
    entries = {key: card_values.latest(scope.connection, store.id, key, scope.at) for key in KEPT}
    return {
        key: (entry.numerator, entry.denominator)
        for key, entry in entries.items()
        if entry and entry.numerator is not None and entry.denominator
    }


def counted(scope: Scope, store: MeasuredStore) -> Ratios:
    """Return numerator and denominator of each of `KEPT` that is known of one store now."""
    bound = {"store": store.id, "not_on_sale": NOT_ON_SALE}
    of_all, not_on_sale = (scope.connection.execute(sql, bound).fetchone() for sql in (TOTALS, OF_THOSE_NOT_ON_SALE))
    sums = [(total or 0.0) - (off or 0.0) for total, off in zip(of_all, not_on_sale, strict=True)]
    pairs = zip(KEPT, sums[::2], sums[1::2], strict=True)
    return {key: (numerator, denominator) for key, numerator, denominator in pairs if denominator}
