"""A change that is missing in the replica: behind it nothing can be restored, and Litestream does not send it again.

It is found by listing what the replica has, and mended at the machine with the worker: in a folder by the file that
Litestream still keeps beside the original, elsewhere by a new whole snapshot, which needs no change before it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aexdash.config.settings import Settings
from aexdash.replica import litestream
from aexdash.replica.litestream import CHANGES, SNAPSHOTS, Changes


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers of the first and the last transaction that the replica lacks although it has newer ones."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"change {self.first}" if self.first == self.last else f"changes {self.first} to {self.last}"


def first_gap(listed: Iterable[Changes]) -> Gap | None:
    """Return the first gap behind the newest whole snapshot; None where all that is there can be restored."""
    listed = list(listed)
    return _gap_behind(max((one.last for one in listed if one.level == SNAPSHOTS), default=0), listed)


def keeps_from_joining(listed: Iterable[Changes]) -> Gap | None:
    """Return the gap for which Litestream can join no changes any more, so that they pile up; None where there is none.

    It joins those that follow the last that it has joined, and fails at each attempt where one is missing among them.
    A whole snapshot makes the replica fit to restore, and leaves that as it is.
    """
    listed = list(listed)
    joined = max((one.last for one in listed if one.level == CHANGES + 1), default=0)
    left = [one for one in listed if one.level == CHANGES and one.last > joined]
    return _gap_behind(min((one.first for one in left), default=0) - 1, left)


def _gap_behind(reached: int, files: Iterable[Changes]) -> Gap | None:
    """Return the first numbers behind one that was reached which none of the files has, though one has later ones."""
    for one in sorted(files, key=lambda one: one.first):
        if one.first > reached + 1:
            return Gap(reached + 1, one.first - 1)
        reached = max(reached, one.last)
    return None


def find_gap(config: Path, original: Path) -> Gap | None:
    """Return the first gap that a replica has; None where it has none.

    One that is found is looked for again, since files come and go while they are listed.

    Raises:
        ReplicaError: the replica cannot be asked.
    """
    found = first_gap(litestream.changes(config, original))
    return found if found and found == first_gap(litestream.changes(config, original)) else None


def send_again(settings: Settings, original: Path, gap: Gap) -> bool:
    """Copy what is missing into a replica that is a folder; whether all of it was still here.

    Litestream keeps a change beside the original, as `.snapshot.db-litestream/ltx/0/...`, until it was joined with
    others in the replica, which cannot happen across a gap.
    """
    if not settings.replica.address.startswith("/"):
        return False
    kept = kept_beside(original)
    replica = Path(settings.replica.address) / original.stem
    try:
        for name in names_of(gap):
            target = replica / name
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f"{target.name}.tmp")
            shutil.copyfile(kept / name, beside)
            beside.replace(target)
    except OSError:
        return False
    return True


def kept_beside(original: Path) -> Path:
    """Return the folder in which Litestream keeps changes of a file that it has sent lately."""
    return original.with_name(f".{original.name}-litestream")


def names_of(gap: Gap) -> Iterator[str]:
    """Name the files of a gap, as they stand in the folder beside the original and in the replica."""
    for number in range(gap.first, gap.last + 1):
        yield f"ltx/{CHANGES}/{number:016x}-{number:016x}.ltx"
