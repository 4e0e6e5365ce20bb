"""What is wrong inside a snapshot that is whole, and its repair."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aexdash.cards.held import HERO
from aexdash.config.settings import Settings
from aexdash.desk import restamp as desk_restamp
from aexdash.model import HELD, Status
from aexdash.snapshot.file import open_snapshot, reading
from aexdash.snapshot.recording import recount, restamp
from aexdash.snapshot.recording.recount import CountCards
from aexdash.snapshot.recording.repair import repair
from aexdash.storage.errors import StorageMissing
from aexdash.words.common import span

COUNT_CARDS: CountCards = {
    HERO.key: HELD,
    "aex_active_listings": (Status.ACTIVE,),
    "aex_total_listings": tuple(status for status in Status if status is not Status.DELETED),
}
"""The cards that are a number of listings in some statuses: what they said can be counted again."""

NAMED = 3
"""Differences that one line of the doctor names before it only counts them."""


class Looked(NamedTuple):
    """What was found: whether all is well, a sentence, and what to do where it is not."""

    well: bool
    text: str
    advice: str = ""


def inside_snapshot(path: Path, now: datetime, desk_path: Path | None = None) -> tuple[Looked, Looked]:
    """Examine what a snapshot keeps beside its periods, and whether its moments, and those of a desk, can have been.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    with reading(path) as connection:
        differing = recount.differences(connection, COUNT_CARDS)
        ahead = restamp.ahead(connection, now)
    return _kept(differing), _moments(ahead | (_ahead_in_desk(desk_path, now) if desk_path else {}), now)


def _ahead_in_desk(path: Path, now: datetime) -> dict[str, list[datetime]]:
    late = desk_restamp.ahead(path, now)
    return {"desk": late} if late else {}


def _kept(differing: list[recount.Difference]) -> Looked:
    if not differing:
        return Looked(True, "everything that is kept beside the status periods is what it is counted to be.")
    more = f"; and {len(differing) - NAMED:,} more" if len(differing) > NAMED else ""
    named = "; ".join(map(str, differing[:NAMED]))
    text = f"{len(differing):,} kept rows are not what they are counted to be: {named}{more}."
    return Looked(False, text, "aexdash repair counts them again; it keeps a copy of the snapshot.")


def _moments(ahead: dict[str, list[datetime]], now: datetime) -> Looked:
    if not ahead:
        return Looked(True, "none lies ahead of this machine's clock.")
    said = ", ".join(f"{of}: {len(late):,}, the latest {span(late[-1] - now)}" for of, late in ahead.items())
    advice = "Set this machine's clock; if it is right, aexdash repair --future-moments moves them back in their order."
    return Looked(False, f"some are stamped ahead of this machine's clock ({said}), so no age can be told.", advice)


def run(settings: Settings, now: datetime, *, future_moments: bool) -> Iterator[str]:
    """Repair the snapshot of a home and yield a line for each change, and where its copy lies.

    `future_moments`: also move moments ahead of now back, those of the snapshot and those of the desk.

    Raises:
        StorageError: there is no snapshot, or it or the desk cannot be written.
    """
    if not settings.snapshot_path.exists():
        raise StorageMissing(f"There is no snapshot at {settings.snapshot_path} yet; run `aexdash sync` to make it.")
    with closing(open_snapshot(settings.snapshot_path)) as db:
        repaired = repair(db, now, COUNT_CARDS, future_moments=future_moments)
        left = {} if future_moments else restamp.ahead(db.conn, now) | _ahead_in_desk(settings.desk_path, now)
    yield from repaired.lines()
    if repaired.copy:
        yield f"The snapshot as it was before is kept as {repaired.copy}."
    places = {one.of: one.places for one in repaired.moved}
    decided = desk_restamp.move_back(settings.desk_path, now, places) if future_moments else None
    if decided:
        moved, copy = decided
        yield str(moved)
        yield f"The desk as it was before is kept as {copy}."
    if not repaired.copy and not decided:
        yield "Nothing had to be repaired."
    if left:
        looked = _moments(left, now)
        yield f"Moments: {looked.text} {looked.advice}"
