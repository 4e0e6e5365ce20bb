"""What to ask the platform next, asking it, and recording the answer.

One run reads walks (a *pulse* the held statuses, a *sweep* every status), looks up by id what is missing from them,
and records all of it in one transaction. Then it gathers evidence on what is held, in small steps that a killed
process can take up again.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

import numpy
from sqlite_utils import Database

from aexdash.aliexpress.errors import PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import PlatformCounts, Seller
from aexdash.cards.recording import record_cards
from aexdash.clock import Clock
from aexdash.model import HELD, TAKEN_DOWN_CAUSES, Observation, Outcome, Page, PlatformSignal, Status, WalkReport
from aexdash.snapshot import health
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.readmodels import Hero
from aexdash.snapshot.recording import record
from aexdash.snapshot.recording.record import RunResult
from aexdash.snapshot.recording.staging import Staging
from aexdash.storage.errors import StorageError
from aexdash.sync.annotations import apply
from aexdash.sync.gathering import Gathered, Gathering, record_signals
from aexdash.sync.kit import SyncKit
from aexdash.sync.orders import gather_orders

Kind = Literal["pulse", "sweep"]

MAX_ATTEMPTS = 3
"""Times a walk is read in all, when its total moves or its pages repeat."""

SWEEP_INSTEAD = 40
"""So many leavers at once are cheaper to find by walking the other statuses than by one look-up each."""

LOOK_UPS_PER_RUN = 400
"""The rest stays open, the run is partial, and the next run goes on."""

LEFT_OUT = "AliExpress left listings out of this list that it still has in this status."


class Progress(Protocol):
    """Is told how far a run has come: a progress bar, or `Quiet`."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """A page of the walk of `status` was read."""

    def evidence(self, done: int, total: int) -> None:
        """Evidence was gathered on `done` of `total` listings and pictures."""

    def calls(self, count: int) -> None:
        """`count` calls were made so far."""


class Quiet:
    """A progress that shows nothing."""

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
    left_at_risk: bool = False


def sync_store(
    seller: Seller,
    db: Database,
    store_id: int,
    kind: Kind,
    kit: SyncKit,
    *,
    clock: Clock,
    progress: Progress | None = None,
) -> SyncResult:
    """Run one sync of a store and record it; a platform error ends as a failed run, never as an exception.

    The kit says how much evidence this run may gather; what is left is taken up by the next. The platform's quality
    diagnosis is asked for by sweeps alone, and they begin the reading of orders.

    Raises:
        StorageError: the snapshot cannot be written (full or read-only disk); it is as it was before.
    """
    progress = progress or Quiet()
    run = _Run(seller, Staging(db, store_id), clock, progress, started_at=clock(), calls_before=seller.calls)
    try:
        run.read(kind)
        counts = _platform_counts(seller)
    except PlatformError as error:
        return _failed(db, store_id, kind, run, error)
    if counts and counts.seller_id:
        record.name_seller(db, store_id, counts.seller_id)
    recorded = record.record_run(
        db,
        run.staging,
        kind=kind,
        started_at=run.started_at,
        finished_at=clock(),
        outcome=run.outcome,
        calls=run.calls,
        message=run.message,
        unresolved=run.unresolved,
        platform_auditing=counts.auditing if counts else None,
        platform_active=counts.active if counts else None,
    )
    record_signals(db, run.staging, run.signals, kit.taxonomy, recorded.as_of, untold=run.untold)
    gathering = Gathering(seller, db, store_id, clock, kit if kind == "sweep" else _without_diagnosis(kit), progress)
    gathering.gathered.problems += _annotate(db, store_id, kit, clock())
    gathered = gathering.run(compare=kind == "sweep" or recorded.changes > 0)
    if gathered.banned_until is None:
        orders = gather_orders(seller, db, store_id, kit.orders, begin=kind == "sweep", clock=clock)
        gathered.problems += [orders.problem] if orders.problem else []
        gathered.banned_until = orders.banned_until
    record_cards(db, store_id, recorded.as_of)
    progress.calls(run.calls)
    return _result(kind, run, recorded, gathered, _shown(db, store_id, clock()))


@dataclass(slots=True)
class _Run:
    """The reading half of a run: what was walked and looked up, and what the platform said beside it."""

    seller: Seller
    staging: Staging
    clock: Clock
    progress: Progress
    started_at: datetime
    calls_before: int
    reports: list[WalkReport] = field(default_factory=list)
    signals: dict[int, tuple[PlatformSignal, ...]] = field(default_factory=dict)
    untold: set[int] = field(default_factory=set)
    unresolved: int = 0
    notes: list[str] = field(default_factory=list)

    def read(self, kind: Kind) -> None:
        """Walk what the kind of run asks for, then account for every listing that no walk showed."""
        others = [status for status in self.seller.statuses if status not in HELD]
        for status in HELD:
            self._walk(status)
        many = self.staging.missing_count() > SWEEP_INSTEAD
        if kind == "pulse" and many:
            self.notes.append("Many listings left at once, so every status was read.")
        if kind == "sweep" or many:
            for status in others:
                self._walk(status)
        self._look_up_missing()

    def _walk(self, status: Status) -> None:
        """Read all pages of a status, again while they contradict themselves."""
        attempt, note = 0, "not read"
        while note and attempt < MAX_ATTEMPTS:
            attempt += 1
            started_at, tally = self.clock(), Tally()
            self.staging.begin_walk(status)
            for page in self.seller.walk(status):
                self._take(page, status, tally)
            note = tally.contradiction()
        report = WalkReport(
            status=status,
            started_at=started_at,
            finished_at=self.clock(),
            reported=tally.reported,
            seen=tally.distinct,
            pages=tally.pages,
            attempts=attempt,
            complete=not note,
            note=note,
        )
        self.staging.end_walk(report)
        self.reports.append(report)

    def _take(self, page: Page, status: Status, tally: Tally) -> None:
        tally.add(page)
        self.staging.add(page.observations)
        for observation in page.observations:
            silent = observation.signals_told and not observation.signals
            if not silent or observation.cause in TAKEN_DOWN_CAUSES or observation.product_id in self.signals:
                self._hear(observation, told=observation.signals_told)
        self.progress.walk(status, tally.seen, page.reported)
        self.progress.calls(self.calls)

    def _look_up_missing(self) -> None:
        """Ask for each missing listing by id, because only the platform's word on where it went may close a period."""
        for position, lost in enumerate(self.staging.missing()):
            if position >= LOOK_UPS_PER_RUN:
                self.unresolved += 1
                continue
            try:
                found = self.seller.look_up(lost.product_id)
            except (PermissionDenied, Throttled):
                raise
            except PlatformError as error:
                self.unresolved += 1
                self.notes.append(f"Listing {lost.product_id} could not be looked up: {error}")
                continue
            self.staging.add_look_up(found)
            self._hear(found, told=False)
            if found.status is lost.status:
                self._demote(lost.status)

    def _demote(self, status: Status) -> None:
        """Mark a walk incomplete that left out a listing which AliExpress, asked by id, still has in that status."""
        for index, report in enumerate(self.reports):
            if report.status is status and report.complete:
                self.reports[index] = replace(report, complete=False, note=LEFT_OUT)
                self.staging.end_walk(self.reports[index])

    def _hear(self, observation: Observation, *, told: bool) -> None:
        """Keep the platform's own words on a listing: those it sent, and the cause for which it took it down.

        Not `told`: that it sent none says nothing.
        """
        signals = observation.signals
        if observation.status is Status.OFFLINE and observation.cause in TAKEN_DOWN_CAUSES:
            signals = (*signals, PlatformSignal("ws_display", observation.cause))
        self.signals[observation.product_id] = signals
        if told or signals:
            self.untold.discard(observation.product_id)
        else:
            self.untold.add(observation.product_id)

    @property
    def calls(self) -> int:
        return self.seller.calls - self.calls_before

    @property
    def outcome(self) -> Outcome:
        whole = all(report.complete for report in self.reports) and not self.unresolved
        return Outcome.COMPLETE if whole else Outcome.PARTIAL

    @property
    def message(self) -> str:
        """What was not whole, in sentences; the first two notes stand for many."""
        incomplete = [f"{report.status}: {report.note}" for report in self.reports if not report.complete]
        shown = self.notes[:2]
        if self.unresolved > 1:
            shown.append(f"{self.unresolved} missing listings are not accounted for yet and stay where they were.")
        return " ".join(shown + incomplete)


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


def _platform_counts(seller: Seller) -> PlatformCounts | None:
    """The platform's own counts, where this account may ask; a cross-check never fails a run that was read whole."""
    try:
        return seller.counts()
    except Throttled:
        raise
    except PlatformError:
        return None


def _annotate(db: Database, store_id: int, kit: SyncKit, now: datetime) -> list[str]:
    """Let stand what people brought from Seller Center; a desk that cannot be read is named and stops no sync."""
    key = _key(db, store_id)
    try:
        kit.annotations.mark(key)
    except StorageError as error:
        return [str(error)]
    apply(db, store_id, key, kit.annotations, kit.recogniser, now)
    return []


def _without_diagnosis(kit: SyncKit) -> SyncKit:
    return replace(kit, limits=replace(kit.limits, diagnosis=0))


def _failed(db: Database, store_id: int, kind: Kind, run: _Run, error: PlatformError) -> SyncResult:
    message = f"{error} {error.advice}".strip()
    record.record_failure(
        db,
        store_id,
        kind=kind,
        started_at=run.started_at,
        finished_at=run.clock(),
        error_kind=error.kind,
        message=message,
        calls=run.calls,
    )
    until = error.until if isinstance(error, Throttled) else None
    return SyncResult(Outcome.FAILED, kind, message, error.kind, calls=run.calls, banned_until=until)


def _shown(db: Database, store_id: int, now: datetime) -> Hero:
    """The counts as the pages show them: None where no complete walk vouches for them."""
    return history.hero(db.conn, _key(db, store_id), None, now)


def _key(db: Database, store_id: int) -> str:
    return next(store.key for store in health.stores(db.conn) if store.id == store_id)


def _result(kind: Kind, run: _Run, recorded: RunResult, gathered: Gathered, shown: Hero) -> SyncResult:
    return SyncResult(
        outcome=run.outcome,
        kind=kind,
        message=" ".join(part for part in (run.message, gathered.message) if part),
        as_of=recorded.as_of,
        held=shown.held,
        rejected=shown.rejected,
        auditing=shown.auditing,
        active=shown.active,
        total=shown.total,
        calls=run.calls,
        changes=recorded.changes,
        banned_until=gathered.banned_until,
        evidence_left=gathered.left,
        left_at_risk=gathered.left_at_risk,
    )
