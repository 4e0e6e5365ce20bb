"""A large snapshot in seconds: N listings, H of them held, D days of history, the same every time.

The periods are made up here; the counts and the books are then added up from them by SQL, so all of it agrees.
Run as a command: `python -m tests.benchmarks.synthetic FILE 1000000 20000 400 [3000000]`; the last is the number of
periods, where listings are to have been held again and again.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot, transaction
from aexdash.snapshot.migrations.m0003_cards import FILL_DAYS, FILL_SPELLS
from aexdash.snapshot.migrations.m0004_spells import FILL as FILL_BEGINNINGS
from aexdash.snapshot.recording.record import ensure_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST_ID = 1005000000000000
STORE_KEY = "main"
MOVES_A_DAY = 60

CATEGORIES = {200000000 + index: f"Category {index:02}" for index in range(30)}

REASONS = (
    ("image.main_too_small", "check"),
    ("attribute.required_missing", "check"),
    ("ip.trademark", "platform"),
    ("image.watermark", "platform"),
    ("restricted.goods", "platform"),
    ("title.brand_mismatch", "diagnosis"),
    ("image.text_on_picture", "seller_center"),
    ("price.abnormal", "platform"),
    ("attribute.brand", "check"),
    ("category.wrong", "platform"),
)

AGAIN = (
    *[(Status.REJECTED, Status.AUDITING, Status.ACTIVE)] * 6,
    (Status.REJECTED, Status.AUDITING, Status.REJECTED, Status.AUDITING, Status.ACTIVE),
    (Status.AUDITING, Status.ACTIVE),
    (Status.REJECTED, Status.OFFLINE, Status.ACTIVE),
    (Status.REJECTED, Status.DELETED, Status.ACTIVE),
)
"""What happens to a listing that is held again, one as likely as the other."""

DAYS_IN = {Status.REJECTED: 8, Status.AUDITING: 3, Status.ACTIVE: 40, Status.OFFLINE: 20, Status.DELETED: 20}

LISTINGS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :listings)
INSERT INTO listing (store_id, product_id, title, image_urls, price_min, price_max, currency, created_at, created_raw,
    modified_at, modified_raw, category_id, sku_codes, product_type, extra, first_seen_at, changed_at)
SELECT :store, :first_id + i, 'Listing ' || i || ' wireless headphones with a long and plausible title for search',
    '["https://ae01.example/kf/S' || i || '.jpg"]', (5 + i % 90) || '.99', (9 + i % 90) || '.99', 'USD', :begun,
    '2025-01-01 00:00:00', :begun, '2025-01-02 00:00:00', 200000000 + i % 30, '["SKU-' || i || '"]', NULL, '',
    :begun, :begun
FROM n
"""

RESTING = """
WITH RECURSIVE n(i) AS (SELECT :from_index UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :listings)
INSERT INTO status_period (store_id, product_id, status, platform_status, attempt, category_id, started_at)
SELECT :store, :first_id + i, CASE WHEN i % 20 = 0 THEN 'offline' ELSE 'active' END,
    CASE WHEN i % 20 = 0 THEN 'offline' ELSE 'onSelling' END, 0, 200000000 + i % 30, :begun
FROM n
"""

MOVED = """
INSERT INTO status_period (store_id, product_id, status, platform_status, audit_kind, attempt, category_id, came_from,
    started_after, started_at, ended_after, ended_at, ended_to, listed, codes, codes_at, checked)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
"""

REASON_ROWS = """
INSERT INTO listing_reason (period_id, store_id, product_id, code, provenance, measured, first_seen_at, vanished_at)
SELECT p.id, p.store_id, p.product_id, substr(word.value, 1, instr(word.value, '@') - 1),
    substr(word.value, instr(word.value, '@') + 1), '{"width": 400, "height": 400, "least": 800}',
    p.started_at, p.ended_at
FROM status_period AS p
JOIN json_each('["' || replace(trim(p.codes, '|'), '|', '","') || '"]') AS word
WHERE p.listed = 1 AND p.codes <> '' AND p.store_id = :store
"""

FLOW = """
CREATE TEMP TABLE flow AS
SELECT at, status, sum(entered) AS entered, sum(first_seen) AS first_seen, sum(left_count) AS left_count FROM (
    SELECT started_at AS at, status, 1 AS entered, came_from IS NULL AS first_seen, 0 AS left_count
    FROM status_period WHERE store_id = :store
    UNION ALL SELECT ended_at, status, 0, 0, 1 FROM status_period WHERE store_id = :store AND ended_at IS NOT NULL
)
GROUP BY at, status
"""

COUNT_CHANGES = """
INSERT INTO count_change (store_id, status, as_of, listings)
SELECT :store, status, at, sum(entered - left_count) OVER (PARTITION BY status ORDER BY at) FROM flow
"""

COUNTS = """
INSERT INTO status_count (store_id, status, listings)
SELECT :store, status, sum(entered - left_count) FROM flow GROUP BY status
"""

DAYS = """
INSERT INTO day_bridge (store_id, day, status, opening, entered, first_seen, left_count, closing)
SELECT :store, day, status, closing - entered + left_count, entered, first_seen, left_count, closing FROM (
    SELECT d.day, s.value AS status,
        coalesce(sum(f.entered), 0) AS entered, coalesce(sum(f.first_seen), 0) AS first_seen,
        coalesce(sum(f.left_count), 0) AS left_count,
        sum(coalesce(sum(f.entered - f.left_count), 0)) OVER (PARTITION BY s.value ORDER BY d.day) AS closing
    FROM (SELECT DISTINCT substr(at, 1, 10) AS day FROM flow) AS d
    JOIN json_each(:statuses) AS s
    LEFT JOIN flow AS f ON substr(f.at, 1, 10) = d.day AND f.status = s.value
    GROUP BY d.day, s.value
)
"""

RUNS = """
INSERT INTO sync_run (store_id, kind, started_at, finished_at, as_of, outcome, calls, seen, changes)
SELECT :store, 'sweep', at, at, at, 'complete', 10, :listings, sum(entered + left_count)
FROM flow GROUP BY at ORDER BY at
"""

WALKS = """
INSERT INTO walk (run_id, store_id, status, started_at, finished_at, reported, seen, pages, attempts, complete)
SELECT r.id, r.store_id, s.value, r.started_at, r.finished_at, 0, 0, 1, 1, 1
FROM sync_run AS r JOIN json_each('["auditing", "rejected", "active", "offline"]') AS s WHERE r.store_id = :store
"""


def build(
    path: Path, listings: int, held: int, days: int, periods: int = 0, *, now: datetime = NOW, seed: int = 1
) -> Database:
    """Make the snapshot of one store and return it open for writing; its last run ended at `now`.

    With so many `periods` (0: few more than there are listings) about `held` listings are held at any moment, not only
    at the last one: a fifth of all listings are rejected again and again, in runs every ten minutes.
    """
    db = open_snapshot(path)
    store = ensure_store(
        db, key=STORE_KEY, title="Synthetic store", model="overseas", now=now - timedelta(days=days), currency="USD"
    )
    with transaction(db) as connection:
        _fill(connection, Catalogue(store, listings, held, days, periods, FIRST_ID), now, random.Random(seed))
        _finish(connection)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


def build_many(path: Path, stores: int, listings: int, *, days: int = 60, now: datetime = NOW) -> Database:
    """Make the snapshot of so many stores of so many listings each, one in two hundred of them held, `s00` the first.

    Return it open for writing; the last run of each ended at `now`.
    """
    db, chance = open_snapshot(path), random.Random(1)
    for number in range(stores):
        begun = now - timedelta(days=days)
        key, title = f"s{number:02}", f"Store {number}"
        store = ensure_store(db, key=key, title=title, model="overseas", now=begun, currency="USD")
        first_id = FIRST_ID + number * 10_000_000
        with transaction(db) as connection:
            _fill(connection, Catalogue(store, listings, max(listings // 200, 1), days, 0, first_id), now, chance)
    with transaction(db) as connection:
        _finish(connection)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


@dataclass(frozen=True)
class Catalogue:
    """What one store is to have; its listings are numbered from `first_id`."""

    store: int
    listings: int
    held: int
    days: int
    periods: int
    first_id: int

    @property
    def moved(self) -> int:
        """How many of the listings are held, or were once."""
        room = self.listings > self.held + MOVES_A_DAY * self.days
        return self.held + (MOVES_A_DAY * self.days if room else 0)

    @property
    def again(self) -> range:
        """Those that are held again and again."""
        return range(self.moved, self.moved + max(self.listings - self.moved, 0) // 5) if self.periods else range(0)


def _fill(connection: sqlite3.Connection, one: Catalogue, now: datetime, chance: random.Random) -> None:
    """Write all of a store but what is added up over all stores."""
    begun = to_text(now - timedelta(days=one.days))
    bound = {
        "store": one.store,
        "listings": one.listings,
        "first_id": one.first_id,
        "from_index": one.moved + len(one.again),
        "begun": begun,
        "statuses": json.dumps([status.value for status in Status]),
    }
    connection.execute(LISTINGS, bound)
    connection.execute(RESTING, bound)
    connection.executemany(MOVED, _moved_rows(one, now, chance))
    connection.executemany(MOVED, _rows_of_again(one, now, chance))
    connection.execute(REASON_ROWS, bound)
    connection.execute(FLOW, bound)
    for statement in (COUNT_CHANGES, COUNTS, DAYS, RUNS, WALKS):
        connection.execute(statement, bound)
    connection.execute(
        "INSERT INTO coverage VALUES (?, ?, ?, ?)",
        [one.store, begun, to_text(now), to_text(now + timedelta(minutes=5))],
    )
    connection.execute("UPDATE store SET held_since = ? WHERE id = ?", [begun, one.store])
    connection.executemany(
        "INSERT INTO category (store_id, category_id, name, rules, read_at) VALUES (?, ?, ?, '[]', ?)",
        [(one.store, category, name, begun) for category, name in CATEGORIES.items()],
    )
    connection.execute("DROP TABLE temp.flow")


def _finish(connection: sqlite3.Connection) -> None:
    """Add up what a migration adds up over all stores."""
    for statement in (FILL_DAYS, FILL_SPELLS, FILL_BEGINNINGS):
        connection.execute(statement)
    connection.execute("UPDATE version SET number = number + 1")


def _moved_rows(one: Catalogue, now: datetime, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield the periods of the listings that moved: the held ones to where they are, the others there and back."""
    held, moved, days = one.held, one.moved, one.days
    begun = now - timedelta(days=days)
    for index in range(moved):
        if index < held:
            start = now - timedelta(hours=chance.uniform(0, 24 * min(days, 60)))
            ladder = [Status.ACTIVE, chance.choices((Status.REJECTED, Status.AUDITING), (3, 1))[0]]
            moments = [begun, max(start, begun + timedelta(hours=1))]
        else:
            start = begun + timedelta(hours=chance.uniform(1, max(24 * days - 100, 2)))
            ladder = [Status.ACTIVE, Status.REJECTED, Status.AUDITING, Status.ACTIVE]
            moments = [begun, start, start + timedelta(hours=6), start + timedelta(hours=chance.uniform(8, 90))]
        yield from _ladder(one, index, ladder, [to_text(moment) for moment in moments], chance)


def _rows_of_again(one: Catalogue, now: datetime, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield the periods of listings that are held again and again, so that there are so many `periods` more."""
    again, days, periods = one.again, one.days, one.periods - one.listings
    begun = now - timedelta(days=days)
    times = round(periods / (3 * len(again))) if again else 0
    for index in again:
        ladder, moments, at = [Status.ACTIVE], [begun], begun
        for turn in range(times):
            at = max(at, begun + timedelta(days=days * (turn + chance.random()) / times))
            for status in AGAIN[chance.randrange(len(AGAIN))]:
                ladder.append(status)
                moments.append(_of_a_run(at, moments[-1]))
                at = moments[-1] + timedelta(days=chance.expovariate(1 / DAYS_IN[status]))
        shown = sum(moment <= now for moment in moments)
        yield from _ladder(one, index, ladder[:shown], [to_text(moment) for moment in moments[:shown]], chance)


def _of_a_run(at: datetime, after: datetime) -> datetime:
    """The moment of the first run that shows what happened: one every ten minutes, each later than the one before."""
    minutes = max(-(-at.timestamp() // 600), after.timestamp() // 600 + 1)
    return datetime.fromtimestamp(minutes * 600, UTC)


def _ladder(
    one: Catalogue, index: int, ladder: list[Status], moments: list[str], chance: random.Random
) -> Iterator[tuple[object, ...]]:
    for step, status in enumerate(ladder):
        is_held = status in {Status.REJECTED, Status.AUDITING}
        before = ladder[step - 1].value if step else None
        after = ladder[step + 1].value if step + 1 < len(ladder) else None
        end = moments[step + 1] if after else None
        kind = {None: None, "active": "re_review", "rejected": "resubmitted"}.get(before)
        yield (
            one.store,
            one.first_id + index,
            status.value,
            "onSelling" if status is Status.ACTIVE else status.value,
            kind if status is Status.AUDITING else None,
            ladder[: step + 1].count(Status.REJECTED),
            200000000 + index % 30,
            before,
            moments[step - 1] if step else None,
            moments[step],
            moments[step] if end else None,
            end,
            after,
            int(is_held),
            _codes(chance) if is_held else "",
            moments[step] if is_held else "",
        )


def _codes(chance: random.Random) -> str:
    words = chance.sample(REASONS, chance.choices((0, 1, 2, 3), (1, 14, 4, 1))[0])
    return "".join(f"|{code}@{by}" for code, by in sorted(words)) + "|" if words else ""


def main() -> None:
    """Build the snapshot that the command line asks for."""
    path, listings, held, days, *periods = Path(sys.argv[1]), *map(int, sys.argv[2:6])
    begun = time.perf_counter()
    build(path, listings, held, days, *periods).close()
    print(f"{path}: {listings:,} listings, {held:,} held, {days} days in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
