from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.storage.errors import StorageTooNew, StorageUnreadable

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.db")


def items(desk: Desk) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(desk.path)
    rows = connection.execute(
        "SELECT product_id, stage, stage_at, owner, note, snoozed_until, updated_by FROM work_item ORDER BY product_id"
    ).fetchall()
    connection.close()
    return rows


def test_every_change_is_logged_with_who_when_before_and_after(desk: Desk) -> None:
    desk.set_stage("main", [1, 2], Stage.TAKEN, by="ann", now=NOON)
    desk.set_owner("main", [1], " ann ", by="ann", now=NOON)
    desk.set_note("main", [1], "ask the photographer", by="bob", now=NOON + timedelta(hours=1))
    desk.set_stage("main", [1], Stage.FIXED, by="bob", now=NOON + timedelta(hours=2))
    assert desk.log("main", 1) == [
        LogEntry(NOON + timedelta(hours=2), "bob", "stage", "taken", "fixed"),
        LogEntry(NOON + timedelta(hours=1), "bob", "note", "", "ask the photographer"),
        LogEntry(NOON, "ann", "owner", "", "ann"),
        LogEntry(NOON, "ann", "stage", "new", "taken"),
    ]
    assert items(desk) == [
        (1, "fixed", "2026-03-09T14:00:00.000Z", "ann", "ask the photographer", "", "bob"),
        (2, "taken", "2026-03-09T12:00:00.000Z", "", "", "", "ann"),
    ]


def test_what_is_said_again_changes_nothing_but_a_stage_is_said_anew(desk: Desk) -> None:
    """A listing that was rejected again is new; taking it again has to count from then on."""
    for hour in range(2):
        now = NOON + timedelta(hours=hour)
        desk.set_owner("main", [1], "ann", by="ann", now=now)
        desk.set_stage("main", [1], Stage.TAKEN, by="ann", now=now)
    assert [(entry.field, entry.before, entry.after) for entry in desk.log("main", 1)] == [
        ("stage", "taken", "taken"),
        ("stage", "new", "taken"),
        ("owner", "", "ann"),
    ]
    assert items(desk) == [(1, "taken", "2026-03-09T13:00:00.000Z", "ann", "", "", "ann")]


def test_a_snooze_has_an_end_or_none_and_another_stage_ends_it(desk: Desk) -> None:
    until = NOON + timedelta(days=2)
    desk.set_stage("main", [1, 2], Stage.SNOOZED, by="ann", now=NOON, snoozed_until=until)
    desk.set_stage("main", [2], Stage.NEW, by="ann", now=NOON)
    assert [(row[0], row[1], row[5]) for row in items(desk)] == [
        (1, "snoozed", "2026-03-11T12:00:00.000Z"),
        (2, "new", ""),
    ]


def test_the_log_can_only_grow(desk: Desk) -> None:
    desk.set_note("main", [1], "a", by="ann", now=NOON)
    connection = sqlite3.connect(desk.path)
    for sql in ("DELETE FROM work_log", "UPDATE work_log SET by = 'somebody else'"):
        with pytest.raises(sqlite3.IntegrityError, match="the work log can only grow"):
            connection.execute(sql)
    connection.close()
    assert len(desk.log("main", 1)) == 1


def test_a_change_is_whole_or_not_at_all(desk: Desk) -> None:
    desk.set_note("main", [1], "a", by="ann", now=NOON)
    connection = sqlite3.connect(desk.path)
    connection.execute(
        "CREATE TRIGGER refuse BEFORE UPDATE ON work_item WHEN new.note = 'b' BEGIN SELECT raise(ABORT, 'no'); END"
    )
    connection.close()
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        desk.set_note("main", [1], "b", by="ann", now=NOON)
    assert [entry.after for entry in desk.log("main", 1)] == ["a"]


def test_notes_keep_what_was_written(desk: Desk) -> None:
    note = "<b>=1+1</b>\0 \u200f مرحبا '; DROP TABLE work_item; --"
    desk.set_note("main", [1], note + "\ud83d", by="o'neil", now=NOON)
    assert items(desk)[0][4] == note + "\ufffd"


def test_a_sync_is_asked_for_once_and_handed_out_once(desk: Desk) -> None:
    assert desk.take_sync_requests() == []
    desk.ask_sync("main", "pulse", NOON + timedelta(seconds=1))
    desk.ask_sync("main", "pulse", NOON + timedelta(seconds=2))
    desk.ask_sync("other", "sweep", NOON)
    assert desk.take_sync_requests() == [("other", "sweep"), ("main", "pulse")]
    assert desk.take_sync_requests() == []


def test_two_workers_that_ask_at_once_share_the_requests(desk: Desk) -> None:
    for number in range(20):
        desk.ask_sync(f"store{number}", "pulse", NOON)
    taken: list[tuple[str, str]] = []
    workers = [threading.Thread(target=lambda: taken.extend(desk.take_sync_requests())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted((f"store{number}", "pulse") for number in range(20))


def test_a_desk_that_cannot_be_used_says_so(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "broken.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageUnreadable, match=r"The desk .*broken\.db is damaged or not an aexdash file"):
        Desk(tmp_path / "broken.db").take_sync_requests()
    desk.ask_sync("main", "pulse", NOON)
    connection = sqlite3.connect(desk.path)
    connection.execute("UPDATE _sqlite_migrations SET name = '9999_later' WHERE name LIKE '0002%'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageTooNew, match=r"The desk .* was written by a newer version"):
        desk.take_sync_requests()
