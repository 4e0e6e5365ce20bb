"""The timelines of the simulated store: for every listing the moments at which it changed, and one log of all.

Moments inside are whole seconds since 1970, UTC. A listing's moments are only ever appended to, and an entry for a
moment is complete once its day has been lived, so what was answered about a moment never changes.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass

from aexdash.demo.world.listing import NO_EDIT, Edit
from aexdash.model import Status

MINUTE, HOUR, DAY = 60, 3600, 86_400
"""In seconds, as all moments inside are."""


@dataclass(frozen=True, slots=True)
class ListingState:
    """The state of a listing from one of its moments to the next."""

    status: Status
    modified: int
    cause: str | None = None
    rejected_for: str | None = None
    offline_at: int | None = None
    edit: Edit = NO_EDIT


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a listing. `edit` is given when the seller changed it: that moves gmt_modified."""

    at: int
    status: Status
    edit: Edit | None = None
    cause: str | None = None
    rejected_for: str | None = None
    touched: bool = False


class Timelines:
    """All moments of all listings, by ordinal."""

    def __init__(self) -> None:
        self.created: list[int] = []
        self.order: list[tuple[int, int]] = []
        self.log: list[tuple[int, int]] = []
        self._times: list[list[int]] = []
        self._states: list[list[ListingState]] = []

    def born(self, at: int, status: Status, modified: int | None = None) -> int:
        """Add a listing created at that moment in that status and return its ordinal."""
        ordinal = len(self.created)
        self.created.append(at)
        insort(self.order, (at, ordinal))
        insort(self.log, (at, ordinal))
        self._times.append([at])
        self._states.append([ListingState(status, at if modified is None else modified)])
        return ordinal

    def happen(self, ordinal: int, steps: Iterable[Step]) -> None:
        """Append the steps, in the order of their moments, to the listing's timeline."""
        for step in steps:
            before = self._states[ordinal][-1]
            moved = step.touched or step.edit is not None or step.status is Status.OFFLINE
            state = ListingState(
                status=step.status,
                modified=step.at if moved else before.modified,
                cause=step.cause,
                rejected_for=step.rejected_for,
                offline_at=step.at if step.status is Status.OFFLINE else None,
                edit=before.edit if step.edit is None else step.edit,
            )
            self._times[ordinal].append(step.at)
            self._states[ordinal].append(state)
            insort(self.log, (step.at, ordinal))

    def last(self, ordinal: int) -> ListingState:
        """Return the state the listing's timeline ends in so far."""
        return self._states[ordinal][-1]

    def at(self, ordinal: int, moment: int) -> ListingState | None:
        """Return the listing's state at the moment; None before it was created."""
        position = bisect_right(self._times[ordinal], moment)
        return self._states[ordinal][position - 1] if position else None

    def index(self, moment: int) -> int:
        """Return how many steps of the whole store lie at or before the moment: equal indexes, equal stores."""
        return bisect_right(self.log, (moment, len(self.created)))

    def changed(self, index: int, other: int) -> set[int]:
        """Return the listings that changed, or were created, between two indexes."""
        return {ordinal for _, ordinal in self.log[min(index, other) : max(index, other)]}

    def moments(self, ordinal: int) -> list[tuple[int, ListingState]]:
        """Return the listing's timeline so far."""
        return list(zip(self._times[ordinal], self._states[ordinal], strict=True))
