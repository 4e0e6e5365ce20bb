"""A store to sync: a world, the simulated AliExpress before it, the real client, and a clock that tests move."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from hypothesis import settings
from sqlite_utils import Database, Migrations
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from aexdash.aliexpress.listings import connect, sign_in
from aexdash.aliexpress.protocol.account import Account
from aexdash.demo.platform.faults import Faults
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.world import World
from aexdash.desk.annotations import Annotations
from aexdash.model import Provenance, Reason, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording import record
from aexdash.supervision.loop import Begin, keep_going
from aexdash.supervision.states import LoopRecord
from aexdash.sync.kit import ALL_EVIDENCE, NO_EVIDENCE, Limits, SyncKit
from aexdash.sync.run import SyncResult, sync_store
from aexdash.ui.doors.routes import routes
from aexdash.view import View
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.snapshot.store import STALE_AFTER

LONG_SIGNED_IN = {"token_seconds": 10**8, "refresh_seconds": 2 * 10**8}
"""Words for a simulated store whose tokens outlive a test that moves by days."""

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
GATEWAY = "http://127.0.0.1:18765"
ASKED_FOR = {
    "aliexpress.solution.product.list.get": "list",
    "aliexpress.choice.products.list": "list",
    "aliexpress.solution.product.info.get": "detail",
    "aliexpress.choice.product.query": "detail",
    "aliexpress.category.redefining.getallchildattributesresult": "rules",
    "aliexpress.merchant.profile.get": "counts",
    "aliexpress.postproduct.redefining.findaeproductprohibitedwords": "words",
    "aliexpress.product.diagnosis.queryProblem": "problem types",
    "aliexpress.product.diagnosis.pageQueryProblem": "problems",
    "global.seller.relation.query": "channel",
    "/rest/auth/token/refresh": "renewal",
}
"""What a test calls the platform's methods."""

APP_KEY, APP_SECRET, ACCESS_TOKEN, REFRESH_TOKEN = "123456", "helloworld-secret", "access-1", "refresh-1"


FIRST = 1005000000000001


@functools.cache
def default_world() -> World:
    """The store of 4,820 listings. Asking it changes nothing, so all tests of a process share it."""
    return World()


class ForgetfulWorld(ScriptedWorld):
    """A world whose lists leave out the `forgotten`, total and all, while it still knows them by id."""

    forgotten: frozenset[int] = frozenset()

    def ids(self, status, at):
        return [number for number in super().ids(status, at) if number not in self.forgotten]


def world_of(**counts: int) -> ForgetfulWorld:
    """So many listings in each status, numbered from FIRST on in the order of the words."""
    statuses = [Status(word) for word, count in counts.items() for _ in range(count)]
    return ForgetfulWorld(plain_listing(FIRST + number, status) for number, status in enumerate(statuses))


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


def ask_app(path: str, answering: Sequence[BaseRoute] | None = None) -> httpx.Response:
    """What the app answers a browser that asks for a download, in the home that the environment names."""
    app = httpx.ASGITransport(Starlette(routes=answering or routes()))

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=app, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(get())


SHARE = {"deep": 1, "full": 8, "unit": 16}
"""The part of the random stories that a profile tries: one in so many."""


def examples(many: int) -> int:
    """How many random stories a test tries: `many` in `make deep`, of which `make full` and `make unit` try a SHARE."""
    return max(many // SHARE.get(settings.get_current_profile_name(), 8), 3)


class NewFiles:
    """Opens our files for writing as `open_` does; one that is not there yet begins as a copy of an empty one.

    Thousands of tests begin with a new file, and its tables are the same each time. The empty files are made by the
    real migrations, once for each kind of file.
    """

    def __init__(self, folder: Path, open_: Callable[..., Database]) -> None:
        self._folder, self._open = folder, open_

    def open(self, path: Path, schema: Migrations, what: str, **ways: bool) -> Database:
        """Open a file. What hinders a copy, such as a read-only folder, is left to `open_` to tell."""
        if not path.exists() and path.parent.is_dir():
            with contextlib.suppress(OSError):
                self._copy(schema, what, path)
        db = self._open(path, schema, what, **ways)
        db.execute("PRAGMA synchronous = OFF")  # no test cuts the power, and a process that is killed loses nothing
        return db

    def _copy(self, schema: Migrations, what: str, path: Path) -> None:
        empty = self._folder / f"{schema.name}.db"
        if not empty.exists():
            self._open(empty, schema, what).close()
        beside = path.with_name(f"{path.name}.{threading.get_ident()}.new")
        try:
            shutil.copyfile(empty, beside)
            os.link(beside, path)  # another thread may have made it meanwhile: then theirs stays
        finally:
            beside.unlink(missing_ok=True)


def keep(begin: Begin, stop: threading.Event, clock, log) -> None:
    """Run a loop of the worker in this thread until it is told to stop, without a pause between its steps."""
    keep_going("a loop", begin, stop, LoopRecord(), clock=clock, log=log, every=0, pause=no_pause)


def no_pause(_stop: threading.Event, _seconds: float) -> None:
    """How a loop waits in a test where nobody else has to get a turn: not at all."""


def soon(stop: threading.Event, _seconds: float) -> None:
    """How the loops of a worker wait in tests that look at what they do: not for seconds, and so that others get on."""
    stop.wait(0.03)


class Unrecognising:
    """Recognises no text, for tests that bring none or look at what is brought alone."""

    def reasons(self, text: str) -> list[Reason]:
        """Every text is the same reason."""
        return [Reason("other.unrecognised", Provenance.SELLER_CENTER, text=text)] if text else []


READ_EVERY_OTHER_DAY = 2 * 86400.0
"""For how many seconds a reading of these tests speaks for the time after it."""


def kit_in(folder: Path, limits: Limits = ALL_EVIDENCE, at_risk: Limits = NO_EVIDENCE) -> SyncKit:
    """What a sync needs, with everything in one folder."""
    annotations = Annotations(folder / "desk.db")
    return SyncKit(
        load_taxonomy(),
        Unrecognising(),
        annotations,
        folder / "pictures",
        lambda _: READ_EVERY_OTHER_DAY,
        limits,
        at_risk,
    )


class Killed(BaseException):
    """The process was killed here: nothing in it may catch this."""


class Shop:
    """One store, synced by the real client from a simulated AliExpress in this process.

    `between_calls` is told the number of each business call of the present sync before it is answered; `asked` counts
    the calls by method, pictures as `picture`; `sent` holds answers to paths that the platform does not know.
    `store` are further words for the simulated store, `account` for the account. The platform's clock is this one
    unless it has one of its own.
    """

    def __init__(
        self,
        folder: Path,
        world,
        *,
        model="overseas",
        clock=None,
        platform_clock=None,
        faults=None,
        store=None,
        key="main",
        **account,
    ) -> None:
        self.clock = clock or MovedClock()
        self.world, self.faults = world, faults or Faults(wait=lambda _released, seconds: self.clock.sleep(seconds))
        self.between_calls = lambda _call: None
        self.asked: Counter[str] = Counter()
        self.sent: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self._call, self._counting = -1, threading.Lock()
        simulated = SimulatedStore(APP_KEY, APP_SECRET, world, model=model, **(store or {}))
        self.platform = SimulatedAliExpress({APP_KEY: simulated}, platform_clock or self.clock, self.faults)
        self.folder, self.key = folder, key
        self.account = Account(
            key=key,
            model=model,
            gateway=GATEWAY,
            app_key=APP_KEY,
            app_secret=APP_SECRET,
            token_file=folder / "tokens" / f"{key}.json",
            **{"calls_per_second": None, **account},
        )
        sign_in(self.account, self.platform.issue_code(APP_KEY), clock=self.clock, respond=self.platform.respond)
        self.snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=self.clock)
        self._open()

    def _open(self) -> None:
        self.seller = self.connect()
        self.db = open_snapshot(self.folder / "snapshot.db")
        self.store_id = record.ensure_store(
            self.db, key=self.key, title=self.key.title(), model=self.account.model, now=self.clock()
        )

    def connect(self):
        """Another client of the same store."""
        return connect(self.account, clock=self.clock, sleep=self.clock.sleep, respond=self._respond)

    def restart(self) -> None:
        """Begin again as a new process would after the old one was killed."""
        self.close()
        self._open()

    def _respond(self, method, url, headers, body):
        parts = urlsplit(url)
        if parts.path in self.sent:
            return self.sent[parts.path]
        name = "picture" if parts.path.startswith("/img/") else parse_qs(parts.query).get("method", [parts.path])[0]
        with self._counting:
            self.asked[name] += 1
            if parts.path == "/sync":
                self._call += 1
                self.between_calls(self._call)
        return self.platform.respond(method, url, headers, body)

    def calls_of(self, kind="sweep", **options) -> tuple[SyncResult, dict[str, int]]:
        """Run a sync; return its result and the calls it made, by what they ask for."""
        self.asked.clear()
        result = self.sync(kind, **options)
        return result, {ASKED_FOR.get(name, name): number for name, number in self.asked.items()}

    def hero(self, **view):
        """The hero as pages see it."""
        return self.snapshot.hero(View(**view))

    def rows(self, **view) -> dict[int, object]:
        """The worklist as pages see it, by product id."""
        return {row.product_id: row for row in self.snapshot.rows(View(**view))}

    def reasons(self, product_id: int) -> list[tuple[str, str]]:
        """The standing reasons of a listing of the worklist: code and provenance."""
        row = {**self.rows(), **self.rows(statuses=(Status.OFFLINE,))}[product_id]
        return sorted((reason.code, reason.provenance.value) for reason in row.reasons)

    def walks(self) -> dict[str, object]:
        """The last walk of each status."""
        return {walk.status: walk for walk in self.snapshot.health(self.clock(), STALE_AFTER)[0].walks}

    def last_run(self):
        """The latest run."""
        return self.snapshot.runs(1)[0]

    def sync(self, kind="sweep", *, limits=ALL_EVIDENCE, at_risk=NO_EVIDENCE, orders=0, **options) -> SyncResult:
        self._call = -1
        kit = replace(kit_in(self.folder, limits, at_risk), orders=orders)
        return sync_store(self.seller, self.db, self.store_id, kind, kit, clock=self.clock, **options)

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
