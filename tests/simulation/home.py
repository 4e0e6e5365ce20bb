"""A home as it lives in a simulation: stores on the simulated AliExpress, a clock, and the process of the worker.

Everything of the product is the real thing: settings from files, the client, the loops of the worker, SQLite files on a
disk. Simulated are AliExpress (answers without sockets), the passing of time, the receiver of alerts, and death.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Event

from aexdash.alerts.conditions import NoData, Silence, Threshold
from aexdash.alerts.engine import Engine
from aexdash.alerts.model import Rule
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.aliexpress.listings import connect, sign_in
from aexdash.config.settings import Settings, load_settings
from aexdash.demo.platform.faults import Faults
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk.decisions.assignment import AssignmentRules
from aexdash.desk.decisions.work import Desk
from aexdash.feed.watching import watching
from aexdash.model import Severity, Status
from aexdash.notify.errors import NotDelivered
from aexdash.notify.sending import Sender
from aexdash.snapshot.query import Snapshot
from aexdash.supervision.loop import Step as LoopStep
from aexdash.supervision.states import LoopRecord
from aexdash.sync import lease
from aexdash.sync.worker.shop_watch import reading
from aexdash.sync.worker.store_loop import StoreLoop
from aexdash.sync.worker.supervisor import Supervisor, Unchanging
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.simulation.disk import Damage, Disk
from tests.simulation.promises import Promise, keep, read_only
from tests.simulation.shops import SimulatedShops, settings_of_shops
from tests.simulation.steps import KEYS, LISTINGS, SHOPS, STATUSES, OldFiles
from tests.support import GATEWAY, LONG_SIGNED_IN, NOON, Killed

FIXTURES = Path(__file__).parents[1]
BEGINS = NOON + timedelta(days=1)
SECRET = "qX7secretqX7"
HOOK = "hookPath3"
FEED = "feed"
HOURS = {"lisbon": (1, 6, 3), "madrid": (4, 24, 10), "porto": (12, 48, 40)}
"""Hours between two pulses, between two sweeps, and for how many a reading speaks."""

HERO = "aex_rejected_auditing_listings"
RULES = (
    Rule(key="anything", title="Anything is held", condition=Threshold(card=HERO, limit=0), severity=Severity.MEDIUM),
    Rule(
        key="silent",
        title="Nothing read",
        condition=NoData(silence=Silence.WALK, limit=50 * 60),
        severity=Severity.HIGH,
        silenced=False,
    ),
)


def first_of(key: str) -> int:
    """The product id of the first listing of a store."""
    return 1005000000000001 + 1000 * KEYS.index(key)


def ids_of(key: str) -> range:
    return range(first_of(key), first_of(key) + LISTINGS)


class Home:
    """One home with its stores. `clock` is this machine's; `kill_at` says at which call of a store its process dies."""

    def __init__(self, folder: Path, stores: int, disk: Disk) -> None:
        self.folder, self.disk, self.keys = folder, disk, KEYS[:stores]
        self.true, self.off, self.told = BEGINS, timedelta(), True
        self.worlds = {key: _world(key) for key in self.keys}
        self.faults = {key: Faults(wait=lambda _released, seconds: self.sleep(seconds)) for key in self.keys}
        self.platforms = {key: self._platform(key) for key in self.keys}
        self.between_calls: Callable[[str, int], None] = lambda _key, _call: None
        self.kill_at: dict[str, tuple[int, bool]] = {}
        self.calls = dict.fromkeys((*self.keys, *SHOPS), 0)
        self.shops = SimulatedShops(lambda: self.true)
        self.log: list[str] = []
        self.arrived: list[object] = []
        self.refusals: list[bool] = []
        self.dead = False
        _write_settings(folder, self.keys)
        self.settings: Settings = load_settings(folder)
        for key in self.keys:
            self.sign_in(key)
        self.desk = Desk(self.settings.desk_path)
        self.snapshot = Snapshot(self.settings.snapshot_path, self.settings.desk_path, clock=self.clock)

    def clock(self) -> datetime:
        return self.true + self.off

    def sleep(self, seconds: float) -> None:
        self.true += timedelta(seconds=seconds)

    def _platform_clock(self) -> datetime:
        return self.true if self.told else self.clock()

    def set_clock(self, seconds: float, told: bool) -> None:
        """Let this machine's clock be so far off the true time, with the platform's answers showing it or not."""
        self.off, self.told = timedelta(seconds=seconds), told

    def _platform(self, key: str) -> SimulatedAliExpress:
        store = SimulatedStore(key, SECRET, self.worlds[key], seller_id=f"26715140{KEYS.index(key)}", **LONG_SIGNED_IN)
        return SimulatedAliExpress({key: store}, self._platform_clock, self.faults[key])

    def sign_in(self, key: str) -> None:
        """Sign in to a store, as a person does in her browser."""
        platform, account = self.platforms[key], self.settings.stores[key].account(self.folder)
        sign_in(account, platform.issue_code(key), clock=self.clock, respond=platform.respond)

    def put_rules(self) -> None:
        """Let two rules of our own be in force and none of those that ship, and let nobody be given what arrives."""
        given = AssignmentRules(self.settings.desk_path)
        for rule in given.all():
            given.remove(rule.key, by="Ana", now=self.clock())
        book = RuleStore(self.settings.desk_path)
        for key in DEFAULTS:
            book.switch(key, False, by="Ana", now=self.clock())
        for rule in RULES:
            book.save(rule, by="Ana", now=self.clock())

    def respond(self, key: str) -> Callable:
        """How AliExpress answers a store, or a shop its reader, unless the process is dead or dies of this call."""
        asked = self.shops.respond(key) if key in SHOPS else self.platforms[key].respond

        def answer(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
            self.die_if_killed()
            call, self.calls[key] = self.calls[key], self.calls[key] + 1
            self.between_calls(key, call)
            at, answered = self.kill_at.get(key, (None, False))
            if call == at and not answered:
                self.die()
            said = asked(method, url, headers, body)
            if call == at:
                self.die()
            return said

        return answer

    def connect(self, key: str):
        return connect(
            self.settings.stores[key].account(self.folder),
            clock=self.clock,
            sleep=self.sleep,
            respond=self.respond(key),
        )

    def die(self) -> None:
        """Be killed here: no code of the process runs any more, and nothing is written."""
        self.dead = True
        self.disk.fails(Damage.KILLED, 0)
        self.disk.writes = 1
        raise Killed

    def die_if_killed(self) -> None:
        if self.disk.killed:
            self.dead = True
            raise Killed

    def receive(self, _channel: object, message: object, _now: datetime) -> None:
        """Receive a message over the only channel."""
        if self.disk.killed:
            raise NotDelivered("the process is dead")
        refused_as_lost = self.refusals.pop(0) if self.refusals else None
        if refused_as_lost is not False:
            self.arrived.append(message)
        if refused_as_lost is not None:
            raise NotDelivered("x answered with status 500.")

    def place(self, key: str, listing: int, status: Status | None) -> None:
        """Move a listing in its store, put it back, or take it out."""
        world, number, at = self.worlds[key], first_of(key) + listing, self._platform_clock()
        known = world.listing(number, at) is not None
        if status is None:
            if known:
                world.remove(number)
            return
        if not known:
            world.put(plain_listing(number, status, modified=at))
        world.move(number, status, "user_offline" if status is Status.OFFLINE else None, at=at)

    def truth(self, key: str) -> dict[int, Status]:
        """Where each listing of a store is now."""
        world = self.worlds[key]
        found = (world.listing(number, self.true) for number in ids_of(key))
        return {listing.product_id: listing.status for listing in found if listing}


class Process:
    """The worker's process: its lease, and the loops of stores, shops and feed, the rules and the sender.

    What it keeps in memory dies with it. `keeps` says whether it is the one worker of the home.
    """

    def __init__(self, home: Home) -> None:
        self.home, self.errors = home, list[BaseException]()
        self._sellers = {key: home.connect(key) for key in home.keys}
        self.requests = {key: SimpleQueue[str]() for key in home.keys}
        self._stop = Event()
        self._writing = lease.writing(home.settings.lease_path, clock=home.clock, command="worker", stop=self._stop)
        self._reading = {key: self._store(key) for key in home.keys}
        self._open: dict[str, tuple[ExitStack, LoopStep]] = {}
        self._engine = Engine(home.settings, home.snapshot)
        self._sender = Sender(home.settings, clock=home.clock, log=self._say, send=home.receive)
        self._kept: ExitStack | None = None

    def _say(self, line: str) -> None:
        self.home.log.append(f"{line} {getattr(line, 'trace', '')}")

    @property
    def keeps(self) -> bool:
        return self._kept is not None

    def begin_to_keep(self) -> None:
        """Try to become the worker of the home, as the loop of the supervisor does at each beginning."""
        if self._kept is None:
            self._guarded(self._keep)

    def _keep(self) -> None:
        home, no_wait = self.home, Event()
        no_wait.set()
        supervisor = Supervisor(
            home.settings,
            no_wait,
            clock=home.clock,
            log=self._say,
            connect_to=lambda store: home.connect(store.key),
            beside=lambda _: {},
        )
        with ExitStack() as stack:
            stack.enter_context(supervisor.begun(Unchanging(home.settings)))
            self._kept = stack.pop_all()

    def _store(self, key: str) -> StoreLoop:
        home = self.home
        return StoreLoop(
            home.settings,
            key,
            self._sellers[key],
            clock=home.clock,
            log=self._say,
            writing=self._writing,
            record=LoopRecord(),
        )

    def _begun(self, name: str) -> AbstractContextManager[LoopStep]:
        """Begin the loop of a store, of a shop, or of the feed."""
        home = self.home
        if name == FEED:
            return watching(home.settings, self._writing, home.clock, self._say)
        if name in SHOPS:
            return reading(
                home.settings,
                name,
                self._writing,
                self._stop,
                clock=home.clock,
                log=self._say,
                sleep=home.sleep,
                respond=home.respond(name),
            )
        return self._reading[name].begun(Event(), self.requests[name])

    def ask(self) -> None:
        """Pass on the syncs that people asked for."""
        self._guarded(self._ask)

    def _ask(self) -> None:
        for key, kind in self.home.desk.take_sync_requests():
            if key in self.requests:
                self.requests[key].put(kind)

    def step(self, name: str) -> None:
        """Take a step of a loop, which is begun anew after an error, as the supervisor does."""
        self.home.calls[name] = 0
        self._guarded(lambda: self._step(name), lambda: self._end(name))

    def _step(self, name: str) -> None:
        if name not in self._open:
            stack = ExitStack()
            self._open[name] = stack, stack.enter_context(self._begun(name))
        self._open[name][1]()

    def _end(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name)[0].close()

    def watch(self) -> None:
        """Ask every rule, and send what is due."""
        self._guarded(lambda: self._engine.round(self.home.clock()), self._forget_rules)
        self._guarded(lambda: self._sender.step(self.home.clock()))
        assert self._sender.wait()

    def _forget_rules(self) -> None:
        self._engine = Engine(self.home.settings, self.home.snapshot)

    def _guarded(self, act: Callable[[], object], after_error: Callable[[], None] = lambda: None) -> None:
        """Do something as a loop does it: an error ends this step and no other."""
        try:
            act()
            self.home.die_if_killed()
        except Exception as error:
            after_error()
            self.home.die_if_killed()
            self.errors.append(error)

    def die(self) -> None:
        """End without any order: what it wrote down of its lease stays, and the system alone lets go of the lock."""
        path = self.home.settings.worker_lease_path
        note = path.with_name(f"{path.name}.holder.json")
        said = note.read_bytes() if self._kept and note.exists() else None
        self.end()
        if said is not None:
            note.write_bytes(said)

    def end(self) -> None:
        """End, in good order or not: after a kill nothing is written here any more."""
        for name in list(self._open):
            with suppress(Killed):
                self._end(name)
        for seller in self._sellers.values():
            seller.close()
        if self._kept:
            self._kept.close()
            self._kept = None


def _world(key: str) -> ScriptedWorld:
    first = first_of(key)
    return ScriptedWorld(plain_listing(first + number, STATUSES[(number * 7) % 10 % 4]) for number in range(20))


def _write_settings(folder: Path, keys: tuple[str, ...]) -> None:
    stores = "".join(
        f'[store.{key}]\nmodel = "overseas"\ngateway = "{GATEWAY}"\napp_key = "{key}"\ncalls_per_second = 0\n'
        f"pulse_seconds = {pulse * 3600}\nsweep_seconds = {sweep * 3600}\nstale_after_seconds = {stale * 3600}\n"
        for key in keys
        for pulse, sweep, stale in [HOURS[key]]
    )
    shops, tokens = settings_of_shops()
    (folder / "aexdash.toml").write_text(f"{stores}{shops}[channel.team]\n", encoding="utf-8")
    secrets = "".join(f'[store.{key}]\napp_secret = "{SECRET}"\n' for key in keys)
    path = folder / "secrets.toml"
    path.write_text(f'{secrets}{tokens}[channel.team]\nurl = "json://127.0.0.1/{HOOK}"\n', encoding="utf-8")
    path.chmod(0o600)


@dataclass
class Old:
    """What the files of an older version held of a store that is in no settings."""

    periods: list[tuple] = field(default_factory=list)
    items: list[tuple] = field(default_factory=list)

    PERIODS = "SELECT product_id, status, started_at FROM status_period WHERE store_id = 1 ORDER BY 1, 3"
    ITEMS = "SELECT store_key, product_id, owner, note FROM work_item WHERE store_key = 'main' ORDER BY 1, 2"

    def check(self, snapshot: Path, desk: Path) -> None:
        """Find all of it still there."""
        for path, sql, wanted in ((snapshot, self.PERIODS, self.periods), (desk, self.ITEMS, self.items)):
            if wanted:
                with read_only(path) as connection:
                    found = connection.execute(sql).fetchall()
                keep(Promise.UPGRADE, found == wanted, f"{path.name}: {set(wanted) ^ set(found)}")


def old_files(folder: Path, step: OldFiles) -> Old:
    """Put the files of older versions into a home that has none yet."""
    old = Old()
    wanted = (("snapshot", step.snapshot, "PERIODS"), ("desk", step.desk, "ITEMS"))
    for what, number, sql in wanted:
        path = folder / f"{what}.db"
        if number and not path.exists():
            dump = FIXTURES / what / "migrations" / "fixtures" / f"{what}_{number:04}.sql"
            connection = sqlite3.connect(path)
            connection.executescript(dump.read_text(encoding="utf-8"))
            found = connection.execute(getattr(Old, sql)).fetchall()
            connection.close()
            setattr(old, "periods" if what == "snapshot" else "items", found)
    return old
