"""The worker as the commands run it: the stores' syncs, and beside them the feed, its SFTP folders and the alerts."""

from __future__ import annotations

import threading
from collections.abc import Callable

from aexdash.alerts.loop import keep_alerting
from aexdash.clock import Clock, system_clock
from aexdash.config.settings import Settings
from aexdash.feed.fetching import keep_fetching
from aexdash.feed.watching import keep_watching
from aexdash.notify.sending import Sender
from aexdash.sync.worker import Beside, Connect, run_worker

Log = Callable[[str], None]


def run(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = system_clock,
    log: Log = print,
    connect_to: Connect | None = None,
) -> None:
    """Keep every watched store current until `stop` is set, and do what goes on beside that.

    Raises:
        ConfigError, PlatformError: no store can be read for what its settings say.
        StorageError: the snapshot cannot be opened.
        LeaseNotWritable: the home directory cannot be written.
    """
    run_worker(
        settings, stop, clock=clock, log=log, connect_to=connect_to, beside=loops_beside(settings, stop, clock, log)
    )


def loops_beside(settings: Settings, stop: threading.Event, clock: Clock, log: Log) -> Beside:
    """Return the loops that run beside the stores' syncs, by the names of their threads."""
    return {
        "feed": lambda writing: keep_watching(settings, writing, stop, clock, log),
        "sftp": lambda _: keep_fetching(settings, stop, clock, log),
        "alerts": lambda _: keep_alerting(settings, Sender(settings, clock=clock, log=log), stop, clock, log),
    }
