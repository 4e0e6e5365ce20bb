"""When a store is synced next: pure functions of the last runs, without clock or file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from aexdash.clock import CLOCK_TOLERANCE
from aexdash.model import Outcome

RunKind = Literal["pulse", "sweep"]
"""A pulse reads the held statuses, a sweep every status."""

LONGEST_BACK_OFF = timedelta(minutes=15)
"""The longest pause after failed runs."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments of the next pulse and the next sweep, and how many runs have failed in a row.

    `planned_at` is when they were planned; None where that is not known.
    """

    next_pulse_at: datetime
    next_sweep_at: datetime
    failures: int = 0
    planned_at: datetime | None = field(default=None, compare=False)

    @classmethod
    def starting(
        cls,
        now: datetime,
        *,
        last_pulse_at: datetime | None,
        last_sweep_at: datetime | None,
        pulse: timedelta,
        sweep: timedelta,
    ) -> Schedule:
        """Return the schedule of a worker that starts at `now`.

        It goes on from the last runs of an earlier worker; a store that was never swept is swept at once. `pulse` and
        `sweep` are the pauses between runs.
        """
        return cls(
            next_pulse_at=max(now, min(now, last_pulse_at) + pulse) if last_pulse_at else now,
            next_sweep_at=max(now, min(now, last_sweep_at) + sweep) if last_sweep_at else now,
            planned_at=now,
        )

    def due(self, now: datetime) -> RunKind | None:
        """Return what to run now, None for nothing; a sweep includes the pulse.

        Where the clock was put back, the plan is not waited for: it was made by a clock that was ahead.
        """
        if self.planned_at is not None and now < self.planned_at - CLOCK_TOLERANCE:
            return "pulse"
        if now >= self.next_sweep_at:
            return "sweep"
        return "pulse" if now >= self.next_pulse_at else None

    def next_at(self) -> datetime:
        """Return the moment of the next run."""
        return min(self.next_pulse_at, self.next_sweep_at)

    def after(
        self,
        kind: RunKind,
        outcome: Outcome,
        now: datetime,
        *,
        pulse: timedelta,
        sweep: timedelta,
        banned_until: datetime | None = None,
    ) -> Schedule:
        """Return the schedule after a run that ended at `now`.

        After each failed run in a row the pause doubles, up to a quarter of an hour. After a ban nothing runs before
        `banned_until`, the moment that the platform named.
        """
        if outcome is Outcome.FAILED:
            failures = self.failures + 1
            pause = banned_until or now + min(pulse * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF)
            return Schedule(pause, max(pause, self.next_sweep_at), failures, now)
        pulse_at = max(now + pulse, banned_until or now)
        if kind == "sweep":
            return Schedule(pulse_at, now + sweep, planned_at=now)
        # A sweep that lies further ahead than its pause was planned by a clock that was ahead.
        return Schedule(pulse_at, min(self.next_sweep_at, max(now, banned_until or now) + sweep), planned_at=now)

    def asked_for(self, kind: RunKind, now: datetime) -> Schedule:
        """Return the schedule after somebody pressed *sync now*; during a ban the limiter still refuses the calls."""
        return replace(self, next_sweep_at=now) if kind == "sweep" else replace(self, next_pulse_at=now)
