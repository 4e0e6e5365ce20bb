"""After how long work is too long without an answer, or untouched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.work import Desk
from aexdash.desk.work_settings import SettingChange, SettingError, WorkSettings, WorkSettingsDesk
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
