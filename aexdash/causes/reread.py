"""Kept reports read again: the newest of a movement, one by its number, and the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from aexdash.causes.kept import KeptReport, Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import Report, from_json
from aexdash.people.acting import rights
from aexdash.people.rights import Role


@dataclass(frozen=True, slots=True)
class Reread:
    """A kept report as it was made: its number and who asked for it; nobody where the worker did."""

    number: int
    by: str
    report: Report


def newest(reports: Reports, movement: Movement) -> Reread | None:
    """Return the newest report of a movement; None where there is none that can be read.

    Raises:
        StorageError: the desk cannot be read.
    """
    return _first(reports.of(movement.key))


def numbered(reports: Reports, number: int) -> Reread | None:
    """Return a report by its number; None where there is none that can be read.

    Raises:
        StorageError: the desk cannot be read.
    """
    found = reports.get(number)
    return _first([found] if found else [])


def before(reports: Reports, one: Reread) -> Reread | None:
    """Return the report of the same movement that was made before one; None where there is none.

    Raises:
        StorageError: the desk cannot be read.
    """
    return _first([kept for kept in reports.of(one.report.movement.key) if kept.number < one.number])


def _first(kept: list[KeptReport]) -> Reread | None:
    for one in kept:
        try:
            found = Reread(one.number, one.by, from_json(one.report))
        except ValueError:  # of another version
            continue
        if _may_be_seen(found):
            return found
    return None


def _may_be_seen(found: Reread) -> bool:
    """Whether whoever acts may see every store that a report is about."""
    movement = found.report.movement
    ticked = {store for store, _ in movement.keys}
    return rights().may(Role.VIEWER, ticked or movement.stores)
