"""A file is made in a process of its own, which tells how it ended, whatever became of it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from aexdash.exports.apart import made_apart
from aexdash.exports.table import ExportError
from aexdash.storage.errors import StorageBusy


def write_who(target: Path, words: str) -> None:
    """Write what was handed over, and which process writes."""
    target.write_text(f"{os.getpid()} {words}", encoding="utf-8")


def fail(error: Exception) -> None:
    """Raise what was handed over."""
    raise error


def be_killed() -> None:
    """End as a process does that uses too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_it_is_made_by_another_process_from_what_it_is_given(tmp_path: Path) -> None:
    made_apart(write_who, tmp_path / "made", "held listings")
    pid, _, words = (tmp_path / "made").read_text(encoding="utf-8").partition(" ")
    assert words == "held listings"
    assert int(pid) != os.getpid()


@pytest.mark.parametrize("error", [ExportError("A worksheet holds 1,048,575 rows."), StorageBusy("Locked by another.")])
def test_what_goes_wrong_there_is_raised_here(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        made_apart(fail, error)


def test_a_process_that_is_killed_is_one_sentence() -> None:
    with pytest.raises(ExportError, match="process was ended before it was done"):
        made_apart(be_killed)
