"""Moves moments that lie ahead of the clock back to where they can have been, in the order in which they were.

A run stamps all it writes with one moment, which is never earlier than the one before. So one run by a clock that was
ahead puts every later run ahead too, though those ended when their `finished_at` says. For each store:

- a run whose `finished_at` is not ahead gets that as its moment;
- runs that ended ahead as well lie between the last run before them and the first one after, or now: their moments keep
  their distances where there is room, and are drawn together where there is not;
- every other moment ahead moves with the runs around it; no two become one, and none changes places.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from aexdash.clock import CLOCK_TOLERANCE, TICK, from_text, to_text
from aexdash.snapshot.history.days import day_of_text, zone_of_books

OF_STORE = {
    "sync_run": ("started_at", "finished_at", "as_of"),
    "walk": ("started_at", "finished_at"),
    "coverage": ("from_at", "to_at"),
    "listing": ("first_seen_at", "changed_at"),
    "status_period": (
        "started_after",
        "started_at",
        "missing_after",
        "ended_after",
        "ended_at",
        "codes_at",
        "held_since",
        "held_after",
    ),
    "listing_reason": ("first_seen_at", "vanished_at"),
    "listing_detail": ("read_at", "tried_at"),
    "category": ("read_at",),
    "count_change": ("as_of",),
    "card_value": ("at",),
    "listing_quality": ("at",),
    "word_check": ("checked_at",),
    "order_state": ("read_from", "read_until", "tried_at"),
    "feed_file": ("read_at",),
    "feed_status": ("asked_at",),
    "spell": ("begun_at", "ended_at"),
    "absence": ("as_of",),
    "attempt": ("at",),
    "store_state": ("heartbeat_at",),
    "listing_source": ("started_at", "ended_at"),
}
"""The moments that this machine's clock stamped, by table. Moments of the platform are its own, plans are made anew,
and the books of days are counted again. Those of the desk follow (`aexdash.desk.restamp`)."""

OF_SHOP = {
    "shop_reading": ("began_at", "ended_at"),
    "shop_period": ("started_after", "started_at", "ended_after", "ended_at"),
    "shop_stock": ("started_after", "started_at", "ended_after", "ended_at"),
}
"""The same of the seller's own shops. Their readings know no other clock: those ahead lie between the last one before
them and now."""

ELSEWHERE = (
    ("picture", "measured_at"),
    ("held_sales", "computed_at"),
    ("store", "added_at"),
    ("shop", "added_at"),
)
"""Moments by whose order nothing is found: those ahead become now."""

RUNS = """
SELECT as_of, finished_at FROM sync_run WHERE store_id = ? AND as_of IS NOT NULL ORDER BY id
"""

LAST_OF_SHOP = "SELECT max(ended_at) FROM shop_reading WHERE shop_id = ? AND ended_at <= ?"

MOVE = """
UPDATE {table} SET {column} = (SELECT new FROM temp.moment_moved WHERE old = {table}.{column})
WHERE {owner} = ? AND {column} IN (SELECT old FROM temp.moment_moved)
"""

MOVE_COVERAGE_ENDS = """
UPDATE coverage SET until_at = strftime(
    '%Y-%m-%dT%H:%M:%fZ', moved.new, '+' || ((julianday(until_at) - julianday(to_at)) * 86400) || ' seconds'
)
FROM temp.moment_moved AS moved WHERE coverage.store_id = ? AND moved.old = coverage.to_at
"""
"""The end of coverage lies its tolerance after its last reading, ahead of the clock on purpose, and moves with it."""

FORGET_COMPARED = "DELETE FROM source_compared WHERE compared_at > :limit OR shop_read_at > :limit"
"""What was compared by a clock that was ahead is compared again. Its `speaks_until` lies a tolerance after the reading,
perhaps ahead of the clock on purpose, and goes with it."""

FORGET_DAYS_AHEAD = "DELETE FROM {table} WHERE store_id = ? AND day > ?"

NO_DAY_END = "UPDATE card_value SET day_end = 0 WHERE store_id = ? AND at > ?"


@dataclass(frozen=True, slots=True)
class Owner:
    """What readings are of: the table of stores or of shops, and the moments stamped of one, by table."""

    table: str
    stamped: Mapping[str, Sequence[str]]


STORE, SHOP = Owner("store", OF_STORE), Owner("shop", OF_SHOP)


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved of a store, or of the desk: how many moments, the latest of them, and where it is now.

    `places` has where each moment is now, as stored texts.
    """

    of: str
    moments: int
    before: datetime
    after: datetime
    places: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return (
            f"{self.of}: {self.moments:,} moments ahead of the clock moved back in their order, "
            f"the latest from {self.before:%Y-%m-%d %H:%M:%S} to {self.after:%Y-%m-%d %H:%M:%S} UTC"
        )


def ahead(connection: sqlite3.Connection, now: datetime) -> dict[str, list[datetime]]:
    """Return the moments that lie more than the tolerance ahead of now, the earliest first.

    By the key of the store; those of a shop by `shop` and its key.
    """
    limit = to_text(now + CLOCK_TOLERANCE)
    found = {key: _ahead_of(connection, STORE, store, limit) for store, key in _all(connection, STORE)}
    found |= {f"shop {key}": _ahead_of(connection, SHOP, shop, limit) for shop, key in _all(connection, SHOP)}
    return {key: [from_text(text) for text in late] for key, late in found.items() if late}


def move_back(connection: sqlite3.Connection, now: datetime) -> list[Moved]:
    """Move all moments that lie ahead of now back; the caller holds the transaction and counts the books again."""
    limit = to_text(now + CLOCK_TOLERANCE)
    moved = []
    for store, key in _all(connection, STORE):
        if late := _ahead_of(connection, STORE, store, limit):
            places = _places(late, _anchors(connection, store, limit), now)
            _move_store(connection, store, places, limit)
            moved.append(_moved(key, places))
    for shop, key in _all(connection, SHOP):
        if late := _ahead_of(connection, SHOP, shop, limit):
            places = _places(late, _last_of_shop(connection, shop, limit), now)
            _move(connection, SHOP, shop, places)
            moved.append(_moved(f"shop {key}", places))
    connection.execute(FORGET_COMPARED, {"limit": limit})
    for table, column in ELSEWHERE:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} > ?", [to_text(now), limit])  # noqa: S608
    return moved


def _all(connection: sqlite3.Connection, owner: Owner) -> list[tuple[int, str]]:
    return connection.execute(f"SELECT id, key FROM {owner.table} ORDER BY id").fetchall()  # noqa: S608


def _ahead_of(connection: sqlite3.Connection, owner: Owner, number: int, limit: str) -> list[str]:
    found: set[str] = set()
    for table, columns in owner.stamped.items():
        for column in columns:
            # `codes_at` also holds texts that are no moments and sort after every one.
            late = f"{owner.table}_id = ? AND {column} > ? AND length({column}) = 24"
            sql = f"SELECT DISTINCT {column} FROM {table} WHERE {late}"  # noqa: S608
            found.update(text for (text,) in connection.execute(sql, [number, limit]))
    return sorted(found)


def _places(late: Sequence[str], anchors: Sequence[Anchor], now: datetime) -> dict[str, str]:
    new = placed([from_text(text) for text in late], anchors, now)
    return dict(zip(late, map(to_text, new), strict=True))


def _moved(of: str, places: Mapping[str, str]) -> Moved:
    before, after = list(places.items())[-1]
    return Moved(of, len(places), from_text(before), from_text(after), places)


Anchor = tuple[datetime, datetime]
"""A stamped moment, and when it was."""


def _anchors(connection: sqlite3.Connection, store: int, limit: str) -> list[Anchor]:
    """Return the moments of runs of which it is known when they were, in their order."""
    anchors: list[Anchor] = []
    for as_of, finished_at in connection.execute(RUNS, [store]):
        when = from_text(as_of if as_of <= limit else finished_at)
        if as_of <= limit:
            anchors = [(when, when)]
        elif finished_at <= limit and (not anchors or when > anchors[-1][1]):
            anchors.append((from_text(as_of), when))
    return anchors


def _last_of_shop(connection: sqlite3.Connection, shop: int, limit: str) -> list[Anchor]:
    """Return the last moment of a shop's readings that is not ahead: those that are lie after it."""
    (text,) = connection.execute(LAST_OF_SHOP, [shop, limit]).fetchone()
    return [(from_text(text), from_text(text))] if text else []


def placed(late: Sequence[datetime], anchors: Sequence[Anchor], now: datetime) -> list[datetime]:
    """Return where the late moments, the earliest first, are to be: in their order, each a tick after another."""
    first = anchors[0] if anchors and anchors[0][0] == anchors[0][1] else None
    known = [*anchors, (late[-1], max(now, anchors[-1][1] if anchors else now))]
    places: list[datetime] = []
    last = first[1] if first else None
    for moment in late:
        at = from_text(to_text(_where(moment, known)))  # to whole ticks, as it is written down
        last = at if last is None or at > last else last + TICK
        places.append(last)
    return places


def _where(moment: datetime, known: Sequence[Anchor]) -> datetime:
    if moment <= known[0][0]:
        return known[0][1] - (known[0][0] - moment)
    for (before, was_before), (after, was_after) in pairwise(known):
        if moment <= after:
            room, span = was_after - was_before, after - before
            share = min(1.0, room / span) if span else 0.0
            return was_after - (after - moment) * share
    return known[-1][1]


def _move_store(connection: sqlite3.Connection, store: int, places: Mapping[str, str], limit: str) -> None:
    connection.execute(NO_DAY_END, [store, limit])
    last_day = day_of_text(limit, str(zone_of_books(connection, store)))
    for table in ("day_bridge", "day_flow"):
        connection.execute(FORGET_DAYS_AHEAD.format(table=table), [store, last_day])
    _move(connection, STORE, store, places, first=MOVE_COVERAGE_ENDS)


def _move(
    connection: sqlite3.Connection, owner: Owner, number: int, places: Mapping[str, str], *, first: str = ""
) -> None:
    connection.execute("DROP TABLE IF EXISTS temp.moment_moved")
    connection.execute("CREATE TEMP TABLE moment_moved (old TEXT PRIMARY KEY, new TEXT NOT NULL)")
    rows: Iterable[tuple[str, str]] = places.items()
    connection.executemany("INSERT INTO temp.moment_moved VALUES (?, ?)", rows)
    if first:
        connection.execute(first, [number])
    for table, columns in owner.stamped.items():
        for column in columns:
            connection.execute(MOVE.format(table=table, column=column, owner=f"{owner.table}_id"), [number])
    connection.execute("DROP TABLE temp.moment_moved")
