"""Since when a listing has been held, when its store was last read, and how old that makes it, in SQL.

Ages, and the times after which something counts as left alone, end with the last reading of the store: time that passes
without one makes nothing older. The aliases are those of `aexdash.snapshot.worklist.filters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aexdash.address_words import bounds_of_age
from aexdash.snapshot.history import readings
from aexdash.view import AGES

SINCE = "coalesce(p.held_since, p.started_at)"
"""Since when a listing has been held without a break; of one that is not held, since when it has its status."""

AFTER = "iif(p.held_since IS NULL, p.started_after, p.held_after)"
"""The last reading before `SINCE`; null: there was none."""

MAYBE_EARLIER = readings.began_unseen("p.store_id", AFTER, SINCE)
"""Whether `SINCE` is when we first looked, or looked again, so that it may have been so for longer."""

STATUS_MAYBE_EARLIER = readings.began_unseen("p.store_id", "p.started_after", "p.started_at")
"""The same of the present status."""

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


def _column(age: timedelta) -> str:
    return f"from_{age // timedelta(seconds=1)}_seconds"


def reading_of(*words: str) -> str:
    """Return `READING` with the moments before which something began that has lasted for a time nobody is offered."""
    ages = {one for word in words for one in bounds_of_age(word) if one and one not in _KEPT}
    spans = {_column(age): f"'{age // timedelta(seconds=1)} seconds'" for age in ages}
    more = {name: _before(readings.READ_AT, span) for name, span in spans.items()}
    return _reading(_MOMENTS | more) if more else READING


_KEPT = {timedelta(days=days) for days in AGES.values()}


@dataclass(frozen=True, slots=True)
class Lasting:
    """What has lasted for some time, in SQL: it `began` with the first reading that showed it.

    `after` is the last reading before that, which did not show it; null where there was none. Between the two nobody
    knows since when it has been so, however long nobody read.
    """

    began: str
    after: str

    def is_old(self, age: timedelta, since: str = "") -> str:
        """Return the condition that it had lasted at least so long when the store was last read.

        `since` is another beginning than the first reading that showed it. An age that nobody is offered needs the
        join of `reading_of`.
        """
        since = since or self.began
        modifier = f"'{age // timedelta(seconds=1)} seconds'"
        then = f"reading.from_{age.days}" if age in _KEPT else f"reading.{_column(age)}"
        moved_since = f"p.started_at > coalesce(reading.read_at, '') AND {since} <= {_before('p.started_at', modifier)}"
        return f"({since} <= {then} OR ({moved_since}))"

    def may_be_old(self, age: timedelta) -> str:
        """Return the condition that it may have lasted so long: it surely had, or nobody saw that it had not begun."""
        return self.is_old(age, f"coalesce({self.after}, '')")

    def has(self, word: str) -> str:
        """Return the condition of an age of a view: it has surely lasted as long, and surely less long, as it says."""
        least, below = bounds_of_age(word)
        told = [self.is_old(least)] if least else []
        return " AND ".join([*told, f"NOT {self.may_be_old(below)}"] if below else told)

    def may_have(self, word: str) -> str:
        """Return the condition that it has an age of a view, or that nobody knows whether it has."""
        least, below = bounds_of_age(word)
        may = [self.may_be_old(least)] if least else []
        return " AND ".join([*may, f"NOT {self.is_old(below)}"] if below else may)

    @property
    def face(self) -> str:
        """The greatest of the offered ages, in days, that it has surely lasted."""
        ages = sorted(AGES.values(), reverse=True)
        return f"CASE {' '.join(f'WHEN {self.is_old(timedelta(days=days))} THEN {days}' for days in ages)} ELSE 0 END"


HELD_FOR = Lasting(SINCE, AFTER)
"""How long a listing has been held without a break; of one that is not held, how long it has its status."""

IN_STATUS = Lasting("p.started_at", "p.started_after")
"""How long a listing has its present status, which a resubmission and a verdict begin anew."""
