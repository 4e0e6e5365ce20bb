"""Who took, snoozed or marked fixed which listings in a span of time, and until when that stood.

It is told from the log of every listing, so it does not matter in which way a listing was marked: on the page, by a
command, or by a file that came back. What was undone was never marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk.file import read
from aexdash.model import Stage
from aexdash.snapshot.history.facts import Regression

STAGES_SET = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT l.store_key, l.product_id FROM work_change AS c JOIN work_log AS l ON l.change_id = c.id
    WHERE c.at > :start AND c.at <= :end AND l.field IN ('stage', 'stage_at')
)
SELECT l.store_key, l.product_id, l.change_id, l.at, l.by, max(iif(l.field = 'stage', l.after, NULL)), c.undoes
FROM touched JOIN work_log AS l USING (store_key, product_id) LEFT JOIN work_change AS c ON c.id = l.change_id
WHERE l.field IN ('stage', 'stage_at') AND (l.at <= :end OR c.undoes IS NOT NULL)
GROUP BY l.store_key, l.product_id, coalesce(l.change_id, -l.id)
ORDER BY l.store_key, l.product_id, min(l.id)
"""
"""Every time that the stage of a listing was set, of those whose stage was set in the span. The stage itself is null
where it was set to what it was. Of what came after the span there are the undos."""


@dataclass(frozen=True, slots=True)
class StageMark:
    """A listing that somebody gave a stage. `until` is when somebody decided otherwise, or gave it that once more."""

    store: str
    product_id: int
    by: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Set:
    """The stage of a listing was set; `stage` None: to what it was."""

    store: str
    product_id: int
    change: int | None
    at: datetime
    by: str
    stage: str | None
    undoes: int | None


def stage_marks(desk_path: Path, stage: Stage, start: datetime, end: datetime) -> list[StageMark]:
    """List what was given a stage after `start` and up to `end`, by listing, without what was undone, then or since.

    Raises:
        StorageError: the desk cannot be read.
    """
    bound = {"start": to_text(start), "end": to_text(end)}
    found = read(desk_path, "work_change", STAGES_SET, _set_of, bound)
    listings = (list(several) for _, several in groupby(found, key=lambda one: (one.store, one.product_id)))
    return [mark for several in listings for mark in _of_listing(several, stage, from_text(bound["start"]))]


def stand_or_answered(marks: Iterable[StageMark], rejections: Iterable[Regression]) -> Iterator[StageMark]:
    """Yield the marks that stand, or that AliExpress had answered before somebody decided otherwise.

    `rejections` are those that were not the listing's first, of the span of the marks.
    """
    rejected = defaultdict[tuple[str, int], list[datetime]](list)
    for one in rejections:
        rejected[one.store, one.product_id].append(one.at)
    for mark in marks:
        answers = rejected.get((mark.store, mark.product_id), ())
        if mark.until is None or any(mark.at < at <= mark.until for at in answers):
            yield mark


def _set_of(row: Sequence[Any]) -> _Set:
    store, product_id, change, at, by, stage, undoes = row
    return _Set(store, product_id, change, from_text(at), by, stage, undoes)


def _of_listing(several: Iterable[_Set], wanted: Stage, start: datetime) -> Iterator[StageMark]:
    standing = _standing(list(several))
    stage: str | None = Stage.NEW
    for place, one in enumerate(standing, start=1):
        stage = one.stage or stage
        if stage == wanted and one.at > start:
            until = standing[place].at if place < len(standing) else None
            yield StageMark(one.store, one.product_id, one.by, one.at, until)


def _standing(several: list[_Set]) -> list[_Set]:
    """Leave out what was undone on this listing, and its undo."""
    undone = {one.undoes for one in several if one.undoes is not None}
    return [one for one in several if one.undoes is None and one.change not in undone]
