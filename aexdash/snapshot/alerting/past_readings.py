"""When a store was read in its past, as its rules saw it: from the runs that are kept, else from its coverage.

Complete runs without changes are deleted after a month. Of that time coverage says that no two readings were further
apart than the tolerance of the store, and when the last one was before a gap; that is all that a back-test may use.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from aexdash.clock import TICK, from_text, from_text_or_none, to_text
from aexdash.snapshot.alerting.facts import SyncHealth

RUNS = """
SELECT finished_at, outcome = 'complete', as_of, changes FROM sync_run
WHERE store_id = ? ORDER BY finished_at, id
"""

COVERAGE = "SELECT from_at, to_at, until_at FROM coverage WHERE store_id = ? ORDER BY from_at"

ADDED = "SELECT added_at FROM store WHERE id = ?"

ENDLESS = "9999"
"""A text that sorts after every stored moment."""


class Run(NamedTuple):
    """A sync run: when it ended by the clock, and the moment that it read; None for a failed one."""

    finished: str
    complete: bool
    as_of: str | None
    changes: int


class Spell(NamedTuple):
    """A stretch of readings, from the first to the last one and up to when that one speaks for the store."""

    start: str
    last: str
    until: str

    @property
    def tolerance(self) -> timedelta:
        """How far two of its readings were apart at most."""
        return from_text(self.until) - from_text(self.last)


@dataclass(frozen=True)
class PastReadings:
    """The readings of one store up to the present; moments are texts of the snapshot.

    `whole_since`: from then on every run is kept. Before it only those that found something new are certain to be.
    """

    runs: Sequence[Run]
    spells: Sequence[Spell]
    whole_since: str
    added_at: datetime | None

    @cached_property
    def _finished(self) -> list[str]:
        return [run.finished for run in self.runs]

    @cached_property
    def _starts(self) -> list[str]:
        return [spell.start for spell in self.spells]

    @cached_property
    def _complete(self) -> list[tuple[str, Run]]:
        """The complete runs with their moments, in order of these."""
        return sorted((run.as_of, run) for run in self.runs if run.complete and run.as_of)

    @cached_property
    def _moments(self) -> list[str]:
        return [at for at, _ in self._complete]

    @cached_property
    def _since_complete(self) -> list[tuple[Run | None, int]]:
        """After each run: the last complete one, and how many partial or failed ones have ended since."""
        found: list[tuple[Run | None, int]] = []
        last, failed = None, 0
        for run in self.runs:
            last, failed = (run, 0) if run.complete else (last, failed + 1)
            found.append((last, failed))
        return found

    def health(self, moment: datetime) -> SyncHealth:
        """Return how well the store was read at a moment, without token and budget, of which no past is kept."""
        at = to_text(moment)
        count = bisect_right(self._finished, at)
        run, failed = self._since_complete[count - 1] if count else (None, 0)
        spell = self._spell(at)
        known = (run.as_of if run else None) or ""
        if at < self.whole_since and spell and known < min(spell.last, at):
            return self._from_coverage(spell, known, at, failed)
        finished = run.finished if run and run.finished != run.as_of else None
        return SyncHealth(
            from_text_or_none(known or None),
            unsuccessful_runs=failed,
            finished_at=from_text_or_none(finished),
            added_at=self.added_at,
        )

    def _from_coverage(self, spell: Spell, known: str, at: str, failed: int) -> SyncHealth:
        """Return what coverage says where runs were deleted: after a spell, exactly when its last reading was."""
        if at > spell.last:
            return SyncHealth(from_text(spell.last), unsuccessful_runs=failed, added_at=self.added_at)
        least = max(from_text(at) - spell.tolerance, from_text(max(spell.start, known)))
        return SyncHealth(least, unsuccessful_runs=failed, added_at=self.added_at, or_later=True)

    def next_reading(self, moment: datetime) -> datetime | None:
        """Return the first complete reading at or after a moment, at which rules were asked; None: none so far.

        Where runs were deleted it is the moment itself: a reading followed within the tolerance of the store.
        """
        at = to_text(moment)
        index = bisect_left(self._moments, at)
        kept = self._moments[index] if index < len(self._moments) else None
        if at >= self.whole_since:
            return from_text_or_none(kept)
        spell, health = self._spell(at), self._last_run(at)
        if spell and at <= spell.last and (health is None or health.complete):
            return moment
        index = bisect_right(self._starts, at)
        begins = self._starts[index] if index < len(self._starts) else None
        return from_text_or_none(min((one for one in (kept, begins) if one), default=None))

    def after(self, moment: datetime, count: int) -> list[datetime]:
        """Return the next complete readings after a moment, at most `count`."""
        index = bisect_right(self._moments, to_text(moment))
        return [from_text(at) for at in self._moments[index : index + count]]

    def changed(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the readings that wrote listings, after `start` and up to `end`, in order."""
        first, last = to_text(start), to_text(end)
        found = [run.as_of for run in self.runs if run.changes and run.as_of and first < run.as_of <= last]
        return [from_text(at) for at in found]

    def turns(self, start: datetime, end: datetime, quiet: timedelta) -> list[datetime]:
        """Return the ends of runs at which missing data may begin or end, after `start` and up to `end`, in order.

        Left out are complete runs among complete ones that are no further apart than `quiet`.
        """
        first, last = to_text(start), to_text(end)
        return [from_text(at) for at in self._turns(quiet) if first < at <= last]

    def _turns(self, quiet: timedelta) -> Iterator[str]:
        """Yield the ends of runs beside a long pause or a run that was not complete, and the edges of spells."""
        apart = quiet.total_seconds()
        before: Run | None = None
        for run, after in pairwise([*self.runs, Run(ENDLESS, False, None, 0)]):
            alone = before is None or not (before.complete and run.complete and after.complete)
            if alone or _seconds(before, run) > apart or _seconds(run, after) > apart:
                yield run.finished
            before = run
        for spell in self.spells:
            yield spell.start
            yield spell.last

    def gaps(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the moments from which on no reading speaks for the store, after `start` and up to `end`."""
        ends = [from_text(spell.until) + TICK for spell in self.spells]
        return [at for at in ends if start < at <= end]

    def covers(self, at: str) -> bool:
        """Say whether a reading speaks for a moment."""
        spell = self._spell(at)
        return spell is not None and at <= spell.until

    def _spell(self, at: str) -> Spell | None:
        count = bisect_right(self._starts, at)
        return self.spells[count - 1] if count else None

    def _last_run(self, at: str) -> Run | None:
        count = bisect_right(self._finished, at)
        return self.runs[count - 1] if count else None


def _seconds(before: Run | None, after: Run) -> float:
    if before is None:
        return 0.0
    return (from_text(after.finished) - from_text(before.finished)).total_seconds()
