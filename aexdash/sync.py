"""What to ask the platform next, asking it, and recording the answer.

One run reads walks (a *pulse* the held statuses, a *sweep* every status), looks up by id what is missing from them, and records
all of it in one transaction. Then it gathers evidence on what is held, in small steps that a killed process can take up again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import numpy
from sqlite_utils import Database

from aexdash import evidence
from aexdash.aliexpress.errors import PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import PlatformCounts, Seller
from aexdash.clock import Clock
from aexdash.model import HELD, TAKEN_DOWN_CAUSES, Observation, Outcome, Page, PlatformSignal, Status, WalkReport
from aexdash.reasons import Taxonomy
from aexdash.snapshot import record, state
from aexdash.snapshot.record import Missing, RunResult
from aexdash.snapshot.staging import Staging

Kind = Literal["pulse", "sweep"]

MAX_ATTEMPTS = 3
"""A walk whose total moves or whose pages repeat is read again, so many times in all."""

SWEEP_INSTEAD = 40
"""So many leavers at once are cheaper to find by walking the other statuses than by one look-up each."""

LOOK_UPS_PER_RUN = 400
"""The rest stays open, the run is partial, and the next run goes on."""


class Progress(Protocol):
    """Hears how far a run has come; a progress bar, or nobody."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """A page of the walk of `status` was read."""

    def evidence(self, done: int, total: int) -> None:
        """Evidence was gathered on `done` of `total` listings and pictures."""

    def calls(self, count: int) -> None:
        """So many calls were made so far."""


class Quiet:
    """A progress that nobody watches."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Say nothing."""

    def evidence(self, done: int, total: int) -> None:
        """Say nothing."""

    def calls(self, count: int) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a run came to. Counts are those of the snapshot after it; None where it has none to show."""

    outcome: Outcome
    kind: Kind
    message: str
    error_kind: str | None = None
    as_of: datetime | None = None
    held: int | None = None
    rejected: int | None = None
    auditing: int | None = None
    active: int | None = None
    total: int | None = None
    calls: int = 0
    changes: int = 0
    banned_until: datetime | None = None
    evidence_left: bool = False


@dataclass(slots=True)
class _Reading:
    """What the walks and look-ups of one run told, beside what is staged."""

    reports: list[WalkReport] = field(default_factory=list)
    signals: dict[int, tuple[PlatformSignal, ...]] = field(default_factory=dict)
    unresolved: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        whole = all(report.complete for report in self.reports) and not self.unresolved
        return Outcome.COMPLETE if whole else Outcome.PARTIAL

    @property
    def message(self) -> str:
        incomplete = [f"{report.status}: {report.note}" for report in self.reports if not report.complete]
        return " ".join(self.notes + incomplete)

    def hear(self, observation: Observation) -> None:
        """Keep the platform's words on a listing that is held or was taken down."""
        self.signals[observation.product_id] = _signals(observation)


def sync_store(
    seller: Seller,
    db: Database,
    store_id: int,
    kind: Kind,
    *,
    clock: Clock,
    taxonomy: Taxonomy,
    pictures_dir: Path,
    progress: Progress | None = None,
    limits: evidence.Limits = evidence.Limits(),
) -> SyncResult:
    """Run one sync of a store and record it; a platform error ends as a failed run, never as an exception.

    Args:
        limits: how much evidence this run may gather; what is left is taken up by the next.

    Raises:
        SnapshotError: the snapshot cannot be written (full or read-only disk); it is as it was before.
    """
    progress = progress or Quiet()
    started_at, calls_before = clock(), seller.calls
    staging = Staging(db, store_id)
    try:
        reading = _read(seller, staging, kind, clock, progress)
        counts = _platform_counts(seller)
    except PlatformError as error:
        return _failed(db, store_id, kind, started_at, clock(), seller.calls - calls_before, error)
    if counts and counts.seller_id:
        record.name_seller(db, store_id, counts.seller_id)
    run = record.record_run(
        db,
        staging,
        kind=kind,
        started_at=started_at,
        finished_at=clock(),
        outcome=reading.outcome,
        calls=seller.calls - calls_before,
        message=reading.message,
        unresolved=reading.unresolved,
        platform_auditing=counts.auditing if counts else None,
        platform_active=counts.active if counts else None,
    )
    evidence.record_signals(db, store_id, reading.signals, taxonomy, run.as_of)
    gathered = evidence.gather(
        seller, db, store_id, clock=clock, pictures_dir=pictures_dir, progress=progress, limits=limits
    )
    progress.calls(seller.calls - calls_before)
    return _result(db, store_id, kind, reading, run, seller.calls - calls_before, gathered)


def _read(seller: Seller, staging: Staging, kind: Kind, clock: Clock, progress: Progress) -> _Reading:
    """Walk what the kind of run asks for, then account for every listing that no walk showed."""
    reading = _Reading()
    statuses = HELD if kind == "pulse" else seller.statuses
    for status in statuses:
        reading.reports.append(_walk(seller, staging, status, clock, reading, progress))
    if kind == "pulse" and staging.missing_count() > SWEEP_INSTEAD:
        reading.notes.append("Many listings left at once, so every status was read.")
        for status in seller.statuses:
            if status not in HELD:
                reading.reports.append(_walk(seller, staging, status, clock, reading, progress))
    _look_up(seller, staging, staging.missing(), reading)
    return reading


def _walk(
    seller: Seller, staging: Staging, status: Status, clock: Clock, reading: _Reading, progress: Progress
) -> WalkReport:
    """Read all pages of a status, again while they contradict themselves."""
    attempt, note = 0, "not read"
    while note and attempt < MAX_ATTEMPTS:
        attempt += 1
        started_at, tally = clock(), Tally()
        staging.begin_walk(status)
        for page in seller.walk(status):
            tally.add(page)
            staging.add(page.observations)
            for observation in page.observations:
                if observation.signals or observation.cause in TAKEN_DOWN_CAUSES:
                    reading.hear(observation)
            progress.walk(status, tally.seen, page.reported)
            progress.calls(seller.calls)
        note = tally.contradiction()
    report = WalkReport(
        status=status,
        started_at=started_at,
        finished_at=clock(),
        reported=tally.reported,
        seen=tally.distinct,
        pages=tally.pages,
        attempts=attempt,
        complete=not note,
        note=note,
    )
    staging.end_walk(report)
    return report


class Tally:
    """Adds up the pages of one walk and says whether they agree with each other and with the reported total."""

    def __init__(self) -> None:
        self.pages = 0
        self._ids = array("q")  # eight bytes a listing: a walk of a million must not need a set of a million
        self._totals: list[int | None] = []

    def add(self, page: Page) -> None:
        """Count one page."""
        self.pages += 1
        self._ids.extend(observation.product_id for observation in page.observations)
        self._totals.append(page.reported)

    @property
    def seen(self) -> int:
        """Listings shown, repeats counted."""
        return len(self._ids)

    @property
    def distinct(self) -> int:
        """Distinct listings shown."""
        return int(numpy.unique(numpy.frombuffer(self._ids, dtype=numpy.int64)).size) if self._ids else 0

    @property
    def reported(self) -> int | None:
        """The total that the last page claimed."""
        return self._totals[-1] if self._totals else None

    def contradiction(self) -> str:
        """Say in one sentence why the walk is not complete; empty when it is."""
        if not self._totals or None in self._totals:
            return "AliExpress named no total, so it cannot be told whether the list was whole."
        if len(set(self._totals)) > 1:
            return f"The total moved from {self._totals[0]} to {self._totals[-1]} while the pages were read."
        if self.distinct < self.seen:
            return f"{self.seen - self.distinct} of {self.seen} listings were shown twice while the pages were read."
        if self.seen != self.reported:
            return f"AliExpress reported {self.reported} listings and showed {self.seen}."
        return ""


def _look_up(seller: Seller, staging: Staging, missing: Iterable[Missing], reading: _Reading) -> None:
    """Ask for each missing listing by id; one that is still where its walk did not show it makes that walk incomplete."""
    for position, lost in enumerate(missing):
        if position >= LOOK_UPS_PER_RUN:
            reading.unresolved += 1
            continue
        try:
            found = seller.look_up(lost.product_id)
        except (PermissionDenied, Throttled):
            raise
        except PlatformError as error:
            reading.unresolved += 1
            if reading.unresolved == 1:
                reading.notes.append(f"Listing {lost.product_id} could not be looked up: {error}")
            continue
        staging.add_look_up(found)
        reading.hear(found)
        if found.status is lost.status:
            _demote(staging, reading, lost.status)
    if reading.unresolved > 1:
        reading.notes.append(
            f"{reading.unresolved} missing listings are not accounted for yet and stay where they were."
        )


def _demote(staging: Staging, reading: _Reading, status: Status) -> None:
    """Mark a walk as incomplete that left out a listing which the platform, asked by id, still has in that status."""
    note = "AliExpress left listings out of its list that it still has in this status."
    for index, report in enumerate(reading.reports):
        if report.status is status and report.complete:
            reading.reports[index] = staging.demote_walk(status, note)


def _signals(observation: Observation) -> tuple[PlatformSignal, ...]:
    """The platform's words on a listing: those it sent, and the cause for which it took the listing down."""
    if observation.status is Status.OFFLINE and observation.cause in TAKEN_DOWN_CAUSES:
        return (*observation.signals, PlatformSignal("ws_display", observation.cause))
    return observation.signals


def _platform_counts(seller: Seller) -> PlatformCounts | None:
    """The platform's own counts, where this account may ask; a cross-check must never fail a run that was read whole."""
    try:
        return seller.counts()
    except Throttled:
        raise
    except PlatformError:
        return None


def _failed(
    db: Database, store_id: int, kind: Kind, started_at: datetime, now: datetime, calls: int, error: PlatformError
) -> SyncResult:
    record.record_failure(
        db,
        store_id,
        kind=kind,
        started_at=started_at,
        finished_at=now,
        error_kind=error.kind,
        message=str(error),
        calls=calls,
    )
    until = error.until if isinstance(error, Throttled) else None
    return SyncResult(Outcome.FAILED, kind, str(error), error.kind, calls=calls, banned_until=until)


def _result(
    db: Database,
    store_id: int,
    kind: Kind,
    reading: _Reading,
    run: RunResult,
    calls: int,
    gathered: evidence.Gathered,
) -> SyncResult:
    counts = run.counts
    rejected, auditing = counts.get(Status.REJECTED, 0), counts.get(Status.AUDITING, 0)
    known = state.held_is_known(db, store_id)
    return SyncResult(
        outcome=reading.outcome,
        kind=kind,
        message=" ".join(part for part in (reading.message, gathered.message) if part),
        as_of=run.as_of,
        held=rejected + auditing if known else None,
        rejected=rejected if known else None,
        auditing=auditing if known else None,
        active=counts.get(Status.ACTIVE, 0),
        total=sum(count for status, count in counts.items() if status is not Status.DELETED),
        calls=calls,
        changes=run.changes,
        banned_until=gathered.banned_until,
        evidence_left=gathered.left,
    )
