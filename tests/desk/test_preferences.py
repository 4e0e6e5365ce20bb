"""What people prefer is remembered by name."""

import pytest

from aexdash.desk.preferences import Preferences
from aexdash.storage.errors import StorageError


def test_a_choice_is_remembered_for_who_made_it_until_another_is_made(tmp_path):
    kept = Preferences(tmp_path / "desk.db")
    assert kept.read("Ana", "role") == ""
    kept.keep("Ana", "role", "owner")
    kept.keep("Ben", "role", "engineering")
    kept.keep("Ana", "role", "finance")
    assert (kept.read("Ana", "role"), kept.read("Ben", "role"), kept.read("Cleo", "role")) == (
        "finance",
        "engineering",
        "",
    )


def test_a_name_that_cannot_be_written_as_it_is_is_still_one_person(tmp_path):
    kept = Preferences(tmp_path / "desk.db")
    kept.keep("A\udcffna", "role", "owner")
    assert kept.read("A\udcffna", "role") == "owner"


def test_a_desk_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "desk.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError):
        Preferences(tmp_path / "desk.db").read("Ana", "role")
