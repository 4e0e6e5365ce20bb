"""A store in a real file, and runs of it in one line: what each walk showed, and nothing else, decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from sqlite_utils import Database

from aexdash.cards.window import Ending, Window
from aexdash.clock import DAY, to_text
from aexdash.config.settings import Settings
from aexdash.model import HELD, Outcome, Status
from aexdash.platform_data import Observation, WalkReport
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.facts import ENTERING, LEAVING, Flow, Moved
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import RunResult, Staging, ensure_store, record_run
from aexdash.snapshot.stores import Stores
from aexdash.view import View

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
STALE_AFTER = Settings(home=Path()).stale_after
SHOP_STALE_AFTER = Settings(home=Path()).shop_stale_after
"""How old a reading of a store, and of a shop, may be where the settings say nothing of it."""

EVERY = (Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE)
ACTIVE, AUDITING, REJECTED, OFFLINE, DELETED = (
    Status.ACTIVE,
    Status.AUDITING,
    Status.REJECTED,
    Status.OFFLINE,
    Status.DELETED,
)


def at(**span: float) -> str:
    """The text of the moment so long after noon."""
    return to_text(NOON + timedelta(**span))


def entered_left(
    snapshot: Snapshot, store_keys: Stores, start: datetime, end: datetime
) -> tuple[list[Moved], list[Moved]]:
    """The listings that entered (with those first seen) and those that left what is held, in order of time."""
    past = snapshot.past(store_keys)
    found = (
        [move for flow in flows for move in past.every_move(flow, start, end)]
        for flows in ((*ENTERING, Flow.FIRST_SEEN), LEAVING)
    )
    entered, left = (sorted(moves, key=lambda move: (move.at, move.product_id)) for moves in found)
    return entered, left


def rejected_in_24_hours(snapshot: Snapshot, view: View | None = None) -> int | None:
    """How many listings moved to rejected in the 24 hours before the moment of a view."""
    view = view or View()
    return snapshot.measures(view.store_keys, view.as_of).rejected(Ending(Window.H24))


def shown(product_id: int, status: Status, **facts: object) -> Observation:
    """A listing as a page shows it."""
    told: dict[str, object] = {
        "platform_status": status.value,
        "title": f"Listing {product_id}",
        "image_urls": (f"https://pictures.example/{product_id}.jpg",),
        **facts,
    }
    return Observation(product_id=product_id, status=status, **told)  # type: ignore[arg-type]


def report(status: Status, at: datetime, *, complete: bool = True, seen: int = 0) -> WalkReport:
    """What reading the pages of a status came to; the walk began 5 seconds before `at`."""
    return WalkReport(status, at - timedelta(seconds=5), at, seen, seen, 1, 1, complete)


@dataclass
class Store:
    """One store of a snapshot, and a clock that each run moves."""

    folder: Path
    key: str = "main"
    now: datetime = NOON
    tolerance: timedelta = DAY
    zone: tzinfo | None = None
    db: Database = field(init=False)
    id: int = field(init=False)

    def __post_init__(self) -> None:
        self.db = open_snapshot(self.path)
        self.id = ensure_store(self.db, key=self.key, title=self.key, model="overseas", now=self.now)

    @property
    def path(self) -> Path:
        return self.folder / "snapshot.db"

    @property
    def desk_path(self) -> Path:
        return self.folder / "desk.db"

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(self.path, self.desk_path, clock=lambda: self.now, zone=self.zone or UTC)

    def after(self, **span: float) -> Store:
        """Move the clock."""
        self.now += timedelta(**span)
        return self

    def stage(
        self,
        listings: Mapping[int, Status | Observation],
        *,
        walks: Iterable[Status] = EVERY,
        incomplete: Iterable[Status] = (),
    ) -> Staging:
        """Stage walks that show these listings and no others."""
        staging = Staging(self.db, self.id)
        found = [told if isinstance(told, Observation) else shown(one, told) for one, told in listings.items()]
        for status in walks:
            staging.begin_walk(status)
            page = [one for one in found if one.status is status]
            staging.add(page)
            staging.end_walk(report(status, self.now, complete=status not in incomplete, seen=len(page)))
        return staging

    def record(self, staging: Staging, kind: str = "sweep", outcome: Outcome = Outcome.COMPLETE) -> RunResult:
        """Record what was staged as a run that ends now."""
        return record_run(
            self.db,
            staging,
            kind=kind,
            started_at=self.now - timedelta(seconds=6),
            finished_at=self.now,
            outcome=outcome,
            calls=4,
            tolerance=self.tolerance,
            zone=self.zone,
        )

    def sweep(self, listings: Mapping[int, Status | Observation], incomplete: Iterable[Status] = ()) -> RunResult:
        """Record a sweep of every status."""
        return self.record(self.stage(listings, incomplete=incomplete))

    def pulse(self, listings: Mapping[int, Status | Observation], incomplete: Iterable[Status] = ()) -> RunResult:
        """Record a walk of the held statuses alone."""
        return self.record(self.stage(listings, walks=HELD, incomplete=incomplete), kind="pulse")

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """Read rows through the writing connection."""
        return self.db.conn.execute(sql, parameters).fetchall()

    def open_statuses(self) -> dict[int, str]:
        """Each listing's open status."""
        return dict(
            self.db.conn.execute("SELECT product_id, status FROM status_period WHERE ended_at IS NULL").fetchall()
        )

    def periods(self, product_id: int, columns: str) -> list[tuple[object, ...]]:
        """Columns of a listing's periods, the earliest first."""
        return self.rows(
            f"SELECT {columns} FROM status_period WHERE product_id = ? ORDER BY started_at, id", product_id
        )
