"""`aexdash follow`: both copies kept up to date, each in a thread of its own that begins again after an error."""

from __future__ import annotations

import threading

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.log import Log
from aexdash.replica.following import Original, following, originals, refuse_own_files
from aexdash.replica.litestream import ReplicaError
from aexdash.supervision.loop import EVERY, keep_going
from aexdash.supervision.states import GIVE_UP_AFTER, LoopBook, LoopRecord
from aexdash.sync import lease

NAME = "follow-{what}"
"""The name of the loop that follows a file."""


def run(settings: Settings, stop: threading.Event, *, clock: Clock, log: Log) -> None:
    """Follow both files until `stop` is set; a second process that follows in the same home is refused.

    Raises:
        ReplicaError: a file of this home's own is in the way, or no copy could be kept up to date for long.
        LeaseError: another process follows here, or the home cannot be written.
    """
    refuse_own_files(settings)
    book = LoopBook(settings.home, clock())
    with lease.hold(settings.worker_lease_path, clock=clock, command="follow"):
        threads = [
            _thread(settings, one, stop, book.record(NAME.format(what=one.what)), clock=clock, log=log)
            for one in originals(settings)
        ]
        for thread in threads:
            thread.start()
        try:
            while not stop.wait(EVERY):
                now = clock()
                book.keep(now)
                if len(book.state(now).unable(now, GIVE_UP_AFTER)) == len(threads):
                    minutes = round(GIVE_UP_AFTER.total_seconds() / 60)
                    raise ReplicaError(f"Nothing could be followed for {minutes} minutes, so this ends with an error.")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            book.close()


def _thread(
    settings: Settings, original: Original, stop: threading.Event, record: LoopRecord, *, clock: Clock, log: Log
) -> threading.Thread:
    name = NAME.format(what=original.what)

    def keep() -> None:
        keep_going(
            name, lambda: following(settings, original, stop, clock), stop, record, clock=clock, log=log, every=EVERY
        )

    return threading.Thread(target=keep, name=name, daemon=True)
