"""Keeps the snapshot current: one loop a store, a shared stop, one worker a snapshot.

`aexdash.sync.schedule` decides what to run when, `aexdash.sync.run` does it; here is only the waiting, the lease and
the telling. A store that fails or is banned never holds up another, because each has a thread and a connection of its
own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from queue import SimpleQueue

from sqlite_utils import Database

from aexdash.aliexpress.errors import PlatformError
from aexdash.aliexpress.listings import Seller, connect
from aexdash.clock import Clock, system_clock
from aexdash.config.settings import ConfigError, Settings, StoreSettings
from aexdash.desk.work import Desk
from aexdash.model import Outcome
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import record, worker_state
from aexdash.storage.errors import StorageError
from aexdash.sync import lease
from aexdash.sync.annotations import apply
from aexdash.sync.kit import AT_RISK, NO_EVIDENCE, Limits, kit_of
from aexdash.sync.run import SyncResult, sync_store
from aexdash.sync.schedule import Kind, Schedule

Log = Callable[[str], None]
Connect = Callable[[StoreSettings], Seller]
Beside = Mapping[str, Callable[[lease.Writing], None]]
"""Loops that run beside those of the stores, by the names of their threads. Each gets what lets it write the snapshot,
and returns when the worker is told to stop."""

LIMITS = Limits(details=200, pictures=400, categories=20, words=100, diagnosis=150)
"""Evidence a run may gather, so that the next pulse is never far behind its time; the rest follows run by run."""

ORDER_PAGES = 50
"""Pages of orders a run may read."""

AT_RISK_SHARE = 3
"""At most one part in so many of the time between two pulses goes into listings at risk."""

LONGEST_WAIT = 1.0
"""Seconds between two looks at the clock and at what people asked for."""

PRUNE_EVERY = timedelta(hours=24)

PAUSE_AFTER_DISK_ERROR = 30.0

CANNOT_WRITE = (StorageError, lease.LeaseNotWritable)
"""What may pass by itself, because disks are freed and files put back; it is said and tried again."""


class StoreWorker:
    """Keeps one store current. `step` does what is due and returns at once when nothing is.

    Made in the thread that uses it, because a SQLite connection belongs to its thread.
    """

    def __init__(
        self,
        settings: Settings,
        key: str,
        seller: Seller,
        *,
        clock: Clock,
        log: Log,
        stop: threading.Event | None = None,
        writing: lease.Writing | None = None,
    ) -> None:
        self._writing = writing or lease.writing(settings.lease_path, clock=clock, command="worker", stop=stop)
        self._settings, self.key, self._store = settings, key, settings.stores[key]
        self._seller, self._clock, self._log = seller, clock, log
        self._pulse = timedelta(seconds=self._store.pulse_seconds)
        self._sweep = timedelta(seconds=self._store.sweep_seconds)
        self._kit = kit_of(settings, LIMITS, orders=ORDER_PAGES)
        self._left_at_risk = True
        self._applied: int | None = None
        self._apply_after = clock()
        self._db = open_snapshot(settings.snapshot_path)
        self._store_id = enrol(self._db, key, self._store, clock())
        last = worker_state.last_runs(self._db, self._store_id)
        self._schedule = Schedule.starting(
            clock(),
            last_pulse_at=last.get("pulse") or last.get("sweep"),
            last_sweep_at=last.get("sweep"),
            pulse=self._pulse,
            sweep=self._sweep,
        )
        self._pruned_at: datetime | None = None
        self._remember_ban()

    def _remember_ban(self) -> None:
        """A ban outlives the worker that met it: none of its seconds is spent on a call that would only be refused."""
        ban = worker_state.last_ban(self._db, self._store_id)
        if ban and ban[0] > self._clock():
            self._seller.limiter.ban(*ban)

    def close(self) -> None:
        """Say that nothing is planned any more, and let go of the snapshot and the platform."""
        with suppress(StorageError):
            worker_state.set_state(self._db, self._store_id, working_on="", next_pulse_at=None, next_sweep_at=None)
        self._db.close()
        self._seller.close()

    def ask(self, kind: Kind) -> None:
        """Run this at the next step (the *sync now* of the page)."""
        self._schedule = self._schedule.asked_for(kind, self._clock())

    def step(self) -> SyncResult | None:
        """Run what is due now, if anything is; return how it ended.

        Raises:
            StorageError: the snapshot cannot be written; the next try is put off as after any failure.
            LeaseError: the folder cannot be written, or the stop came while another process held the snapshot.
        """
        kind = self._schedule.due(self._clock())
        if kind is None:
            self._annotate()
            return None
        try:
            result = self._run(kind)
        except CANNOT_WRITE:
            self._plan(kind, Outcome.FAILED)
            with suppress(StorageError):
                self._tell(working_on="")
            raise
        self._plan(kind, result.outcome, result.banned_until)
        self._tell(working_on="")
        self._report(result)
        self._prune()
        return result

    def _run(self, kind: Kind) -> SyncResult:
        self._tell(working_on=kind)
        mark = self._mark()
        kit = replace(self._kit, at_risk=self._at_risk(kind))
        with self._writing():
            result = sync_store(self._seller, self._db, self._store_id, kind, kit, clock=self._clock)
        if result.outcome is not Outcome.FAILED:
            self._applied = mark
            self._left_at_risk = result.left_at_risk
        return result

    def _at_risk(self, kind: Kind) -> Limits:
        """What a run gathers on listings at risk: after a sweep, which may have shown news of them, until none is left.

        A pulse shows none of them, and looking for what is lacking goes through all of them.
        """
        if kind == "pulse" and not self._left_at_risk:
            return NO_EVIDENCE
        return replace(AT_RISK, seconds=min(AT_RISK.seconds or 0, self._store.pulse_seconds / AT_RISK_SHARE))

    def _annotate(self) -> None:
        """Let what people brought from Seller Center stand at once; no call is made for it."""
        now = self._clock()
        if now < self._apply_after:
            return
        mark = self._mark()
        if mark in (None, self._applied):
            return
        try:
            with self._writing():
                apply(self._db, self._store_id, self.key, self._kit.annotations, self._kit.recogniser, now)
        except CANNOT_WRITE:
            self._apply_after = now + timedelta(seconds=PAUSE_AFTER_DISK_ERROR)
            raise
        self._applied = mark

    def _mark(self) -> int | None:
        """What was brought so far; None from a desk that cannot be read, which every run says."""
        try:
            return self._kit.annotations.mark(self.key)
        except StorageError:
            return None

    def _plan(self, kind: Kind, outcome: Outcome, banned_until: datetime | None = None) -> None:
        self._schedule = self._schedule.after(
            kind, outcome, self._clock(), pulse=self._pulse, sweep=self._sweep, banned_until=banned_until
        )

    def _tell(self, working_on: str) -> None:
        """Write what the worker is about to do where the pages can read it."""
        limiter = self._seller.limiter
        worker_state.set_state(
            self._db,
            self._store_id,
            next_pulse_at=self._schedule.next_at(),
            next_sweep_at=self._schedule.next_sweep_at,
            banned_until=limiter.banned_until,
            ban_text=limiter.ban_text,
            token_expires_at=self._seller.token_expires_at(),
            calls_this_hour=limiter.calls_this_hour,
            calls_budget=limiter.calls_budget,
            working_on=working_on,
            heartbeat_at=self._clock(),
        )

    def _report(self, result: SyncResult) -> None:
        if result.outcome is not Outcome.COMPLETE or result.changes:
            counts = f"held {result.held}, {result.changes} changes" if result.held is not None else "nothing recorded"
            self._log(f"{self.key}: {result.kind} {result.outcome}: {counts}. {result.message}".rstrip())

    def _prune(self) -> None:
        now = self._clock()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            worker_state.prune_runs(self._db, now)
            self._pruned_at = now


def enrol(db: Database, key: str, store: StoreSettings, now: datetime) -> int:
    """Make the store of the settings known to the snapshot; return its id there."""
    return record.ensure_store(
        db,
        key=key,
        title=store.title or key,
        model=store.model,
        now=now,
        edit_url=store.edit_url,
        item_url=store.item_url,
        watched=store.watched,
    )


def run_worker(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = system_clock,
    log: Log = print,
    connect_to: Connect | None = None,
    beside: Beside | None = None,
) -> None:
    """Sync every watched store until `stop` is set, and run the loops of `beside` in threads of their own meanwhile.

    A second worker on the same snapshot waits until the first has gone, and says so once. A store that cannot be read
    for what its settings say is named and left out.

    Raises:
        ConfigError, PlatformError: no store can be read for what its settings say.
        StorageError: the snapshot cannot be opened.
        LeaseNotWritable: the home directory cannot be written.
    """
    connect_to = connect_to or (lambda store: connect(store.account(settings.home), clock=clock))
    sellers = _connect_all(settings, connect_to, log)
    try:
        with lease.hold(
            settings.home / "worker.lock",
            clock=clock,
            command="worker",
            wait=True,
            stop=stop,
            waiting=lambda who: log(f"Another worker ({who}) keeps this snapshot current; waiting until it ends."),
        ):
            open_snapshot(settings.snapshot_path).close()  # one migration, before the stores' threads begin
            _keep_all_current(settings, sellers, stop, clock=clock, log=log, beside=beside or {})
    except lease.LeaseHeld:
        return  # told to stop while it waited
    finally:
        for seller in sellers.values():
            seller.close()


def _connect_all(settings: Settings, connect_to: Connect, log: Log) -> dict[str, Seller]:
    """Connect the watched stores; no call is made yet."""
    sellers: dict[str, Seller] = {}
    problems: dict[str, ConfigError | PlatformError] = {}
    for key, store in settings.stores.items():
        if store.watched:
            try:
                sellers[key] = connect_to(store)
            except (ConfigError, PlatformError) as error:
                problems[key] = error
    if problems and not sellers:
        raise next(iter(problems.values()))
    for key, problem in problems.items():
        log(f"{key}: this store is not read. {problem}")
    return sellers


def _keep_all_current(
    settings: Settings, sellers: Mapping[str, Seller], stop: threading.Event, *, clock: Clock, log: Log, beside: Beside
) -> None:
    asked: dict[str, SimpleQueue[Kind]] = {key: SimpleQueue() for key in sellers}
    together = lease.Shared(lease.writing(settings.lease_path, clock=clock, command="worker", stop=stop))

    def work(key: str) -> None:
        seller = sellers[key]
        worker = _begin(lambda: StoreWorker(settings, key, seller, clock=clock, log=log, writing=together), stop, log)
        if worker is not None:
            keep_current(worker, asked[key], stop, log)

    threads = [threading.Thread(target=work, args=(key,), name=f"sync-{key}", daemon=True) for key in asked]
    threads += [
        threading.Thread(target=keep, args=(together,), name=name, daemon=True) for name, keep in beside.items()
    ]
    for thread in threads:
        thread.start()
    _pass_on_requests(Desk(settings.desk_path), asked, stop, log)
    for thread in threads:
        thread.join(timeout=30)


def _begin(make: Callable[[], StoreWorker], stop: threading.Event, log: Log) -> StoreWorker | None:
    """Make a store's worker, again and again while the snapshot cannot be written; None when told to stop."""
    while not stop.is_set():
        try:
            return make()
        except StorageError as error:
            log(str(error))
            stop.wait(PAUSE_AFTER_DISK_ERROR)
    return None


def keep_current(worker: StoreWorker, asked: SimpleQueue[Kind], stop: threading.Event, log: Log) -> None:
    """Step until told to stop. A snapshot that cannot be written is said so and tried again: disks are freed."""
    try:
        while not stop.is_set():
            while not asked.empty():
                worker.ask(asked.get())
            try:
                worker.step()
            except CANNOT_WRITE as error:
                log(f"{worker.key}: {error}")
            except lease.LeaseHeld:
                return  # told to stop while another process held the snapshot
            stop.wait(LONGEST_WAIT)
    finally:
        worker.close()


def _pass_on_requests(desk: Desk, asked: Mapping[str, SimpleQueue[Kind]], stop: threading.Event, log: Log) -> None:
    """Hand what people asked for on the page to the store it is for; a desk that cannot be read stops no sync."""
    said = ""
    while not stop.is_set():
        try:
            for key, kind in desk.take_sync_requests():
                if key in asked:
                    asked[key].put("sweep" if kind == "sweep" else "pulse")
        except StorageError as error:
            if str(error) != said:
                said = str(error)
                log(said)
        stop.wait(LONGEST_WAIT)
