"""The supervisor: every watched store and every loop beside them in a thread of its own, as the settings say.

A store that fails or is banned delays no other. When other settings are in force, only what they are about is ended and
begun anew; what is being read is read to its end first, so that no store is ever read twice at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Protocol

from aexdash.aliexpress.errors import PlatformError
from aexdash.aliexpress.listings import Seller, connect
from aexdash.clock import Clock, system_clock
from aexdash.config.settings import ConfigError, Settings, StoreSettings
from aexdash.desk.work import Desk
from aexdash.snapshot.file import open_snapshot
from aexdash.storage.errors import StorageError
from aexdash.sync import lease
from aexdash.sync.schedule import RunKind
from aexdash.sync.worker import CANNOT_WRITE, PAUSE_AFTER_DISK_ERROR, Log, StoreWorker, enrol_known

Connect = Callable[[StoreSettings], Seller]

LONGEST_WAIT = 1.0
"""Seconds between two looks at the clock, at the syncs that people asked for and at the settings."""

BEGIN_AGAIN = timedelta(seconds=PAUSE_AFTER_DISK_ERROR)
"""After so long a thread that ended by an error nobody expected is begun anew."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop beside the stores: `keep` runs until its event is set, `about` are the settings it depends on.

    It is called with the event and with a function that takes the lease.
    """

    about: object
    keep: Callable[[threading.Event, lease.Writing], None]


Keep = Callable[[threading.Event, SimpleQueue[RunKind]], None]

Beside = Callable[[Settings], Mapping[str, Loop]]
"""The loops that run beside the stores with some settings, by the names of their threads."""


class Follows(Protocol):
    """Knows the settings in force."""

    settings: Settings

    def look(self) -> bool:
        """Look for others; return whether others are in force now."""


@dataclass
class Unchanging:
    """Settings that stay in force."""

    settings: Settings

    def look(self) -> bool:
        """Find no others."""
        return False


@dataclass
class _Begun:
    """A thread, what it was begun for, what ends it and what it is asked for."""

    about: object
    thread: threading.Thread
    stop: threading.Event
    requests: SimpleQueue[RunKind] = field(default_factory=SimpleQueue)


def nothing_beside(_settings: Settings) -> Mapping[str, Loop]:
    """Return no loops."""
    return {}


def run_worker(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = system_clock,
    log: Log = print,
    connect_to: Connect | None = None,
    beside: Beside = nothing_beside,
    follow: Follows | None = None,
    patient: bool = False,
) -> None:
    """Sync every watched store until `stop` is set, and run the loops of `beside` in threads of their own meanwhile.

    A second worker on the same snapshot waits until the first ends, and logs that once. A store with unusable settings
    is logged and left out. `follow` says which settings are in force from then on; `patient` waits for usable ones
    where no store has them.

    Raises:
        ConfigError, PlatformError: no store has usable settings, and it is not patient.
        StorageError: the snapshot cannot be opened.
        LeaseNotWritable: the home directory cannot be written.
    """
    connect_to = connect_to or (lambda store: connect(store.account(settings.home), clock=clock))
    following = follow or Unchanging(settings)
    supervisor = Supervisor(settings, stop, clock=clock, log=log, connect_to=connect_to, beside=beside)
    try:
        supervisor.connect_all(patient=patient)
        with lease.hold(
            settings.home / "worker.lock",
            clock=clock,
            command="worker",
            wait=True,
            stop=stop,
            waiting=lambda who: log(f"Another worker ({who}) keeps this snapshot current; waiting until it ends."),
        ):
            open_snapshot(settings.snapshot_path).close()  # one migration, before the stores' threads begin
            supervisor.run(following)
    except lease.LeaseHeld:
        return  # `stop` was set while it waited for the lease
    finally:
        supervisor.close()


class Supervisor:
    """Runs the threads that some settings ask for. Only the thread that made it may call it."""

    def __init__(
        self,
        settings: Settings,
        stop: threading.Event,
        *,
        clock: Clock,
        log: Log,
        connect_to: Connect,
        beside: Beside,
    ) -> None:
        self._settings, self._stop, self._clock, self._log = settings, stop, clock, log
        self._connect_to, self._beside = connect_to, beside
        self._together = lease.Shared(lease.writing(settings.lease_path, clock=clock, command="worker", stop=stop))
        self._desk = Desk(settings.desk_path)
        self._begun: dict[str, _Begun] = {}
        self._sellers: dict[str, Seller] = {}
        self._unusable: dict[str, object] = {}
        self._not_before: dict[str, datetime] = {}
        self._last_error = ""

    def connect_all(self, *, patient: bool) -> None:
        """Connect the watched stores; no call is made yet.

        Raises:
            ConfigError, PlatformError: none can be connected, and it is not patient.
        """
        problems: dict[str, ConfigError | PlatformError] = {}
        for key, store in _watched(self._settings).items():
            try:
                self._sellers[key] = self._connect_to(store)
            except (ConfigError, PlatformError) as error:
                problems[key] = error
        if problems and not self._sellers and not patient:
            raise next(iter(problems.values()))
        for key, problem in problems.items():
            self._leave_out(key, problem)

    def run(self, following: Follows) -> None:
        """Keep the threads going until told to stop, and look for other settings once a second."""
        while not self._stop.is_set():
            if following.look():
                self._take(following.settings)
            self._tend()
            self._pass_on_requests()
            self._stop.wait(LONGEST_WAIT)
        for begun in self._begun.values():
            begun.stop.set()
        for begun in self._begun.values():
            begun.thread.join(timeout=30)

    def close(self) -> None:
        """Close the connections that no thread has taken over."""
        for seller in self._sellers.values():
            seller.close()

    def _take(self, settings: Settings) -> None:
        """Let other settings be in force: titles and archived stores at once, threads with the next look after them."""
        self._settings = settings
        self._not_before.clear()
        try:
            enrol_known(settings, self._clock())
        except CANNOT_WRITE as error:
            self._say(str(error))
        self._log("The settings have changed and are in force.")

    def _tend(self) -> None:
        """End what other settings are about, and begin what is missing."""
        stores, loops = _watched(self._settings), self._beside(self._settings)
        wanted = {f"sync-{key}": self._about(key) for key in stores} | {name: one.about for name, one in loops.items()}
        for name, begun in list(self._begun.items()):
            if not begun.thread.is_alive():
                self._forget(name, begun)
            elif name not in wanted or wanted[name] != begun.about:
                begun.stop.set()
        for key, store in stores.items():
            if self._may_begin(name := f"sync-{key}") and self._unusable.get(key) != wanted[name]:
                self._begin_store(key, store, wanted[name])
        for name, loop in loops.items():
            if self._may_begin(name):
                self._begin(name, loop.about, self._beside_the_stores(loop))

    def _beside_the_stores(self, loop: Loop) -> Keep:
        return lambda stop, _requests: loop.keep(stop, self._together)

    def _about(self, key: str) -> object:
        """The settings that a store's thread depends on."""
        return self._settings.stores[key], self._settings.zone, self._settings.phrases

    def _may_begin(self, name: str) -> bool:
        not_before = self._not_before.get(name)
        return name not in self._begun and (not_before is None or self._clock() >= not_before)

    def _forget(self, name: str, begun: _Begun) -> None:
        del self._begun[name]
        if not begun.stop.is_set():
            self._not_before[name] = self._clock() + BEGIN_AGAIN

    def _begin_store(self, key: str, store: StoreSettings, about: object) -> None:
        try:
            seller = self._sellers.pop(key, None) or self._connect_to(store)
        except (ConfigError, PlatformError) as error:
            self._leave_out(key, error)
            return
        settings = self._settings

        def keep(stop: threading.Event, requests: SimpleQueue[RunKind]) -> None:
            try:
                worker = _made(
                    lambda: StoreWorker(
                        settings, key, seller, clock=self._clock, log=self._log, writing=self._together
                    ),
                    stop,
                    self._log,
                )
                if worker is not None:
                    keep_current(worker, requests, stop, self._log)
            finally:
                seller.close()

        self._begin(f"sync-{key}", about, keep)

    def _leave_out(self, key: str, problem: ConfigError | PlatformError) -> None:
        """Leave a store out until its settings are others."""
        self._unusable[key] = self._about(key)
        self._log(f"{key}: this store is not read. {problem}")

    def _begin(self, name: str, about: object, keep: Keep) -> None:
        stop, requests = threading.Event(), SimpleQueue[RunKind]()
        thread = threading.Thread(target=keep, args=(stop, requests), name=name, daemon=True)
        self._begun[name] = _Begun(about, thread, stop, requests)
        thread.start()

    def _pass_on_requests(self) -> None:
        """Pass the syncs that people asked for on to their stores. A desk that cannot be read is logged once."""
        try:
            for key, kind in self._desk.take_sync_requests():
                if begun := self._begun.get(f"sync-{key}"):
                    begun.requests.put("sweep" if kind == "sweep" else "pulse")
        except StorageError as error:
            self._say(str(error))

    def _say(self, problem: str) -> None:
        if problem != self._last_error:
            self._last_error = problem
            self._log(problem)


def _watched(settings: Settings) -> dict[str, StoreSettings]:
    return {key: store for key, store in settings.stores.items() if store.watched}


def _made(make: Callable[[], StoreWorker], stop: threading.Event, log: Log) -> StoreWorker | None:
    """Make a store's worker; try again while the snapshot cannot be written. None when `stop` was set."""
    while not stop.is_set():
        try:
            return make()
        except StorageError as error:
            log(str(error))
            stop.wait(PAUSE_AFTER_DISK_ERROR)
    return None


def keep_current(worker: StoreWorker, requests: SimpleQueue[RunKind], stop: threading.Event, log: Log) -> None:
    """Run the steps of a worker until `stop` is set. A snapshot that cannot be written is logged and tried again."""
    try:
        while not stop.is_set():
            while not requests.empty():
                worker.ask(requests.get())
            try:
                worker.step()
            except CANNOT_WRITE as error:
                log(f"{worker.key}: {error}")
            except lease.LeaseHeld:
                return  # the worker was told to stop while another process held the lease
            stop.wait(LONGEST_WAIT)
    finally:
        worker.close()
