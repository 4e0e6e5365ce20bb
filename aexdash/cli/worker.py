"""The worker as the commands run it: the stores' syncs, and beside them feed, SFTP folders, shops, alerts, causes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aexdash.alerts.loop import Alerting
from aexdash.causes.watching import examining
from aexdash.clock import Clock, system_clock
from aexdash.config.in_force import Following
from aexdash.config.settings import Settings
from aexdash.feed.fetching import fetching
from aexdash.feed.watching import watching
from aexdash.log import Log
from aexdash.notify.sending import Sender
from aexdash.replica.replicating import replicating
from aexdash.supervision.heartbeat import beating
from aexdash.supervision.loop import Pause, Step, Told
from aexdash.supervision.readiness import HEARTBEAT
from aexdash.sync import lease
from aexdash.sync.worker.file_keeping import LOOK_EVERY as FILES_EVERY
from aexdash.sync.worker.file_keeping import keeping
from aexdash.sync.worker.shop_watch import marking, reading
from aexdash.sync.worker.source_watch import LOOK_EVERY, comparing
from aexdash.sync.worker.supervisor import Beside, Connect, Loop, run_worker


def run(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = system_clock,
    log: Log = print,
    connect_to: Connect | None = None,
    patient: bool = False,
    pause: Pause = threading.Event.wait,
) -> None:
    """Keep every watched store current until `stop` is set, and do what goes on beside that.

    Settings that are changed meanwhile are in force without a restart. `patient` waits for a store that can be read.
    A snapshot or a home that cannot be used is waited for. `pause` is how the loops wait between two steps and before
    they begin anew.

    Raises:
        ConfigError, PlatformError: no store can be read for what its settings say, and it is not patient.
        CannotGoOn: no store could be read for a quarter of an hour for what is wrong on this machine.
    """
    told = Told()
    run_worker(
        settings,
        stop,
        clock=clock,
        log=log,
        connect_to=connect_to,
        beside=loops_beside(stop, clock, log, told),
        follow=Following(settings, log),
        patient=patient,
        pause=pause,
        told=told,
    )


def loops_beside(ending: threading.Event, clock: Clock, log: Log, told: Told | None = None) -> Beside:
    """Return the loops that run beside the stores' syncs; `ending` is set when the whole worker is told to stop.

    `told` is what the loops of the process have told to be in their way.
    """

    def loops(settings: Settings) -> Mapping[str, Loop]:
        feeds = settings.home, settings.feeds, settings.zone, {key: one.watched for key, one in settings.stores.items()}
        read = settings.home, settings.snapshot_path, settings.desk_path, settings.zone

        return {
            "feed": Loop(feeds, lambda _, writing: watching(settings, writing, clock, log)),
            "sftp": Loop(feeds, lambda stop, _: fetching(settings, stop, clock, log)),
            "alerts": Loop(settings, _Alerts(settings, ending, clock, log).begun),
            "files": Loop(
                (settings.home, settings.backup),
                lambda _, writing: keeping(settings, writing, clock, log, told),
                every=FILES_EVERY,
            ),
            HEARTBEAT: Loop((*feeds, settings.monitoring), lambda *_: beating(settings, clock)),
            "causes": Loop(read, lambda *_: examining(settings, clock)),
            **_replica(settings, clock),
            **_shops(settings, clock, log),
            "sources": Loop(
                (settings.snapshot_path, {key: one.stale_after_seconds for key, one in settings.shops.items()}),
                lambda _, writing: comparing(settings, writing, clock),
                every=LOOK_EVERY,
            ),
        }

    return loops


def _replica(settings: Settings, clock: Clock) -> dict[str, Loop]:
    """The loop that has both files replicated, where the settings say where to."""
    if not settings.replica.is_on:
        return {}
    about = settings.home, settings.replica
    return {"replica": Loop(about, lambda *_: replicating(settings, clock))}


class _Alerts:
    """The loop of alerts. Its sender outlasts a new beginning, so that nothing is sent twice at a time."""

    def __init__(self, settings: Settings, ending: threading.Event, clock: Clock, log: Log) -> None:
        self._settings, self._ending, self._clock, self._log = settings, ending, clock, log
        self._sender: Sender | None = None

    @contextmanager
    def begun(self, stop: threading.Event, _writing: lease.Writing) -> Iterator[Step]:
        self._sender = self._sender or Sender(self._settings, clock=self._clock, log=self._log)
        try:
            yield Alerting(self._settings, self._sender, clock=self._clock, log=self._log).step
        finally:
            if stop.is_set() and not self._ending.is_set():
                self._sender.wait()  # or the next one would send what this one is still sending


def _shops(settings: Settings, clock: Clock, log: Log) -> dict[str, Loop]:
    """A loop for each shop that is read, so that none delays another, and one that keeps the list of them."""
    place = settings.home, settings.snapshot_path, tuple(settings.stores)

    def loop(key: str) -> Loop:
        about = *place, settings.shops[key]
        return Loop(about, lambda stop, writing: reading(settings, key, writing, stop, clock=clock, log=log))

    read = [key for key, shop in settings.shops.items() if shop.watched]
    known = Loop((*place, read), lambda _, writing: marking(settings, writing))
    return {"shops": known, **{f"shop-{key}": loop(key) for key in read}}
