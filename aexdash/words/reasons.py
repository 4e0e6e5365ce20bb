"""The words for reasons: who states them, how sure that is, and until when an appeal is open. Pure functions.

AliExpress tells no end of an appeal. It is counted from when the listing came into its status, which lies between two
readings: so the end lies between two moments too, and only what is so at both of them is said without *at least* or *at
the latest*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from aexdash.model import IN_REVIEW, SILENT, TAKEN_DOWN_CAUSES
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.tallies import ReasonCount
from aexdash.words.common import PROVENANCE_WORDS, moment
from aexdash.words.listings.listing import NOBODY, doubt_of


def commonest(counts: Sequence[ReasonCount], most: int) -> list[ReasonCount]:
    """Return the commonest reasons, and those of whom nobody has said why: they are often the most, but stand last."""
    silent = [reason for reason in counts if reason.code in SILENT]
    said = [reason for reason in counts if reason.code not in SILENT]
    return said[: most - len(silent)] + silent


def says_words(reason: ReasonCount) -> str:
    """Say who states a reason, and where it is none of the platform how sure it is: `measured: likely, …`."""
    if not reason.provenance:
        return "nothing refused so far" if reason.code == IN_REVIEW else NOBODY
    who = ", ".join(PROVENANCE_WORDS[who] for who in reason.provenance)
    doubt = doubt_of(reason.provenance)
    return f"{who}: {doubt}" if doubt else who


def taken_down_words(row: WorkRow, appeal_days: Mapping[str, int], at: datetime, zone: tzinfo = UTC) -> str:
    """Say in short of a listing that was taken down until when an appeal is open; nothing where that is not known.

    `appeal_days` are the days by reason code; where several reasons have some, the shortest time counts.
    """
    days = [appeal_days[reason.code] for reason in row.reasons if reason.code in appeal_days]
    if row.cause not in TAKEN_DOWN_CAUSES or not days:
        return ""
    first, last = _ends(row, min(days))
    if at >= last:
        return "Time for an appeal is over"
    if first is None or at >= first:
        return f"Appeal until {moment(last, zone)} at the latest, perhaps over"
    return f"Appeal until {moment(first, zone)} at least"


def appeal_clock(row: WorkRow, days: int, at: datetime, zone: tzinfo = UTC) -> str:
    """Say in a sentence until when an appeal is open, or since when it is over."""
    first, last = _ends(row, days)
    if at >= last:
        return f"An appeal is open for {days} days: over since {moment(last, zone)} at the latest."
    if first is None:
        return (
            f"An appeal is open for {days} days, here until {moment(last, zone)} at the latest; it was so before we "
            "first looked, so read the end in Seller Center."
        )
    if at >= first:
        return f"An appeal is open for {days} days: it ends by {moment(last, zone)}, and may be over."
    return f"An appeal is open for {days} days: until {moment(first, zone)} at least."


def _ends(row: WorkRow, days: int) -> tuple[datetime | None, datetime]:
    """Return between which moments the time for an appeal ends; the first is None where nobody knows."""
    open_for = timedelta(days=days)
    return row.started_after and row.started_after + open_for, row.started_at + open_for
