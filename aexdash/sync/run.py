"""One sync run of a store.

A run walks the held statuses (a *pulse*) or every status (a *sweep*), looks up by id the listings that are missing from
the walks, and records all of it in one transaction, and the values of the cards in another. Then it gathers evidence on
held listings, in small steps, so that after a killed process the next run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.aliexpress.errors import PlatformError, Throttled
from aexdash.aliexpress.identity import require_seller
from aexdash.aliexpress.listings import PlatformCounts, Seller
from aexdash.cards.recording import record_cards
from aexdash.clock import Clock
from aexdash.model import Outcome
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.recording import record
from aexdash.snapshot.recording.record import RunResult
from aexdash.snapshot.recording.staging import Staging
from aexdash.snapshot.stores import key_of, seller_of
from aexdash.snapshot.tallies import Hero
from aexdash.storage.errors import StorageError
from aexdash.sync.annotations import apply
from aexdash.sync.evidence.gathering import Gathered, Gathering, record_signals
from aexdash.sync.evidence.orders import gather_orders
from aexdash.sync.kit import SyncKit
from aexdash.sync.schedule import RunKind
from aexdash.sync.walking import GiveWay, Progress, Quiet, Walking, to_nobody


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The result of a run. Counts are those of the snapshot after it, None where they are not known.

    `run` is its id in the snapshot, `read_at` when its reading was recorded, evidence apart. `calls` counts the calls
    made, `changes` the rows of listings and periods written. `evidence_left` and `left_at_risk`: evidence is left to
    later runs, of held listings or of those at risk.
    """

    outcome: Outcome
    kind: RunKind
    message: str
    run: int | None = None
    read_at: datetime | None = None
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
    give_way: GiveWay = to_nobody,
) -> SyncResult:
    """Run one sync of a store and record it; an error of the platform is recorded as a failed run, not raised.

    `kit` says how much evidence this run may gather; the next run goes on with the rest. Only sweeps ask for the
    platform's quality diagnosis and begin to read orders. `give_way` is called between the pages of a sweep, and may
    run a pulse of the same store over another connection.

    Raises:
        StorageError: the snapshot cannot be written (full or read-only disk); it is as it was before.
    """
    progress = progress or Quiet()
    staging = Staging(db, store_id)
    run = Walking(seller, staging, clock, progress, clock(), seller.calls, give_way if kind == "sweep" else to_nobody)
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
    record_cards(db, store_id, recorded.as_of, kit.zone)  # at once: alerts wait for them, and evidence takes minutes
    read_at, written = clock(), db.conn.total_changes
    ends_at = read_at + timedelta(seconds=kit.seconds) if kit.seconds is not None else None
    evidence_kit = kit if kind == "sweep" else _without_diagnosis(kit)
    gathering = Gathering(seller, db, store_id, clock, evidence_kit, progress, ends_at)
    gathering.gathered.problems += _annotate(db, store_id, kit, clock())
    gathered = gathering.run(compare=kind == "sweep" or recorded.changes > 0)
    gathered.problems += _assign(db, store_id, kit, clock())
    if gathered.banned_until is None:
        orders = gather_orders(seller, db, store_id, kit.orders, begin=kind == "sweep", clock=clock, ends_at=ends_at)
        gathered.problems += [orders.problem] if orders.problem else []
        gathered.banned_until = orders.banned_until
    if db.conn.total_changes > written:
        record_cards(db, store_id, recorded.as_of, kit.zone)  # anew, with what was gathered
    progress.calls(run.calls)
    return replace(_result(kind, run, recorded, gathered, _hero(db, store_id, clock())), read_at=read_at)


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


def _assign(db: Database, store_id: int, kit: SyncKit, now: datetime) -> list[str]:
    """Give what has arrived to its owners. A desk that cannot be written stops no sync; return the error's text."""
    try:
        kit.arrivals(key_of(db.conn, store_id), now)
    except StorageError as error:
        return [str(error)]
    return []


def _without_diagnosis(kit: SyncKit) -> SyncKit:
    return replace(kit, limits=replace(kit.limits, diagnosis=0))


def _failed(
    db: Database, store_id: int, kind: RunKind, run: Walking, error: PlatformError | record.CountsDiffer
) -> SyncResult:
    message = f"{error} {error.advice}".strip()
    run_id = record.record_failure(
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
    return SyncResult(Outcome.FAILED, kind, message, run_id, error_kind=error.kind, calls=run.calls, banned_until=until)


def _hero(db: Database, store_id: int, now: datetime) -> Hero:
    """Return the counts as the pages show them: None where no complete walk confirms them."""
    return history.hero(db.conn, key_of(db.conn, store_id), None, now)


def _result(kind: RunKind, run: Walking, recorded: RunResult, gathered: Gathered, hero: Hero) -> SyncResult:
    return SyncResult(
        outcome=run.outcome,
        kind=kind,
        message=" ".join(part for part in (run.message, gathered.message) if part),
        run=recorded.run_id,
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
