"""The SFTP part of the worker: lists each store's folder on a server every 15 minutes and fetches each file once.

It runs in a thread of its own, so that a slow server delays neither the feed folder nor a pulse. Files are put into the
store's feed folder, where `aexdash.feed.watching` reads them like any other file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from aexdash.clock import Clock
from aexdash.config.sections.sftp import SftpFolder
from aexdash.config.settings import Settings
from aexdash.desk.feed_columns import FETCHED, PART, folder_of, into_place
from aexdash.feed.fetched import read_fetched, write_fetched
from aexdash.feed.remote import NotFetched, RemoteFile, ToldToStop, VisitLimits, cannot_keep
from aexdash.feed.servers import KNOWN_HOSTS, server_of
from aexdash.feed.watching import is_time, is_unfinished
from aexdash.log import Log
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.kinds import size_within
from aexdash.supervision.loop import Step

LOOK_EVERY = timedelta(minutes=15)

RESTS = timedelta(minutes=2)
"""A file unchanged for so long is taken as whole; a younger one is brought once two looks found it unchanged."""

MOST_SAID = 3
"""Files that are named as refused; the others are counted."""


@dataclass
class EarlierVisits:
    """What this worker remembers of one folder between visits: files seen there, and files not fetched to the end."""

    looked_at: datetime | None
    seen: frozenset[str] = frozenset()
    begun: set[str] = field(default_factory=set)
    said: str = ""


class FeedFetch:
    """Fetches the files of every watched store with an SFTP folder. `step` does what is due, store after store."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        log: Log,
        stop: threading.Event,
        limits: VisitLimits | None = None,
        known_hosts: Path = KNOWN_HOSTS,
    ) -> None:
        self._home, self._clock, self._log, self._stop = settings.home, clock, log, stop
        self._limits, self._known_hosts = limits or VisitLimits(), known_hosts
        watched = {key for key, store in settings.stores.items() if store.watched}
        self.places = [feed.sftp for key, feed in settings.feeds.items() if feed.sftp and key in watched]
        self._earlier = {place.store: self._from_before(place.store) for place in self.places}

    def _from_before(self, store: str) -> EarlierVisits:
        """Return what was kept before a restart. A failed visit is repeated at once: its cause may be mended by now."""
        kept = read_fetched(self._home, store)
        return EarlierVisits(None if kept.trouble else kept.looked_at)

    def step(self) -> None:
        """Visit each folder whose turn it is."""
        for place in self.places:
            now, earlier = self._clock(), self._earlier[place.store]
            if is_time(earlier.looked_at, LOOK_EVERY, now) and not self._stop.is_set():
                earlier.looked_at = now
                self.look(place)

    def look(self, place: SftpFolder) -> None:
        """Fetch the new files of a folder, record the result, and log a new problem."""
        earlier = self._earlier[place.store]
        arrivals = Arrivals(self._home, place.store, self._clock(), self._limits, earlier)
        try:
            arrivals.make_room()
            server_of(place, self._limits, self._known_hosts).fetch(arrivals, self._stop)
            trouble = arrivals.trouble()
        except ToldToStop:
            return
        except NotFetched as error:
            trouble = str(error)
        trouble = arrivals.close(trouble)
        if trouble and trouble != earlier.said:
            self._log(f"{place.store}: {trouble}")
        earlier.said = trouble


class Arrivals:
    """Receives the files of one visit: chooses those not fetched before and puts them into the store's feed folder."""

    def __init__(self, home: Path, store: str, now: datetime, limits: VisitLimits, earlier: EarlierVisits) -> None:
        self._home, self._store, self._now, self._limits, self._earlier = home, store, now, limits, earlier
        self._kept = read_fetched(home, store)
        self._refused: dict[str, str] = {}
        self.beside = folder_of(home, store) / f".fetching{PART}"

    def make_room(self) -> None:
        """Create the feed folder; raises NotFetched when that fails."""
        try:
            self.beside.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_keep(self.beside.parent, error) from error

    def choose(self, files: Sequence[RemoteFile]) -> Iterator[RemoteFile]:
        """Yield new, whole files that are not too large: newest first, then those an earlier visit did not finish."""
        plain = {mark_of(file): file for file in files if self._is_plain(file)}
        known = {mark: why for mark, why in self._kept.known.items() if mark in plain}
        self._kept = replace(self._kept, known=known)
        self._refused |= {mark: why for mark, why in known.items() if why}
        new = [(mark, file) for mark, file in plain.items() if mark not in known and self._is_ready(mark, file)]
        self._earlier.seen = frozenset(plain)
        self._earlier.begun &= plain.keys()
        new.sort(key=lambda one: (one[0] not in self._earlier.begun, one[1].changed_at), reverse=True)
        for mark, file in self._within(new):
            self._earlier.begun.add(mark)
            yield file

    def keep(self, file: RemoteFile) -> None:
        """Move a fetched file to its place; a file that is no table is refused for good."""
        mark, why = mark_of(file), ""
        try:
            into_place(self.beside, file.shown, FETCHED)
            self._kept = replace(self._kept, latest=file.shown, latest_at=self._now)
        except SourceError as error:
            why = self._refused[mark] = str(error)
        except OSError as error:
            raise cannot_keep(self.beside.parent, error) from error
        self._kept = replace(self._kept, known={**self._kept.known, mark: why})
        self._write()

    def miss(self, file: RemoteFile, why: str) -> None:
        """Remember why a file could not be fetched; the next visit tries again."""
        self._refused[mark_of(file)] = why

    def close(self, trouble: str) -> str:
        """Record how the visit ended; return what is wrong: `trouble`, or that the record cannot be written."""
        self._kept = replace(self._kept, looked_at=self._now, trouble=trouble)
        try:
            self._write()
        except NotFetched as error:
            return str(error)
        return trouble

    def _write(self) -> None:
        try:
            write_fetched(self._home, self._store, self._kept)
        except OSError as error:
            raise cannot_keep(self.beside.parent, error) from error

    def trouble(self) -> str:
        """Say in sentences which files of the folder are refused."""
        refusals = list(self._refused.values())
        rest = len(refusals) - MOST_SAID
        more = f"Files that are not taken besides: {rest}." if rest > 0 else ""
        return " ".join([*refusals[:MOST_SAID], more]).strip()

    def _is_plain(self, file: RemoteFile) -> bool:
        if not file.plain:
            self._refused[mark_of(file)] = f"{file.shown} is no plain name of a file: rename it on the server."
        return file.plain and not is_unfinished(file.shown)

    def _is_ready(self, mark: str, file: RemoteFile) -> bool:
        """Whether a file has an allowed size and is not being written any more."""
        try:
            size_within(file.shown, file.size)
        except SourceError as error:
            self._refused[mark] = str(error)
            return False
        return mark in self._earlier.seen or self._now.timestamp() - file.changed_at >= RESTS.total_seconds()

    def _within(self, files: Sequence[tuple[str, RemoteFile]]) -> Iterator[tuple[str, RemoteFile]]:
        """Yield the first files, as many as one visit may bring."""
        room = self._limits.bytes
        for mark, file in files[: self._limits.files]:
            room -= file.size
            if room >= 0:
                yield mark, file


def mark_of(file: RemoteFile) -> str:
    """Return the mark of a server's file: a digest of name, size and time of change."""
    return blake2b(repr((file.name, file.size, file.changed_at)).encode(), digest_size=12).hexdigest()


@contextmanager
def fetching(settings: Settings, stop: threading.Event, clock: Clock, log: Log) -> Iterator[Step]:
    """Give the step that visits the folders whose turn it is; it does nothing where no store has one."""
    yield FeedFetch(settings, clock=clock, log=log, stop=stop).step
