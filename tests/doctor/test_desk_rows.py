"""A damaged row of the desk is named, and costs nobody more than itself."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from aexdash.desk.decisions.work import Desk
from aexdash.doctor.desk_rows import TABLES, BadRow, bad_rows
from aexdash.snapshot.query import Snapshot
from tests.alerts.watched import Watched
from tests.desk.migrations.test_upgrade import DUMPS, opened_from
from tests.doctor.desks import full, readers
from tests.support import examples

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.sampled_from(
        ["", "{}", "[]", "[1]", '{"codes": 3, "same": 4}', "2026-02-31T12:00:00.000Z", "0000-01-01", "null"]
    ),
    st.binary(max_size=4),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    found = full(tmp_path_factory.mktemp("desk"))
    yield found
    found.store.db.close()


@contextlib.contextmanager
def damaging(path: Path) -> Iterator[sqlite3.Connection]:
    """Write to a desk past everything that would refuse it, as a failing disk does; its triggers stay as they are."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.execute("PRAGMA ignore_check_constraints = 1")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


def damage(path: Path, table: str, column: str, value: object, row: int = 0) -> None:
    with damaging(path) as connection:
        rows = connection.execute(f"SELECT rowid FROM {table}").fetchall() if has_rowid(connection, table) else None
        where = f"rowid = {rows[row % len(rows)][0]}" if rows else "true"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [value])


def has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute(f"SELECT rowid FROM {table}")
        return True
    return False


def columns(path: Path, table: str) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]


def texts_of(path: Path, table: str) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [name for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})") if kind == "TEXT"]


def test_a_whole_desk_has_no_bad_row_and_one_in_each_table(watched: Watched) -> None:
    path = watched.store.desk_path
    assert bad_rows(path) == []
    with contextlib.closing(sqlite3.connect(path)) as connection:
        empty = [table for table in TABLES if not connection.execute(f"SELECT 1 FROM {table}").fetchone()]
    assert empty == []


@pytest.mark.slow
@settings(max_examples=examples(24))
@given(data=st.data())
@pytest.mark.parametrize("table", TABLES)
def test_whatever_stands_in_a_row_every_reader_reads_the_others(watched: Watched, table: str, data: DataObject) -> None:
    whole = watched.store.desk_path
    path = whole.with_name("damaged.db")
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(whole, path)
    column = data.draw(st.sampled_from(columns(path, table)), "column")
    with contextlib.suppress(sqlite3.IntegrityError):  # of another type than a STRICT table holds, or not unique
        damage(path, table, column, data.draw(VALUES, "value"), data.draw(st.integers(0, 5), "row"))
    snapshot = Snapshot(watched.store.path, path, clock=lambda: watched.store.now)
    bad = bad_rows(path)
    told = {name: read() for name, read in readers(watched.settings, path, snapshot).items()}
    assert {one.table for one in bad} <= {table}
    if not bad and column not in {"store_key", "product_id", "channel"}:
        assert len(told["worklist"]) == 59  # type: ignore[arg-type]


NO_UTF8 = "CAST(x'416e61c328' AS TEXT)"
"""Bytes as a disk may leave them in the middle of a name; SQLite keeps them as a text."""


@pytest.mark.slow
@pytest.mark.parametrize("table", [*TABLES, "campaign_listing", "preference"])
def test_bytes_that_are_no_text_in_any_column_cost_one_row_which_is_named(
    watched: Watched, tmp_path: Path, table: str
) -> None:
    for column in texts_of(watched.store.desk_path, table):
        path = Path(shutil.copy(watched.store.desk_path, tmp_path / "desk.db"))
        with damaging(path) as connection:
            first = connection.execute(f"SELECT {column} FROM {table} ORDER BY 1 DESC LIMIT 1").fetchone()
            try:
                connection.execute(f"UPDATE {table} SET {column} = {NO_UTF8} WHERE {column} IS ?", first)
            except sqlite3.IntegrityError:
                continue  # unique, and several rows have it
        snapshot = Snapshot(watched.store.path, path, clock=lambda: watched.store.now)
        told = {name: read() for name, read in readers(watched.settings, path, snapshot).items()}
        assert len(told["worklist"]) == 59, (table, column)  # type: ignore[arg-type]
        assert len(told["worklist then"]) == 59, (table, column)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["owner", "note", "updated_by", "basis"])
def test_bytes_that_are_no_text_in_a_row_of_work_are_named_with_its_listing(
    watched: Watched, tmp_path: Path, column: str
) -> None:
    path = Path(shutil.copy(watched.store.desk_path, tmp_path / "desk.db"))
    damaged = (
        "CAST(CAST('{\"a\": \"' AS BLOB) || x'c328' || CAST('\"}' AS BLOB) AS TEXT)" if column == "basis" else NO_UTF8
    )
    with damaging(path) as connection:
        connection.execute(f"UPDATE work_item SET {column} = {damaged} WHERE product_id = 1")
    assert [str(bad) for bad in bad_rows(path)] == ["work_item store_key main, product_id 1 (listing main 1)"]
    rows = Snapshot(watched.store.path, path, clock=lambda: watched.store.now).rows_of([("main", 1), ("main", 2)])
    assert {row.product_id: row.stage.value for row in rows} == {1: "new", 2: "snoozed"}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("work_item", "stage", "gone"),
        ("work_item", "basis", "{"),
        ("work_log", "at", "yesterday"),
        ("annotation", "at", ""),
        ("profile", "stores", "[1]"),
        ("sensitivity", "bad", -1.0),
        ("alert_rule", "spec", "{}"),
        ("alert_event", "codes", "[]"),
        ("alert_standing", "standing", "[]"),
        ("campaign", "due_on", "tomorrow"),
        ("saved_view", "scope", "all"),
        ("work_setting", "value", 10**12),
    ],
)
def test_a_bad_row_is_named_by_its_table_and_key(
    watched: Watched, tmp_path: Path, table: str, column: str, value: object
) -> None:
    path = Path(shutil.copy(watched.store.desk_path, tmp_path / "desk.db"))
    damage(path, table, column, value)
    assert {bad.table for bad in bad_rows(path)} == {table}


def test_it_is_said_which_row_and_of_which_listing() -> None:
    assert str(BadRow("annotation", {"id": 7}, "main 1005001")) == "annotation id 7 (listing main 1005001)"
    assert str(BadRow("profile", {"name": "eu"})) == "profile name eu"


def test_a_bad_row_of_work_is_as_if_nobody_had_touched_the_listing_and_a_decision_mends_it(
    watched: Watched, tmp_path: Path
) -> None:
    path = Path(shutil.copy(watched.store.desk_path, tmp_path / "desk.db"))
    with damaging(path) as connection:
        connection.execute("UPDATE work_item SET stage = 'gone' WHERE product_id = 1")
    snapshot = Snapshot(watched.store.path, path, clock=lambda: watched.store.now)
    rows = {row.product_id: row for row in snapshot.rows_of([("main", 1), ("main", 2)])}
    assert (rows[1].stage.value, rows[1].owner) == ("new", "")
    assert rows[2].stage.value == "snoozed"
    Desk(path).set_owner("main", [1], "Bo", by="Bo", now=watched.store.now)
    assert bad_rows(path) == []
    assert snapshot.rows_of([("main", 1)])[0].owner == "Bo"


def test_a_desk_that_an_older_version_wrote_is_left_to_its_upgrade(tmp_path: Path) -> None:
    assert bad_rows(opened_from(DUMPS[0], tmp_path / "desk.db")) == []
    assert bad_rows(tmp_path / "none.db") == []
