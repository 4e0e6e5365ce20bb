"""Files and folders of a home are for its owner alone: 0600 and 0700, whatever the umask says.

A home whose folder has the set-group-ID bit (`chmod 2770`) is shared with its group on purpose: there the group may
read and write as well. Everything that aexdash makes in a home is made so, because every process sets its umask by it;
the functions here are for what libraries make with a mode of their own.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

ALONE, TOGETHER = 0o077, 0o007


def is_shared(home: Path) -> bool:
    """Whether a home is shared with its group on purpose."""
    try:
        return bool(home.stat().st_mode & stat.S_ISGID)
    except OSError:
        return False


def mode_in(home: Path) -> int:
    """Return the mode of a file in a home, for libraries that set one whatever the umask says."""
    return 0o660 if is_shared(home) else 0o600


def keep_private(home: Path) -> int:
    """Let what this process makes from now on be private to the owner of a home, or its group; return the old umask."""
    return os.umask(TOGETHER if is_shared(home) else ALONE)


def folder(path: Path) -> None:
    """Make a folder that others cannot look into; one that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o770 if is_shared(path.parent) else 0o700, exist_ok=True)


def file(path: Path, *, anew: bool = True) -> None:
    """Make an empty file that others cannot read; `anew`: in place of one that is there, which stays without.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_CREAT | os.O_WRONLY | (os.O_TRUNC if anew else 0)
    os.close(os.open(path, flags, mode_in(path.parent)))


def wide(home: Path) -> list[Path]:
    """List what others than its owner (of a shared home: and its group) may read or change, the home itself first.

    A file or folder that goes meanwhile is left out.
    """
    mask = TOGETHER if is_shared(home) else ALONE
    found = []
    for path in (home, *sorted(home.rglob("*"))) if home.is_dir() else ():
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue
        if not stat.S_ISLNK(mode) and mode & mask:
            found.append(path)
    return found
