"""What is wrong inside a snapshot that is whole: counts that are kept and moments that are stamped."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aexdash.cards.held import HERO
from aexdash.desk import restamp as desk_restamp
from aexdash.model import HELD, Status
from aexdash.snapshot.file import reading
from aexdash.snapshot.recording import recount, restamp
from aexdash.snapshot.recording.recount import CountCards
from aexdash.storage.errors import StorageError
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

    A desk that cannot be read is not looked at, which is said: what is wrong with it has a line of its own.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    with reading(path) as connection:
        differing = recount.differences(connection, COUNT_CARDS)
        ahead = restamp.ahead(connection, now)
    try:
        looked = moments(ahead | (ahead_in_desk(desk_path, now) if desk_path else {}), now)
    except StorageError:
        looked = moments(ahead, now)
        looked = looked._replace(text=f"{looked.text} The desk cannot be read, so its moments are not known.")
    return _kept(differing), looked


def ahead_in_desk(path: Path, now: datetime) -> dict[str, list[datetime]]:
    """Return the moments of a desk that lie ahead of the clock, under its name."""
    late = desk_restamp.ahead(path, now)
    return {"desk": late} if late else {}


def _kept(differing: list[recount.Difference]) -> Looked:
    if not differing:
        return Looked(True, "everything that is kept beside the status periods is what it is counted to be.")
    more = f"; and {len(differing) - NAMED:,} more" if len(differing) > NAMED else ""
    named = "; ".join(map(str, differing[:NAMED]))
    text = f"{len(differing):,} kept rows are not what they are counted to be: {named}{more}."
    return Looked(False, text, "aexdash repair counts them again; it keeps a copy of the snapshot.")


def moments(ahead: dict[str, list[datetime]], now: datetime) -> Looked:
    """Say whether moments lie ahead of the clock, given those that do."""
    if not ahead:
        return Looked(True, "none lies ahead of this machine's clock.")
    said = ", ".join(f"{of}: {len(late):,}, the latest {span(late[-1] - now)}" for of, late in ahead.items())
    advice = "Set this machine's clock; if it is right, aexdash repair --future-moments moves them back in their order."
    return Looked(False, f"some are stamped ahead of this machine's clock ({said}), so no age can be told.", advice)
