"""The past of the demo's stores: the real sync reads each at moments of it, while platform and clock stand there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from aexdash.alerts.engine import Engine
from aexdash.aliexpress.listings import connect, sign_in
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.moments import (
    CENSUS,
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
    last_spike,
)
from aexdash.demo.world.world import StoreWorld
from aexdash.shops.account import ShopKind
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording import worker_state
from aexdash.storage.errors import StorageError
from aexdash.sync import lease
from aexdash.sync.kit import Limits, kit_of
from aexdash.sync.run import sync_store
from aexdash.sync.schedule import RunKind
from aexdash.sync.worker.store_worker import enrol

PAST_TOLERANCE = timedelta(hours=25)
"""How long a past reading speaks for the time after it: until the one of the next day."""

SHORTLY = timedelta(minutes=10)
"""How long before the demo begins a store is read for the last time in its past."""

RECENT = timedelta(days=2)
SPIKE_HEIGHT = time(12)

PAST_LIMITS = Limits(details=3, pictures=3, categories=4, words=3, diagnosis=0)
"""Evidence a past reading may gather: what was rejected last comes first, and the first page is not kept waiting."""
SMALL_LIMITS = Limits(details=5, pictures=2, categories=4, words=5, diagnosis=0)
"""The same for a small store: most of its few, so that no reason is new only because it was looked for late."""
SPIKE_LIMITS = Limits(details=60, pictures=60, words=60, diagnosis=0)
"""At the height of a spike all of it is measured, so that its one shared cause can be seen."""

TOKEN_SECONDS = 180 * 86_400
SECRET = "not-a-secret-of-anybody"  # noqa: S105 - the simulated platform runs on this machine alone

Reading = tuple[datetime, RunKind]
Log = Callable[[str], None]


@dataclass(frozen=True)
class DemoStore:
    """A store of the demo: its heading, title, app key, business model and world; `fed`: it has a feed.

    `front` is the kind of the seller's own shop from which its listings come.
    `past_orders` is the most pages of orders that its last past reading asks for; None: all. A worker reads the rest.
    """

    key: str
    title: str
    app_key: str
    model: str
    world: StoreWorld
    watched: bool = True
    fed: bool = False
    past: timedelta = timedelta(days=30)
    past_limits: Limits = PAST_LIMITS
    past_orders: int | None = None
    front: ShopKind | None = None

    def simulated(self) -> SimulatedStore:
        """The store as the simulated platform knows it."""
        return SimulatedStore(
            self.app_key,
            SECRET,
            self.world,
            model=self.model,
            seller_id=f"26715140{self.app_key[-2:]}",
            nick=f"{self.key}_store",
            token_seconds=TOKEN_SECONDS,
            refresh_seconds=2 * TOKEN_SECONDS,
        )


class PastClock:
    """A clock that stands at the moment of a past reading."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return that moment."""
        return self.at


def live_through(
    store: DemoStore,
    settings: Settings,
    readings: Sequence[Reading],
    *,
    log: Log,
    after: Callable[[], None] = lambda: None,
    alerts: bool = False,
) -> None:
    """Read a store at past moments with the real client and sync; platform and clock stand at each moment.

    `after` is called after each reading. With `alerts`, the rules are asked then too, so that an alert about what was
    found opens at its time, and not when the demo starts. Nothing of the past is sent over a channel.
    """
    if not readings:
        return
    clock = PastClock(readings[0][0])
    platform = SimulatedAliExpress({store.app_key: store.simulated()}, clock)
    account = settings.stores[store.key].account(settings.home)
    sign_in(account, platform.issue_code(store.app_key), clock=clock, respond=platform.respond)
    seller = connect(account, clock=clock, respond=platform.respond)
    db = open_snapshot(settings.snapshot_path)
    store_id = enrol(db, store.key, settings.stores[store.key], clock())
    kit = kit_of(settings)
    for_a_day = replace(kit, stale_after=lambda _: PAST_TOLERANCE.total_seconds())
    engine = _asked_then(store, settings, clock) if alerts else None
    last = readings[-1][0]
    for at, kind in readings:
        clock.at = at
        with lease.hold(settings.lease_path, clock=system_clock, command="demo", wait=True):
            result = sync_store(
                seller,
                db,
                store_id,
                kind,
                replace(
                    kit if at == last else for_a_day,
                    limits=SPIKE_LIMITS if at == spike_height(at) else store.past_limits,
                    orders=store.past_orders if at == last else 0,
                ),
                clock=clock,
            )
        if result.error_kind:
            log(f"{store.title} at {at:%Y-%m-%d %H:%M} UTC: {result.message}")
        elif engine:
            _ask(engine, at, log)
        after()
    seller.close()
    db.close()


def _ask(engine: Engine, at: datetime, log: Log) -> None:
    """Ask the rules as of a past reading; where the desk cannot be written just then, the next reading asks again."""
    try:
        engine.round(at)
    except StorageError as error:
        log(f"Alerts of {at:%Y-%m-%d %H:%M} UTC: {error}")


def _asked_then(store: DemoStore, settings: Settings, clock: PastClock) -> Engine:
    """Return what asks the rules about a store by the clock of its past, and tells no channel."""
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
    return Engine(settings.model_copy(update={"channels": {}}), snapshot, only=store.key)


def march_readings() -> list[Reading]:
    """When the worked example was read: a sweep before and after, pulses every three hours and around what happened."""
    begin, end = datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)
    regular = [begin + step * timedelta(hours=3) for step in range(int((end - begin) / timedelta(hours=3)))]
    around = [
        MARCH_JUMP_BEGINS - timedelta(minutes=5),
        MARCH_JUMP + timedelta(minutes=5),
        MARCH_RESUBMITTED + timedelta(minutes=5),
        MARCH_CLEARED + timedelta(minutes=5),
    ]
    readings: list[Reading] = [(begin - timedelta(hours=1), "sweep")]
    readings += [(at, "pulse") for at in sorted({*regular, *around})]
    return [*readings, (CENSUS, "sweep")]


def past_of(settings: Settings, store: DemoStore, now: datetime) -> list[Reading]:
    """The moments from the last reading on, or of the store's past, at which it is read before it goes live.

    The last is a sweep, because orders are read with it.
    """
    db = open_snapshot(settings.snapshot_path)
    last = worker_state.last_runs(db, enrol(db, store.key, settings.stores[store.key], now))
    db.close()
    begin = max((*last.values(), now - store.past))
    moments = _steps(begin, now)
    first: RunKind = "pulse" if last else "sweep"
    readings = [(at, first if index == 0 else _kind(index)) for index, at in enumerate(moments)]
    return [*readings[:-1], *((at, "sweep") for at, _ in readings[-1:])]


def _steps(begin: datetime, now: datetime) -> list[datetime]:
    """Once a day, four times a day in the last days, at the height of the last spike, shortly before now, and now.

    So the first page is current, and what happened in the last hours is found before the demo begins: no alert begins
    with it. A store read a moment ago has nothing to catch up with.
    """
    steps, at = set(), begin + timedelta(hours=6)
    while at < now - SHORTLY:
        steps.add(at)
        at += timedelta(hours=6) if now - at < RECENT else timedelta(days=1)
    steps |= {at for at in (now - SHORTLY, now) if at - begin > timedelta(minutes=5)}
    height = spike_height(now)
    return sorted({*steps, height} if height and begin < height < now else steps)


def spike_height(now: datetime) -> datetime | None:
    """When the last spike was at its height; None before the first."""
    spike = last_spike(now.date())
    return datetime.combine(spike, SPIKE_HEIGHT, UTC) if spike else None


def _kind(index: int) -> RunKind:
    return "sweep" if index % 8 == 0 else "pulse"
