"""Within `one_state()` a file is opened once, read in one state, and anew after one's own writing."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aexdash.storage import file, one_state
from aexdash.storage.migrations import migrations_of

NOTES = migrations_of("notes", {"0001_first": ("CREATE TABLE note (text TEXT NOT NULL) STRICT",)})


class Notebook:
    """A file that the room knows nothing about, and how often it was opened for reading."""

    def __init__(self, path: Path) -> None:
        self.path, self.opened = path, 0

    def add(self, text: str) -> None:
        """Write a note, as our own code does."""
        with contextlib.closing(file.open_for_writing(self.path, NOTES, "notebook")) as db:
            db.execute("INSERT INTO note VALUES (?)", [text])

    def add_elsewhere(self, text: str) -> None:
        """Write a note as another process does."""
        thread = threading.Thread(target=self.add, args=(text,))
        thread.start()
        thread.join()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with one_state.opened(self.path, self._open) as connection:
            yield connection

    def notes(self) -> list[str]:
        with self.reading() as connection:
            return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY rowid")]

    def _open(self) -> sqlite3.Connection:
        self.opened += 1
        connection = file.open_read_only(self.path)
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master")  # a transaction that reads begins with what it first reads
        return connection


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    """A notebook with one note."""
    made = Notebook(tmp_path / "notes.db")
    made.add("one")
    return made


def test_all_is_read_from_one_state_by_one_opening(notebook: Notebook) -> None:
    with one_state.one_state():
        assert notebook.notes() == ["one"]
        notebook.add_elsewhere("two")
        assert notebook.notes() == ["one"]
    assert notebook.opened == 1
    assert notebook.notes() == ["one", "two"]


def test_what_the_block_writes_is_seen_by_what_it_reads_after(notebook: Notebook) -> None:
    with one_state.one_state():
        assert notebook.notes() == ["one"]
        notebook.add("two")
        assert notebook.notes() == ["one", "two"]
    assert notebook.opened == 2


def test_who_is_still_reading_while_the_block_writes_reads_on_in_the_old_state(notebook: Notebook) -> None:
    with one_state.one_state(), notebook.reading() as connection:
        notebook.add("two")
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (1,)
        assert notebook.notes() == ["one", "two"]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_block_within_a_block_is_part_of_it(notebook: Notebook) -> None:
    @one_state.one_state()
    def part() -> list[str]:
        return notebook.notes()

    with one_state.one_state():
        assert notebook.notes() == ["one"]
        notebook.add_elsewhere("two")
        assert part() == ["one"]
    assert notebook.opened == 1
    assert part() == ["one", "two"]
    notebook.add_elsewhere("three")
    assert part() == ["one", "two", "three"]


def test_nothing_stays_open_after_the_block_however_it_ends(notebook: Notebook) -> None:
    @one_state.one_state()
    def fails() -> None:
        with notebook.reading() as connection:
            left.append(connection)
        raise KeyError

    left: list[sqlite3.Connection] = []
    with pytest.raises(KeyError):
        fails()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        left[0].execute("SELECT 1")


def test_a_file_that_could_not_be_opened_is_tried_again(notebook: Notebook, tmp_path: Path) -> None:
    elsewhere = Notebook(tmp_path / "later.db")
    with one_state.one_state():
        with pytest.raises(sqlite3.OperationalError):
            elsewhere.notes()
        elsewhere.add_elsewhere("there now")
        assert elsewhere.notes() == ["there now"]


def test_each_thread_has_a_state_of_its_own(notebook: Notebook) -> None:
    found: list[list[str]] = []
    with one_state.one_state():
        assert notebook.notes() == ["one"]
        notebook.add_elsewhere("two")
        thread = threading.Thread(target=lambda: found.append(notebook.notes()))
        thread.start()
        thread.join()
        assert notebook.notes() == ["one"]
    assert found == [["one", "two"]]


def test_a_stamp_is_never_newer_than_what_is_read(notebook: Notebook) -> None:
    before = one_state.stamp(notebook.path)
    with one_state.one_state():
        notebook.notes()
        notebook.add_elsewhere("two")
        assert one_state.stamp(notebook.path) == before
        assert notebook.notes() == ["one"]
    after = one_state.stamp(notebook.path)
    assert after != before
    with one_state.one_state():
        assert one_state.stamp(notebook.path) == after
        notebook.add("three")
        assert one_state.stamp(notebook.path) not in (before, after)
