"""When a store is read next: a pure rule, so that the worker has nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from aexdash.model import Outcome

Kind = Literal["pulse", "sweep"]

LONGEST_BACK_OFF = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments of the next pulse and the next sweep, and how many runs have failed in a row."""

    next_pulse_at: datetime
    next_sweep_at: datetime
    failures: int = 0

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
        """Go on where the last worker stopped; a store never swept is swept at once."""
        return cls(
            next_pulse_at=max(now, last_pulse_at + pulse) if last_pulse_at else now,
            next_sweep_at=max(now, last_sweep_at + sweep) if last_sweep_at else now,
        )

    def due(self, now: datetime) -> Kind | None:
        """What to run now; a sweep includes the pulse."""
        if now >= self.next_sweep_at:
            return "sweep"
        return "pulse" if now >= self.next_pulse_at else None

    def next_at(self) -> datetime:
        """When something is due next."""
        return min(self.next_pulse_at, self.next_sweep_at)

    def after(
        self,
        kind: Kind,
        outcome: Outcome,
        now: datetime,
        *,
        pulse: timedelta,
        sweep: timedelta,
        banned_until: datetime | None = None,
    ) -> Schedule:
        """The schedule after a run ended at `now`.

        A failed run backs off: twice the pause after each failure in a row, at most a quarter of an hour, so that an
        outage is neither hammered nor slept through. A ban is waited for to the second that the platform named.
        """
        if outcome is Outcome.FAILED:
            failures = self.failures + 1
            pause = banned_until or now + min(pulse * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF)
            return Schedule(pause, max(pause, self.next_sweep_at), failures)
        pulse_at = max(now + pulse, banned_until or now)
        if kind == "sweep":
            return Schedule(pulse_at, now + sweep)
        return Schedule(pulse_at, self.next_sweep_at)

    def asked_for(self, kind: Kind, now: datetime) -> Schedule:
        """Somebody pressed *sync now*; a ban still holds, because the limiter refuses the call."""
        return replace(self, next_sweep_at=now) if kind == "sweep" else replace(self, next_pulse_at=now)
