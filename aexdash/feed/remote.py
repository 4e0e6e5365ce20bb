"""What a visit to a server is about, whatever library speaks to it: files, limits, errors, who takes the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aexdash.sources.kinds import MEGABYTE

LONGEST_NAME = 255
"""Letters of a name that are shown; a longer one is no name of a file."""


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What a visit may take: seconds for an answer and for all of it, entries of a folder, files, and bytes."""

    answer: float = 20.0
    whole: float = 300.0
    entries: int = 10_000
    files: int = 20
    bytes: int = 200 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Remote:
    """A file of the server; `changed_at` is in whole seconds since 1970, by the server's clock."""

    name: bytes
    size: int
    changed_at: int

    @property
    def shown(self) -> str:
        """Its name as it can be written anywhere."""
        return printable(self.name.decode("utf-8", "replace"))[:LONGEST_NAME]

    @property
    def plain(self) -> bool:
        """Whether its name is the name of a file, and cannot aim anywhere else."""
        return not {*b"/\\"} & {*self.name} and self.shown == self.name.decode("utf-8", "replace")


class NotFetched(Exception):
    """A visit that came to nothing or ended early; the text says where, why and what to do."""


class ToldToStop(Exception):
    """The visit ended because this process does."""


class Receiver(Protocol):
    """Who takes the files of a visit."""

    beside: Path
    """Where a file is written while it comes."""

    def choose(self, files: Sequence[Remote]) -> Iterable[Remote]:
        """Say which files to bring, one after the other."""

    def keep(self, file: Remote) -> None:
        """Take the file that lies beside, whole and unchanged since it was listed."""

    def miss(self, file: Remote, why: str) -> None:
        """Learn that one file could not be had; the others are brought all the same."""


def printable(name: str) -> str:
    """A name with a sign in place of what cannot be printed."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def cannot_keep(folder: Path, error: OSError) -> NotFetched:
    """What to say when this machine cannot keep what comes."""
    return NotFetched(f"{folder} cannot be written ({error.strerror}): check that folder, its owner and the disk.")
