"""`aexdash restore`: a backup in place of the desk or the snapshot. What it replaces is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from aexdash.cli.errors import BadUse
from aexdash.cli.files.kinds import DESK, Kind, alone, kind_of
from aexdash.config.settings import Settings
from aexdash.desk import file as desk_file
from aexdash.snapshot import known_desk
from aexdash.storage import backups
from aexdash.storage.errors import StorageMissing, StorageUnreadable
from aexdash.storage.file import BACKUPS, move_aside, open_for_writing
from aexdash.words.common import moment, plural

LATEST = "latest"


def run(
    settings: Settings, now: datetime, given: str, kind: Kind = DESK, *, agree: Callable[[str], None]
) -> Iterator[str]:
    """Put a backup in place, the file `given` or the newest of a kind; yield what was done.

    It is looked through to its last page first. Pages that are open read the restored file from then on. Where no file
    was named and the present one can be read, `agree` is told what would be replaced, and raises what ends it.

    Raises:
        BadUse: the file that is named does not exist, or is no file of aexdash.
        StorageError: there is no backup, it is damaged or of a newer version, or a file cannot be written.
        LeaseError: a worker runs, or the home cannot be written.
    """
    source = newest(settings, kind) if given == LATEST else Path(given)
    if not source.exists():
        raise BadUse(f"There is no file {source}; name a backup, or leave it out for the newest.")
    try:
        kind = kind_of(source)
    except StorageUnreadable as error:
        raise BadUse(str(error)) from error
    backups.check(source, kind.migrations, kind.what)
    path = kind.path(settings)
    with alone(settings, "restore"):
        if given == LATEST and path.exists() and backups.is_whole(path, kind.migrations, kind.what):
            agree(_question(kind, path, source, settings))
        if kept := keep(kind, path, now):
            yield f"The {kind.what} as it was is kept as {kept}."
        backups.put_into(source, path, kind.what)
        open_for_writing(path, kind.migrations, kind.what).close()  # one of an older version is brought up to date
        if kept and kind is DESK and (lost := _since(kept, path)):
            yield f"{plural(lost, 'change')} of people that the backup does not have {_stand(lost)} in that file alone."
        if kind is DESK and settings.snapshot_path.exists():
            known_desk.remember(settings.snapshot_path, desk_file.present(path), now)
    yield f"The {kind.what} is that of {source} again."


def _question(kind: Kind, path: Path, source: Path, settings: Settings) -> str:
    """Ask whether a file that can be read is to be what it was: whoever only looks for the command loses nothing."""
    (at,) = (one.at for one in backups.backups(settings.home, kind.what) if one.path == source)
    lost = _since(path, source) if kind is DESK else 0
    without = f" {plural(lost, 'change')} of people {'is' if lost == 1 else 'are'} not in that backup." if lost else ""
    when = moment(at, settings.tzinfo)
    return f"The {kind.what} in use can be read.{without} Put its backup of {when} in its place?"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _since(kept: Path, restored: Path) -> int:
    """Count the decisions on listings in the desk that was replaced and not in the restored one."""
    with closing(sqlite3.connect(kept)) as before, closing(sqlite3.connect(restored)) as now:
        try:
            (last,) = now.execute("SELECT coalesce(max(id), 0) FROM work_change").fetchone()
            return int(before.execute("SELECT count(*) FROM work_change WHERE id > ?", [last]).fetchone()[0])
        except sqlite3.Error:
            return 0  # a damaged one, that was only moved aside


def newest(settings: Settings, kind: Kind) -> Path:
    """Return the newest backup of a file in its home.

    Raises:
        StorageMissing: there is none.
    """
    found = backups.backups(settings.home, kind.what)
    if not found:
        raise StorageMissing(f"There is no backup of the {kind.what} in {settings.home / BACKUPS}; name a file.")
    return found[0].path


def keep(kind: Kind, path: Path, now: datetime) -> Path | None:
    """Keep a file that is to be replaced: a whole one as a copy, for it is written in place; else it is renamed.

    Return where it is; None where there is nothing to keep.

    Raises:
        StorageError: it cannot be kept, and stays as it is.
    """
    if not path.exists() or not path.stat().st_size:
        return None
    if backups.is_whole(path, kind.migrations, kind.what):
        copy = path.parent / BACKUPS / f"{kind.what}.before-restore.{now:%Y%m%dT%H%M%SZ}.db"
        return backups.back_up(path, backups.free(copy), kind.what)
    return move_aside(path, now, kind.what)


def new_desk(settings: Settings, now: datetime) -> Iterator[str]:
    """Begin a new, empty desk where there is none any more, or in place of one, which is kept.

    Raises:
        StorageError, LeaseError: as `run`.
    """
    path = settings.desk_path
    with alone(settings, "repair"):
        if path.exists() and path.stat().st_size:
            yield f"The desk as it was is kept as {move_aside(path, now, DESK.what)}."
        with closing(open_for_writing(path, DESK.migrations, DESK.what)):
            pass
        if settings.snapshot_path.exists():
            known_desk.remember(settings.snapshot_path, desk_file.present(path), now)
    yield "A new desk is begun: nobody has decided anything in it."
