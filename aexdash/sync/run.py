"""One sync run of a store.

A run walks the held statuses (a *pulse*) or every status (a *sweep*), looks up by id the listings that are missing from
the walks, and records all of it in one transaction. Then it gathers evidence on held listings, in small steps, so that
after a killed process the next run goes on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlite_utils import Database

from aexdash.aliexpress.errors import ClocksDisagree, FilterIgnored, PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.identity import require_seller
from aexdash.aliexpress.listings import PlatformCounts, Seller
from aexdash.cards.recording import record_cards
from aexdash.clock import CLOCK_TOLERANCE, Clock
from aexdash.model import HELD, TAKEN_DOWN_CAUSES, Observation, Outcome, Page, PlatformSignal, Status, WalkReport
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.readmodels import Hero
from aexdash.snapshot.recording import absences, record
from aexdash.snapshot.recording.absences import Absences
from aexdash.snapshot.recording.record import RunResult
from aexdash.snapshot.recording.staging import Missing, Staging
from aexdash.snapshot.stores import key_of, seller_of
from aexdash.storage.errors import StorageError
from aexdash.sync.annotations import apply
from aexdash.sync.believing import CANARIES, Absent, canary, judge, strange_word
from aexdash.sync.gathering import Gathered, Gathering, record_signals
from aexdash.sync.kit import SyncKit
from aexdash.sync.orders import gather_orders
from aexdash.sync.schedule import RunKind
from aexdash.sync.tally import Tally

MAX_ATTEMPTS = 3
"""How often a walk is read at the most, when its total moves or its pages repeat."""

SWEEP_INSTEAD = 40
"""If more listings than this are missing, a pulse walks the other statuses too: cheaper than one look-up for each."""

LOOK_UPS_PER_RUN = 400
"""The most look-ups of one run. If more listings are missing, the run is partial and the next run goes on."""

LEFT_OUT = "AliExpress left listings out of this list that it still has in this status."


class Progress(Protocol):
    """Receives how far a run has come: a progress bar, or `Quiet`."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Called after each page of the walk of `status`; `seen` of `reported` listings were shown so far."""

    def evidence(self, done: int, total: int) -> None:
        """Called after each batch of evidence; `done` of `total` listings or pictures are done."""

    def calls(self, count: int) -> None:
        """Called with the number of calls that the run has made so far."""


class Quiet:
    """A progress that shows nothing."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Show nothing."""

    def evidence(self, done: int, total: int) -> None:
        """Show nothing."""

    def calls(self, count: int) -> None:
        """Show nothing."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The result of a run. Counts are those of the snapshot after it, None where they are not known.

    `calls` counts the calls made, `changes` the rows of listings and periods written. `evidence_left` and
    `left_at_risk`: evidence is left to later runs, of held listings or of those at risk.
    """

    outcome: Outcome
    kind: RunKind
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
    kind: RunKind,
    kit: SyncKit,
    *,
    clock: Clock,
    progress: Progress | None = None,
) -> SyncResult:
    """Run one sync of a store and record it; an error of the platform is recorded as a failed run, not raised.

    `kit` says how much evidence this run may gather; the next run goes on with the rest. Only sweeps ask for the
    platform's quality diagnosis and begin to read orders.

    Raises:
        StorageError: the snapshot cannot be written (full or read-only disk); it is as it was before.
    """
    progress = progress or Quiet()
    run = _Run(seller, Staging(db, store_id), clock, progress, started_at=clock(), calls_before=seller.calls)
    known = seller_of(db.conn, store_id)
    try:
        counts = _require_same_seller(seller, known, key_of(db.conn, store_id))
        run.read(kind)
        counts = counts or _platform_counts(seller)
    except PlatformError as error:
        return _failed(db, store_id, kind, run, error)
    named = (counts and counts.seller_id) or seller.seller_id()
    if known is None and named:
        record.name_seller(db, store_id, named)
    try:
        recorded = record.record_run(
            db,
            run.staging,
            kind=kind,
            started_at=run.started_at,
            finished_at=clock(),
            outcome=run.outcome,
            calls=run.calls,
            tolerance=timedelta(seconds=kit.stale_after(key_of(db.conn, store_id))),
            message=run.message,
            unresolved=run.unaccounted,
            platform_auditing=counts.auditing if counts else None,
            platform_active=counts.active if counts else None,
            absent=run.absences,
            zone=kit.zone,
        )
    except record.CountsDiffer as error:
        return _failed(db, store_id, kind, run, error)
    record_signals(db, run.staging, run.signals, kit.taxonomy, recorded.as_of, unknown=run.signals_unknown)
    gathering = Gathering(seller, db, store_id, clock, kit if kind == "sweep" else _without_diagnosis(kit), progress)
    gathering.gathered.problems += _annotate(db, store_id, kit, clock())
    gathered = gathering.run(compare=kind == "sweep" or recorded.changes > 0)
    if gathered.banned_until is None:
        orders = gather_orders(seller, db, store_id, kit.orders, begin=kind == "sweep", clock=clock)
        gathered.problems += [orders.problem] if orders.problem else []
        gathered.banned_until = orders.banned_until
    record_cards(db, store_id, recorded.as_of, kit.zone)
    progress.calls(run.calls)
    return _result(kind, run, recorded, gathered, _hero(db, store_id, clock()))


@dataclass(slots=True)
class _Run:
    """The reading part of a run: walks, look-ups, and the platform's signals on listings.

    `signals_unknown` are the listings whose answers could not contain signals, `unresolved` counts by status the
    missing listings that no look-up found, `absences` are those that AliExpress says do not exist, `strange` the
    listings with a status word that nobody knows, `notes` are sentences on what went wrong.
    """

    seller: Seller
    staging: Staging
    clock: Clock
    progress: Progress
    started_at: datetime
    calls_before: int
    reports: list[WalkReport] = field(default_factory=list)
    signals: dict[int, tuple[PlatformSignal, ...]] = field(default_factory=dict)
    signals_unknown: set[int] = field(default_factory=set)
    unresolved: Counter[Status] = field(default_factory=Counter)
    absences: Absences = field(default_factory=Absences)
    strange: dict[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def read(self, kind: RunKind) -> None:
        """Walk the statuses of this kind of run, then look up every listing that no walk showed."""
        others = [status for status in self.seller.statuses if status not in HELD]
        for status in HELD:
            self._walk(status)
        many = self.staging.missing_count() > SWEEP_INSTEAD
        if kind == "pulse" and many:
            self.notes.append("Many listings left at once, so every status was read.")
        if kind == "sweep" or many:
            for status in others:
                self._walk(status)
        whole_sweep = kind == "sweep" and all(report.complete for report in self.reports)
        self._judge(self._look_up_missing(), whole_sweep=whole_sweep)

    def _compare_clocks(self) -> None:
        """Refuse to go on where this machine's clock is minutes off the platform's: every moment would be wrong.

        Raises:
            ClocksDisagree: they are more than `CLOCK_TOLERANCE` apart.
        """
        clocks = self.seller.clocks
        if clocks and abs(clocks.ours - clocks.theirs) > CLOCK_TOLERANCE:
            raise ClocksDisagree(
                f"Two clocks disagree, so nothing is recorded: this machine's clock reads "
                f"{clocks.ours:%Y-%m-%d %H:%M:%S} UTC, AliExpress' clock {clocks.theirs:%Y-%m-%d %H:%M:%S} UTC.",
                server_time=clocks.theirs,
            )

    def _walk(self, status: Status) -> None:
        """Read all pages of a status; read them again while they contradict each other, up to `MAX_ATTEMPTS` times."""
        attempt, note = 0, "not read"
        while note and attempt < MAX_ATTEMPTS:
            attempt += 1
            started_at, tally = self.clock(), Tally()
            self.staging.begin_walk(status)
            for page in self.seller.walk(status):
                self._add_page(page, status, tally)
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
        self._compare_clocks()

    def _add_page(self, page: Page, status: Status, tally: Tally) -> None:
        tally.add(page)
        self.notes += [note for note in page.notes if note not in self.notes]
        self.staging.add(page.observations)
        for observation in page.observations:
            none = observation.signals_told and not observation.signals
            if not none or observation.cause in TAKEN_DOWN_CAUSES or observation.product_id in self.signals:
                self._keep_signals(observation, known=observation.signals_told)
        self.progress.walk(status, tally.seen, page.reported)
        self.progress.calls(self.calls)

    def _look_up_missing(self) -> list[Absent]:
        """Look up each missing listing by id, because only the platform's word on where it went may end a period.

        Returns those that it says do not exist.
        """
        absent: list[Absent] = []
        for position, missing in enumerate(self.staging.missing()):
            if position >= LOOK_UPS_PER_RUN:
                self.unresolved[missing.status] += 1
                continue
            try:
                found = self.seller.look_up(missing.product_id)
            except (PermissionDenied, Throttled):
                raise
            except FilterIgnored as error:
                self.notes.append(f"Listing {missing.product_id} could not be looked up: {error}")
                absent.append(Absent(missing, filter_ignored=True))
            except PlatformError as error:
                self.unresolved[missing.status] += 1
                self.notes.append(f"Listing {missing.product_id} could not be looked up: {error}")
            else:
                absent += self._found(missing, found)
        return absent

    def _found(self, missing: Missing, found: Observation) -> list[Absent]:
        """Stage where a missing listing is; return it where the platform says that it does not exist."""
        if found.status is Status.DELETED and not found.platform_status:
            return [Absent(missing)]
        if found.status is Status.OTHER:
            # Nobody knows what the word means, so the listing stays where it was, with the word beside it.
            self.strange.setdefault(found.platform_status, []).append(missing.product_id)
            found = replace(found, status=missing.status)
        elif found.status is missing.status:
            self._mark_incomplete(missing.status, LEFT_OUT)
        self.staging.add_look_up(found)
        self._keep_signals(found, known=False)
        return []

    def _judge(self, absent: list[Absent], *, whole_sweep: bool) -> None:
        """Take listings as deleted where that may be believed; leave the others, and say what is not confirmed."""
        connection, store = self.staging.db.conn, self.staging.store_id
        whole = {report.status for report in self.reports if report.complete}
        ill = canary(self.seller.detail, self._must_exist(absent)) if absent else ""
        if ill:
            self.notes.insert(0, ill)
            self.unresolved.update(each.missing.status for each in absent)
            absent = []
        # A walk that left out one listing says nothing of another.
        self.unresolved.update(each.missing.status for each in absent if each.missing.status not in whole)
        absent = [each for each in absent if each.missing.status in whole]

        def before(status: Status) -> int:
            return absences.open_periods(connection, store, status)

        earlier = absences.earlier(connection, store)
        judged = judge(absent, before, self.unresolved, earlier, self.clock(), whole_sweep=whole_sweep)
        self.absences = judged.kept
        self.unresolved.update(each.missing.status for each in judged.left)
        for gone in judged.deleted:
            self.staging.add_look_up(gone)
        for status, why in judged.not_confirmed.items():
            self._mark_incomplete(status, why)

    def _must_exist(self, absent: list[Absent]) -> list[int]:
        """List a few listings that this run showed, else some that were on sale when last read.

        None where the absent one is all that the store had.
        """
        if seen := self.staging.shown_for_certain(CANARIES):
            return seen
        lately = absences.lately_on_sale(self.staging.db.conn, self.staging.store_id, CANARIES)
        return [] if lately == [each.product_id for each in absent] and len(absent) == 1 else lately

    def _mark_incomplete(self, status: Status, why: str) -> None:
        """Mark a walk as incomplete: it left out a listing that a look-up found in its status, or is not believed."""
        for index, report in enumerate(self.reports):
            if report.status is status and report.complete:
                self.reports[index] = replace(report, complete=False, note=why)
                self.staging.end_walk(self.reports[index])

    def _keep_signals(self, observation: Observation, *, known: bool) -> None:
        """Keep the platform's signals on a listing, and the cause for which it took the listing down.

        `known` False: the answer could not contain signals, so that there are none says nothing.
        """
        signals = observation.signals
        if observation.status is Status.OFFLINE and observation.cause in TAKEN_DOWN_CAUSES:
            signals = (*signals, PlatformSignal("ws_display", observation.cause))
        self.signals[observation.product_id] = signals
        if known or signals:
            self.signals_unknown.discard(observation.product_id)
        else:
            self.signals_unknown.add(observation.product_id)

    @property
    def calls(self) -> int:
        return self.seller.calls - self.calls_before

    @property
    def unaccounted(self) -> int:
        """Missing listings that the platform placed nowhere, or under a word that nobody knows."""
        return self.unresolved.total() + sum(len(ids) for ids in self.strange.values())

    @property
    def outcome(self) -> Outcome:
        complete = all(report.complete for report in self.reports) and not self.unaccounted
        return Outcome.COMPLETE if complete else Outcome.PARTIAL

    @property
    def message(self) -> str:
        """What was incomplete, in sentences; of many notes only the first two."""
        incomplete = [f"{report.status}: {report.note}" for report in self.reports if not report.complete]
        sentences = [strange_word(word, ids) for word, ids in self.strange.items()] + self.notes[:2]
        if (many := self.unresolved.total()) > 1:
            sentences.append(f"{many} missing listings are not accounted for yet and stay where they were.")
        return " ".join(sentences + incomplete)


def _require_same_seller(seller: Seller, known: str | None, key: str) -> PlatformCounts | None:
    """Refuse the token of another seller before any listing is asked for.

    The id that the sign-in told is compared first, which costs no call; where it does not settle the matter, the
    platform's counts, which name the seller too, are asked for now instead of later, and returned.
    """
    if known is None or seller.seller_id() == known:
        return None
    counts = _platform_counts(seller)
    require_seller(known, (seller.seller_id(), counts.seller_id if counts else None), key)
    return counts


def _platform_counts(seller: Seller) -> PlatformCounts | None:
    """Return the platform's own counts, for a cross-check; None where this account may not ask or the call fails."""
    try:
        return seller.counts()
    except Throttled:
        raise
    except PlatformError:
        return None


def _annotate(db: Database, store_id: int, kit: SyncKit, now: datetime) -> list[str]:
    """Apply the annotations from Seller Center. A desk that cannot be read stops no sync; return the error's text."""
    key = key_of(db.conn, store_id)
    try:
        kit.annotations.mark(key)
    except StorageError as error:
        return [str(error)]
    apply(db, store_id, key, kit.annotations, kit.recogniser, now)
    return []


def _without_diagnosis(kit: SyncKit) -> SyncKit:
    return replace(kit, limits=replace(kit.limits, diagnosis=0))


def _failed(
    db: Database, store_id: int, kind: RunKind, run: _Run, error: PlatformError | record.CountsDiffer
) -> SyncResult:
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


def _hero(db: Database, store_id: int, now: datetime) -> Hero:
    """Return the counts as the pages show them: None where no complete walk confirms them."""
    return history.hero(db.conn, key_of(db.conn, store_id), None, now)


def _result(kind: RunKind, run: _Run, recorded: RunResult, gathered: Gathered, hero: Hero) -> SyncResult:
    return SyncResult(
        outcome=run.outcome,
        kind=kind,
        message=" ".join(part for part in (run.message, gathered.message) if part),
        as_of=recorded.as_of,
        held=hero.held,
        rejected=hero.rejected,
        auditing=hero.auditing,
        active=hero.active,
        total=hero.total,
        calls=run.calls,
        changes=recorded.changes,
        banned_until=gathered.banned_until,
        evidence_left=gathered.left,
        left_at_risk=gathered.left_at_risk,
    )
