"""Counts again what the snapshot keeps beside the status periods, and finds what differs.

Kept rows are copies, made so that pages need not count: status counts and their steps, the books and flows of days,
spells, which rejections attempts are of, sums of quality scores, since when something is held, the codes on periods,
the texts that are searched, fingerprints, and what the cards that only count said. Each can be counted again from the
periods, reasons, scores and listings, which are the record itself.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from aexdash.model import HELD, Status
from aexdash.snapshot.history import flows, spells
from aexdash.snapshot.history.days import with_days
from aexdash.snapshot.migrations.m0003_cards import SUMS
from aexdash.snapshot.recording.difference import STATUSES
from aexdash.snapshot.sql import HELD_STATUSES, first_seen

Key = tuple[object, ...]
Values = tuple[object, ...]
Rows = dict[Key, Values]

CountCards = Mapping[str, Collection[Status]]
"""The cards whose value is the number of listings in some statuses, by their key."""

MOVES = f"""
move AS (  -- one row for each time that a listing entered a status or left it
    SELECT store_id, status, started_at AS at, 1 AS entered, {first_seen()} AS first_seen, 0 AS left_count
    FROM status_period WHERE came_from IS NOT status
    UNION ALL
    SELECT store_id, status, ended_at, 0, 0, 1 FROM status_period WHERE ended_at IS NOT NULL AND ended_to IS NOT status
)
"""  # noqa: S608

COUNTS = "SELECT store_id, status, count(*) FROM status_period WHERE ended_at IS NULL GROUP BY store_id, status"

STEPS = f"""
WITH {MOVES}, step AS (
    SELECT store_id, status, at, sum(entered) - sum(left_count) AS change FROM move GROUP BY store_id, status, at
)
SELECT store_id, status, at, sum(change) OVER (PARTITION BY store_id, status ORDER BY at) FROM step
"""  # noqa: S608

BOOKS = f"""
WITH {MOVES}, moved AS (
    SELECT store_id, status, local_day(at, books_zone) AS day, sum(entered) AS entered, sum(first_seen) AS first_seen,
        sum(left_count) AS left_count
    FROM move JOIN store ON store.id = store_id GROUP BY store_id, status, day
),
day AS (  -- with runs, with moves, or kept for a run that was pruned since
    SELECT store_id, day FROM day_bridge UNION SELECT store_id, day FROM moved
    UNION SELECT store_id, local_day(as_of, books_zone) FROM sync_run JOIN store ON store.id = store_id
    WHERE as_of IS NOT NULL
),
cell AS (
    SELECT d.store_id, d.day, s.value AS status, coalesce(m.entered, 0) AS entered,
        coalesce(m.first_seen, 0) AS first_seen, coalesce(m.left_count, 0) AS left_count
    FROM day AS d CROSS JOIN json_each(:statuses) AS s
    LEFT JOIN moved AS m ON m.store_id = d.store_id AND m.day = d.day AND m.status = s.value
),
line AS (
    SELECT *, sum(entered - left_count) OVER (PARTITION BY store_id, status ORDER BY day) AS closing FROM cell
)
SELECT store_id, day, status, closing - entered + left_count, entered, first_seen, left_count, closing FROM line
"""  # noqa: S608

FLOWS = flows.OF_DAYS

SPELLS = spells.select("p.ended_at IS NOT NULL")

_SUMS = ", ".join(f"sum({sql.format(row='q')})" for sql in SUMS.values())

QUALITY = f"""
SELECT store_id, {_SUMS} FROM listing_quality AS q GROUP BY store_id
"""  # noqa: S608

BEGINNINGS_KEPT = f"SELECT id, held_since, held_after FROM status_period WHERE status IN {HELD_STATUSES}"  # noqa: S608

BEGINNINGS = f"""
SELECT id, coalesce(substr(begun, 1, 24), started_at),
    CASE WHEN begun IS NULL THEN started_after ELSE nullif(substr(begun, 25), '') END
FROM (  -- the latest first period up to each period of a listing: of two moments the later is the greater text
    SELECT id, started_at, started_after, max(
        CASE WHEN coalesce(came_from, '') NOT IN {HELD_STATUSES} THEN started_at || coalesce(started_after, '') END
    ) OVER (PARTITION BY store_id, product_id ORDER BY started_at ROWS UNBOUNDED PRECEDING) AS begun
    FROM status_period AS p WHERE status IN {HELD_STATUSES}
)
"""  # noqa: S608

CODES_KEPT = "SELECT id, codes FROM status_period WHERE ended_at IS NULL AND codes <> ''"

CODES = """
SELECT period_id, '|' || group_concat(word, '|') || '|' FROM (
    SELECT DISTINCT r.period_id, r.code || '@' || r.provenance AS word
    FROM listing_reason AS r JOIN status_period AS p ON p.id = r.period_id AND p.ended_at IS NULL
    WHERE r.vanished_at IS NULL ORDER BY r.period_id, r.code, r.provenance
)
GROUP BY period_id
"""

SEARCHED = """
SELECT p.id, fold(l.title), fold(l.sku_codes), CAST(p.product_id AS TEXT)
FROM store AS st
CROSS JOIN status_period AS p INDEXED BY period_open_listed ON p.store_id = st.id
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
WHERE p.listed = 1 AND p.ended_at IS NULL
"""
"""What the search finds listings by, by period."""

UNLISTED = f"""
SELECT id, listed FROM status_period
WHERE listed = 0 AND (status IN {HELD_STATUSES}
    OR (status = 'offline' AND coalesce(cause, '') IN ('violate_offline', 'punish_offline')))
"""  # noqa: S608

ORPHANS = """
SELECT f.store_id, f.product_id, 1 FROM fingerprint AS f
WHERE NOT EXISTS (
    SELECT 1 FROM status_period AS p INDEXED BY period_open
    WHERE p.store_id = f.store_id AND p.product_id = f.product_id AND p.ended_at IS NULL
)
"""


ATTEMPTS = """
SELECT a.period_id, p.store_id, p.product_id, p.attempt, p.started_at
FROM attempt AS a JOIN status_period AS p ON p.id = a.period_id AND p.status = 'rejected'
"""
"""Which rejection an attempt is of. What the listing was then cannot be counted again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of kept rows: where they are, how they are counted again, and what they are in words.

    `found` reads the rows as `wanted` counts them: the key, then the values. `nothing` are the values that say as much
    as no row.
    """

    words: str
    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    wanted: Callable[[sqlite3.Connection], Rows]
    found: str = ""
    nothing: Values | None = None

    def rows(self, connection: sqlite3.Connection) -> Rows:
        """Read the kept rows. SQL on the connection may call `fold` and, as after `with_days`, `local_day`."""
        sql = self.found or f"SELECT {', '.join((*self.key, *self.values))} FROM {self.table}"  # noqa: S608
        return _rows(connection, sql, len(self.key))


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept row that is not what it is counted to be; None is no row."""

    kept: Kept
    key: Key
    before: Values | None
    after: Values | None

    def __str__(self) -> str:
        where = ", ".join(f"{name} {value}" for name, value in zip(self.kept.key, self.key, strict=True))
        names = [
            name
            for index, name in enumerate(self.kept.values)
            if self.before is None or self.after is None or self.before[index] != self.after[index]
        ]
        return f"{self.kept.words} ({where}): {self._say(names, self.before)} → {self._say(names, self.after)}"

    def _say(self, names: Collection[str], row: Values | None) -> str:
        if row is None:
            return "no row"
        of_row = dict(zip(self.kept.values, row, strict=True))
        return ", ".join(f"{name} {of_row[name]!r}" for name in names)


def differences(connection: sqlite3.Connection, cards: CountCards) -> list[Difference]:
    """Count everything that is kept again, and return the rows that differ; a large snapshot takes some seconds."""
    with_days(connection)
    return [difference for kept in kinds(cards) for difference in _compared(connection, kept)]


def rebuild(connection: sqlite3.Connection, cards: CountCards) -> list[Difference]:
    """Make every kept row what it is counted to be; return what differed. The caller holds the transaction.

    What others are counted from comes first.
    """
    with_days(connection)  # before anything is written: while the index of texts is, SQLite takes no function
    changed = []
    for kept in kinds(cards):
        for difference in list(_compared(connection, kept)):
            _put(connection, difference)
            changed.append(difference)
    return changed


def _put(connection: sqlite3.Connection, difference: Difference) -> None:
    kept, where = difference.kept, " AND ".join(f"{name} = ?" for name in difference.kept.key)
    if difference.after is None:
        connection.execute(f"DELETE FROM {kept.table} WHERE {where}", difference.key)  # noqa: S608
        return
    changes = ", ".join(f"{name} = ?" for name in kept.values)
    sql = f"UPDATE {kept.table} SET {changes} WHERE {where}"  # noqa: S608
    if not connection.execute(sql, (*difference.after, *difference.key)).rowcount:
        _insert(connection, kept, difference.key, difference.after)


def _insert(connection: sqlite3.Connection, kept: Kept, key: Key, values: Values) -> None:
    names = (*kept.key, *kept.values)
    marks = ", ".join("?" * len(names))
    connection.execute(f"INSERT INTO {kept.table} ({', '.join(names)}) VALUES ({marks})", (*key, *values))  # noqa: S608


def _compared(connection: sqlite3.Connection, kept: Kept) -> Iterator[Difference]:
    wanted, found = kept.wanted(connection), kept.rows(connection)
    for key in sorted(wanted.keys() | found.keys(), key=repr):
        before, after = found.get(key, kept.nothing), wanted.get(key, kept.nothing)
        if before != after:
            yield Difference(kept, key, before, after)


def kinds(cards: CountCards) -> list[Kept]:
    """List everything that is kept; what others are counted from first."""
    books = ("opening", "entered", "first_seen", "left_count", "closing")
    of_spell = ("begun_at", "ended_to", "seconds", "whole", "codes")
    return [
        Kept(
            "reasons on a period",
            "status_period",
            ("id",),
            ("codes",),
            _sql(CODES, 1),
            found=CODES_KEPT,
            nothing=("",),
        ),
        Kept(
            "period that views can show",
            "status_period",
            ("id",),
            ("listed",),
            lambda _: {},
            found=UNLISTED,
            nothing=(1,),
        ),
        Kept(
            "text that is searched",
            "listing_text",
            ("rowid",),
            ("title", "sku_codes", "product_id"),
            _sql(SEARCHED, 1),
        ),
        Kept("listings in a status", "status_count", ("store_id", "status"), ("listings",), _sql(COUNTS, 2), "", (0,)),
        Kept("steps of a count", "count_change", ("store_id", "status", "as_of"), ("listings",), _sql(STEPS, 3)),
        Kept("books of a day", "day_bridge", ("store_id", "day", "status"), books, _sql(BOOKS, 3)),
        Kept("flow of a day", "day_flow", ("store_id", "day", "flow"), ("listings",), _sql(FLOWS, 3), "", (0,)),
        Kept(
            "beginning of a spell",
            "status_period",
            ("id",),
            ("held_since", "held_after"),
            _sql(BEGINNINGS, 1),
            found=BEGINNINGS_KEPT,
        ),
        Kept(
            "attempt",
            "attempt",
            ("period_id",),
            ("store_id", "product_id", "number", "at"),
            _sql(ATTEMPTS, 1),
        ),
        Kept("spell", "spell", ("store_id", "ended_at", "product_id"), of_spell, _sql(SPELLS, 3)),
        Kept(
            "sums of quality scores",
            "quality_sum",
            ("store_id",),
            tuple(SUMS),
            _sql(QUALITY, 1),
            nothing=(0,) * len(SUMS),
        ),
        Kept("held since", "store", ("id",), ("held_since",), held_since),
        Kept(
            "fingerprint of a listing without a status",
            "fingerprint",
            ("store_id", "product_id"),
            ("digest IS NOT NULL",),
            lambda _: {},
            found=ORPHANS,
        ),
        Kept(
            "value of a card",
            "card_value",
            ("store_id", "card_key", "at"),
            ("value",),
            lambda connection: _said(connection, cards),
            found=_cards_kept(cards),
        ),
    ]


def _sql(sql: str, key: int) -> Callable[[sqlite3.Connection], Rows]:
    return lambda connection: _rows(connection, sql, key)


def _rows(connection: sqlite3.Connection, sql: str, key: int) -> Rows:
    bound = {"statuses": STATUSES} if ":statuses" in sql else {}
    return {tuple(row[:key]): tuple(row[key:]) for row in connection.execute(sql, bound)}


def held_since(connection: sqlite3.Connection) -> Rows:
    """Return, for each store, since when something has been held without a break; None where nothing is."""
    since: Rows = dict.fromkeys([(store,) for (store,) in connection.execute("SELECT id FROM store")], (None,))
    for store, steps in _by_store(connection, HELD).items():
        begun = None
        for at, listings in steps:
            begun = None if not listings else begun or at
        since[store,] = (begun,)
    return since


def _by_store(connection: sqlite3.Connection, statuses: Collection[Status]) -> dict[int, list[tuple[str, int]]]:
    """Return the steps of the number of listings in some statuses together, by store."""
    words = {status.value for status in statuses}
    steps = sorted((at, store, status, listings) for store, status, at, listings in connection.execute(STEPS))
    now: dict[int, dict[str, int]] = defaultdict(dict)
    totals: dict[int, dict[str, int]] = defaultdict(dict)
    for at, store, status, listings in steps:
        if status in words:
            now[store][status] = listings
            totals[store][at] = sum(now[store].values())
    return {store: list(of_store.items()) for store, of_store in totals.items()}


def _cards_kept(cards: CountCards) -> str:
    keys = ", ".join(f"'{key}'" for key in cards)
    return f"SELECT store_id, card_key, at, value FROM card_value WHERE value IS NOT NULL AND card_key IN ({keys})"  # noqa: S608


def _said(connection: sqlite3.Connection, cards: CountCards) -> Rows:
    """Return what the counting cards should have said, at every moment of which a value is kept."""
    steps = {key: _by_store(connection, statuses) for key, statuses in cards.items()}
    said: Rows = {}
    for store, key, at, _ in connection.execute(_cards_kept(cards)):
        of_store = steps[key].get(store, [])
        index = bisect_right(of_store, at, key=lambda step: step[0])
        said[store, key, at] = (float(of_store[index - 1][1]) if index else 0.0,)
    return said
