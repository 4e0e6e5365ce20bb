"""On the machine with the worker: Litestream replicates both files, and the beacon shows copies how old they are."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.replica import litestream, tied
from aexdash.replica.gaps import Gap, find_gap, send_again
from aexdash.replica.litestream import ReplicaError
from aexdash.snapshot import beacon
from aexdash.storage import private
from aexdash.supervision.loop import Step

LOG = "litestream.log"
"""What Litestream has to say, in the home; begun anew each time it is started."""

LOOK_EVERY = timedelta(seconds=30)
"""How often the replica is looked through for a change that is missing in it."""

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
        self._with_desk = self._anew = False
        self._shown_at = self._looked_at = clock()
        self._heard = 0
        self._complains_since: datetime | None = None
        self._complained_at: datetime | None = None

    def start(self) -> None:
        """Start Litestream on the files that there are; raises as `replicating`.

        Where the replica has a gap it is mended first, else by whole snapshots until it matters no more.
        """
        self._with_desk = self._settings.desk_path.exists()
        config = litestream.write_config(self._settings, with_desk=self._with_desk)
        for path in self._lacking():
            litestream.reset(config, path)
        sent = [send_again(self._settings, path, gap) for path, gap in self._gaps().items()]
        self._anew = not all(sent)
        if self._anew:
            config = litestream.write_config(self._settings, with_desk=self._with_desk, anew=True)
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
        """Write the beacon when it is due, and see whether Litestream runs and the replica is whole.

        Raises:
            ReplicaError: it has ended, cannot write the replica for long, or a change is missing in the replica.
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
        if abs(now - self._looked_at) >= LOOK_EVERY:
            self._looked_at = now
            self._look_through()

    def _look_through(self) -> None:
        gaps = self._gaps()
        if self._anew and not gaps:
            self.end()
            self.start()
        elif gaps and not self._anew:
            told = " and ".join(f"{gap} of the {path.stem}" for path, gap in gaps.items())
            raise ReplicaError(f"The replica lost {told}; it is sent again, or a new whole snapshot is made.")

    def _gaps(self) -> dict[Path, Gap]:
        """Return the gaps of both files; of one that cannot be asked for, none: Litestream complains of the same."""
        found: dict[Path, Gap] = {}
        for path in (self._settings.snapshot_path, *([self._settings.desk_path] if self._with_desk else [])):
            with suppress(ReplicaError):
                if gap := find_gap(self._settings.home / litestream.CONFIG, path):
                    found[path] = gap
        return found

    def _show(self, now: datetime) -> None:
        beacon.write(self._settings.snapshot_path, now)
        self._shown_at = now

    def _lacking(self) -> list[Path]:
        """Return the files beside which Litestream lacks its own, by what it wrote since it was started."""
        return [
            path
            for path in (self._settings.snapshot_path, self._settings.desk_path)
            if litestream.wants_reset(self._log, path)
        ]

    def _listen(self, now: datetime) -> None:
        said, self._heard = litestream.errors_since(self._log, self._heard)
        if said and (lacking := self._lacking()):
            names = " and ".join(path.name for path in lacking)
            raise ReplicaError(
                f"Litestream lacks changes to {names} that it has to send; it begins with the file anew."
            )
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
