"""Copies of a file of ours that another program keeps up to date in place: who may read them, and that nobody writes.

`aexdash follow` has Litestream restore a copy into a folder of its own and patch it there, page by page, under SQLite's
lock. If Litestream ends within a patch, the lock is gone and the file is half of one state and half of another, which
no check of SQLite's need notice. So Litestream also holds a lock of the operating system (`flock`) on a file beside
the copy as long as it lives. Whoever has begun to read and finds that lock free may have a torn file before her.

The order matters: a reader looks at that lock after her transaction has begun. From then on SQLite's lock keeps the
copy from being patched; and Litestream gives up that lock file before the copy, however it ends
(`aexdash.replica.tied`).
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from pathlib import Path

from aexdash.storage.errors import StorageNotWritable, StorageUnreadable

PATCHED = "patched.lock"
"""Its lock is held by the program that patches the copy in the same folder."""

AT_REST = "at-rest"
"""A file that says that the program ended between two patches, so that the copy is whole and stays as it is."""

WRITER = "writer.json"
"""Where the file is that is copied: `{"address": "https://…"}`."""


def is_replica(path: Path) -> bool:
    """Whether a file is a copy that is patched in place: a link into a folder with such a lock file."""
    return path.is_symlink() and path.resolve().with_name(PATCHED).exists()


def writer_of(path: Path) -> str:
    """Return the address of the installation that writes what a file is a copy of; empty where it is no copy."""
    if not is_replica(path):
        return ""
    try:
        return str(json.loads(path.resolve().with_name(WRITER).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return "the machine with the worker"


def refuse_replica(path: Path, what: str) -> None:
    """Refuse to write to a copy.

    Raises:
        StorageNotWritable: the file is one; the sentence says where the one is that can be written.
    """
    if writer := writer_of(path):
        raise StorageNotWritable(f"The {what} of this machine is a copy and only read here; change it at {writer}.")


def require_whole(connection: sqlite3.Connection, schema: str, what: str) -> None:
    """Look that a file is not half-patched; for a connection whose transaction reads `schema` already.

    Raises:
        StorageUnreadable: it is a copy, and nobody patches it any more, so that it may be half of one state.
    """
    opened = {name: path for _, name, path in connection.execute("PRAGMA database_list")}
    if not opened.get(schema):
        return
    folder = Path(str(opened[schema])).parent
    if is_held(folder / PATCHED) is False and not (folder / AT_REST).exists():
        raise StorageUnreadable(
            f"The copy of the {what} may be half-written, because what keeps it up to date has ended: aexdash follow "
            "makes it anew; start it where it does not run."
        )


def is_held(lock: Path) -> bool | None:
    """Whether a program holds a lock file; None where there is no such file."""
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
