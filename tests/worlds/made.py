"""Six homes in which a number may not speak for everything, and one in which it may.

Each is made once by the functions that a sync uses, with its settings, snapshot, desk and clock, and copied for whoever
looks at it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.alerts.engine import Engine
from aexdash.cards.recording import record_cards
from aexdash.clock import to_text
from aexdash.config.settings import Settings, load_settings
from aexdash.model import Outcome, Status
from aexdash.platform_data import Observation
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store, record_failure
from tests.ui.sample import FIRST, JUMP, explain, read, shown

STORE = '[store.{key}]\ntitle = "{title}"\nmodel = "overseas"\napp_key = "{number}"\n'
CHANNEL = '[channel.team]\ndigest = "daily 18:00"\n'
SECRET = '[channel.team]\nurl = "json://localhost/"\n'
NEVER_READ = "The app of this store may not call aliexpress.solution.product.list.get."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TEN = ("Berlin", "Lisbon", "Madrid", "Milan", "Oslo", "Paris", "Porto", "Prague", "Riga", "Vienna")

Walks = Mapping[Status, list[Observation]]


@dataclass(frozen=True)
class World:
    """A home and what was read of it, in plain facts that no code of the product has computed.

    `silent` are the titles of the stores that whoever speaks of all stores must name. `current`: every store was read
    completely a minute ago. `windows`: the last 24 hours were read of every store. `inside` is a moment of the past
    that was read, `outside` one that was not.
    """

    name: str
    now: datetime
    current: bool = False
    windows: bool = False
    silent: tuple[str, ...] = ()
    inside: datetime | None = None
    outside: datetime | None = None

    def home(self, folder: Path) -> Path:
        """Make this world in an empty folder."""
        stores = TEN if self.name == ONE_SILENT.name else ("Main", "Second") if self.name == JOINED.name else ("Main",)
        words = "".join(
            STORE.format(key=title.lower(), title=title, number=number) for number, title in enumerate(stores, 1)
        )
        (folder / "aexdash.toml").write_text(words + CHANNEL, encoding="utf-8")
        (folder / "secrets.toml").write_text(SECRET, encoding="utf-8")
        (folder / "secrets.toml").chmod(0o600)
        (folder / "clock.txt").write_text(to_text(self.now), encoding="ascii")
        db = open_snapshot(folder / "snapshot.db")
        MAKERS[self.name](db)
        db.close()
        _alerted(load_settings(folder), self.now)
        return folder


FRESH = World("read whole", JUMP + timedelta(minutes=1), True, windows=True, inside=JUMP - 3 * DAY)
NEVER = World("never read", JUMP, silent=("Main",), outside=JUMP - 3 * DAY)
STALE_HOUR = World("stale an hour", JUMP + HOUR, inside=JUMP - 3 * DAY, outside=JUMP + 30 * timedelta(minutes=1))
STALE_DAYS = World("stale eleven days", JUMP + 11 * DAY, inside=JUMP - 3 * DAY, outside=JUMP + 5 * DAY)
PARTLY = World("partly read", JUMP + timedelta(minutes=3), inside=JUMP - 3 * DAY, outside=JUMP - 40 * DAY)
ONE_SILENT = World(
    "one of ten silent, one never read",
    JUMP + timedelta(minutes=1),
    silent=("Madrid", "Lisbon"),
    inside=JUMP - 3 * DAY,
    outside=JUMP - 40 * DAY,
)
JOINED = World(
    "connected half-way",
    JUMP + timedelta(minutes=1),
    True,
    inside=JUMP - HOUR,
    outside=JUMP - 40 * DAY,
)
WORLDS = (NEVER, STALE_HOUR, STALE_DAYS, PARTLY, ONE_SILENT, JOINED)


def held(number: int, *, rejected: int = 4, auditing: int = 1) -> Walks:
    """A store with these many held of forty; the ids of each store are its own."""
    first = FIRST + 1000 * number
    walks: dict[Status, list[Observation]] = {Status.AUDITING: [], Status.REJECTED: [], Status.ACTIVE: []}
    for place in range(40):
        status = (
            Status.REJECTED if place < rejected else Status.AUDITING if place < rejected + auditing else Status.ACTIVE
        )
        walks[status].append(shown(first + place, status))
    return walks | {Status.OFFLINE: [shown(first + 50, Status.OFFLINE)]}


def none_held(number: int) -> Walks:
    """A store in which nothing is held."""
    return held(number, rejected=0, auditing=0)


def _store(db: Database, title: str) -> int:
    return ensure_store(
        db, key=title.lower(), title=title, model="overseas", now=JUMP - 20 * DAY, currency="USD", watched=True
    )


def _never(db: Database) -> None:
    _failed(db, _store(db, "Main"), JUMP - timedelta(minutes=1))


def _failed(db: Database, store: int, at: datetime) -> None:
    record_failure(
        db, store, kind="sweep", started_at=at, finished_at=at, error_kind="permission", message=NEVER_READ, calls=1
    )


def _read(db: Database, store: int, at: datetime, walks: Walks, **words: object) -> None:
    read(db, store, at, walks, **words)  # type: ignore[arg-type]
    record_cards(db, store, at)


def _with_days(db: Database, title: str, number: int, last: Walks, *, at: datetime = JUMP) -> int:
    """A store that was read daily for twelve days, and then once more."""
    store = _store(db, title)
    for back in range(12, 0, -1):
        _read(db, store, JUMP - back * DAY, none_held(number))
    _read(db, store, at, last)
    return store


def _whole(db: Database) -> None:
    explain(db, _with_days(db, "Main", 0, held(0)))


def _quiet(db: Database) -> None:
    _with_days(db, "Main", 0, none_held(0))


def _partly(db: Database) -> None:
    store = _with_days(db, "Main", 0, none_held(0))
    _read(db, store, JUMP + timedelta(minutes=2), held(0), outcome=Outcome.PARTIAL)


def _ten(db: Database) -> None:
    for number, title in enumerate(TEN):
        if title == "Lisbon":
            _failed(db, _store(db, title), JUMP - timedelta(minutes=1))
        elif title == "Madrid":
            store = _with_days(db, title, number, held(number), at=JUMP - 4 * HOUR)
            record_failure(
                db,
                store,
                kind="pulse",
                started_at=JUMP,
                finished_at=JUMP,
                error_kind="unreachable",
                message="The gateway cannot be reached.",
                calls=1,
            )
        else:
            _with_days(db, title, number, held(number, rejected=1) if number == 0 else none_held(number))


def _joined(db: Database) -> None:
    _with_days(db, "Main", 0, held(0, rejected=1))
    second = _store(db, "Second")
    for back in range(12, -1, -1):
        _read(db, second, JUMP - back * HOUR, held(1, rejected=7))


MAKERS: Mapping[str, Callable[[Database], None]] = {
    FRESH.name: _whole,
    NEVER.name: _never,
    STALE_HOUR.name: _quiet,
    STALE_DAYS.name: _whole,
    PARTLY.name: _partly,
    ONE_SILENT.name: _ten,
    JOINED.name: _joined,
}


def _alerted(settings: Settings, now: datetime) -> None:
    """Ask the rules at the last reading, and once more by the clock."""
    for at in (JUMP, JUMP + timedelta(seconds=20), now):
        snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda at=at: at)
        Engine(settings, snapshot).round(at)


class Worlds:
    """The homes of the worlds, each made once in a folder; `copy` gives one to write in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, world: World) -> Path:
        """Return the home of a world, to look at."""
        home = self._folder / world.name.replace(" ", "-").replace(",", "")
        if not home.exists():
            home.mkdir()
            world.home(home)
        return home

    def copy(self, world: World, to: Path) -> Path:
        """Copy the home of a world."""
        return Path(shutil.copytree(self.of(world), to))
