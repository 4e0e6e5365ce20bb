"""Returns the server of a feed's folder; loads the optional SFTP package only when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aexdash.config.sections.sftp import SftpFolder
from aexdash.feed.remote import NotFetched, VisitLimits

if TYPE_CHECKING:
    from aexdash.feed.sftp import SftpServer

KNOWN_HOSTS = Path("~", ".ssh", "known_hosts")

NO_LIBRARY = "Fetching by SFTP needs a package that is not installed: run pip install 'asyncssh>=2.24,<3'."


def server_of(place: SftpFolder, limits: VisitLimits, known_hosts: Path = KNOWN_HOSTS) -> SftpServer:
    """Return the server of a folder; no connection is made yet.

    Raises:
        NotFetched: the optional package that speaks SFTP is not installed.
    """
    try:
        from aexdash.feed.sftp import SftpServer  # noqa: PLC0415 - all else works without that package
    except ImportError as error:
        raise NotFetched(NO_LIBRARY) from error
    return SftpServer(place, limits, known_hosts)
