"""On the machine with the worker: Litestream replicates both files, and the beacon shows copies how old they are."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.replica import litestream, tied
from aexdash.replica.litestream import ReplicaError
from aexdash.snapshot import beacon
from aexdash.storage import private
from aexdash.supervision.loop import Step

LOG = "litestream.log"
"""What Litestream has to say, in the home; begun anew each time it is started."""

PATIENCE = timedelta(seconds=30)
"""How long Litestream may complain without a pause before it is started anew, and that is counted as a failure."""


@contextmanager
def replicating(settings: Settings, clock: Clock) -> Iterator[Step]:
    """Have Litestream replicate both files for the length of a block; give the step that looks after it.

    Raises:
        ReplicaError: there is no Litestream, or the home cannot be written.
        StorageError: the snapshot cannot be written.
    """
    replicating = Replicating(settings, clock)
    replicating.start()
    try:
        yield replicating.step
    finally:
        replicating.end()


class Replicating:
    """Starts Litestream, and looks after it while it runs."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._log = settings.home / LOG
        self._program: subprocess.Popen[bytes] | None = None
        self._with_desk = False
        self._shown_at = clock()
        self._heard = 0
        self._complains_since: datetime | None = None
        self._complained_at: datetime | None = None

    def start(self) -> None:
        """Start Litestream on the files that there are; raises as `replicating`."""
        self._with_desk = self._settings.desk_path.exists()
        config = litestream.write_config(self._settings, with_desk=self._with_desk)
        command = litestream.replicate_command(config)
        self._show(self._clock())
        private.file(self._log)
        self._heard = 0
        with self._log.open("ab") as errors:
            self._program = tied.start(command, errors=errors)

    def end(self) -> None:
        """End Litestream, which first brings on its way what is left."""
        if self._program:
            tied.end(self._program)

    def step(self) -> None:
        """Write the beacon when it is due, and see whether Litestream runs and has nothing to complain of.

        Raises:
            ReplicaError: it has ended, or cannot write the replica for long.
            StorageError: the snapshot cannot be written.
        """
        code, now = self._program.poll() if self._program else 0, self._clock()
        if code is not None:
            raise ReplicaError(f"Litestream has ended ({_ending(code)}). {litestream.last_words(self._log)}".rstrip())
        if not self._with_desk and self._settings.desk_path.exists():  # somebody has decided the first thing
            self.end()
            self.start()
        self._listen(now)
        if abs(now - self._shown_at) >= beacon.EVERY:
            self._show(now)

    def _show(self, now: datetime) -> None:
        beacon.write(self._settings.snapshot_path, now)
        self._shown_at = now

    def _listen(self, now: datetime) -> None:
        said, self._heard = litestream.errors_since(self._log, self._heard)
        if said:
            self._complained_at = now
            self._complains_since = self._complains_since or now
        if self._complained_at is None or self._complains_since is None:
            return
        if abs(now - self._complained_at) > PATIENCE:
            self._complains_since = self._complained_at = None
        elif abs(now - self._complains_since) > PATIENCE:
            raise ReplicaError(f"The replica cannot be written: {litestream.last_words(self._log)}")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
