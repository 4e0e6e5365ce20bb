"""From a number that somebody read in Seller Center to ours, where no ids can be compared.

A number proves nothing: the first explanation that would make the sums meet is said, and that it only would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import to_text
from aexdash.model import HELD, Status
from aexdash.reconcile.explain import FEWEST
from aexdash.reconcile.model import Bridge, Step, Why

AROUND_ALL = (Status.OFFLINE, Status.ACTIVE)
"""Statuses that a list may show beside those it was said to show."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What we counted at the moment, and around it.

    `by_store` and `by_category` are of the compared statuses, `others` of every status. `before` are the numbers of the
    day before, the latest first, and `after` those of the day after, each with the moment from which it held.
    `variants` None: not known. `next_reading_tells`: none was made since, and ours was overdue when theirs was read.
    """

    ours: int
    by_store: Mapping[str, int]
    by_category: Mapping[int, int]
    others: Mapping[Status, int]
    before: Sequence[tuple[datetime, int]]
    after: Sequence[tuple[datetime, int]]
    variants: int | None
    next_reading_tells: bool


def bridge(listed: tuple[Status, ...], theirs: int, counted: Counted) -> Bridge:
    """Return the way from their number to ours: no step where they are the same, else one that makes up for all."""
    if theirs == counted.ours:
        return Bridge(listed, theirs, counted.ours)
    delta = counted.ours - theirs
    would = (*_would_explain(listed, theirs, counted), *_waits(counted), (Why.UNEXPLAINED, ""))
    why, detail = would[0]
    return Bridge(listed, theirs, counted.ours, (Step(why, False, abs(delta), delta, detail),))


def _would_explain(listed: Sequence[Status], theirs: int, counted: Counted) -> Iterator[tuple[Why, str]]:
    missing = counted.ours - theirs
    for store, many in counted.by_store.items():
        if len(counted.by_store) > 1 and many == missing:
            yield Why.SCOPE, f"store {store}"
    for status in AROUND_ALL:
        if status not in listed and counted.others.get(status) == -missing:
            yield Why.SCOPE, f"status {status}"
    for category, many in counted.by_category.items():
        if many == missing >= FEWEST:
            yield Why.SCOPE, f"category {category}"
    for since, many in counted.before:
        if many == theirs:
            yield Why.MOVED, f"since {to_text(since)}"
    for since, many in counted.after:
        if many == theirs:
            yield Why.NEWER, f"since {to_text(since)}"
    held = [status for status in HELD if counted.others.get(status)]
    apart = [status for status in held if status in listed and counted.others[status] == missing]
    together = [status for status in held if status not in listed and counted.others[status] == -missing]
    if set(listed) & set(HELD) and (apart or together):
        yield Why.GROUPING, f"status {(apart or together)[0]}"
    if counted.variants == theirs:
        yield Why.VARIANT, ""


def _waits(counted: Counted) -> list[tuple[Why, str]]:
    return [(Why.NEWER, "")] if counted.next_reading_tells else []
