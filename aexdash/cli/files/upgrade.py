"""`aexdash upgrade`: the files of a home brought up to this version, each after a copy of it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from aexdash.cli.files.kinds import KINDS, Kind, alone
from aexdash.config.settings import Settings
from aexdash.storage.file import BACKUPS, applied_to, names_of, open_for_writing, open_read_only


def run(settings: Settings) -> Iterator[str]:
    """Bring both files up to date and yield a line for each.

    Raises:
        StorageError: a file is damaged or of a newer version, or its copy cannot be written; it stays as it was.
        LeaseError: a worker runs, or the home cannot be written.
    """
    for kind in KINDS:
        path = kind.path(settings)
        if not path.exists():
            yield f"There is no {kind.what} yet; it is made when it is first written."
        elif lacking := pending(kind, settings):
            with alone(settings, "upgrade"):
                open_for_writing(path, kind.migrations, kind.what).close()
            copy = path.parent / BACKUPS / f"{kind.what}.before-{lacking[0]}.db"
            yield f"The {kind.what} is up to date: {', '.join(lacking)}. As it was before it is kept as {copy}."
        else:
            yield f"The {kind.what} is of this version."


def pending(kind: Kind, settings: Settings) -> list[str]:
    """List the migrations that a file lacks, in their order; one that is not there or empty lacks none.

    Raises:
        StorageError: it is not one of ours, or of a newer version.
        sqlite3.Error: it cannot be read.
    """
    path = kind.path(settings)
    if not path.exists():
        return []
    with closing(open_read_only(path)) as connection:
        applied = applied_to(connection, path, kind.migrations, kind.what)
    return sorted(names_of(kind.migrations) - applied) if applied else []
