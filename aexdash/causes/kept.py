"""Reports on what goes with a movement: kept as they were made, and found again by the movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.storage.text import storable

KEEP = "INSERT INTO cause_report (movement, at, by, report) VALUES (?, ?, ?, ?) RETURNING id"

OF_MOVEMENT = "SELECT id, movement, at, by, report FROM cause_report WHERE movement = ? ORDER BY id DESC"

ONE = "SELECT id, movement, at, by, report FROM cause_report WHERE id = ?"

NAMES = "SELECT 1 FROM cause_report WHERE id = ? AND json_type(report, ?) IS NOT NULL"
"""Whether a report names so many things."""

LATEST = "SELECT id, movement, at, by, report FROM cause_report ORDER BY id DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as it was kept: its number, the key of its movement, when and by whom it was made, and its JSON."""

    number: int
    movement: str
    at: datetime
    by: str
    report: str


class Reports:
    """Reads and keeps reports. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    @needs(Role.VIEWER, somewhere=True)
    def keep(self, movement: str, report: str, *, by: str, now: datetime) -> int:
        """Keep a report, given as JSON; return its number."""
        with desk_file.writing(self.path) as connection:
            row = [storable(movement), to_text(now), storable(by), storable(report)]
            return int(connection.execute(KEEP, row).fetchone()[0])

    def of(self, movement: str) -> list[KeptReport]:
        """List the reports of a movement, the newest first."""
        return desk_file.read(self.path, "cause_report", OF_MOVEMENT, kept_of, [movement])

    def get(self, number: int) -> KeptReport | None:
        """Return a report by its number; None where there is none."""
        return next(iter(desk_file.read(self.path, "cause_report", ONE, kept_of, [number])), None)

    def latest(self, most: int) -> list[KeptReport]:
        """List the newest reports, at most so many."""
        return desk_file.read(self.path, "cause_report", LATEST, kept_of, [most])


class Slices:
    """What kept reports name, by the words of a view such as `12.1`; asked of the desk when a view has such a word."""

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def __contains__(self, word: object) -> bool:
        """Whether there is such a report that can be read, and it names so many."""
        number, _, which = str(word).partition(".")
        bound = [int(number), f"$.findings[{int(which) - 1}]"]
        return bool(desk_file.rows(self.path, "cause_report", NAMES, bound))


def kept_of(row: Sequence[Any]) -> KeptReport:
    """Read the row of a report; a damaged one raises what `sound` takes."""
    number, movement, at, by, report = row
    return KeptReport(number, movement, from_text(at), by, report)
