"""Measures of spells, the times that listings were held without a break."""

from __future__ import annotations

from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.model import Status
from aexdash.snapshot.history.spells import LENGTH_KNOWN, codes_of
from aexdash.snapshot.measures.facts import ClosedSpell
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.statement import WindowUpTo

SPELLS = f"""
SELECT product_id, seconds, ended_to, ended_at, {LENGTH_KNOWN}, codes FROM spell
WHERE store_id = :store AND ended_at > :start AND ended_at <= :end ORDER BY ended_at, product_id
"""  # noqa: S608


def spells_closed(scope: Scope, window: WindowUpTo) -> list[ClosedSpell]:
    """List the spells that ended in a window, in order of their end, store by store."""
    return [spell for store in scope.stores for spell in _of_store(scope, store, *window(store.until))]


def _of_store(scope: Scope, store: MeasuredStore, start: datetime, end: datetime) -> list[ClosedSpell]:
    bound = {"store": store.id, "start": to_text(start), "end": to_text(end)}
    return [
        ClosedSpell(seconds, codes_of(codes), store.key, product_id, Status(ended_to), from_text(ended), bool(whole))
        for product_id, seconds, ended_to, ended, whole, codes in scope.connection.execute(SPELLS, bound)
    ]
