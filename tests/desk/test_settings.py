"""After how long work is too long without an answer, or untouched; and what people prefer is remembered by name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.desk.settings import Preferences, SettingChange, SettingError, WorkSettings, WorkSettingsDesk
from aexdash.storage.errors import StorageError
from tests.desk.deciding import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> WorkSettingsDesk:
    return WorkSettingsDesk(tmp_path / "desk.db")


def test_without_a_word_of_anybody_it_is_three_days_and_one(desk):
    assert desk.read() == WorkSettings(waiting=72 * HOUR, untouched=24 * HOUR)


def test_the_last_word_counts_and_all_are_kept(desk):
    desk.set("waiting_hours", 48, by="Ann", now=NOON)
    desk.set("untouched_hours", 8, by="Bob", now=NOON + HOUR)
    desk.set("waiting_hours", 24, by="Bob", now=NOON + 2 * HOUR)
    assert desk.read() == WorkSettings(waiting=24 * HOUR, untouched=8 * HOUR)
    assert desk.history() == [
        SettingChange("waiting_hours", 24, NOON + 2 * HOUR, "Bob"),
        SettingChange("untouched_hours", 8, NOON + HOUR, "Bob"),
        SettingChange("waiting_hours", 48, NOON, "Ann"),
    ]
    assert sum(Desk(desk.path).mark()) == 3


@pytest.mark.parametrize("hours", [0, -1, 8761])
def test_what_is_no_time_is_refused(desk, hours):
    with pytest.raises(SettingError, match="It can be 1 to 8,760 hours"):
        desk.set("waiting_hours", hours, by="Ann", now=NOON)
    assert desk.read() == WorkSettings()


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
