"""A file of an older version is brought up to date with all that it holds."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from aexdash.model import Provenance
from aexdash.snapshot.evidence.api import needs_detail, needs_pictures, unchecked, unknown_categories
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.card_values import read_and_valued
from aexdash.snapshot.migrations import migrations
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError, StorageTooOld
from aexdash.view import View
from tests.snapshot import plain
from tests.snapshot.store import NOON, Store
from tests.snapshot.test_file import FIXTURES, opened_from
from tests.support import examples

KEPT = ("store", "sync_run", "walk", "coverage", "listing", "fingerprint", "status_period", "listing_reason")
KEPT += ("listing_detail", "category", "picture", "status_count", "count_change", "day_bridge", "store_state")
READ_AGAIN = {"listing_detail": "modified_raw", "category": "read_at", "status_period": "checked"}
"""Of these the upgrade takes a column back on purpose, so that what is known is asked for and checked once more."""

REASONS = [
    (code, by, vanished)
    for code in ("image.main_too_small", "image.ratio", "attribute.brand_missing", "unsorted")
    for by in (word.value for word in Provenance)
    for vanished in (None, "2026-03-09T12:30:00.000Z")
]


def content(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, without the columns that are read again."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in KEPT}
    connection.close()
    for table, column in READ_AGAIN.items():
        for row in rows[table]:
            del row[column]
    return rows


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The stored snapshot of the first version."""
    return opened_from(FIXTURES / "snapshot_0001.sql", tmp_path / "snapshot.db")


def test_what_the_first_version_held_is_kept_row_by_row(first: Path) -> None:
    before = content(first)
    open_snapshot(first).close()
    after = content(first)
    for table, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[table]] if rows else after[table]
        assert (table, kept) == (table, rows)


def test_after_the_upgrade_the_values_of_the_last_reading_count_as_stored(first: Path) -> None:
    db = open_snapshot(first)
    assert read_and_valued(db.conn, 1) == (2, 2)
    db.close()


def test_after_the_upgrade_what_less_was_asked_of_is_read_and_checked_once_more(first: Path) -> None:
    db = open_snapshot(first)
    assert [lacking.product_id for lacking in needs_detail(db, 1, NOON, -1)] == [1, 2, 3, 4, 5]
    assert unknown_categories(db, 1, NOON) == [7]
    assert len(needs_pictures(db, 1, -1, NOON)) == 5
    assert sorted(facts.product_id for facts in unchecked(db, 1, 10)) == [1, 2, 3, 4, 5]
    db.close()


def old_file(path: Path, reasons: dict[int, list[tuple[str, str, str | None]]]) -> None:
    """A file as the first version left it: rejected listings with these reasons, standing and vanished."""
    db = Database(path)
    migrations.apply(db, stop_before="0002_evidence")
    with db.conn:
        db.execute("INSERT INTO store (key, title, model, added_at) VALUES ('main', 'main', 'overseas', 'x')")
        for one, said in reasons.items():
            words = sorted({f"{code}@{by}" for code, by, vanished in said if vanished is None})
            codes = f"|{'|'.join(words)}|" if words else ""
            db.execute(
                "INSERT INTO status_period (id, store_id, product_id, status, platform_status, started_at, listed,"
                " codes) VALUES (?, 1, ?, 'rejected', 'refuse', '2026-03-09T12:00:00.000Z', 1, ?)",
                [one, one, codes],
            )
            db.conn.executemany(
                "INSERT INTO listing_reason (period_id, store_id, product_id, first_seen_at, code, provenance,"
                f" vanished_at) VALUES ({one}, 1, {one}, '2026-03-09T12:00:00.000Z', ?, ?, ?)",
                said,
            )
    db.close()


stories = st.dictionaries(st.integers(1, 99), st.lists(st.sampled_from(REASONS), max_size=5), max_size=20)


@settings(max_examples=examples(25), deadline=None)
@given(stories)
def test_what_may_be_resubmitted_is_known_at_once(
    tmp_path_factory: pytest.TempPathFactory, reasons: dict[int, list[tuple[str, str, str | None]]]
) -> None:
    folder = tmp_path_factory.mktemp("old")
    old_file(folder / "snapshot.db", reasons)
    store = Store(folder)
    kept = dict(store.db.conn.execute("SELECT product_id, resubmit FROM status_period").fetchall())
    assert kept == {one: period.resubmit for one, period in plain.open_periods(store).items()}
    store.db.close()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(first: Path) -> None:
    with contextlib.closing(sqlite3.connect(first)) as connection:
        connection.execute("CREATE TABLE duplicate (in_the_way)")
        before = list(connection.iterdump())
    with pytest.raises(StorageError, match="duplicate"):
        open_snapshot(first)
    with contextlib.closing(sqlite3.connect(first)) as connection:
        assert list(connection.iterdump()) == before


def test_a_page_that_opens_an_old_file_says_that_a_sync_brings_it_up_to_date(first: Path) -> None:
    with pytest.raises(StorageTooOld, match="of an older version; run `aexdash sync` to bring it up to date"):
        Snapshot(first).hero(View())
