"""What people bring from Seller Center is kept, is theirs, and stands where and as long as it means something."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.desk.annotations import Annotation, Annotations, TextCount
from aexdash.desk.decisions.work import Desk
from aexdash.model import Provenance, Reason
from aexdash.sources.seller_center import ColumnMap
from aexdash.storage.errors import StorageError, StorageTooNew
from aexdash.sync.annotations import apply
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def notes(tmp_path: Path) -> Annotations:
    return Annotations(tmp_path / "desk.db")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


class Words:
    """Recognises a reason by its first word, line by line."""

    def reasons(self, text: str) -> list[Reason]:
        lines = [line for line in text.split("\n") if line]
        return [Reason(f"image.{line.split()[0]}", Provenance.SELLER_CENTER, line, "en") for line in lines]


def test_the_latest_annotation_of_a_listing_stands_and_an_empty_one_withdraws_it(notes: Annotations) -> None:
    assert notes.add("main", [(1, "dark"), (2, "blurred")], source="rejected.xlsx", by="ann", now=NOON) == 2
    assert notes.add("main", [(1, " no brand\n")], source="pasted", by="bob", now=NOON + HOUR) == 1
    notes.add("main", [(2, "")], source="pasted", by="bob", now=NOON + HOUR)
    assert notes.latest("main") == {1: Annotation(1, "no brand", "pasted", NOON + HOUR, "bob")}
    assert notes.of("main", 2) == [
        Annotation(2, "", "pasted", NOON + HOUR, "bob"),
        Annotation(2, "blurred", "rejected.xlsx", NOON, "ann"),
    ]
    assert notes.latest("other") == {}


def test_before_anybody_brought_anything_there_is_nothing_and_no_file(notes: Annotations) -> None:
    assert (notes.latest("main"), notes.of("main", 1), notes.mark("main"), notes.texts()) == ({}, [], 0, [])
    assert notes.columns_for(["id"]) is None
    assert not notes.path.exists()


def test_a_desk_of_an_earlier_version_reads_as_empty_until_something_is_written(notes: Annotations) -> None:
    Desk(notes.path).set_note("main", [1], "ask the photographer", by="ann", now=NOON)
    connection = sqlite3.connect(notes.path)
    for table in ("annotation", "column_map"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0002%'")
    connection.commit()
    connection.close()
    assert (notes.mark("main"), notes.latest("main"), notes.columns_for(["id"])) == (0, {}, None)
    notes.add("main", [(1, "dark")], source="pasted", by="ann", now=NOON)
    assert [one.text for one in notes.latest("main").values()] == ["dark"]
    assert [entry.after for entry in Desk(notes.path).log("main", 1)] == ["ask the photographer"]


def test_the_mark_moves_with_every_annotation_of_its_store_and_with_nothing_else(notes: Annotations) -> None:
    marks = [notes.mark("main")]
    for store_key, text in (("main", "dark"), ("main", "dark"), ("main", "")):
        notes.add(store_key, [(1, text)], source="pasted", by="ann", now=NOON)
        marks.append(notes.mark("main"))
    notes.add("other", [(1, "dark")], source="pasted", by="ann", now=NOON)
    notes.remember_columns(["id"], ColumnMap("id", None, ()), "ann", NOON)
    assert marks == sorted(set(marks))
    assert notes.mark("main") == marks[-1]


def test_annotations_are_not_rewritten(notes: Annotations) -> None:
    notes.add("main", [(1, "dark")], source="pasted", by="ann", now=NOON)
    connection = sqlite3.connect(notes.path)
    for sql in ("DELETE FROM annotation", "UPDATE annotation SET text = 'bright'"):
        with pytest.raises(sqlite3.IntegrityError, match="annotations can only grow"):
            connection.execute(sql)
    connection.close()


def test_texts_are_kept_as_they_came(notes: Annotations) -> None:
    text = "<b>=1+1</b>\0 \u200f مرحبا '; DROP TABLE annotation; --"
    notes.add("main", [(1, text + "\ud83d")], source="a'b.xlsx", by="o'neil", now=NOON)
    assert notes.latest("main")[1] == Annotation(1, text + "\ufffd", "a'b.xlsx", NOON, "o'neil")


def test_texts_are_counted_by_the_listings_they_stand_on_and_dated_by_their_first_time(
    notes: Annotations,
) -> None:
    notes.add("main", [(1, "dark"), (2, "dark"), (3, "blurred")], source="a.csv", by="ann", now=NOON)
    notes.add("other", [(1, "dark")], source="a.csv", by="ann", now=NOON + HOUR)
    notes.add("main", [(2, "blurred"), (3, "")], source="pasted", by="ann", now=NOON + 2 * HOUR)
    assert notes.texts() == [TextCount("dark", 2, NOON), TextCount("blurred", 1, NOON)]


def test_columns_are_remembered_for_a_set_of_headings_in_any_order(notes: Annotations) -> None:
    mapped = ColumnMap("商品ID", None, ("原因", "备注"))
    notes.remember_columns(["商品ID", "*商品标题", "原因", "备注"], ColumnMap("商品ID", None, ("原因",)), "ann", NOON)
    notes.remember_columns(["备注", "商品ID", "商品标题", "原因"], mapped, "bob", NOON + HOUR)
    assert notes.columns_for(["原因", "*商品标题", "商品ID", "备注"]) == mapped
    assert notes.columns_for(["商品ID", "原因"]) is None


def test_a_desk_that_cannot_be_read_says_so(notes: Annotations) -> None:
    notes.path.write_bytes(b"something else entirely" * 100)
    for ask in (lambda: notes.latest("main"), lambda: notes.mark("main"), notes.texts):
        with pytest.raises(StorageError, match=r"The desk .*desk\.db is damaged or not an aexdash file"):
            ask()


def test_a_desk_of_a_later_version_is_left_alone(notes: Annotations) -> None:
    notes.add("main", [(1, "dark")], source="pasted", by="ann", now=NOON)
    connection = sqlite3.connect(notes.path)
    connection.execute("UPDATE _sqlite_migrations SET name = '9999_later' WHERE name LIKE '0002%'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageTooNew, match="was written by a newer version"):
        notes.latest("main")


@pytest.fixture
def applied(store: Store, notes: Annotations) -> Callable[[], int]:
    return lambda: apply(store.db, store.id, store.key, notes, Words(), store.now)


def standing(store: Store) -> list[tuple[object, ...]]:
    """The Seller Center reasons that stand: listing, code, text."""
    return store.rows(
        "SELECT product_id, code, text FROM listing_reason"
        " WHERE provenance = 'seller_center' AND vanished_at IS NULL ORDER BY product_id, code"
    )


def bring(store: Store, notes: Annotations, *items: tuple[int, str]) -> None:
    notes.add(store.key, items, source="pasted", by="ann", now=store.now)


def test_annotations_become_reasons_of_held_listings_and_applying_again_changes_nothing(
    store: Store, notes: Annotations, applied: Callable[[], int]
) -> None:
    store.sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE, 4: REJECTED})
    bring(store.after(minutes=1), notes, (1, "dark\nsmall size"), (2, "dark"), (3, "dark"), (99, "dark"))
    assert applied() == 2
    expected = [(1, "image.dark", "dark"), (1, "image.small", "small size"), (2, "image.dark", "dark")]
    assert standing(store) == expected
    before = store.rows("SELECT * FROM listing_reason"), store.rows("SELECT * FROM version")
    assert applied() == 0
    assert (store.rows("SELECT * FROM listing_reason"), store.rows("SELECT * FROM version")) == before


def test_a_later_annotation_replaces_the_earlier_and_a_withdrawn_one_takes_its_reasons_along(
    store: Store, notes: Annotations, applied: Callable[[], int]
) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    bring(store.after(minutes=1), notes, (1, "dark"), (2, "dark"))
    applied()
    bring(store.after(minutes=1), notes, (1, "small"), (2, ""))
    assert applied() == 2
    assert standing(store) == [(1, "image.small", "small")]
    assert store.rows("SELECT product_id, vanished_at FROM listing_reason WHERE code = 'image.dark' ORDER BY 1") == [
        (1, "2026-03-09T12:02:00.000Z"),
        (2, "2026-03-09T12:02:00.000Z"),
    ]


def test_an_annotation_of_an_earlier_period_says_nothing_of_a_new_rejection(
    store: Store, notes: Annotations, applied: Callable[[], int]
) -> None:
    store.sweep({1: REJECTED})
    bring(store.after(minutes=1), notes, (1, "dark"))
    applied()
    store.after(minutes=1).sweep({1: AUDITING})
    assert (applied(), standing(store)) == (0, [])
    store.after(minutes=1).sweep({1: REJECTED})
    assert (applied(), standing(store)) == (0, [])
    bring(store, notes, (1, "dark"))
    assert (applied(), standing(store)) == (1, [(1, "image.dark", "dark")])


def test_the_annotations_of_one_store_leave_those_of_another_alone(
    store: Store, notes: Annotations, applied: Callable[[], int]
) -> None:
    store.sweep({1: REJECTED})
    notes.add("other", [(1, "dark")], source="pasted", by="ann", now=store.after(minutes=1).now)
    assert (applied(), standing(store)) == (0, [])
