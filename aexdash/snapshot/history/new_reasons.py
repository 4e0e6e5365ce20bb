"""Finds new reasons: those that held listings were given for the first time, or again after days without them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from aexdash.clock import DAY, TICK, from_text, midnight, to_text
from aexdash.snapshot.history import counts
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import STORES, Stores, keys_of

CODES = """
WITH RECURSIVE given(code) AS (  -- jumps from code to code in the index: faster than DISTINCT over all reasons
    SELECT min(code) FROM listing_reason WHERE store_id = :store
    UNION ALL
    SELECT (SELECT min(code) FROM listing_reason WHERE store_id = :store AND code > given.code)
    FROM given WHERE given.code IS NOT NULL
)
SELECT code FROM given WHERE code IS NOT NULL
"""

GIVEN = f"""
FROM listing_reason AS r INDEXED BY reason_given
JOIN status_period AS p ON p.id = r.period_id AND p.status IN {HELD_STATUSES}
WHERE r.store_id = :store AND r.first_seen_at >= :start AND r.first_seen_at < :end
"""

NEXT_GIVEN = f"SELECT r.first_seen_at {GIVEN} AND r.code = :code ORDER BY r.first_seen_at LIMIT 1"

LAST_GIVEN = f"SELECT r.first_seen_at {GIVEN} AND r.code = :code ORDER BY r.first_seen_at DESC LIMIT 1"

LISTINGS_GIVEN = f"""
SELECT count(DISTINCT r.product_id) {GIVEN} AND r.code IN (SELECT value FROM json_each(:codes))
"""  # noqa: S608

SILENCE = 7 * DAY
"""A reason is new when no held listing was given it for this long."""

FEWEST, SMALLEST_SHARE = 3, 0.2
"""It is reported when on its first day at least `FEWEST` listings get it, and this share of those that get any."""


@dataclass(frozen=True, slots=True)
class NewReason:
    """A reason that was new at `at`: `listings` held listings got it on that day, of `of` that got any reason."""

    at: datetime
    store: str
    code: str
    listings: int
    of: int


def find(
    connection: sqlite3.Connection, store_keys: Stores, start: datetime, until: datetime, zone: tzinfo = UTC
) -> list[NewReason]:
    """Find the new reasons between two moments, in order of time.

    A reason is new when a held listing is given it after `SILENCE` in which none was. It is reported when at least
    `FEWEST` listings get it on that day of `zone`, and `SMALLEST_SHARE` of those that get any. Reasons given on the day
    of a store's first reading are not new.
    """
    new_reasons: list[NewReason] = []
    for store, key, _ in connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall():
        first = connection.execute(counts.FIRST_COVERED, [store]).fetchone()[0]
        if first is None:
            continue
        begun = max(start, midnight(from_text(first), zone, days=1))
        codes = [code for (code,) in connection.execute(CODES, {"store": store})]
        openings = [(at, code) for code in codes for at in _openings(connection, store, code, begun, until + TICK)]
        new_reasons.extend(_frequent(connection, (store, key), codes, openings, until + TICK, zone=zone))
    return sorted(new_reasons, key=lambda new: (new.at, new.store, new.code))


def _openings(
    connection: sqlite3.Connection, store: int, code: str, start: datetime, end: datetime
) -> Iterator[datetime]:
    """Yield the moments at which a reason was given after a silence; each step of the search skips a busy time."""

    def given(sql: str, first: datetime, last: datetime) -> datetime | None:
        bound = {"store": store, "code": code, "start": to_text(first), "end": to_text(last)}
        row = connection.execute(sql, bound).fetchone()
        return from_text(row[0]) if row else None

    last = given(LAST_GIVEN, start - SILENCE, start)
    at = last or given(NEXT_GIVEN, start, end)
    while at is not None:
        if at >= start and (last is None or at - last > SILENCE):
            yield at
        last = at
        while (later := given(LAST_GIVEN, last + TICK, min(last + SILENCE + TICK, end))) is not None:
            last = later
        at = given(NEXT_GIVEN, last + TICK, end)


def _frequent(
    connection: sqlite3.Connection,
    store: tuple[int, str],
    codes: Sequence[str],
    openings: Sequence[tuple[datetime, str]],
    end: datetime,
    *,
    zone: tzinfo,
) -> Iterator[NewReason]:
    """Yield the new reasons that enough listings got on their first day; `store` is (id, key)."""
    for at, code in openings:
        day, after = midnight(at, zone), midnight(at, zone, days=1)
        bound = {"store": store[0], "start": to_text(day), "end": to_text(min(after, end))}
        listings, of = (
            connection.execute(LISTINGS_GIVEN, {**bound, "codes": json.dumps(among)}).fetchone()[0]
            for among in ([code], list(codes))
        )
        if listings >= FEWEST and listings >= SMALLEST_SHARE * of:
            yield NewReason(at, store[1], code, listings, of)
