"""Since when a listing has been held, when its store was last read, and how old that makes it, in SQL.

Ages, and the times after which something counts as left alone, end with the last reading of the store: time that passes
without one makes nothing older. The aliases are those of `aexdash.snapshot.worklist.filters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from aexdash.snapshot.history import readings
from aexdash.view import AGES, bounds_of_age

SINCE = "coalesce(p.held_since, p.started_at)"
"""Since when a listing has been held without a break; of one that is not held, since when it has its status."""

MAYBE_EARLIER = "iif(p.held_since IS NULL, p.started_after, p.held_after) IS NULL"
"""Whether `SINCE` is when we first looked, so that it may have been so for longer."""

SEEN_AT = "max(coalesce(reading.read_at, ''), p.started_at)"
"""Where the age of a listing ends: when its store was last completely read, or it was seen to move since then."""


def _before(moment: str, span: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {moment}, '-' || {span})"


_STUCK_BY = """(
    SELECT limits.value FROM json_each(:stuck_by) AS limits JOIN store ON store.key = limits.key
    WHERE store.id = store_id
)"""

_WAITING, _UNTOUCHED = (f"({seconds} || ' seconds')" for seconds in (":waiting", ":untouched"))

_MOMENTS = {f"from_{days}": _before(readings.READ_AT, f"'{days} days'") for days in AGES.values()} | {
    "waiting_by": _before(readings.READ_AT, _WAITING),
    "untouched_by": _before(readings.READ_AT, _UNTOUCHED),
    "stuck_by": _STUCK_BY,
    "stuck_untouched_by": _before(_STUCK_BY, _UNTOUCHED),
}


def _reading(moments: Mapping[str, str]) -> str:
    columns = ", ".join(f"{sql} AS {name}" for name, sql in moments.items())
    return f"""LEFT JOIN (
    SELECT store_id, {readings.READ_AT} AS read_at, {columns}
    {readings.OF_STORES}
) AS reading ON reading.store_id = st.id"""


READING = _reading(_MOMENTS)
"""Joins when a store was last completely read (`read_at`), and moments before that.

What began by `from_7` was 7 days old then. What waits since `waiting_by`, or is untouched since `untouched_by`, is so
for too long. An audit that began by `stuck_by` is stuck, and by `stuck_untouched_by` it has been stuck for too long.
A store that was not read has none of them.
"""


def is_old(age: timedelta) -> str:
    """Return the condition that a listing's age was at least so long when its store was last read.

    One that nobody is offered needs the join of `reading_of`.
    """
    modifier = f"'{age // timedelta(seconds=1)} seconds'"
    then = f"reading.from_{age.days}" if age in _KEPT else f"reading.{_column(age)}"
    moved_since = f"p.started_at > coalesce(reading.read_at, '') AND {SINCE} <= {_before('p.started_at', modifier)}"
    return f"({SINCE} <= {then} OR ({moved_since}))"


def _column(age: timedelta) -> str:
    return f"from_{age // timedelta(seconds=1)}_seconds"


def reading_of(word: str | None) -> str:
    """Return `READING` with the moments by which listings have an age that nobody is offered; None: without any."""
    ages = {one for one in bounds_of_age(word or "") if one and one not in _KEPT}
    spans = {_column(age): f"'{age // timedelta(seconds=1)} seconds'" for age in ages}
    more = {name: _before(readings.READ_AT, span) for name, span in spans.items()}
    return _reading(_MOMENTS | more) if more else READING


def has_age(word: str) -> str:
    """Return the condition that a listing has an age of a view: as old, and surely less old than it says."""
    least, below = bounds_of_age(word)
    told = [is_old(least)] if least else []
    return " AND ".join([*told, f"NOT {MAYBE_EARLIER} AND NOT {is_old(below)}"] if below else told)


def may_have_age(word: str) -> str:
    """Return the condition that nobody knows whether a listing has an age: it was held when it was first seen."""
    least, below = bounds_of_age(word)
    last = below or least or timedelta()
    return f"{MAYBE_EARLIER} AND NOT {is_old(last)}"


_KEPT = {timedelta(days=days) for days in AGES.values()}

AGE = f"""CASE {
    " ".join(f"WHEN {is_old(timedelta(days=days))} THEN {days}" for days in sorted(AGES.values(), reverse=True))
} ELSE 0 END"""
"""The greatest of the ages, in days, for which a listing has been held."""
