"""Back up, destroy, restore: the same answers. And what can be read of a damaged file, and files of older versions."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from aexdash.__main__ import main
from aexdash.cli.files.kinds import KINDS
from aexdash.config.settings import load_settings
from aexdash.desk.decisions.work import Desk
from aexdash.snapshot.known_desk import remembered
from aexdash.storage import backups
from aexdash.supervision.loop import Told
from aexdash.sync import lease
from aexdash.sync.worker.file_keeping import FileKeeper, keeping
from tests.cli.bench import NOON, Bench
from tests.desk.migrations.test_upgrade import DUMPS as DESKS
from tests.desk.migrations.test_upgrade import opened_from
from tests.snapshot.test_file import FIXTURES

SNAPSHOTS = sorted(FIXTURES.glob("snapshot_*.sql"))


@pytest.fixture
def read(just_synced: Bench) -> Bench:
    """A home whose store was read, with a note in its desk that the snapshot knows of."""
    assert note(just_synced, "waits for photos").exit_code == 0
    keep_files(just_synced)
    return just_synced


def note(bench: Bench, text: str) -> Result:
    return bench.run("note", listings(bench)[0], "--text", text, "--as", "Ana")


def listings(bench: Bench) -> list[str]:
    return [json.loads(line)["product_id"] for line in bench.run("worklist", "--json").stdout.splitlines()]


def keep_files(bench: Bench) -> list[str]:
    """Do what the worker does for the files once a minute; return what it logged."""
    said: list[str] = []
    settings = load_settings(bench.home)
    writing = lease.writing(settings.lease_path, clock=bench.clock, command="worker")
    FileKeeper(settings, writing, bench.clock, said.append).step()
    return said


def answers(bench: Bench) -> list[str]:
    """What commands say that read either file."""
    asked = [("worklist", "--json"), ("cards", "--json"), ("digest",)]
    return [bench.run(*words).stdout for words in asked]


def destroy(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def dated(bench: Bench, what: str) -> list[str]:
    return [one.path.name for one in backups.backups(bench.home, what)]


@pytest.mark.parametrize("what", ["desk", "snapshot"])
def test_what_was_backed_up_and_destroyed_answers_as_before(read: Bench, what: str) -> None:
    before = answers(read)
    made = read.run("backup")
    assert (made.exit_code, made.stdout.count("and that copy is whole")) == (0, 2)
    destroy(read.home / f"{what}.db")
    assert answers(read) != before
    restored = read.run("restore", *(["--snapshot"] if what == "snapshot" else []))
    assert (restored.exit_code, restored.stderr) == (0, "")
    assert answers(read) == before


def test_a_damaged_desk_is_kept_and_replaced(read: Bench) -> None:
    before = answers(read)
    read.run("backup")
    destroy(read.home / "desk.db")
    (read.home / "desk.db").write_bytes(b"no database at all" * 1000)
    restored = read.run("restore")
    assert f"The desk as it was is kept as {read.home / 'desk.20260309T120000Z.db'}." in restored.stdout
    assert answers(read) == before


@pytest.mark.slow
def test_what_a_restore_replaces_can_be_restored_itself(read: Bench) -> None:
    read.run("backup")
    note(read, "later")
    later = answers(read)
    told = read.run("restore", "--yes").stdout
    assert "1 change of people that the backup does not have stands in that file alone." in told
    kept = told.split("kept as ")[1].splitlines()[0].rstrip(".")
    assert "waits for photos" in answers(read)[0]
    assert read.run("restore", kept).exit_code == 0
    assert answers(read) == later
    assert remembered(read.home / "snapshot.db").changes == 2  # and the older one was not missed as lost


@pytest.mark.parametrize(("answer", "code"), [("", 1), ("n\n", 1), ("y\n", 0)])
def test_a_desk_that_can_be_read_is_replaced_by_the_newest_backup_only_when_somebody_says_so(
    read: Bench, answer: str, code: int
) -> None:
    """Whoever typed the command to see what it does had the desk of last night back."""
    read.run("backup")
    note(read, "later")
    later = answers(read)
    asked = read.runner.invoke(main, ["restore", "--home", str(read.home)], input=answer)
    question = (
        "The desk in use can be read. 1 change of people is not in that backup. "
        "Put its backup of 9 Mar 2026 12:00 UTC in its place? [y/N]:"
    )
    assert (asked.exit_code, asked.stdout.startswith(question)) == (code, True)
    assert (answers(read) == later) == bool(code)


def test_a_restore_waits_for_no_worker_and_refuses(read: Bench) -> None:
    read.run("backup")
    with lease.hold(read.home / "worker.lock", clock=read.clock, command="worker"):
        refused = read.run("restore")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert "is being written by worker, process" in refused.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is neither a snapshot nor a desk of aexdash"),
        (b"something else" * 999, "is neither a snapshot nor a desk of aexdash"),
        (None, "There is no file"),
    ],
)
def test_what_is_no_backup_replaces_nothing(read: Bench, tmp_path: Path, content: bytes | None, sentence: str) -> None:
    before = answers(read)
    if content is not None:
        (tmp_path / "a.db").write_bytes(content)
    refused = read.run("restore", str(tmp_path / "a.db"))
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1)
    assert sentence in refused.stderr
    assert answers(read) == before


@pytest.mark.parametrize("command", ["backup", "restore", "repair", "upgrade", "serve"])
@pytest.mark.parametrize(
    ("folder", "sentence"), [("holiday", "is no home of aexdash"), ("missing/home", "There is no folder")]
)
def test_a_home_that_was_mistyped_is_told_and_nothing_is_made(
    bench: Bench, tmp_path: Path, command: str, folder: str, sentence: str
) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "picture.jpg").write_bytes(b"x")
    refused = bench.runner.invoke(main, [command, "--home", str(tmp_path / folder)])
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1)
    assert sentence in refused.stderr
    assert [one.name for one in (tmp_path / "holiday").iterdir()] == ["picture.jpg"]
    assert not (tmp_path / "missing").exists()


def test_a_damaged_backup_replaces_nothing(read: Bench) -> None:
    read.run("backup")
    (backup,) = backups.backups(read.home, "desk")[:1]
    content = bytearray(backup.path.read_bytes())
    content[4096 * 4 : 4096 * 8] = os.urandom(4096 * 4)
    backup.path.write_bytes(content)
    before = answers(read)
    assert "is damaged" in read.run("restore").stderr
    assert answers(read) == before


def test_without_a_backup_it_is_said(read: Bench) -> None:
    destroy(read.home / "backups" / dated(read, "desk")[0])
    assert "There is no backup of the desk in " in read.run("restore").stderr


def test_the_worker_makes_one_backup_a_day_and_keeps_so_many(read: Bench) -> None:
    with (read.home / "aexdash.toml").open("a") as file:
        file.write("[backup]\nkeep = 3\nsnapshot = true\n")
    for hour in range(0, 24 * 6, 6):
        read.at(NOON + timedelta(hours=hour))
        assert keep_files(read) == []
    days = [f"desk-202603{day}T120000Z.db" for day in (14, 13, 12)]
    assert dated(read, "desk") == days
    assert dated(read, "snapshot") == [name.replace("desk", "snapshot") for name in days]
    for name in days:
        assert stat.S_IMODE((read.home / "backups" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((read.home / "backups").stat().st_mode) == 0o700


def test_a_damaged_desk_is_no_backup_and_none_is_deleted_for_it(read: Bench) -> None:
    destroy(read.home / "desk.db")
    (read.home / "desk.db").write_bytes(b"no database at all" * 1000)
    read.at(NOON + timedelta(days=2))
    said = keep_files(read)
    assert any("No backup could be made. The desk " in line and "is damaged" in line for line in said)
    assert dated(read, "desk") == ["desk-20260309T120000Z.db"]
    assert [path.name for path in (read.home / "backups").iterdir()] == ["desk-20260309T120000Z.db"]


def test_a_desk_that_is_damaged_when_the_worker_begins_is_told_of_in_one_line(read: Bench) -> None:
    destroy(read.home / "desk.db")
    (read.home / "desk.db").write_bytes(b"no database at all" * 1000)
    read.at(NOON + timedelta(days=2))
    settings, said = load_settings(read.home), list[str]()
    with keeping(settings, contextlib.nullcontext, read.clock, said.append) as step:
        for hour in (0, 1, 2):
            read.at(NOON + timedelta(days=2, hours=hour))
            step()
    assert len(said) == 1
    assert said[0].startswith("The desk ")
    assert "No backup of it is made meanwhile. aexdash repair recovers what can be read" in said[0]
    assert dated(read, "desk") == ["desk-20260309T120000Z.db"]


def test_a_damaged_desk_that_another_loop_has_told_of_is_a_detail_for_the_backups(read: Bench) -> None:
    (read.home / "desk.db").write_bytes(b"no database at all" * 1000)
    told, said = Told(), list[str]()
    desk = f"The desk {read.home / 'desk.db'} is damaged"
    assert not told.by_another("alerts", f"{desk} or not an aexdash file (malformed); move it aside.")
    with keeping(load_settings(read.home), contextlib.nullcontext, read.clock, said.append, told) as step:
        step()
    assert [(line.startswith(desk), getattr(line, "detail", None)) for line in said] == [(True, True)]


def test_a_desk_that_disappears_is_said_and_begun_anew_only_when_asked(read: Bench) -> None:
    destroy(read.home / "desk.db")
    refused = note(read, "b")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert "is gone, and what people decided was in it. Put it back with aexdash restore" in refused.stderr
    assert any("is gone" in line for line in keep_files(read))
    assert not (read.home / "desk.db").exists()
    assert read.run("repair", "--new-desk").stdout.endswith("nobody has decided anything in it.\n")
    assert note(read, "b").exit_code == 0


@pytest.mark.slow
def test_what_can_be_read_of_a_damaged_desk_is_recovered_and_what_was_lost_is_named(read: Bench) -> None:
    path = read.home / "desk.db"
    desk = Desk(path)
    for number in range(400):
        desk.set_note("main", [number], "x" * 200, by="Ana", now=NOON)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = 'work_log' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 3"
        ).fetchone()
        (logged,) = connection.execute("SELECT count(*) FROM work_log").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    said = read.run("repair").stdout
    assert "The damaged desk is kept as " in said
    (line,) = (one for one in said.splitlines() if one.strip().startswith("work_log"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (left,) = connection.execute("SELECT count(*) FROM work_log").fetchone()
        (items,) = connection.execute("SELECT count(*) FROM work_item").fetchone()
    assert line.strip() == f"work_log: {left:,} rows could be read, {logged - left:,} are lost"
    assert logged * 0.8 < left < logged
    assert items == 401
    assert note(read, "b").exit_code == 0
    assert read.run("repair").stdout == "Nothing had to be repaired.\n"


def test_a_row_that_cannot_be_read_is_taken_out_and_kept_beside(read: Bench) -> None:
    with contextlib.closing(sqlite3.connect(read.home / "desk.db")) as connection, connection:
        connection.execute(
            "UPDATE work_item SET stage = 'gone' WHERE product_id = (SELECT min(product_id) FROM work_item)"
        )
    said = read.run("repair").stdout
    assert "desk: work_item store_key main, product_id " in said
    kept = Path(said.split("kept in ")[1].splitlines()[0].rstrip("."))
    assert '"stage": "gone"' in kept.read_text()
    with contextlib.closing(sqlite3.connect(read.home / "desk.db")) as connection:
        triggers = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()
        assert triggers[0] > 10


@pytest.mark.parametrize("desk", DESKS, ids=lambda dump: dump.stem)
@pytest.mark.parametrize("snapshot", [SNAPSHOTS[0], SNAPSHOTS[-1]], ids=lambda dump: dump.stem)
def test_files_of_every_earlier_version_are_brought_up_to_date_after_a_copy_was_kept(
    bench: Bench, desk: Path, snapshot: Path
) -> None:
    _upgraded(bench, desk, snapshot)


@pytest.mark.parametrize("snapshot", SNAPSHOTS[1:-1], ids=lambda dump: dump.stem)
def test_snapshots_too(bench: Bench, snapshot: Path) -> None:
    _upgraded(bench, DESKS[-1], snapshot)


def _upgraded(bench: Bench, desk: Path, snapshot: Path) -> None:
    before = {}
    for what, dump in (("desk", desk), ("snapshot", snapshot)):
        before[what] = list(dump_of(opened_from(dump, bench.home / f"{what}.db")))
    done = bench.run("upgrade")
    assert (done.exit_code, done.stderr) == (0, "")
    for kind in KINDS:
        copies = list((bench.home / "backups").glob(f"{kind.what}.before-*.db"))
        if f"The {kind.what} is of this version." in done.stdout:
            assert copies == []
        else:
            assert dump_of(copies[0]) == before[kind.what]
        backups.check(bench.home / f"{kind.what}.db", kind.migrations, kind.what)
    assert bench.run("upgrade").stdout == "The desk is of this version.\nThe snapshot is of this version.\n"


def dump_of(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_nothing_is_migrated_where_no_copy_can_be_kept(bench: Bench) -> None:
    path = opened_from(DESKS[0], bench.home / "desk.db")
    before = dump_of(path)
    (bench.home / "backups").write_text("a file where the folder should be")
    refused = bench.run("upgrade")
    assert refused.exit_code == 1
    assert "no copy of it can be kept in" in refused.stderr
    assert dump_of(path) == before
