"""The words for the time in which an appeal is open: until when, or that it is over. Pure functions.

AliExpress tells no end. It is counted from when the listing came into its status, which lies between two readings: so
the end lies between two moments too, and only what is so at both of them is said without *at least* or *at the latest*.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from aexdash.model import TAKEN_DOWN_CAUSES
from aexdash.snapshot.readmodels import WorkRow
from aexdash.words.common import moment


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
