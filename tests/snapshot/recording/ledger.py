"""What a snapshot has to say, worked out the slow and obvious way: every moment's statuses are kept whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aexdash.model import HELD, Status

CAUSES = (None, "violate_offline", "expire_offline")

Place = tuple[Status, str | None]


@dataclass
class Walk:
    """A walk of a run: the listings that each attempt showed, with the cause for offline ones."""

    status: Status
    attempts: list[dict[int, str | None]]
    complete: bool
    started_at: datetime

    def found(self) -> dict[int, Place]:
        """What counts: the last attempt of a complete walk, all attempts of another."""
        counting = self.attempts[-1:] if self.complete else self.attempts
        return {one: (self.status, cause) for attempt in counting for one, cause in attempt.items()}


@dataclass
class Period:
    """A period as the ledger has it."""

    status: Status
    cause: str | None
    kind: str | None
    attempt: int
    came_from: Status | None
    started_after: datetime | None
    started_at: datetime
    known_until: datetime
    missing: bool = False
    ended_after: datetime | None = None
    ended_at: datetime | None = None
    ended_to: Status | None = None


@dataclass
class Ledger:
    """The periods of every listing, and at which moments something was read."""

    periods: dict[int, list[Period]] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)
    complete: dict[Status, datetime] = field(default_factory=dict)
    covered: list[datetime] = field(default_factory=list)

    def record(self, walks: list[Walk], look_ups: dict[int, Place], finished_at: datetime) -> int:
        """Take in a run; return the number of periods written."""
        as_of = max(finished_at, self.moments[-1] + timedelta(milliseconds=1)) if self.moments else finished_at
        found = {one: place for walk in walks for one, place in walk.found().items()} | look_ups
        complete = {walk.status: walk.started_at for walk in walks if walk.complete}
        written = sum(self._miss(one, complete) for one in self.periods if one not in found)
        written += sum(self._show(one, place, as_of, complete) for one, place in found.items())
        self.moments.append(as_of)
        self.complete |= complete
        if complete.keys() >= set(HELD):
            self.covered.append(as_of)
        return written

    def open(self, one: int) -> Period | None:
        periods = self.periods.get(one)
        return periods[-1] if periods else None

    def _miss(self, one: int, complete: dict[Status, datetime]) -> int:
        period = self.periods[one][-1]
        newly = period.status in complete and not period.missing
        period.missing |= newly
        return int(newly)

    def _show(self, one: int, place: Place, as_of: datetime, complete: dict[Status, datetime]) -> int:
        """Take in where a listing was shown.

        One that is back where it was missed had been there all along, so also during the last complete walk.
        """
        status, cause = place
        old = self.open(one)
        if old is None and status is Status.DELETED:
            return 0
        if old and old.status is status and not (status is Status.OFFLINE and cause not in (None, old.cause)):
            back, old.missing = old.missing, False
            before = self.complete[status] if back else old.known_until
            old.known_until = complete.get(status, before)
            return int(back)
        if old:
            old.ended_after, old.ended_at, old.ended_to = min(old.known_until, as_of), as_of, status
        since = [moment for moment in (self.complete.get(status), old.known_until if old else None) if moment]
        self.periods.setdefault(one, []).append(
            Period(
                status=status,
                cause=cause,
                kind=self._kind(old) if status is Status.AUDITING else None,
                attempt=(old.attempt if old else 0) + (status is Status.REJECTED),
                came_from=old.status if old else None,
                started_after=min(max(since), as_of) if since else None,
                started_at=as_of,
                known_until=complete.get(status, as_of),
            )
        )
        return 2 if old else 1

    def _kind(self, old: Period | None) -> str:
        if old is None:
            return "first_review" if self.complete.keys() >= set(HELD) else "unknown"
        before = old.came_from if old.status is Status.DELETED else old.status
        kinds = {Status.REJECTED: "resubmitted", Status.ACTIVE: "re_review", Status.OFFLINE: "re_review"}
        return kinds.get(before, "unknown") if before else "unknown"

    def statuses(self, at: datetime) -> dict[int, Status]:
        """Where each listing stood at a moment."""
        return {
            one: period.status
            for one, periods in self.periods.items()
            for period in periods
            if period.started_at <= at and (period.ended_at is None or period.ended_at > at)
        }

    def counts(self, at: datetime) -> Counter[Status]:
        return Counter(self.statuses(at).values())

    def held(self, at: datetime) -> set[int]:
        return {one for one, status in self.statuses(at).items() if status in HELD}

    def held_since(self, at: datetime) -> datetime | None:
        """Go back from a moment as long as something was held."""
        since = None
        for moment in reversed([moment for moment in self.moments if moment <= at]):
            if not self.held(moment):
                break
            since = moment
        return since
