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
}
"""The moments that this machine's clock stamped, by table. Moments of the platform are its own, plans are made anew,
and the books of days are counted again. Those of the desk follow (`aexdash.desk.restamp`)."""

ELSEWHERE = (("picture", "measured_at"), ("held_sales", "computed_at"), ("store", "added_at"))
"""Moments by whose order nothing is found: those ahead become now."""

RUNS = """
SELECT as_of, finished_at FROM sync_run WHERE store_id = ? AND as_of IS NOT NULL ORDER BY id
"""

MOVE = """
UPDATE {table} SET {column} = (SELECT new FROM temp.moment_moved WHERE old = {table}.{column})
WHERE store_id = ? AND {column} IN (SELECT old FROM temp.moment_moved)
"""

MOVE_COVERAGE_ENDS = """
UPDATE coverage SET until_at = strftime(
    '%Y-%m-%dT%H:%M:%fZ', moved.new, '+' || ((julianday(until_at) - julianday(to_at)) * 86400) || ' seconds'
)
FROM temp.moment_moved AS moved WHERE coverage.store_id = ? AND moved.old = coverage.to_at
"""
"""The end of coverage lies its tolerance after its last reading, ahead of the clock on purpose, and moves with it."""

FORGET_DAYS_AHEAD = "DELETE FROM {table} WHERE store_id = ? AND day > ?"

NO_DAY_END = "UPDATE card_value SET day_end = 0 WHERE store_id = ? AND at > ?"


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
    """Return, by store key, the moments that lie more than the tolerance ahead of now, the earliest first."""
    limit = to_text(now + CLOCK_TOLERANCE)
    stores = connection.execute("SELECT id, key FROM store ORDER BY id").fetchall()
    found = {key: [from_text(text) for text in _ahead_of(connection, store, limit)] for store, key in stores}
    return {key: moments for key, moments in found.items() if moments}


def move_back(connection: sqlite3.Connection, now: datetime) -> list[Moved]:
    """Move all moments that lie ahead of now back; the caller holds the transaction and counts the books again."""
    limit = to_text(now + CLOCK_TOLERANCE)
    moved = []
    for store, key in connection.execute("SELECT id, key FROM store ORDER BY id").fetchall():
        if late := _ahead_of(connection, store, limit):
            new = placed([from_text(text) for text in late], _anchors(connection, store, limit), now)
            places = dict(zip(late, map(to_text, new), strict=True))
            _move(connection, store, places, limit)
            moved.append(Moved(key, len(late), from_text(late[-1]), new[-1], places))
    for table, column in ELSEWHERE:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} > ?", [to_text(now), limit])  # noqa: S608
    return moved


def _ahead_of(connection: sqlite3.Connection, store: int, limit: str) -> list[str]:
    found: set[str] = set()
    for table, columns in OF_STORE.items():
        for column in columns:
            # `codes_at` also holds texts that are no moments and sort after every one.
            sql = f"SELECT DISTINCT {column} FROM {table} WHERE store_id = ? AND {column} > ? AND length({column}) = 24"  # noqa: S608
            found.update(text for (text,) in connection.execute(sql, [store, limit]))
    return sorted(found)


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


def _move(connection: sqlite3.Connection, store: int, moved: dict[str, str], limit: str) -> None:
    connection.execute("DROP TABLE IF EXISTS temp.moment_moved")
    connection.execute("CREATE TEMP TABLE moment_moved (old TEXT PRIMARY KEY, new TEXT NOT NULL)")
    rows: Iterable[tuple[str, str]] = moved.items()
    connection.executemany("INSERT INTO temp.moment_moved VALUES (?, ?)", rows)
    connection.execute(NO_DAY_END, [store, limit])
    last_day = day_of_text(limit, str(zone_of_books(connection, store)))
    for table in ("day_bridge", "day_flow"):
        connection.execute(FORGET_DAYS_AHEAD.format(table=table), [store, last_day])
    connection.execute(MOVE_COVERAGE_ENDS, [store])
    for table, columns in OF_STORE.items():
        for column in columns:
            connection.execute(MOVE.format(table=table, column=column), [store])
    connection.execute("DROP TABLE temp.moment_moved")
