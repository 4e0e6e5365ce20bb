"""Comparisons as they were made: kept in the desk, found again by number, and the one that the hero may show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aexdash.clock import DAY, from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.model import HELD
from aexdash.people.acting import needs, rights
from aexdash.people.rights import Role
from aexdash.reconcile.model import Outcome, Reconciliation, from_json, to_json
from aexdash.storage.text import storable, texts_from

SPEAKS = timedelta(hours=1)
"""How long after their list a comparison speaks for the present, at the most; then it is history."""

SHOWN = DAY
"""How long after their list a comparison is shown beside the hero at all."""

KEEP = """
INSERT INTO reconciliation (made_at, by, at, scope, listed, numbers, outcome, differs_by, report)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""

COLUMNS = "SELECT id, made_at, by, at, scope, numbers, outcome, differs_by FROM reconciliation"

LATEST = f"{COLUMNS} ORDER BY id DESC LIMIT ?"

OF_HELD = f"""
{COLUMNS}
WHERE scope = :scope AND listed = :held AND at <= :until AND at > :since AND outcome <> 'not known'
    AND (:of IS NULL OR :of = (
        SELECT json_group_array(store) FROM (
            SELECT value ->> '$.store' AS store FROM json_each(reconciliation.report, '$.stores') ORDER BY store
        )
    ))
ORDER BY at DESC, id DESC LIMIT 1
"""  # noqa: S608

ONE = "SELECT report FROM reconciliation WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a comparison, without its differences: its number, when and by whom it was made, what it came to.

    `at` is the moment of their list, `scope` its stores (None: all that were watched). `numbers`: no ids were compared.
    """

    number: int
    made_at: datetime
    by: str
    at: datetime
    scope: tuple[str, ...] | None
    numbers: bool
    outcome: Outcome
    differs_by: int


class Reconciliations:
    """Reads and keeps comparisons. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    @needs(Role.OPERATOR, of=lambda _self, result, **_: result.scope)
    def keep(self, result: Reconciliation, *, by: str) -> int:
        """Keep a comparison; return its number."""
        row = [
            to_text(result.made_at),
            storable(by),
            to_text(result.at),
            _scope(result.scope),
            _listed(result.listed),
            int(result.numbers),
            result.outcome.value,
            result.differs_by,
            storable(to_json(result)),
        ]
        with desk_file.writing(self.path) as connection:
            return int(connection.execute(KEEP, row).fetchone()[0])

    def get(self, number: int) -> Reconciliation | None:
        """Return a comparison by its number; None where there is none, or it is of another version of aexdash.

        One of a store that whoever acts may not see is as one that there is not.
        """
        found = desk_file.read(self.path, "reconciliation", ONE, lambda row: from_json(row[0]), [number])
        return next((one for one in found if one and rights().may(Role.VIEWER, one.scope)), None)

    def latest(self, most: int) -> list[Kept]:
        """List the newest comparisons of the stores that may be seen, at most so many, without their differences."""
        found = desk_file.read(self.path, "reconciliation", LATEST, kept_of, [most])
        return [one for one in found if rights().may(Role.VIEWER, one.scope)]

    def beside_hero(
        self, scope: tuple[str, ...] | None, until: datetime, of: Iterable[str] | None = None
    ) -> Kept | None:
        """Return the comparison of all that is held in some stores whose list is the newest by a moment.

        None where there is none, or it is older than a day; one of which nothing is known says nothing and is left out.
        `of` are the stores that *all* means: a comparison of all that were watched before another one was added is of
        fewer, and says nothing of these.
        """
        bound = {
            "scope": _scope(scope),
            "of": None if of is None or scope is not None else json.dumps(sorted(of), separators=(",", ":")),
            "held": _listed(HELD),
            "until": to_text(until),
            "since": to_text(until - SHOWN),
        }
        return next(iter(desk_file.read(self.path, "reconciliation", OF_HELD, kept_of, bound)), None)


def _scope(scope: tuple[str, ...] | None) -> str:
    return "*" if scope is None else json.dumps(sorted(scope))


def _listed(listed: Iterable[str]) -> str:
    return json.dumps(sorted(listed))


def kept_of(row: Sequence[Any]) -> Kept:
    """Read the row of a comparison; a damaged one raises what `sound` takes."""
    number, made_at, by, at, scope, numbers, outcome, differs_by = row
    made, listed = from_text(made_at), from_text(at)
    return Kept(number, made, by, listed, _stores(scope), bool(numbers), Outcome(outcome), differs_by)


def _stores(scope: str) -> tuple[str, ...] | None:
    return None if scope == "*" else tuple(texts_from(scope))
