"""The types of a visit to a server, independent of the SFTP library: files, limits, errors, receiver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aexdash.sources.formats.kinds import MEGABYTE

LONGEST_NAME = 255
"""Letters of a name that are shown; a longer one is no name of a file."""


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """Limits of a visit: seconds for one answer and for the whole visit, entries of a folder, files, bytes."""

    answer: float = 20.0
    whole: float = 300.0
    entries: int = 10_000
    files: int = 20
    bytes: int = 200 * MEGABYTE


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of the server; `changed_at` is in whole seconds since 1970, by the server's clock."""

    name: bytes
    size: int
    changed_at: int

    @property
    def shown(self) -> str:
        """The name without characters that cannot be printed."""
        return printable(self.name.decode("utf-8", "replace"))[:LONGEST_NAME]

    @property
    def plain(self) -> bool:
        """Whether the name is a plain file name that cannot point to another folder."""
        return not {*b"/\\"} & {*self.name} and self.shown == self.name.decode("utf-8", "replace")


class NotFetched(Exception):
    """A visit failed or ended early; the text says where, why and what to do."""


class ToldToStop(Exception):
    """The visit ended because this process does."""


class Receiver(Protocol):
    """What receives the files of a visit."""

    beside: Path
    """The path of a file while it is being fetched."""

    def choose(self, files: Sequence[RemoteFile]) -> Iterable[RemoteFile]:
        """Yield the files to fetch."""

    def keep(self, file: RemoteFile) -> None:
        """Take the file at `beside`, which is whole and unchanged since it was listed."""

    def miss(self, file: RemoteFile, why: str) -> None:
        """Learn that one file could not be fetched; the others still are."""


def printable(name: str) -> str:
    """Return a name with a sign in place of characters that cannot be printed."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def cannot_keep(folder: Path, error: OSError) -> NotFetched:
    """Return the error for a folder of this machine that cannot be written."""
    return NotFetched(f"{folder} cannot be written ({error.strerror}): check that folder, its owner and the disk.")
