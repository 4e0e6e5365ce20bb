"""The worker as the commands run it: the stores' syncs, and beside them feed, SFTP folders, shops, alerts, causes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from aexdash.alerts.loop import keep_alerting
from aexdash.causes.watching import keep_examining
from aexdash.clock import Clock, system_clock
from aexdash.config.in_force import Following
from aexdash.config.settings import Settings
from aexdash.feed.fetching import keep_fetching
from aexdash.feed.watching import keep_watching
from aexdash.notify.sending import Sender
from aexdash.sync.shop_watch import keep_in_settings, keep_reading
from aexdash.sync.source_watch import keep_comparing
from aexdash.sync.supervisor import Beside, Connect, Loop, run_worker

Log = Callable[[str], None]


def run(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = system_clock,
    log: Log = print,
    connect_to: Connect | None = None,
    patient: bool = False,
) -> None:
    """Keep every watched store current until `stop` is set, and do what goes on beside that.

    Settings that are changed meanwhile are in force without a restart. `patient` waits for a store that can be read.

    Raises:
        ConfigError, PlatformError: no store can be read for what its settings say, and it is not patient.
        StorageError: the snapshot cannot be opened.
        LeaseNotWritable: the home directory cannot be written.
    """
    run_worker(
        settings,
        stop,
        clock=clock,
        log=log,
        connect_to=connect_to,
        beside=loops_beside(stop, clock, log),
        follow=Following(settings, log),
        patient=patient,
    )


def loops_beside(ending: threading.Event, clock: Clock, log: Log) -> Beside:
    """Return the loops that run beside the stores' syncs; `ending` is set when the whole worker is told to stop."""

    def loops(settings: Settings) -> Mapping[str, Loop]:
        feeds = settings.home, settings.feeds, settings.zone, {key: one.watched for key, one in settings.stores.items()}
        read = settings.home, settings.snapshot_path, settings.desk_path, settings.zone

        def alerts(stop: threading.Event) -> None:
            sender = Sender(settings, clock=clock, log=log)
            keep_alerting(settings, sender, stop, clock, log)
            if not ending.is_set():
                sender.wait()  # or the next one would send what this one is still sending

        return {
            "feed": Loop(feeds, lambda stop, writing: keep_watching(settings, writing, stop, clock, log)),
            "sftp": Loop(feeds, lambda stop, _: keep_fetching(settings, stop, clock, log)),
            "alerts": Loop(settings, lambda stop, _: alerts(stop)),
            "causes": Loop(read, lambda stop, _: keep_examining(settings, stop, clock, log)),
            **_shops(settings, clock, log),
            "sources": Loop(
                settings.snapshot_path, lambda stop, writing: keep_comparing(settings, writing, stop, clock, log)
            ),
        }

    return loops


def _shops(settings: Settings, clock: Clock, log: Log) -> dict[str, Loop]:
    """A loop for each shop that is read, so that none delays another, and one that keeps the list of them."""
    place = settings.home, settings.snapshot_path, tuple(settings.stores)

    def loop(key: str) -> Loop:
        about = *place, settings.shops[key]
        return Loop(about, lambda stop, writing: keep_reading(settings, key, writing, stop, clock=clock, log=log))

    read = [key for key, shop in settings.shops.items() if shop.watched]
    known = Loop((*place, read), lambda stop, writing: keep_in_settings(settings, writing, stop, log))
    return {"shops": known, **{f"shop-{key}": loop(key) for key in read}}
