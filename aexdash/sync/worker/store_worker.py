"""A store's part of the worker: it runs what is due, and writes its plans where the pages read them.

`aexdash.sync.schedule` decides what to run and when, `aexdash.sync.run` does it, and `aexdash.sync.worker.supervisor`
gives each store a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.aliexpress.listings import Seller
from aexdash.cards.recording import record_missing_cards
from aexdash.clock import Clock
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import Settings
from aexdash.log import Line, Log
from aexdash.model import Outcome
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.known_store import last_ban
from aexdash.snapshot.recording import record, worker_state
from aexdash.snapshot.stores import id_of
from aexdash.storage.errors import StorageError
from aexdash.supervision.loop import is_foreseen, sentence_of
from aexdash.sync import lease
from aexdash.sync.annotations import apply
from aexdash.sync.kit import AT_RISK, NO_EVIDENCE, Limits, kit_of
from aexdash.sync.run import SyncResult, sync_store
from aexdash.sync.schedule import RunKind, Schedule
from aexdash.sync.walking import Quiet

LIMITS = Limits(details=200, pictures=400, categories=20, words=100, diagnosis=150)
"""The most evidence of one run on held listings, so that the next pulse is not late; the next runs gather the rest."""

ORDER_PAGES = 50
"""The most pages of orders that a run reads."""

AT_RISK_SHARE = 3
"""A third of the time between two pulses, at the most, is spent on listings at risk."""

SECONDARY_SHARE, BETWEEN_SHARE = 0.9, 0.25
"""The parts of the time between two pulses that a run may take for evidence and orders: an ordinary one, and a pulse
between the pages of a sweep."""

PRUNE_EVERY = timedelta(hours=24)

TELL_EVERY = timedelta(seconds=2)
"""How often a run tells the pages how far it has come."""

STATUS_SAID = {"auditing": "in audit"}

PAUSE_AFTER_DISK_ERROR = 30.0
"""Seconds."""

CANNOT_WRITE = (StorageError, lease.LeaseNotWritable)
"""Errors that may go away by themselves, when space is freed or a file put back."""

UNFORESEEN = "unforeseen"
"""The kind of a failed run in which something happened that nobody foresaw."""


class StoreWorker:
    """Keeps one store current. `step` runs what is due, and returns at once when nothing is.

    It has to be made in the thread that uses it, because a SQLite connection belongs to its thread. `schedule` is what
    an earlier one had planned; `alive` is called while a run goes on.
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
        schedule: Schedule | None = None,
        alive: Callable[[], None] = lambda: None,
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
        self._alive = alive
        self._schedule = schedule or Schedule.starting(
            clock(),
            last_pulse_at=last.get("pulse") or last.get("sweep"),
            last_sweep_at=last.get("sweep"),
            pulse=self._pulse,
            sweep=self._sweep,
        )
        self._pruned_at: datetime | None = None
        self._written_ban: datetime | None = None
        self._remember_ban()
        record_missing_cards(self._db, self._store_id, settings.tzinfo)

    def _remember_ban(self) -> None:
        """Tell the limiter of a ban that an earlier worker met and that is not over, so that no call is made in it."""
        ban = last_ban(self._db.conn, self._store_id)
        if ban and ban[0] > self._clock():
            self._seller.limiter.ban(*ban)
            self._written_ban = ban[0]

    def _forget_lifted_ban(self) -> None:
        """Go on at once when a person has ended the ban that is being waited out (`aexdash lift-ban`)."""
        limiter = self._seller.limiter
        until = limiter.banned_until
        # One that could not be written down is missing from the snapshot too, and nobody has ended it.
        if until is None or until != self._written_ban:
            return
        if last_ban(self._db.conn, self._store_id) is None:
            limiter.lift()
            self.ask("sweep")

    def close(self) -> None:
        """Record that nothing is planned any more, and close the snapshot.

        The connection to the platform stays: after an error the next worker goes on with it.
        """
        with suppress(StorageError):
            worker_state.set_state(self._db, self._store_id, working_on="", next_pulse_at=None, next_sweep_at=None)
        self._db.close()

    @property
    def schedule(self) -> Schedule:
        """What is planned."""
        return self._schedule

    def ask(self, kind: RunKind) -> None:
        """Run this kind at the next step; *sync now* on the page asks for it."""
        self._schedule = self._schedule.asked_for(kind, self._clock())

    def step(self) -> SyncResult | None:
        """Run what is due now, if anything is; return how it ended.

        Raises:
            StorageError: the snapshot cannot be written; after a reading the next try waits as after any failed run.
            LeaseError: the folder cannot be written, or `stop` was set while another process held the lease.
        """
        self._forget_lifted_ban()
        kind = self._schedule.due(self._clock())
        if kind is None:
            self._annotate()
            return None
        self._write_state(working_on=kind)  # where it cannot be written, no call is made
        try:
            result = self._run(kind)
        except lease.LeaseHeld:
            raise
        except Exception as error:
            self._plan(kind, Outcome.FAILED)
            self._record(kind, error)
            raise
        self._plan(kind, result.outcome, result.banned_until, result.read_at)
        self._write_state(working_on="")
        self._report(result)
        self._prune()
        return result

    def _run(self, kind: RunKind) -> SyncResult:
        mark = self._annotations_mark()
        kit = replace(self._kit, at_risk=self._at_risk(kind), seconds=SECONDARY_SHARE * self._store.pulse_seconds)
        if kind == "sweep":
            self._schedule = replace(self._schedule, next_pulse_at=self._clock() + self._pulse)
        told = _Telling(kind, lambda words: self._write_state(working_on=words), self._clock, self._alive)
        with self._writing():
            result = sync_store(
                self._seller,
                self._db,
                self._store_id,
                kind,
                kit,
                clock=self._clock,
                progress=told,
                give_way=self._pulse_between,
            )
        if result.outcome is not Outcome.FAILED:
            self._applied = mark
            self._left_at_risk = result.left_at_risk
        return result

    def _pulse_between(self) -> bool:
        """Run the pulse that is due while a sweep goes on, over a connection of its own; return whether one was.

        It gathers little evidence, so that the sweep goes on; it is within the lease of the sweep.
        """
        if self._clock() < self._schedule.next_pulse_at:
            return False
        kit = replace(self._kit, orders=0, seconds=BETWEEN_SHARE * self._store.pulse_seconds)
        with closing(open_snapshot(self._settings.snapshot_path)) as db:
            result = sync_store(self._seller, db, self._store_id, "pulse", kit, clock=self._clock)
        self._plan("pulse", result.outcome, result.banned_until, result.read_at)
        self._report(result)
        return True

    def _record(self, kind: RunKind, error: Exception) -> None:
        """Record the run that an error nobody foresaw has ended, so that the page Health shows it too."""
        with suppress(StorageError):
            self._write_state(working_on="")
            if not is_foreseen(error):
                now = self._clock()
                message = sentence_of(error)
                run = record.record_failure(
                    self._db,
                    self._store_id,
                    kind=kind,
                    started_at=now,
                    finished_at=now,
                    error_kind=UNFORESEEN,
                    message=message,
                    calls=0,
                )
                self._log(Line(f"{self.key}: {kind} failed: {message}", run=run))

    def _at_risk(self, kind: RunKind) -> Limits:
        """Return the limits of a run for listings at risk.

        Evidence on them is gathered from a sweep on, which may have shown changes, until none is left. A pulse shows no
        such listing, and to look for missing evidence is slow: it goes through all of them.
        """
        if kind == "pulse" and not self._left_at_risk:
            return NO_EVIDENCE
        return replace(AT_RISK, seconds=min(AT_RISK.seconds or 0, self._store.pulse_seconds / AT_RISK_SHARE))

    def _annotate(self) -> None:
        """Apply new annotations from Seller Center at once, without a run."""
        now = self._clock()
        if now < self._apply_after:
            return
        mark = self._annotations_mark()
        if mark in (None, self._applied):
            return
        try:
            with self._writing():
                apply(self._db, self._store_id, self.key, self._kit.annotations, self._kit.recogniser, now)
        except CANNOT_WRITE:
            self._apply_after = now + timedelta(seconds=PAUSE_AFTER_DISK_ERROR)
            raise
        self._applied = mark

    def _annotations_mark(self) -> int | None:
        """Return a number that grows with each annotation; None if the desk cannot be read, which each run reports."""
        try:
            return self._kit.annotations.mark(self.key)
        except StorageError:
            return None

    def _plan(
        self,
        kind: RunKind,
        outcome: Outcome,
        banned_until: datetime | None = None,
        read_at: datetime | None = None,
    ) -> None:
        """Plan what follows, from the moment of the reading on: what was done after it delays no other."""
        self._schedule = self._schedule.after(
            kind, outcome, read_at or self._clock(), pulse=self._pulse, sweep=self._sweep, banned_until=banned_until
        )

    def _write_state(self, working_on: str) -> None:
        """Write to the snapshot, for the pages, what the worker does now and when it runs next."""
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
        self._written_ban = limiter.banned_until

    def _report(self, result: SyncResult) -> None:
        if result.outcome is not Outcome.COMPLETE or result.changes:
            counts = f"held {result.held}, {result.changes} changes" if result.held is not None else "nothing recorded"
            words = f"{self.key}: {result.kind} {result.outcome}: {counts}. {result.message}".rstrip()
            ordinary = result.outcome is Outcome.COMPLETE and not result.message
            self._log(Line(words, detail=ordinary, run=result.run))

    def _prune(self) -> None:
        now = self._clock()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            worker_state.prune_runs(self._db, now)
            self._pruned_at = now


class _Telling(Quiet):
    """Tells the pages how far a run has come, now and then; a run that ends before that tells nothing."""

    def __init__(self, kind: RunKind, tell: Callable[[str], None], clock: Clock, alive: Callable[[], None]) -> None:
        self._kind, self._tell, self._clock, self._told_at, self._alive = kind, tell, clock, clock(), alive

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Tell how many listings of a status were shown."""
        self._now_and_then(
            f"{seen:,}{f' of {reported:,}' if reported else ''} listings {STATUS_SAID.get(status, status)}"
        )

    def evidence(self, done: int, total: int) -> None:
        """Tell on how many listings reasons were looked for."""
        self._now_and_then(f"reasons looked for on {done:,} of {total:,} listings")

    def _now_and_then(self, words: str) -> None:
        if self._clock() - self._told_at >= TELL_EVERY:
            self._alive()
            self._told_at = self._clock()
            with suppress(StorageError):
                self._tell(f"{self._kind}: {words}")


def enrol(db: Database, key: str, store: StoreSettings, now: datetime) -> int:
    """Write a store of the settings to the snapshot; return its id there."""
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


def enrol_known(settings: Settings, now: datetime) -> None:
    """Write the stores of the settings that the snapshot knows anew: their titles, and whether they are watched.

    Raises:
        StorageError: the snapshot cannot be read or written.
    """
    with closing(open_snapshot(settings.snapshot_path)) as db:
        for key, store in settings.stores.items():
            if id_of(db.conn, key) is not None:
                enrol(db, key, store, now)
