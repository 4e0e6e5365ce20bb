"""The supervisor: every watched store and every loop beside them in a thread of its own, as the settings say.

A store that fails or is banned delays no other. When other settings are in force, only what they are about is ended and
begun anew; what is being read is read to its end first, so that no store is ever read twice at a time. No thread ends
for good of an error: `aexdash.supervision.loop` begins its loop again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Protocol

from aexdash.aliexpress.errors import PlatformError
from aexdash.aliexpress.listings import Seller, connect
from aexdash.clock import Clock, system_clock
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.decisions.work import Desk
from aexdash.log import Line, Log, about
from aexdash.snapshot.file import open_snapshot
from aexdash.supervision.loop import EVERY, Pause, Step, Told, keep_going
from aexdash.supervision.states import GIVE_UP_AFTER, LoopBook
from aexdash.sync import lease
from aexdash.sync.schedule import RunKind
from aexdash.sync.worker.store_loop import StoreLoop
from aexdash.sync.worker.store_worker import CANNOT_WRITE, enrol_known

Connect = Callable[[StoreSettings], Seller]

STORE = "sync-"
"""What the names of the stores' loops begin with; the key of the store follows."""

WORKER = "worker"
"""The name of the loop that keeps all others."""

REQUESTS = "requests"
"""The name of the loop that passes on the syncs that people asked for."""

ENDS_WITHIN = 5.0
"""Seconds that the threads have to end when the process is told to; what they were about is then left."""

BEGIN_AGAIN_WITHIN = 60.0
"""Seconds that threads have to end before all of them are begun anew."""


class CannotGoOn(Exception):
    """Nothing could be read for so long that the process ends, so that whoever started it starts it again."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop beside the stores: `begin` opens what it needs and gives its step, `about` are the settings it depends on.

    It is called with the event that tells the loop to stop and with a function that takes the lease. `every` is in
    seconds, between two steps.
    """

    about: object
    begin: Callable[[threading.Event, lease.Writing], AbstractContextManager[Step]]
    every: float = EVERY


_BeginWith = Callable[[threading.Event, SimpleQueue[RunKind]], AbstractContextManager[Step]]

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
    pause: Pause = threading.Event.wait,
    told: Told | None = None,
) -> None:
    """Sync every watched store until `stop` is set, and run the loops of `beside` in threads of their own meanwhile.

    A second worker on the same snapshot waits until the first ends, and logs that once. A store with unusable settings
    is logged and left out. `follow` says which settings are in force from then on; `patient` waits for usable ones
    where no store has them. A snapshot or a home that cannot be used is waited for. `pause` is how the loops wait
    between two steps and before they begin anew. `told` is what loops have told to be in their way.

    Raises:
        ConfigError, PlatformError: no store has usable settings, and it is not patient.
        CannotGoOn: no store's loop could run for `GIVE_UP_AFTER`.
    """
    connect_to = connect_to or (lambda store: connect(store.account(settings.home), clock=clock))
    following = follow or Unchanging(settings)
    supervisor = Supervisor(
        settings, stop, clock=clock, log=log, connect_to=connect_to, beside=beside, pause=pause, told=told
    )
    try:
        supervisor.connect_all(patient=patient)
        keep_going(
            WORKER,
            lambda: supervisor.begun(following),
            stop,
            supervisor.book.record(WORKER),
            clock=clock,
            log=log,
            after_failure=supervisor.look_after,
            let_through=CannotGoOn,
            pause=pause,
        )
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
        pause: Pause = threading.Event.wait,
        told: Told | None = None,
    ) -> None:
        self._settings, self._stop, self._clock, self._log = settings, stop, clock, log
        self._connect_to, self._beside, self._pause = connect_to, beside, pause
        self._together = lease.Shared(lease.writing(settings.lease_path, clock=clock, command="worker", stop=stop))
        self._begun: dict[str, _Begun] = {}
        self._sellers: dict[str, Seller] = {}
        self._unusable: dict[str, object] = {}
        self._told = told or Told()
        self.book = LoopBook(settings.home, clock())

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

    @contextmanager
    def begun(self, following: Follows) -> Iterator[Step]:
        """Wait until no other worker keeps this snapshot; give the step that keeps the threads going.

        Raises:
            LeaseError: the home cannot be written, or it was told to stop while it waited.
            StorageError: the snapshot cannot be opened.
        """
        with lease.hold(
            self._settings.worker_lease_path,
            clock=self._clock,
            command="worker",
            wait=True,
            stop=self._stop,
            waiting=lambda who: self._log(
                f"Another worker ({who}) keeps this snapshot current; waiting until it ends."
            ),
        ):
            open_snapshot(self._settings.snapshot_path).close()  # one migration, before the stores' threads begin
            try:
                yield lambda: self._step(following)
            finally:
                self._end_threads()

    def _step(self, following: Follows) -> None:
        if following.look():
            self._take(following.settings)
        self._tend()
        self.look_after()

    def look_after(self) -> None:
        """Tell the pages how the loops are.

        Raises:
            CannotGoOn: no store's loop, or not even this one, could run for `GIVE_UP_AFTER`.
        """
        now = self._clock()
        self.book.keep(now)
        unable = self.book.state(now).unable(now, GIVE_UP_AFTER)
        stores = {name for name, begun in self._begun.items() if name.startswith(STORE)}
        if WORKER in unable or (stores and stores <= unable.keys()):
            names = ", ".join(sorted(unable))
            minutes = round(GIVE_UP_AFTER.total_seconds() / 60)
            raise CannotGoOn(
                f"Nothing could be read for {minutes} minutes ({names}), so the worker ends with an error."
            )

    def close(self) -> None:
        """Close the connections that no thread has taken over."""
        for seller in self._sellers.values():
            seller.close()
        self.book.close()

    def _take(self, settings: Settings) -> None:
        """Let other settings be in force: titles and archived stores at once, threads with the next look after them."""
        self._settings = settings
        try:
            enrol_known(settings, self._clock())
        except CANNOT_WRITE as error:
            self._log(str(error))
        self._log("The settings have changed and are in force.")

    def _tend(self) -> None:
        """End what other settings are about, and begin what is missing."""
        stores = _watched(self._settings)
        loops = {**self._beside(self._settings), REQUESTS: self._requests()}
        wanted = {f"{STORE}{key}": self._about(key) for key in stores} | {
            name: one.about for name, one in loops.items()
        }
        for name, begun in list(self._begun.items()):
            if not begun.thread.is_alive():
                self._forget(name, begun)
            elif name not in wanted or wanted[name] != begun.about:
                begun.stop.set()
        for key, store in stores.items():
            name = f"{STORE}{key}"
            if name not in self._begun and self._unusable.get(key) != wanted[name]:
                self._begin_store(key, store, wanted[name])
        for name, loop in loops.items():
            if name not in self._begun:
                self._begin(name, loop.about, self._beside_the_stores(loop), every=loop.every)

    def _forget(self, name: str, begun: _Begun) -> None:
        """Forget a thread that has ended; how a loop was is remembered where it ended by itself."""
        del self._begun[name]
        if begun.stop.is_set():
            self.book.forget(name)

    def _beside_the_stores(self, loop: Loop) -> _BeginWith:
        return lambda stop, _requests: loop.begin(stop, self._together)

    def _about(self, key: str) -> object:
        """The settings that a store's thread depends on."""
        return self._settings.stores[key], self._settings.zone, self._settings.phrases

    def _begin_store(self, key: str, store: StoreSettings, about_it: object) -> None:
        try:
            seller = self._sellers.pop(key, None) or self._connect_to(store)
        except (ConfigError, PlatformError) as error:
            self._leave_out(key, error)
            return
        name = f"{STORE}{key}"
        reading = StoreLoop(
            self._settings,
            key,
            seller,
            clock=self._clock,
            log=about(self._log, store=key),
            writing=self._together,
            record=self.book.record(name),
        )
        self._begin(name, about_it, reading.begun, at_the_end=seller.close)

    def _leave_out(self, key: str, problem: ConfigError | PlatformError) -> None:
        """Leave a store out until its settings are others."""
        self._unusable[key] = self._about(key)
        self._log(Line(f"{key}: this store is not read. {problem}", store=key))

    def _begin(
        self,
        name: str,
        about_it: object,
        begin: _BeginWith,
        *,
        every: float = EVERY,
        at_the_end: Callable[[], None] = lambda: None,
    ) -> None:
        stop, requests = threading.Event(), SimpleQueue[RunKind]()

        def keep() -> None:
            try:
                keep_going(
                    name,
                    lambda: begin(stop, requests),
                    stop,
                    self.book.record(name),
                    clock=self._clock,
                    log=self._log,
                    every=every,
                    told_to_stop=lambda: stop.is_set() or self._stop.is_set(),
                    told=self._told,
                    pause=self._pause,
                )
            finally:
                at_the_end()

        thread = threading.Thread(target=keep, name=name, daemon=True)
        self._begun[name] = _Begun(about_it, thread, stop, requests)
        thread.start()

    def _requests(self) -> Loop:
        """The loop that passes the syncs that people asked for on to their stores."""
        path = self._settings.desk_path

        @contextmanager
        def passing(_stop: threading.Event, _writing: lease.Writing) -> Iterator[Step]:
            desk = Desk(path)

            def step() -> None:
                for key, kind in desk.take_sync_requests():
                    if begun := self._begun.get(f"{STORE}{key}"):
                        begun.requests.put("sweep" if kind == "sweep" else "pulse")

            yield step

        return Loop(path, passing)

    def _end_threads(self) -> None:
        """End every thread, and wait for them: for a short time where the process ends, else until they have ended."""
        for begun in self._begun.values():
            begun.stop.set()
        ends = time.monotonic() + (ENDS_WITHIN if self._stop.is_set() else BEGIN_AGAIN_WITHIN)
        for begun in self._begun.values():
            begun.thread.join(timeout=max(0.0, ends - time.monotonic()))
        self._begun = {name: begun for name, begun in self._begun.items() if begun.thread.is_alive()}


def _watched(settings: Settings) -> dict[str, StoreSettings]:
    return {key: store for key, store in settings.stores.items() if store.watched}
