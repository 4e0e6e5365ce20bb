"""Homes in which something is wrong: each condition of the doctor, brought about."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.aliexpress.listings import sign_in
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk import channel_state
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import present, writing
from aexdash.doctor.examining import examine
from aexdash.doctor.finding import Finding
from aexdash.model import Outcome, Status
from aexdash.replica import litestream
from aexdash.snapshot import beacon
from aexdash.snapshot.known_desk import KnownDesk, remember
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from aexdash.storage import backups
from aexdash.storage.replicas import AT_REST, PATCHED
from aexdash.supervision.states import WorkerState
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.desk.migrations.test_upgrade import DUMPS, opened_from
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import REJECTED, Store
from tests.snapshot.test_file import FIXTURES

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
CONFIG = '[store.main]\nmodel = "overseas"\ngateway = "http://127.0.0.1:18765"\napp_key = "123456"\n'
HEARTBEAT = '[store.main]\napp_secret = "a-secret"\n[monitoring]\nheartbeat_url = "https://watch.example/1"\n'
SHOPIFY = f'{CONFIG}[shop.front]\nkind = "shopify"\nstores = ["main"]\naddress = "https://front.myshopify.com"\n'


@dataclass
class Home:
    """A home whose store was read a minute ago and whose desk has a note, with AliExpress in this process."""

    folder: Path
    now: datetime = NOON
    platform: SimulatedAliExpress = field(init=False)
    forbidden: frozenset[str] = frozenset()
    respond: Callable[..., tuple[int, dict[str, str], bytes]] = field(init=False)
    free: int = 10**10
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __post_init__(self) -> None:
        self.serve()
        self.write(CONFIG)
        self.secret('[store.main]\napp_secret = "a-secret"\n')
        account = load_settings(self.folder).store("main").account(self.folder)
        sign_in(account, self.platform.issue_code("123456"), clock=self.clock, respond=self.platform.respond)
        self.read({1: REJECTED}, NOON - timedelta(minutes=1))
        self.note()
        for path in self.folder.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.folder.chmod(0o700)

    def serve(self, *forbidden: str) -> None:
        world = ScriptedWorld([plain_listing(1, Status.REJECTED)])
        store = SimulatedStore("123456", "a-secret", world, forbidden=frozenset(forbidden))
        self.platform = SimulatedAliExpress({"123456": store}, self.clock)
        self.respond = self.platform.respond

    def clock(self) -> datetime:
        return self.now

    def read(self, listings: dict[int, Status], at: datetime, outcome: Outcome = Outcome.COMPLETE) -> None:
        store = Store(self.folder, now=at)
        store.record(store.stage(listings), outcome=outcome)
        store.db.close()

    def note(self) -> None:
        Desk(self.path("desk.db")).set_note("main", [1], "a note", by="Ana", now=NOON)

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, text: str) -> None:
        self.path("aexdash.toml").write_text(text)

    def secret(self, text: str) -> None:
        self.path("secrets.toml").write_text(text)
        self.path("secrets.toml").chmod(0o600)

    def damage(self, name: str) -> None:
        path = self.path(name)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(path.read_bytes())
        content[4096 * 3 : 4096 * 6] = b"\xa5" * (4096 * 3)
        path.write_bytes(content)

    def sql(self, name: str, text: str, *bound: object) -> None:
        with contextlib.closing(sqlite3.connect(self.path(name))) as connection, connection:
            connection.execute(text, bound)

    def gone(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            self.path(name + ending).unlink(missing_ok=True)

    def findings(self) -> list[Finding]:
        free, pauses = self.free, list[float]()
        return list(
            examine(self.folder, self.clock, sleep=pauses.append, respond=self.respond, free_bytes=lambda _: free)
        )


NEWER = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, '9999_later', '')"


def desk_gone(home: Home) -> None:
    remember(home.path("snapshot.db"), present(home.path("desk.db")), NOON)
    home.gone("desk.db")


def older(home: Home, name: str, dump: Path) -> None:
    home.gone(name)
    opened_from(dump, home.path(name)).chmod(0o600)


def backed_up(home: Home, age: timedelta) -> Path:
    return backups.back_up(home.path("desk.db"), backups.dated(home.folder, "desk", NOON - age), "desk")


def backup_damaged(home: Home) -> None:
    backed_up(home, timedelta(0)).write_bytes(b"no database" * 999)


def worker(home: Home, at: datetime, **loop: object) -> None:
    loops = {"feed": loop} if loop else {}
    state = {"pid": 1, "began_at": to_text(NOON), "at": to_text(at), "loops": loops}
    home.path("worker.json").write_text(json.dumps(state))
    home.path("worker.json").chmod(0o600)


def channel(home: Home, url: str = "json://127.0.0.1:9/tok3n") -> None:
    home.write(CONFIG + "[channel.ops]\n")
    home.secret(f'[store.main]\napp_secret = "a-secret"\n[channel.ops]\nurl = "{url}"\n')


def channel_failing(home: Home) -> None:
    channel(home)
    channel_state.record_failure(home.path("desk.db"), "ops", "no answer", NOON - timedelta(hours=1))


def messages_waiting(home: Home) -> None:
    channel(home)
    long_ago = to_text(NOON - timedelta(hours=2))
    with writing(home.path("desk.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA defer_foreign_keys = 1")
    home.sql("desk.db", "INSERT INTO alert_delivery (event_id, channel, due_at) VALUES (1, 'ops', ?)", long_ago)


def feed_folder(home: Home) -> None:
    home.path("feed").mkdir(mode=0o700)
    home.path("feed/main").write_text("a file where the folder should be")
    home.path("feed/main").chmod(0o600)


def shop(home: Home, more: str, table: str | None = "sku,title,price,stock,status\nA,a,1,1,active\n") -> None:
    home.write(CONFIG + f'[shop.front]\nkind = "csv"\nstores = ["main"]\n{more}')
    if table is not None:
        home.path("table.csv").write_text(table)


def shop_read(home: Home, outcome: ReadingOutcome, age: timedelta) -> None:
    shop(home, 'file = "table.csv"\n')
    story = ShopStory(home.folder, now=NOON - age)
    story.read(product("1"), outcome)
    story.db.close()


def shop_stale(home: Home) -> None:
    shop_read(home, ReadingOutcome.COMPLETE, timedelta(hours=4))


def banned(home: Home) -> None:
    home.sql(
        "snapshot.db",
        "INSERT INTO store_state (store_id, banned_until, ban_text) VALUES (1, ?, 'ApiCallLimit')"
        " ON CONFLICT (store_id) DO UPDATE SET banned_until = excluded.banned_until, ban_text = excluded.ban_text",
        to_text(NOON + timedelta(hours=1)),
    )


def without_total(home: Home) -> None:
    plain = home.platform.respond

    def respond(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        status, told, answer = plain(method, url, headers, body)
        return status, told, answer.replace(b"product_count", b"product_tally")

    home.respond = respond


def clock_off(home: Home) -> None:
    plain = home.platform.respond

    def respond(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        status, told, answer = plain(method, url, headers, body)
        return status, {**told, "Date": "Mon, 09 Mar 2026 12:41:00 GMT"}, answer

    home.respond = respond


def token_gone(home: Home) -> None:
    for path in home.path("tokens").iterdir():
        path.unlink()


def token_unreadable(home: Home) -> None:
    for path in home.path("tokens").glob("*.json"):
        path.write_text("{")


FOLLOWS = '[replica]\naddress = "/nowhere/replica"\nwriter = "https://desk.example.com"\n'


def copies(home: Home, age: timedelta, text: str = CONFIG + FOLLOWS) -> None:
    """Let the snapshot stand as a copy that was written so long ago, and is patched no more."""
    beacon.write(home.path("snapshot.db"), NOON - age)
    folder = home.path("following/snapshot-1")
    folder.mkdir(parents=True, mode=0o700)
    home.path("following").chmod(0o700)
    home.path("snapshot.db").rename(folder / "snapshot.db")
    for name in (PATCHED, AT_REST):
        (folder / name).touch(mode=0o600)
    home.path("snapshot.db").symlink_to(folder / "snapshot.db")
    home.write(text)
    worker(home, NOON, failing_since=None)


def no_litestream(home: Home, text: str = CONFIG) -> None:
    home.write(f'{text}[replica]\naddress = "{home.path("replica")}"\n')
    home.patch.setattr(litestream, "program", _missing)


def _missing() -> str:
    raise litestream.LitestreamMissing


def replica_answers(home: Home, answer: str) -> None:
    home.write(f'{CONFIG}[replica]\naddress = "{home.path("replica")}"\n')
    home.patch.setattr(litestream, "_run", lambda *words: litestream.TRIED if words == ("version",) else answer)


def has(*files: tuple[int, int, int]) -> str:
    """What Litestream says that a replica has: level, first and last transaction of each file."""
    return json.dumps(
        [{"level": level, "min_txid": f"{first:016x}", "max_txid": f"{last:016x}"} for level, first, last in files]
    )


def token_ends_soon(home: Home) -> None:
    path = home.path("tokens") / "main.json"
    token = json.loads(path.read_text())
    path.write_text(json.dumps(token | {"refresh_expires_at": to_text(NOON + timedelta(hours=12))}))


def two_workers(home: Home) -> None:
    """Two that a lock should have kept apart: one has written the note of the lock, the other what its loops do."""
    state = WorkerState(pid=7, began_at=NOON, at=NOON, loops={})
    home.path("worker.json").write_text(state.model_dump_json())
    note = {"pid": 8, "host": "elsewhere", "command": "worker", "since": to_text(NOON)}
    home.path("worker.lock.holder.json").write_text(json.dumps(note))


def served(home: Home, at: datetime) -> None:
    """A worker wrote down what it does."""
    home.sql(
        "snapshot.db",
        "INSERT INTO store_state (store_id, heartbeat_at) VALUES (1, ?)"
        " ON CONFLICT (store_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at",
        to_text(at),
    )


def port_in_use(home: Home) -> None:
    served(home, NOON - timedelta(days=6))
    taken = home.closing.enter_context(socket.create_server(("127.0.0.1", 0)))
    home.patch.setenv("AEXDASH_PAGES_PORT", str(taken.getsockname()[1]))


BROUGHT_ABOUT: dict[str, Callable[[Home], object]] = {
    "disk-nearly-full": lambda home: setattr(home, "free", 10**6),
    "home-open-to-others": lambda home: (home.folder.chmod(0o755), home.path("snapshot.db").chmod(0o644)),
    "snapshot-damaged": lambda home: home.path("snapshot.db").write_bytes(b"no database" * 999),
    "snapshot-newer": lambda home: home.sql("snapshot.db", NEWER, "aexdash-snapshot"),
    "snapshot-older": lambda home: older(home, "snapshot.db", sorted(FIXTURES.glob("snapshot_*.sql"))[-2]),
    "kept-counts-differ": lambda home: home.sql("snapshot.db", "UPDATE status_count SET listings = 7"),
    "moments-ahead": lambda home: home.read({1: REJECTED}, NOON + timedelta(hours=3)),
    "desk-damaged": lambda home: home.path("desk.db").write_bytes(b"no database" * 999),
    "desk-newer": lambda home: home.sql("desk.db", NEWER, "aexdash-desk"),
    "desk-older": lambda home: older(home, "desk.db", DUMPS[0]),
    "desk-gone": desk_gone,
    "desk-other": lambda home: remember(home.path("snapshot.db"), KnownDesk("another", 1), NOON),
    "desk-rows-damaged": lambda home: home.sql("desk.db", "UPDATE work_item SET stage = 'gone'"),
    "backup-old": lambda home: backed_up(home, timedelta(days=3)),
    "backup-damaged": backup_damaged,
    "configuration-unusable": lambda home: home.write("[store.main\n"),
    "no-store": lambda home: (home.write(""), home.secret("")),
    "secrets-open": lambda home: home.path("secrets.toml").chmod(0o644),
    "store-stale": lambda home: setattr(home, "now", NOON + timedelta(days=1)),
    "store-partly-read": lambda home: home.read({1: REJECTED}, NOON, Outcome.PARTIAL),
    "store-reading-failed": lambda home: home.read({}, NOON, Outcome.FAILED),
    "worker-silent": lambda home: worker(home, NOON - timedelta(minutes=5)),
    "loop-failing": lambda home: worker(home, NOON, failing_since=to_text(NOON - timedelta(hours=1)), error="no"),
    "litestream-missing": no_litestream,
    "replica-missing": lambda home: replica_answers(home, "[]"),
    "replica-gap": lambda home: replica_answers(home, has((9, 1, 3), (0, 3, 3), (0, 5, 5))),
    "replica-behind": lambda home: copies(home, timedelta(minutes=2)),
    "follow-not-running": lambda home: (copies(home, timedelta(0)), home.gone("worker.json")),
    "heartbeat-silent": lambda home: home.secret(HEARTBEAT),
    "channel-unusable": lambda home: channel(home, "nope://tok3n"),
    "channel-failing": channel_failing,
    "channels-unknown": lambda home: (channel(home), home.path("desk.db").write_bytes(b"no database" * 999)),
    "messages-waiting": messages_waiting,
    "feed-folder-unreadable": feed_folder,
    "shop-refuses": lambda home: shop(home, 'file = "none.csv"\n', None),
    "shop-stale": shop_stale,
    "shop-unusable": lambda home: home.write(SHOPIFY),
    "list-without-total": without_total,
    "store-unusable": lambda home: home.secret(""),
    "ban": banned,
    "permission-missing": lambda home: home.serve("aliexpress.solution.product.list.get"),
    "platform-refuses": lambda home: home.platform.faults.add("platform_fault", 60),
    "not-signed-in": token_gone,
    "token-ended": lambda home: setattr(home, "now", NOON + timedelta(days=4)),
    "token-ends-soon": token_ends_soon,
    "two-workers": two_workers,
    "port-in-use": port_in_use,
    "open-to-the-network": lambda home: home.patch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0"),
    "token-unreadable": token_unreadable,
    "clock-off": clock_off,
}
