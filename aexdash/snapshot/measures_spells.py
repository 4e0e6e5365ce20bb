"""Spells: from entering rejected or auditing to leaving both, whatever lay between."""

from __future__ import annotations

from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.model import Status
from aexdash.snapshot.measures_facts import ClosedSpell
from aexdash.snapshot.measures_held import seconds_between
from aexdash.snapshot.measures_scope import MeasuredStore, Scope

OUTSIDE = "coalesce({}.came_from, '') NOT IN ('auditing', 'rejected')"

SPELLS = f"""
WITH ended AS MATERIALIZED (
    SELECT p.product_id, p.started_at, p.ended_at, p.ended_to, CASE WHEN {OUTSIDE.format("p")} THEN p.started_at ELSE (
        SELECT max(s.started_at) FROM status_period AS s INDEXED BY period_listed_of_listing
        WHERE s.listed = 1 AND s.store_id = p.store_id AND s.product_id = p.product_id AND s.ended_at IS NOT NULL
            AND s.started_at <= p.started_at AND s.status IN ('auditing', 'rejected') AND {OUTSIDE.format("s")}
    ) END AS begun_at
    FROM status_period AS p INDEXED BY period_listed_ended
    WHERE p.store_id = :store AND p.listed = 1 AND p.ended_at > :start AND p.ended_at <= :end
        AND p.status IN ('auditing', 'rejected') AND p.ended_to NOT IN ('auditing', 'rejected')
)
SELECT e.product_id, e.begun_at, e.ended_at, e.ended_to,
    min(s.came_from IS NOT NULL OR s.started_after IS NOT NULL), group_concat(s.codes, '')
FROM ended AS e
CROSS JOIN status_period AS s INDEXED BY period_listed_of_listing
    ON s.listed = 1 AND s.store_id = :store AND s.product_id = e.product_id AND s.ended_at IS NOT NULL
        AND s.started_at BETWEEN e.begun_at AND e.started_at
GROUP BY e.product_id, e.ended_at
ORDER BY e.ended_at, e.product_id
"""  # noqa: S608


def spells_closed(scope: Scope, start: datetime, end: datetime) -> list[ClosedSpell]:
    """List the spells that ended after `start` and up to `end`, in order of their end, store by store."""
    return [spell for store in scope.stores for spell in _of_store(scope, store, start, end)]


def _of_store(scope: Scope, store: MeasuredStore, start: datetime, end: datetime) -> list[ClosedSpell]:
    bound = {"store": store.id, "start": to_text(start), "end": to_text(end)}
    return [
        ClosedSpell(
            seconds=seconds_between(begun, ended),
            codes=_codes(words),
            store=store.key,
            product_id=product_id,
            ended_to=Status(went),
            ended_at=from_text(ended),
            whole=bool(whole),
        )
        for product_id, begun, ended, went, whole, words in scope.connection.execute(SPELLS, bound)
    ]


def _codes(words: str) -> tuple[str, ...]:
    """Read the codes out of `|code@provenance|` texts set one after the other."""
    return tuple(sorted({word.partition("@")[0] for word in words.split("|") if word}))
