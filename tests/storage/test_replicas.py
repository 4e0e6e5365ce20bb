"""A copy that another program patches is read only while that program lives, and written by nobody here."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.snapshot import beacon
from aexdash.snapshot.file import open_snapshot, reading
from aexdash.storage.errors import StorageNotWritable, StorageUnreadable
from aexdash.storage.replicas import AT_REST, PATCHED, WRITER, is_held, is_replica
from tests.snapshot.store import NOON


class Copy:
    """A snapshot that stands as a copy does: a link into a folder with the lock file of the program that patches it."""

    def __init__(self, home: Path) -> None:
        self.folder, self.link = home / "following" / "one", home / "snapshot.db"
        self.folder.mkdir(parents=True)
        open_snapshot(self.folder / "snapshot.db").close()
        beacon.write(self.folder / "snapshot.db", NOON)
        self.lock = os.open(self.folder / PATCHED, os.O_CREAT | os.O_RDONLY, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        (self.folder / WRITER).write_text(json.dumps({"address": "https://desk.example.com"}))
        self.link.symlink_to(self.folder / "snapshot.db")

    def let_go(self) -> None:
        os.close(self.lock)


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def test_it_is_read_while_the_program_lives(copy):
    with reading(copy.link) as connection:
        assert connection.execute("SELECT count(*) FROM listing").fetchone() == (0,)


def test_it_is_not_read_once_the_program_is_gone_without_a_word(copy):
    copy.let_go()
    with pytest.raises(StorageUnreadable, match=r"may be half-written.*aexdash follow"), reading(copy.link):
        pass


def test_it_is_read_once_the_program_ended_between_two_patches(copy):
    copy.let_go()
    (copy.folder / AT_REST).touch()
    with reading(copy.link) as connection:
        assert beacon.behind(connection, NOON + timedelta(hours=2)) == timedelta(hours=2)


def test_nobody_writes_it_and_the_sentence_says_where_that_is_done(copy):
    with pytest.raises(StorageNotWritable, match=r"only read here; change it at https://desk\.example\.com"):
        open_snapshot(copy.link)


def test_a_link_to_a_file_elsewhere_is_no_copy(tmp_path):
    (tmp_path / "disk").mkdir()
    open_snapshot(tmp_path / "disk" / "snapshot.db").close()
    link = tmp_path / "snapshot.db"
    link.symlink_to(tmp_path / "disk" / "snapshot.db")
    assert not is_replica(link)
    open_snapshot(link).close()
    assert beacon.behind_of(link, NOON) is None
    assert is_held(tmp_path / PATCHED) is None


def test_how_far_it_is_behind_is_the_age_of_its_beacon_by_a_clock_that_agrees(copy):
    assert beacon.behind_of(copy.link, NOON + timedelta(seconds=4)) == timedelta(seconds=4)
    assert beacon.behind_of(copy.link, NOON - timedelta(seconds=4)) == timedelta()
    assert beacon.behind_of(copy.link, NOON - timedelta(seconds=6)) == timedelta.max, "no age by this clock"
