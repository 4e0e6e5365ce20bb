"""Writes the stored snapshot of the newest schema version: `python -m tests.snapshot.migrations.make_fixture`.

When a migration is added: let `fill` put something into every table that it makes, run this once before the version is
released, add the hash of the migration to `test_published.py`, and never touch the stored snapshots of older versions.
"""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from aexdash.clock import to_text
from aexdash.model import Provenance, Reason
from aexdash.platform_data import ObjectionableWord, PictureFacts
from aexdash.shops.records import ShopProduct, ShopVariant, SourceState
from aexdash.snapshot.evidence.api import (
    NeedsWords,
    open_period_ids,
    record_category,
    record_details,
    record_pictures,
    record_reasons,
    record_words,
    refresh_duplicates,
)
from aexdash.snapshot.history.card_values import mark_valued
from aexdash.snapshot.matched.recording import refresh_sources
from aexdash.snapshot.migrations import migrations
from aexdash.snapshot.recording.worker_state import set_state
from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome
from aexdash.snapshot.shops.recording import ReadingEnd, ensure_shop, record_reading
from aexdash.snapshot.shops.staging import ShopStaging
from tests.snapshot.evidence.test_evidence import BOOTS, DETAIL, PICTURE
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, SHOP_STALE_AFTER, Store, shown

VIRTUAL = "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"

SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})
BRAND = Reason("attribute.brand", Provenance.PLATFORM, text="brand", language="en")


def fill(store: Store) -> None:
    """Record the worked example of cards.md §1 with something in every table."""
    every = dict.fromkeys(range(1, 9), ACTIVE) | {one: shown(one, ACTIVE, title="Twin") for one in (9, 10)}
    store.now = NOON - timedelta(days=1)
    store.sweep(every)
    store.now = NOON
    store.sweep(every | dict.fromkeys(range(1, 5), REJECTED) | {5: AUDITING})
    for one, period in open_period_ids(store.db, store.id, range(1, 7)).items():
        record_reasons(store.db, period, [BRAND if one == 5 else SMALL], set(Provenance), NOON)
    record_details(store.db, store.id, [DETAIL], NOON)
    record_category(store.db, store.id, BOOTS, NOON)
    record_pictures(store.db, [PictureFacts(PICTURE, "measured", 400, 400, "JPEG", 1234, "t.jpg", content="c0")], NOON)
    words = (ObjectionableWord("Nike", ("BRAND_TYPE",)),)
    record_words(store.db, store.id, [(NeedsWords(1, 7, "Listing 1"), words)], NOON)
    refresh_duplicates(store.db, store.id)
    set_state(store.db, store.id, next_pulse_at=NOON)
    store.db.execute(
        "INSERT INTO absence (store_id, product_id, kind, run_id, as_of) VALUES (?, 1, 'refused', 2, ?)",
        [store.id, to_text(NOON)],
    )
    mark_valued(store.db, store.id)
    fill_shop(store)
    store.db.execute("INSERT INTO beacon (one, at) VALUES (1, ?)", [to_text(NOON)])
    store.db.execute("INSERT INTO known_desk (one, identity, changes, at) VALUES (1, 'abc', 7, ?)", [to_text(NOON)])
    store.db.execute(  # the run that recorded the rejections writes it; this fills all columns
        "INSERT OR REPLACE INTO attempt (period_id, store_id, product_id, number, at, modified_raw, listed, detail)"
        " SELECT id, store_id, product_id, attempt, started_at, '2026-03-09 04:00:00', '{}', '{}' FROM status_period"
        " WHERE product_id = 1 AND ended_at IS NULL"
    )


def fill_shop(store: Store) -> None:
    """Record two readings of a shop, between which a price and a stock have changed."""
    shop = ensure_shop(
        store.db, key="front", kind="csv", title="Front", matching=Matching.SKU, stores=["main"], now=NOON
    )
    for hour, price in ((1, "9.90"), (2, "12.00")):
        staging = ShopStaging(store.db)
        staging.add([ShopProduct("p", "Boots", SourceState.ACTIVE, "active", updated_at=NOON)])
        staging.add([ShopVariant("v", "p", "A-1", price=Decimal(price), stock=hour, tracked=True)])
        staging.settle()
        ended = NOON + timedelta(hours=hour)
        record_reading(store.db, shop, staging, ReadingEnd(ended, ended, ReadingOutcome.COMPLETE, currency="EUR"))
    refresh_sources(store.db, "main", NOON + timedelta(hours=3), SHOP_STALE_AFTER)


def dump_of(connection: sqlite3.Connection) -> str:
    """Return a file as SQL. Python's own dump of an index of texts cannot be run, so that is written here."""
    written = []
    for name, made in connection.execute(VIRTUAL).fetchall():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        rows = connection.execute(f"SELECT rowid, {', '.join(columns)} FROM {name} ORDER BY rowid").fetchall()
        put = f"INSERT INTO {name} (rowid, {', '.join(columns)}) VALUES"
        written += [f"{made};", *(f"{put} ({', '.join(map(_literal, row))});" for row in rows)]
        connection.execute(f"DROP TABLE {name}")
    *lines, commit = connection.iterdump()
    return "\n".join([*lines, *written, commit]) + "\n"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def main() -> None:
    """Write the dump beside the others."""
    version = migrations._migrations[-1].name[:4]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        fill(store)
        dump = dump_of(store.db.conn)
        store.db.close()
    (Path(__file__).parent / "fixtures" / f"snapshot_{version}.sql").write_text(dump, encoding="utf-8")


if __name__ == "__main__":
    main()
