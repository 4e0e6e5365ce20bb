"""How listings became held and stopped being held: counts and lists of each flow, over any span.

The moves of a flow are a range of an index, so a query reads no other rows, however long the history is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from aexdash.clock import TICK, day_of, from_text, midnight, to_text
from aexdash.model import Status
from aexdash.snapshot.history.days import day_of_text, zone_of_books
from aexdash.snapshot.history.facts import LEAVING, Flow, Moved
from aexdash.snapshot.sql import HELD_STATUSES, first_seen

CAME_BY = f"""CASE
        WHEN came_from IN {HELD_STATUSES} THEN 'stayed'
        WHEN {first_seen()} THEN 'first_seen'
        ELSE status END"""
"""The flow by which a held period began. SQLite uses the index `period_came` only for exactly this text, so it must not
change."""

CAME = f"""
FROM status_period INDEXED BY period_came
WHERE store_id = :store AND listed = 1 AND status IN {HELD_STATUSES} AND {CAME_BY} = :flow
    AND started_at > :start AND started_at <= :end
"""

WENT = f"""
FROM status_period INDEXED BY period_went
WHERE store_id = :store AND listed = 1 AND status IN {HELD_STATUSES} AND ended_at IS NOT NULL
    AND ended_to = :flow AND ended_at > :start AND ended_at <= :end
"""

MOVED = """
SELECT st.key, p.product_id, coalesce(l.title, ''), p.came_from, p.status, p.ended_to, p.started_at, p.ended_at,
    p.attempt, p.codes, p.category_id
FROM json_each(:ids) AS period  -- keeps the order of the ids
JOIN status_period AS p ON p.id = period.value
JOIN store AS st ON st.id = p.store_id
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
ORDER BY period.key
"""

DAYS = """
SELECT flow, sum(listings) FROM day_flow WHERE store_id = :store AND day >= :first AND day < :after GROUP BY flow
"""

KEEP_DAY = """
INSERT INTO day_flow (store_id, day, flow, listings) VALUES (:store, :day, :flow, :listings)
ON CONFLICT (store_id, day, flow) DO UPDATE SET listings = listings + excluded.listings
"""

OF_DAYS = f"""
SELECT store_id, local_day(started_at, books_zone) AS day, {CAME_BY} AS flow, count(*)
FROM status_period JOIN store ON store.id = store_id
WHERE listed = 1 AND status IN {HELD_STATUSES}
GROUP BY store_id, day, flow
UNION ALL
SELECT store_id, local_day(ended_at, books_zone) AS day, ended_to, count(*)
FROM status_period JOIN store ON store.id = store_id
WHERE listed = 1 AND status IN {HELD_STATUSES} AND ended_to NOT IN {HELD_STATUSES}
GROUP BY store_id, day, ended_to
"""  # noqa: S608
"""The flows of every day of every store, counted from the periods; needs `days.with_days`."""

Move = tuple[str, int, int]
"""A move as queries return it: the moment, the product id, and the id of the period that began or ended then."""


class Page(NamedTuple):
    """A part of a list: at most `limit` entries (-1: all) after the first `offset`."""

    limit: int = -1
    offset: int = 0


def keep(connection: sqlite3.Connection, store: int, as_of: str) -> None:
    """Add the flows of a run, at its moment `as_of`, to the stored flows of its day."""
    at = from_text(as_of)
    counts = _counted(connection, store, at - TICK, at)
    day = {"store": store, "day": day_of_text(as_of, str(zone_of_books(connection, store)))}
    connection.executemany(
        KEEP_DAY, [{**day, "flow": flow, "listings": listings} for flow, listings in counts.items() if listings]
    )


def count(connection: sqlite3.Connection, store: int, start: datetime, end: datetime) -> dict[Flow, int]:
    """Count the listings of each flow of a store after `start` and up to `end`, also with zero.

    Whole days are read from the stored flows of days, the hours before and after them from the periods.
    """
    zone = zone_of_books(connection, store)
    first, after = midnight(start, zone, days=1), midnight(end, zone)
    if first >= after:
        return _counted(connection, store, start, end)
    bound = {"store": store, "first": day_of(first, zone).isoformat(), "after": day_of(after, zone).isoformat()}
    whole: dict[str, int] = dict(connection.execute(DAYS, bound).fetchall())
    edges = [_counted(connection, store, start, first - TICK), _counted(connection, store, after - TICK, end)]
    return {flow: whole.get(flow.value, 0) + edges[0][flow] + edges[1][flow] for flow in Flow}


def _counted(connection: sqlite3.Connection, store: int, start: datetime, end: datetime) -> dict[Flow, int]:
    bound = {"store": store, "start": to_text(start), "end": to_text(end)}
    return {
        flow: int(connection.execute(f"SELECT count(*) {_source(flow)}", {**bound, "flow": flow}).fetchone()[0])
        for flow in Flow
    }


def moved(
    connection: sqlite3.Connection, stores: Iterable[int], flow: Flow, start: datetime, end: datetime, *, page: Page
) -> list[Move]:
    """Find a page of the moves of a flow in some stores, the latest first."""
    bound = {"flow": flow, "start": to_text(start), "end": to_text(end)}
    at = "ended_at" if flow in LEAVING else "started_at"
    return latest(
        connection,
        f"SELECT {at}, product_id, id {_source(flow)} ORDER BY {at} DESC, product_id DESC",
        stores,
        bound,
        page,
    )


def latest(
    connection: sqlite3.Connection, sql: str, stores: Iterable[int], bound: Mapping[str, object], page: Page
) -> list[Move]:
    """Run a query, which returns the latest moves first, for each store, and return a page of all moves."""
    most = page.offset + page.limit if page.limit >= 0 else -1
    moves = [
        row
        for store in stores
        for row in connection.execute(f"{sql} LIMIT :most", {**bound, "store": store, "most": most})
    ]
    return sorted(moves, reverse=True)[page.offset : most if most >= 0 else None]


def read(connection: sqlite3.Connection, moves: Sequence[Move], *, left: bool) -> list[Moved]:
    """Read the listings of moves. `left`: the moves are the ends of their periods, else the beginnings."""
    rows = connection.execute(MOVED, {"ids": json.dumps([period for *_, period in moves])})
    return [_left(row) if left else _entered(row) for row in rows]


def words(codes: str) -> tuple[str, ...]:
    """Read the distinct codes out of `|code@provenance|…|`."""
    return tuple(dict.fromkeys([word.partition("@")[0] for word in codes.split("|") if word]))


def status(word: str | None) -> Status | None:
    """Read a status that may be absent."""
    return Status(word) if word else None


def summed(counts: Sequence[Mapping[Flow, int]]) -> dict[Flow, int]:
    """Add up the flows of several stores."""
    return {flow: sum(one[flow] for one in counts) for flow in Flow}


def _source(flow: Flow) -> str:
    return WENT if flow in LEAVING else CAME


Row = tuple[str, int, str, str | None, str, str | None, str, str | None, int, str, int | None]
"""A period as `MOVED` returns it."""


def _entered(row: Row) -> Moved:
    store, product_id, title, came_from, at_status, _, started_at, _, attempt, codes, category = row
    at = from_text(started_at)
    return Moved(
        store, product_id, title, status(came_from), Status(at_status), at, at, attempt, words(codes), category
    )


def _left(row: Row) -> Moved:
    store, product_id, title, _, at_status, ended_to, started_at, ended_at, attempt, codes, category = row
    at = from_text(ended_at or started_at)
    ended = status(ended_to)
    return Moved(store, product_id, title, Status(at_status), ended, at, at - TICK, attempt, words(codes), category)
