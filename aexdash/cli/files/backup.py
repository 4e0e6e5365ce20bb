"""`aexdash backup`: a copy of the desk and of the snapshot, now, while everything goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from aexdash.cli.files.kinds import KINDS
from aexdash.config.settings import Settings
from aexdash.storage import backups
from aexdash.storage.errors import StorageMissing


def run(settings: Settings, now: datetime, to: Path | None) -> Iterator[str]:
    """Back up both files, into the home's own folder of backups or into `to`; yield a line for each.

    Raises:
        StorageError: there is neither, one is damaged, or a copy cannot be written.
    """
    there = [kind for kind in KINDS if kind.path(settings).exists()]
    if not there:
        raise StorageMissing(f"There is nothing to back up in {settings.home} yet.")
    for kind in there:
        target = backups.dated(settings.home, kind.what, now)
        made = backups.back_up(kind.path(settings), to / target.name if to else target, kind.what)
        size = made.stat().st_size / 1024**2
        yield f"The {kind.what} is backed up as {made} ({size:.1f} MB), and that copy is whole."
