"""Within `one_state()` a file is opened once, read in one state, and anew after one's own writing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aexdash.storage import file, one_state
from aexdash.storage.errors import StorageNotWritable
from aexdash.storage.migrations import migrations_of
from aexdash.storage.only_reading import only_reading

NOTES = migrations_of("notes", {"0001_first": ("CREATE TABLE note (text TEXT NOT NULL) STRICT",)})


class Notebook:
    """A file that the room knows nothing about, and how often it was opened for reading."""

    def __init__(self, path: Path, *, stays_open: bool = False) -> None:
        self.path, self.opened, self.stays_open = path, 0, stays_open

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
        with one_state.opened(self.path, self._open, self._begin if self.stays_open else None) as connection:
            yield connection

    def notes(self) -> list[str]:
        with self.reading() as connection:
            return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY rowid")]

    def _open(self) -> sqlite3.Connection:
        self.opened += 1
        connection = file.open_read_only(self.path)
        self._begin(connection)
        return connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master")  # a transaction that reads begins with what it first reads


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    """A notebook with one note."""
    made = Notebook(tmp_path / "notes.db")
    made.add("one")
    return made


@pytest.fixture
def kept_open(tmp_path: Path) -> Iterator[Notebook]:
    """A notebook with one note, that blocks leave open."""
    made = Notebook(tmp_path / "open.db", stays_open=True)
    made.add("one")
    yield made
    one_state.close_idle(0)


def read_in_a_block(notebook: Notebook) -> list[str]:
    with one_state.one_state():
        return notebook.notes()


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


def test_the_next_block_reads_on_over_what_is_open(kept_open: Notebook) -> None:
    assert [read_in_a_block(kept_open) for _ in range(3)] == [["one"]] * 3
    assert kept_open.opened == 1


def test_what_was_written_between_two_blocks_is_read(kept_open: Notebook) -> None:
    assert read_in_a_block(kept_open) == ["one"]
    kept_open.add_elsewhere("two")
    assert read_in_a_block(kept_open) == ["one", "two"]
    with one_state.one_state():
        assert kept_open.notes() == ["one", "two"]
        kept_open.add("three")
        assert kept_open.notes() == ["one", "two", "three"]
    assert read_in_a_block(kept_open) == ["one", "two", "three"]


def test_what_was_written_while_a_block_read_is_read_by_the_next_and_no_writer_is_held_up(
    kept_open: Notebook,
) -> None:
    with one_state.one_state():
        kept_open.notes()
        kept_open.add_elsewhere("two")
    assert read_in_a_block(kept_open) == ["one", "two"]
    assert kept_open.opened == 2
    with contextlib.closing(sqlite3.connect(kept_open.path)) as writer:
        assert writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_a_file_in_the_place_of_another_is_opened_anew(kept_open: Notebook, tmp_path: Path) -> None:
    assert read_in_a_block(kept_open) == ["one"]
    other = Notebook(tmp_path / "other.db")
    other.add("another")
    seconds = kept_open.path.stat().st_mtime_ns
    other.path.replace(kept_open.path)
    os.utime(kept_open.path, ns=(seconds, seconds))
    assert read_in_a_block(kept_open) == ["another"]


def test_what_was_left_unread_of_an_answer_makes_nobody_read_what_is_old(kept_open: Notebook) -> None:
    """A transaction lasts in SQLite as long as an answer is half read, also where it was committed."""
    kept_open.add("two")
    with one_state.one_state(), kept_open.reading() as connection:
        half_read = connection.execute("SELECT text FROM note ORDER BY rowid")
        assert half_read.fetchone() == ("one",)
    kept_open.add_elsewhere("three")
    assert read_in_a_block(kept_open) == ["one", "two", "three"]
    del half_read


def test_a_copy_that_is_patched_in_place_is_opened_for_each_block(kept_open: Notebook, tmp_path: Path) -> None:
    copy = Notebook(tmp_path / "copy.db", stays_open=True)
    copy.path.symlink_to(kept_open.path)
    assert [read_in_a_block(copy) for _ in range(2)] == [["one"]] * 2
    assert copy.opened == 2


def test_what_may_only_read_shares_nothing_with_what_may_do_more(kept_open: Notebook) -> None:
    read_in_a_block(kept_open)
    with only_reading():
        read_in_a_block(kept_open)
        with pytest.raises(StorageNotWritable):
            kept_open.add("two")
    read_in_a_block(kept_open)
    assert kept_open.opened == 2


def test_few_stay_open_and_none_for_ever(tmp_path: Path) -> None:
    many = [Notebook(tmp_path / f"{number}.db", stays_open=True) for number in range(one_state.MOST_IDLE + 1)]
    for notebook in many:
        notebook.add("one")
        read_in_a_block(notebook)
    for notebook in many[1:]:
        read_in_a_block(notebook)
    read_in_a_block(many[0])
    assert [notebook.opened for notebook in many] == [2, *[1] * one_state.MOST_IDLE]
    one_state.close_idle(0)
    read_in_a_block(many[-1])
    assert many[-1].opened == 2
    one_state.close_idle()
    read_in_a_block(many[-1])
    assert many[-1].opened == 2
    one_state.close_idle(0)


def test_a_file_that_cannot_be_read_on_is_opened_anew_and_says_why(kept_open: Notebook, tmp_path: Path) -> None:
    read_in_a_block(kept_open)
    kept_open._begin = refuse  # type: ignore[method-assign]
    with pytest.raises(StorageNotWritable, match="no more"):
        read_in_a_block(kept_open)
    assert kept_open.opened == 2


def refuse(_connection: sqlite3.Connection) -> None:
    raise StorageNotWritable("no more")
