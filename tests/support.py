"""A store to sync: a world, the simulated AliExpress before it, the real client, and a clock that tests move."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aexdash.aliexpress.account import Account
from aexdash.aliexpress.listings import connect, sign_in
from aexdash.demo.faults import Faults
from aexdash.demo.gateway import SimulatedAliExpress
from aexdash.demo.store import SimulatedStore
from aexdash.model import Status
from aexdash.reasons import load_taxonomy
from aexdash.snapshot import record
from aexdash.snapshot.query import Snapshot
from aexdash.sync import SyncResult, sync_store

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
GATEWAY = "http://127.0.0.1:18765"
APP_KEY, APP_SECRET, ACCESS_TOKEN, REFRESH_TOKEN = "123456", "helloworld-secret", "access-1", "refresh-1"


class MovedClock:
    """A clock that stands still until somebody moves it; sleeping moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.at += timedelta(seconds=seconds)


class Killed(BaseException):
    """The process was killed here: nothing in it may catch this."""


class Shop:
    """One store, synced by the real client from a simulated AliExpress in this process.

    `between_calls` is told the number of each business call of the present sync before it is answered.
    """

    def __init__(self, folder: Path, world, *, model="overseas", clock=None, faults=None, **account) -> None:
        self.clock = clock or MovedClock()
        self.world, self.faults = world, faults or Faults(wait=lambda _released, seconds: self.clock.sleep(seconds))
        store = SimulatedStore(APP_KEY, APP_SECRET, world, model=model)
        self.platform = SimulatedAliExpress({APP_KEY: store}, self.clock, self.faults)
        self.folder = folder
        self.account = Account(
            key="main",
            model=model,
            gateway=GATEWAY,
            app_key=APP_KEY,
            app_secret=APP_SECRET,
            token_file=folder / "tokens" / "main.json",
            **{"calls_per_second": None, **account},
        )
        sign_in(self.account, self.platform.issue_code(APP_KEY), clock=self.clock, respond=self.platform.respond)
        self.seller = connect(self.account, clock=self.clock, sleep=self.clock.sleep, respond=self.platform.respond)
        self.db = record.open_snapshot(folder / "snapshot.db")
        self.store_id = record.ensure_store(self.db, key="main", title="Main", model=model, now=self.clock())
        self.snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db")

    def _respond(self, method, url, headers, body):
        if "/sync" in url:
            self._call += 1
            self.between_calls(self._call)
        return self.platform.respond(method, url, headers, body)

    def sync(self, kind="sweep", **options) -> SyncResult:
        self._call = -1
        return sync_store(
            self.seller,
            self.db,
            self.store_id,
            kind,
            clock=self.clock,
            taxonomy=load_taxonomy(),
            pictures_dir=self.folder / "pictures",
            **options,
        )

    def open_statuses(self) -> dict[int, Status]:
        """What the snapshot says now, by product id."""
        rows = self.db.conn.execute("SELECT product_id, status FROM status_period WHERE ended_at IS NULL")
        return {number: Status(status) for number, status in rows}

    def periods(self) -> list[tuple]:
        """Every status period: product id, status, start, end."""
        return self.db.conn.execute("SELECT product_id, status, started_at, ended_at FROM status_period").fetchall()

    def dump(self) -> dict[str, list[tuple]]:
        """Everything that a run may change, table by table."""
        tables = ("listing", "status_period", "listing_reason", "status_count", "day_bridge", "coverage")
        return {table: self.db.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables}

    def close(self) -> None:
        self.seller.close()
        self.db.close()
