"""Whatever fails, wherever it fails: a page says so in a sentence of ours, and never in a box of Streamlit's."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aexdash.config.settings import ConfigError
from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import present
from aexdash.doctor import files
from aexdash.snapshot import known_desk
from aexdash.storage.errors import (
    StorageBusy,
    StorageMissing,
    StorageNotWritable,
    StorageTooNew,
    StorageTooOld,
    StorageUnreadable,
)
from aexdash.ui.doors.failed import words_of
from aexdash.ui.frame import visit
from tests.snapshot.store import NOON
from tests.ui.reading import alerts, read_aloud
from tests.ui.sample import home, with_history

PAGES = sorted(path.stem for path in (Path(__file__).parents[3] / "pages").glob("*.py"))


def damage(path: Path) -> None:
    """Damage a file as a failing disk does: its first page stands, the rest is not what was written."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def stamp_newer(path: Path, name: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, '9999_later', '')", [name]
        )


def no_tables(path: Path) -> None:
    path.write_bytes(b"no database at all" * 999)


FAILURES: dict[str, Callable[[Path], object]] = {
    "snapshot missing": lambda folder: (folder / "snapshot.db").unlink(),
    "snapshot no database": lambda folder: no_tables(folder / "snapshot.db"),
    "snapshot damaged": lambda folder: damage(folder / "snapshot.db"),
    "snapshot newer": lambda folder: stamp_newer(folder / "snapshot.db", "aexdash-snapshot"),
    "desk no database": lambda folder: no_tables(folder / "desk.db"),
    "desk damaged": lambda folder: damage(folder / "desk.db"),
    "desk newer": lambda folder: stamp_newer(folder / "desk.db", "aexdash-desk"),
    "desk gone": lambda folder: (folder / "desk.db").unlink(),
    "desk empty": lambda folder: (folder / "desk.db").write_bytes(b""),
    "settings broken": lambda folder: (folder / "aexdash.toml").write_text("[store.main\n"),
    "secrets broken": lambda folder: (folder / "secrets.toml").write_text("= 3\n"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a history and a desk, as finished files."""
    folder = with_history(tmp_path_factory.mktemp("whole"))
    Desk(folder / "desk.db").set_note("main", [1], "a note", by="Ana", now=NOON)
    known_desk.remember(folder / "snapshot.db", present(folder / "desk.db"), NOON)
    for name in ("snapshot.db", "desk.db"):
        with contextlib.closing(sqlite3.connect(folder / name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
    return folder


def copied(whole: Path, folder: Path) -> Path:
    for path in whole.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_in_a_sentence_what_is_wrong_with_a_file(
    open_page: Callable[..., AppTest], whole: Path, tmp_path: Path, page: str, failure: str
) -> None:
    FAILURES[failure](copied(whole, tmp_path))
    shown = open_page(tmp_path, page)
    assert [one.value for one in shown.exception] == []
    words = [read_aloud(text) for _, text in alerts(shown)]
    assert not any("that nobody foresaw" in text or str(tmp_path) in text for text in words), words
    if failure.split(maxsplit=1)[0] != "secrets" and page not in READS_NOTHING:
        assert words, "the page looks as if nothing were wrong"


READS_NOTHING = ("help", "connect", "settings")


@pytest.mark.parametrize("page", ["overview", "worklist", "history", "health"])
@pytest.mark.parametrize(
    ("error", "title"),
    [
        (KeyError("a secret"), "Something went wrong that nobody foresaw"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "The disk is full"),
        (StorageBusy("The snapshot is locked by another process."), "A file is locked"),
    ],
    ids=["unforeseen", "disk full", "locked"],
)
def test_an_error_in_the_middle_of_a_page_is_a_sentence_below_what_was_drawn(
    open_page: Callable[..., AppTest],
    whole: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    error: Exception,
    title: str,
) -> None:
    copied(whole, tmp_path)

    def fails(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(visit.Visit, "freshness", fails)
    shown = open_page(tmp_path, page)
    assert [one.value for one in shown.exception] == []
    assert title in [one.proto.title for one in shown.error]
    assert "a secret" not in str([text for _, text in alerts(shown)])


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (StorageMissing("x"), "A file is not there"),
        (StorageUnreadable("x"), "A file cannot be read"),
        (StorageTooNew("x"), "A file is from a newer aexdash"),
        (StorageTooOld("x"), "A file is of an older version"),
        (StorageNotWritable("x"), "Nothing can be saved"),
        (ConfigError("x"), "The configuration cannot be used"),
    ],
)
def test_each_kind_of_error_of_ours_has_its_title_and_says_what_it_says(error: Exception, title: str) -> None:
    assert words_of(error) == (title, "x The rest of this page is missing.")


def test_an_error_that_nobody_foresaw_is_named_by_its_place_and_tells_nothing_of_what_it_holds() -> None:
    try:
        LogEntry(token="a secret")  # type: ignore[call-arg]
    except TypeError as error:
        said = words_of(error)[1]
    assert "(TypeError)" in said
    assert "secret" not in said


def test_a_home_without_anything_is_no_failure(open_page: Callable[..., AppTest], tmp_path: Path) -> None:
    assert open_page(home(tmp_path), "health").error == []


def test_what_a_press_does_may_fail_too(
    open_page: Callable[..., AppTest], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(copied(whole, tmp_path), "health")

    def fails(*_: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr(Desk, "ask_sync", fails)
    app.button(key="sync-now").click().run()
    assert [one.value for one in app.exception] == []
    assert "Something went wrong that nobody foresaw" in [one.proto.title for one in app.error]


@pytest.mark.parametrize(("name", "command"), [("snapshot", "aexdash restore --snapshot"), ("desk", "aexdash restore")])
def test_a_damaged_file_is_told_with_the_commands_that_bring_it_back(
    open_page: Callable[..., AppTest], whole: Path, tmp_path: Path, name: str, command: str
) -> None:
    folder = copied(whole, tmp_path)
    for ending in ("-wal", "-shm"):
        (folder / f"{name}.db{ending}").unlink(missing_ok=True)
    (folder / f"{name}.db").write_bytes(b"no database" * 999)
    (told,) = open_page(folder, "health").warning
    assert told.proto.title == f"The {name} cannot be read"
    assert f"aexdash repair recovers what can be read{',' if name == 'snapshot' else ';'} {command} puts" in told.value


def test_a_disk_without_room_is_a_warning_on_health(
    open_page: Callable[..., AppTest], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(whole, tmp_path)
    assert "Disk" not in [one.proto.title for one in open_page(folder, "health").warning]
    monkeypatch.setattr(files, "free_bytes", lambda _: 2 * 10**8)
    monkeypatch.setattr(files.disk, "__defaults__", (files.free_bytes,))
    (told,) = [one for one in open_page(folder, "health").warning if one.proto.title == "Disk"]
    assert read_aloud(told.value) == "0.2 GB free. Free some space: a full disk stops the sync."
