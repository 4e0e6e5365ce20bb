"""What people set: when work has waited too long, for the team, and what each person chose on the pages, by name.

A change of the hours adds a row and deletes none; of what a person chose, the last counts and no other is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.storage.text import storable

LONGEST = 24 * 365
"""The most hours of a setting."""

LATEST = f"SELECT name, value, max(id) FROM work_setting WHERE value BETWEEN 1 AND {LONGEST} GROUP BY name"  # noqa: S608
"""Beside `max(id)`, SQLite takes the other columns from the row of that id."""

HISTORY = "SELECT name, value, at, by FROM work_setting ORDER BY id DESC"

SET = "INSERT INTO work_setting (name, value, at, by) VALUES (?, ?, ?, ?)"

Name = Literal["waiting_hours", "untouched_hours"]


class SettingError(ValueError):
    """A setting cannot be set so; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """`waiting`: what AliExpress leaves alone for so long after it was fixed is to do again.

    `untouched`: what is to do and was not taken by anybody for so long is marked.
    """

    waiting: timedelta = timedelta(hours=72)
    untouched: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that somebody set to so many hours."""

    name: str
    hours: int
    at: datetime
    by: str


class WorkSettingsDesk:
    """Reads and writes the settings of work. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def read(self) -> WorkSettings:
        """Return the settings as they are; those that nobody has set have their defaults."""
        set_to = dict(desk_file.read(self.path, "work_setting", LATEST, _set_hours))
        default = WorkSettings()
        return WorkSettings(
            waiting=set_to.get("waiting_hours", default.waiting),
            untouched=set_to.get("untouched_hours", default.untouched),
        )

    @needs(Role.OWNER)
    def set(self, name: Name, hours: int, *, by: str, now: datetime) -> None:
        """Set a setting, in hours.

        Raises:
            SettingError: these are no hours from 1 to those of a year.
        """
        if not 1 <= hours <= LONGEST:
            raise SettingError(f"It can be 1 to {LONGEST:,} hours; {hours:,} is outside of that.")
        with desk_file.writing(self.path) as connection:
            connection.execute(SET, [name, hours, to_text(now), storable(by)])

    def history(self) -> list[SettingChange]:
        """List who has set which setting to how many hours, the latest first."""
        return desk_file.read(self.path, "work_setting", HISTORY, setting_change_of)


def _set_hours(row: Sequence[Any]) -> tuple[str, timedelta]:
    return row[0], timedelta(hours=row[1])


def setting_change_of(row: Sequence[Any]) -> SettingChange:
    """Read the row of a setting that somebody set; a damaged one raises what `sound` takes."""
    name, value, at, by = row
    return SettingChange(name, value, from_text(at), by)


CHOSEN = "SELECT value FROM preference WHERE who = ? AND name = ?"

CHOOSE = """
INSERT INTO preference (who, name, value) VALUES (?, ?, ?)
ON CONFLICT (who, name) DO UPDATE SET value = excluded.value
"""


class Preferences:
    """Reads and writes preferences. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def read(self, who: str, name: str) -> str:
        """Return what a person chose last for a name; empty where nothing was chosen."""
        rows = desk_file.rows(self.path, "preference", CHOSEN, [storable(who), name])
        return str(rows[0][0]) if rows else ""

    @needs(Role.VIEWER, somewhere=True)
    def keep(self, who: str, name: str, value: str) -> None:
        """Remember what a person chose; an empty text forgets it."""
        with desk_file.writing(self.path) as connection:
            connection.execute(CHOOSE, [storable(who), name, storable(value)])
