"""Keeps the snapshot current: one loop a store, a shared stop, one worker a snapshot.

What to run when is `aexdash.schedule`, what a run does is `aexdash.sync`; here is only the waiting, the lease and the
telling. A store that fails or is banned never holds up another, because each has a thread and a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash import lease
from aexdash.aliexpress.errors import PlatformError
from aexdash.aliexpress.listings import Seller, connect
from aexdash.clock import Clock, system_clock
from aexdash.config import Settings, StoreSettings
from aexdash.desk import Desk
from aexdash.evidence import Limits
from aexdash.model import Outcome
from aexdash.reasons import Taxonomy
from aexdash.schedule import Kind, Schedule
from aexdash.snapshot import record, state
from aexdash.snapshot.errors import SnapshotError
from aexdash.sync import SyncResult, sync_store

Log = Callable[[str], None]
Connect = Callable[[StoreSettings], Seller]

LIMITS = Limits(details=200, pictures=400, categories=20)
"""Evidence a run may gather, so that the next pulse is never far behind its time; the rest follows run by run."""

LONGEST_WAIT = 1.0
"""Seconds between two looks at the clock and at what people asked for."""

PRUNE_EVERY = timedelta(hours=24)


class StoreWorker:
    """Keeps one store current. `step` does what is due and returns at once when nothing is."""

    def __init__(self, settings: Settings, key: str, seller: Seller, *, clock: Clock, log: Log) -> None:
        self._settings, self._store, self._key = settings, settings.stores[key], key
        self._seller, self._clock, self._log = seller, clock, log
        self._asked: Kind | None = None
        self._taxonomy = settings.taxonomy()
        self._db: Database | None = None
        self._store_id = 0
        self._schedule: Schedule | None = None
        self._pruned_at: datetime | None = None

    def ask(self, kind: Kind) -> None:
        """Run this as soon as possible (the *sync now* of the page)."""
        self._asked = kind

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        try:
            self.open()
            while not stop.is_set():
                self.step()
                stop.wait(LONGEST_WAIT)
        except SnapshotError as error:
            self._log(f"{self._key}: {error}")
        finally:
            self.close()

    def open(self) -> None:
        """Open the snapshot in this thread and take up the schedule where the last worker left it."""
        self._db = record.open_snapshot(self._settings.snapshot_path)
        self._store_id = enrol(self._db, self._key, self._store, self._clock())
        last = state.last_runs(self._db, self._store_id)
        self._schedule = Schedule.starting(
            self._clock(),
            last_pulse_at=last.get("pulse") or last.get("sweep"),
            last_sweep_at=last.get("sweep"),
            pulse=self._pulse,
            sweep=self._sweep,
        )

    def close(self) -> None:
        """Let go of the snapshot and the connection to the platform."""
        if self._db is not None:
            state.set_state(self._db, self._store_id, working_on="", next_pulse_at=None, next_sweep_at=None)
            self._db.close()
        self._seller.close()

    def step(self) -> SyncResult | None:
        """Run what is due now, if anything is; return how it ended."""
        assert self._schedule is not None and self._db is not None, "open() comes first"
        now = self._clock()
        if self._asked:
            self._schedule, self._asked = self._schedule.asked_for(self._asked, now), None
        kind = self._schedule.due(now)
        if kind is None:
            return None
        self._tell(working_on=kind)
        with lease.hold(self._settings.lease_path, clock=self._clock, command="worker", wait=True):
            result = sync_store(
                self._seller,
                self._db,
                self._store_id,
                kind,
                clock=self._clock,
                taxonomy=self._taxonomy,
                pictures_dir=self._settings.pictures_path,
                limits=LIMITS,
            )
        self._schedule = self._schedule.after(
            kind,
            result.outcome,
            self._clock(),
            pulse=self._pulse,
            sweep=self._sweep,
            banned_until=result.banned_until,
        )
        self._tell(working_on="")
        self._report(result)
        self._prune()
        return result

    def _tell(self, working_on: str) -> None:
        """Write what the worker is about to do where the pages can read it."""
        assert self._schedule is not None and self._db is not None
        limiter = self._seller.limiter
        state.set_state(
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
            self._log(f"{self._key}: {result.kind} {result.outcome}: {counts}. {result.message}".rstrip())

    def _prune(self) -> None:
        assert self._db is not None
        now = self._clock()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            state.prune_runs(self._db, now)
            self._pruned_at = now

    @property
    def _pulse(self) -> timedelta:
        return timedelta(seconds=self._store.pulse_seconds)

    @property
    def _sweep(self) -> timedelta:
        return timedelta(seconds=self._store.sweep_seconds)


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
) -> None:
    """Sync every watched store until `stop` is set.

    A second worker on the same snapshot waits until the first has gone, and says so once.

    Raises:
        SnapshotError: the snapshot cannot be opened or written.
    """
    connect_to = connect_to or (lambda store: connect(store.account(settings.home), clock=clock))
    with lease.hold(
        settings.home / "worker.lock",
        clock=clock,
        command="worker",
        wait=True,
        stop=stop,
        waiting=lambda holder: log(f"Another worker ({holder}) keeps this snapshot current; waiting until it ends."),
    ):
        workers = {
            key: StoreWorker(settings, key, connect_to(store), clock=clock, log=log)
            for key, store in settings.stores.items()
            if store.watched
        }
        threads = [
            threading.Thread(target=worker.run, args=(stop,), name=f"sync-{key}", daemon=True)
            for key, worker in workers.items()
        ]
        for thread in threads:
            thread.start()
        _pass_on_requests(Desk(settings.desk_path), workers, stop)
        for thread in threads:
            thread.join(timeout=30)


def _pass_on_requests(desk: Desk, workers: dict[str, StoreWorker], stop: threading.Event) -> None:
    """Hand what people asked for on the page to the store it is for."""
    while not stop.is_set():
        for key, kind in desk.take_sync_requests():
            if key in workers:
                workers[key].ask("sweep" if kind == "sweep" else "pulse")
        stop.wait(LONGEST_WAIT)
