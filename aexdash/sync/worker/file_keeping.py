"""The worker's care for the files of a home: a backup a day, and the memory that there is a desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from aexdash.clock import DAY, Clock
from aexdash.config.settings import Settings
from aexdash.desk import file as desk_file
from aexdash.log import Line, Log
from aexdash.snapshot import known_desk
from aexdash.storage import backups
from aexdash.storage.errors import StorageDamaged, StorageError
from aexdash.supervision.loop import Step, Told
from aexdash.sync import lease

LOOK_EVERY = 60.0
"""Seconds between two looks."""

NAME = "files"

TRY_AGAIN = timedelta(minutes=30)
"""A backup that failed is tried again after so long."""


class FileKeeper:
    """Makes the backups that are due, and lets the snapshot remember the desk beside it."""

    def __init__(
        self, settings: Settings, writing: lease.Writing, clock: Clock, log: Log, told: Told | None = None
    ) -> None:
        self._settings, self._writing, self._clock, self._log = settings, writing, clock, log
        self._others = told or Told()
        self._not_before: datetime | None = None
        self._said: set[str] = set()
        self._is_damaged = False

    def begin(self) -> None:
        """Look whether the desk is whole, once, when the worker begins."""
        try:
            desk_file.check_pages(self._settings.desk_path)
        except StorageError as error:
            self._is_damaged = isinstance(error, StorageDamaged)
            self._say(
                f"{error} No backup of it is made meanwhile. aexdash repair recovers what can be read, aexdash restore "
                "puts a backup back.",
                is_detail=self._others.by_another(NAME, str(error)),
            )

    def step(self) -> None:
        """Do what is due; what cannot be done is logged once and tried again. A damaged desk is told of once in all."""
        of_memory, of_backup = self._remember(), self._back_up()
        if of_backup:
            self._say(f"No backup could be made. {of_backup}")
        if of_memory and of_memory != of_backup:
            self._say(of_memory)

    def _remember(self) -> str:
        """Remember the desk; return what kept it from being remembered, empty where nothing did."""
        try:
            self._remember_desk()
        except (StorageError, lease.LeaseNotWritable) as error:
            return self._unless_told(error)
        return ""

    def _back_up(self) -> str:
        """Make the backups that are due; return what kept them from being made, empty where nothing did."""
        now = self._clock()
        if self._not_before and now < self._not_before:
            return ""
        try:
            made = back_up_due(self._settings, now)
        except StorageError as error:
            self._not_before = now + TRY_AGAIN
            return self._unless_told(error)
        if made:
            self._said.clear()
            self._is_damaged = False
            self._others.over(NAME)
        return ""

    def _unless_told(self, error: Exception) -> str:
        return "" if self._is_told(error) else str(error)

    def _is_told(self, error: Exception) -> bool:
        """Whether the damage of the desk was told when the worker began."""
        is_damage = isinstance(error, StorageDamaged) and str(self._settings.desk_path) in str(error)
        return self._is_damaged and is_damage

    def _remember_desk(self) -> None:
        """Remember the desk and how far it goes, but one that is not the one that was here: that is said instead."""
        path, snapshot = self._settings.desk_path, self._settings.snapshot_path
        if problem := desk_file.other_than_known(path):
            self._say(problem)
        elif (desk := desk_file.present(path)) and known_desk.remembered(snapshot) != desk:
            with self._writing():
                known_desk.remember(snapshot, desk, self._clock())

    def _say(self, problem: str, *, is_detail: bool = False) -> None:
        """Say a problem once; one that another loop has told is a detail of the log."""
        if problem not in self._said:
            self._said.add(problem)
            self._log(Line(problem, detail=is_detail))


def back_up_due(settings: Settings, now: datetime) -> list[backups.Backup]:
    """Make the backups of today that are not there yet, and delete those that are too many; return the new ones.

    Raises:
        StorageError: a file is damaged or its backup cannot be written; then none is deleted.
    """
    made = []
    files = {"desk": settings.desk_path} | ({"snapshot": settings.snapshot_path} if settings.backup.snapshot else {})
    for what, path in files.items():
        newest = next(iter(backups.backups(settings.home, what)), None)
        is_there = path.exists() and path.stat().st_size > 0
        if not is_there or (newest and newest.at <= now < newest.at + DAY):
            continue
        made.append(backups.Backup(backups.back_up(path, backups.dated(settings.home, what, now), what), what, now))
        backups.prune(settings.home, what, settings.backup.keep)
    return made


@contextmanager
def keeping(
    settings: Settings, writing: lease.Writing, clock: Clock, log: Log, told: Told | None = None
) -> Iterator[Step]:
    """Look whether the desk is whole, and give the step that keeps the files.

    `told` is what the other loops of the process have told to be in their way.
    """
    keeper = FileKeeper(settings, writing, clock, log, told)
    keeper.begin()
    yield keeper.step
