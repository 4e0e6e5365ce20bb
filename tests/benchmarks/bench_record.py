"""A sweep of 100,000 listings recorded beside a raw upsert of the same: `python -m tests.benchmarks record`.

Both write 13 columns of facts per listing in one transaction with WAL and synchronous=NORMAL. The upsert has its rows
ready-made and nothing to do but write; ours is given observations as a walk reads them, stages them, compares and keeps
the books as well. Once in the order of the ids, in which a table is written from one end to the other, and once in no
order, as a platform may list them. The time is the processor's.
"""

from __future__ import annotations

import gc
import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.model import Outcome, Status
from aexdash.platform_data import Observation, WalkReport
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import RunResult, Staging, ensure_store, record_run
from tests.benchmarks.common import Bench, Figure, beside, report

PAGE = 99
MOST_FIRST, MOST_AGAIN = 3, 1
BEGUN = datetime(2026, 3, 1, tzinfo=UTC)

COLUMNS = (
    "product_id",
    "title",
    "image_urls",
    "price_min",
    "price_max",
    "currency",
    "created_at",
    "created_raw",
    "modified_at",
    "modified_raw",
    "status",
    "category_id",
    "sku_codes",
)


def observations(count: int, *, first: int = 0, status: Status = Status.ACTIVE) -> list[Observation]:
    """Make as many listings of a status from a number on, as a walk reads them."""
    return [
        Observation(
            product_id=1005000000000000 + index,
            status=status,
            platform_status="onSelling" if status is Status.ACTIVE else status.value,
            title=f"Listing {index} wireless headphones with a long and plausible title for search",
            image_urls=(f"https://ae01.example/kf/S{index}.jpg", f"https://ae01.example/kf/T{index}.jpg"),
            price_min="12.50",
            price_max="19.90",
            currency="USD",
            created_at=BEGUN,
            created_raw="2026-02-28 16:00:00",
            modified_at=BEGUN + timedelta(seconds=index),
            modified_raw=f"2026-02-28 16:00:{index % 60:02}",
            category_id=200000000 + index % 30,
            sku_codes=(f"SKU-{index}",),
        )
        for index in range(first, first + count)
    ]


def raw_rows(shown: list[Observation]) -> list[tuple[object, ...]]:
    """Make ready-made tuples of the 13 columns: the floor has nothing to do but write."""
    return [
        (
            one.product_id,
            one.title,
            f'["{one.image_urls[0]}", "{one.image_urls[1]}"]',
            one.price_min,
            one.price_max,
            one.currency,
            one.created_at.isoformat() if one.created_at else None,
            one.created_raw,
            one.modified_at.isoformat() if one.modified_at else None,
            one.modified_raw,
            one.status.value,
            one.category_id,
            f'["{one.sku_codes[0]}"]',
        )
        for one in shown
    ]


def raw_upsert(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> float:
    """Upsert the rows in one transaction; return the seconds it took."""
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    sql = f"""
        INSERT INTO raw ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})
        ON CONFLICT (product_id) DO UPDATE SET {updates}
    """
    begun = time.process_time()
    connection.execute("BEGIN")
    connection.executemany(sql, rows)
    connection.execute("COMMIT")
    return time.process_time() - begun


def raw_table(path: Path) -> sqlite3.Connection:
    """Open a fresh file with the raw table."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"CREATE TABLE raw (product_id INTEGER PRIMARY KEY, {', '.join(COLUMNS[1:])})")
    return connection


def sweep(db: Database, store: int, shown: list[Observation], now: datetime) -> tuple[float, RunResult]:
    """Stage and record a sweep page by page; return the seconds and the result."""
    begun = time.process_time()
    staging = Staging(db, store)
    staging.begin_walk(Status.ACTIVE)
    for start in range(0, len(shown), PAGE):
        staging.add(shown[start : start + PAGE])
    staging.end_walk(WalkReport(Status.ACTIVE, now, now, len(shown), len(shown), 1, 1, complete=True))
    staging.missing_count()
    result = record_run(
        db,
        staging,
        kind="sweep",
        started_at=now,
        finished_at=now,
        outcome=Outcome.COMPLETE,
        calls=len(shown) // PAGE,
        tolerance=timedelta(days=1),
    )
    return time.process_time() - begun, result


def one_round(folder: Path, shown: list[Observation], rows: list[tuple[object, ...]]) -> tuple[float, ...]:
    """The seconds of the first sweep, of the upsert into an empty table, of the unchanged sweep, into a full table."""
    connection = raw_table(folder / "raw.db")
    db = open_snapshot(folder / "snapshot.db")
    store = ensure_store(db, key="main", title="Main", model="overseas", now=BEGUN)
    raw_first = raw_upsert(connection, rows)
    first, recorded = sweep(db, store, shown, BEGUN + timedelta(hours=1))
    raw_again = raw_upsert(connection, rows)
    changes = Changes(db)
    again, unchanged = sweep(db, store, shown, BEGUN + timedelta(hours=2))
    if (recorded.changes, unchanged.changes, changes.count()) != (2 * len(shown), 0, 0):
        raise SystemExit(f"not the same work: {recorded.changes}, {unchanged.changes}, {changes.count()} rows")
    connection.close()
    db.close()
    return first, raw_first, again, raw_again


class Changes:
    """Counts the rows written to `listing` and `status_period` from now on, by triggers of this connection."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE written (what TEXT)")
        for table in ("listing", "status_period"):
            for event in ("INSERT", "UPDATE", "DELETE"):
                db.execute(
                    f"CREATE TEMP TRIGGER {table}_{event} AFTER {event} ON main.{table} "
                    f"BEGIN INSERT INTO written VALUES ('{table}'); END"
                )

    def count(self) -> int:
        """Return the rows written so far."""
        return int(self._db.execute("SELECT count(*) FROM written").fetchone()[0])


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure both sweeps beside the raw upsert of the same rows."""
    shown = observations(bench.size.small)
    in_no_order = random.Random(1).sample(shown, len(shown))
    for order, listings in (("by id", shown), ("in no order", in_no_order)):
        rows = raw_rows(listings)
        gc.freeze()  # a sync never holds a whole store in memory; the collector shall not walk what only we hold
        rounds = [one_round(bench.fresh("record"), listings, rows) for _ in range(bench.size.few_rounds)]
        gc.unfreeze()
        first, raw_first, again, raw_again = zip(*rounds, strict=True)
        yield beside(f"(a) a first sweep of {len(shown):,} {order} and an upsert", first, raw_first, "s", MOST_FIRST)
        yield beside(f"(b) the same again {order}, no row written", again, raw_again, "s", MOST_AGAIN)


if __name__ == "__main__":
    report(figures)
