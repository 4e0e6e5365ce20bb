"""`aexdash demo`: simulated AliExpress, sync and app from one command, without configuration.

Four stores are shown. *demo* lives: it was read by the real sync at moments of the last 30 days, through the real
protocol in this process, and from then on over HTTP on loopback. *supplier* is a small fully managed store, whose
reasons the platform tells. *managed* is a smaller overseas-managed one, whose reasons are rebuilt and some of whose
listings wait for their launch. *march* is the worked example of March 2026, read once and kept, so that it can be
visited whatever today is.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from subprocess import Popen

from tqdm import tqdm

from aexdash.aliexpress.listings import connect, sign_in
from aexdash.cli import serve
from aexdash.clock import system_clock
from aexdash.config.settings import Settings, load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.server import Served
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.moments import (
    CENSUS,
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
    last_spike,
)
from aexdash.demo.world.world import StoreWorld, World
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import worker_state
from aexdash.sync import lease
from aexdash.sync.kit import ALL_EVIDENCE, NO_EVIDENCE, Limits, kit_of
from aexdash.sync.run import sync_store
from aexdash.sync.schedule import RunKind
from aexdash.sync.worker import enrol

GATEWAY_PORT = 18731
"""Where the simulated AliExpress listens if it can: the same port each time keeps the addresses of pictures."""

PAST_TOLERANCE = timedelta(hours=25)
"""How long a past reading speaks for the time after it: until the one of the next day."""

RECENT = timedelta(days=2)
SPIKE_HEIGHT = time(12)

PAST_LIMITS = Limits(details=3, pictures=3, categories=4, words=3, diagnosis=0)
"""Evidence a past reading may gather: what was rejected last comes first, and the first page is not kept waiting."""
SPIKE_LIMITS = Limits(details=60, pictures=60, words=60, diagnosis=0)
"""At the height of a spike all of it is measured, so that its one shared cause can be seen."""

TOKEN_SECONDS = 180 * 86_400
SECRET = "not-a-secret-of-anybody"  # noqa: S105 - the simulated platform runs on this machine alone

PROGRAM = "aexdash"

Reading = tuple[datetime, RunKind]


@dataclass(frozen=True)
class DemoStore:
    """A store of the demo: its heading, title, app key, business model and world."""

    key: str
    title: str
    app_key: str
    model: str
    world: StoreWorld
    watched: bool = True
    past: timedelta = timedelta(days=30)
    past_limits: Limits = PAST_LIMITS

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


def run_demo(home: Path, port: int, app: Popen[bytes]) -> int:
    """Bring the simulated stores to life behind the app on `port`, until interrupted; return the app's exit code.

    `home` is a home of the demo's own.
    """
    live = [
        DemoStore("demo", "Demo store", "50000001", "overseas", World()),
        DemoStore(
            "supplier",
            "Supplier store",
            "50000002",
            "choice",
            World(7, 300, worked_example=False),
            past_limits=NO_EVIDENCE,
        ),
        DemoStore(
            "managed",
            "Overseas-managed store",
            "50000004",
            "overseas_managed",
            World(11, 150, worked_example=False, waiting=6),
            past=timedelta(days=5),
            past_limits=NO_EVIDENCE,
        ),
    ]
    march = DemoStore(
        "march",
        "Worked example, March 2026",
        "50000003",
        "overseas",
        World(),
        watched=False,
        past_limits=ALL_EVIDENCE,
    )
    platform = SimulatedAliExpress({store.app_key: store.simulated() for store in live}, controls=True)
    with _serve(platform) as gateway:
        settings = prepare(home, [*live, march], gateway.url, f"http://localhost:{port}")
        _give_way()
        for store in live:
            live_through(store, settings, _past(settings, store, system_clock()), log=print)
            code = platform.issue_code(store.app_key)
            sign_in(settings.stores[store.key].account(settings.home), code)
        print(f"The demo is on http://localhost:{port} – Ctrl-C ends it. Faults: {gateway.url}/_demo/faults")
        print(f"Commands on it, in another terminal: {command_on(home)}")
        return _keep_living(settings, march, lambda: serve.wait_for(app))


def command_on(home: Path) -> str:
    """Write a command that speaks to a home, as it can be typed where this one was: `aexdash worklist --home …`."""
    started_as = Path(sys.argv[0])
    away = started_as.name == PROGRAM and shutil.which(PROGRAM) is None  # in a virtual environment that is not active
    program = shlex.quote(str(started_as)) if away else PROGRAM
    place = home.absolute()
    shown = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
    return f"{program} worklist --home {shlex.quote(str(shown))}"


def _give_way() -> None:
    """Lower our priority, so that on a small machine the app answers while the past is being read."""
    if hasattr(os, "nice"):
        os.nice(10)


def prepare(home: Path, stores: Sequence[DemoStore], gateway_url: str, address: str = "") -> Settings:
    """Write the configuration of the demo as a person would write that of a real store, and read it as always.

    `address` is where its pages are opened; links of digests and messages begin with it.
    """
    home.mkdir(parents=True, exist_ok=True)
    headings = [f'[alerts]\naddress = "{address}"\n'] if address else []
    headings += [
        f'[store.{store.key}]\ntitle = "{store.title}"\nmodel = "{store.model}"\ngateway = "{gateway_url}"\n'
        f'app_key = "{store.app_key}"\nwatched = {str(store.watched).lower()}\ncalls_per_second = 0\n'
        f"pulse_seconds = 15\nsweep_seconds = 900\n"
        for store in stores
    ]
    (home / "aexdash.toml").write_text("# Written by aexdash demo at each start.\n\n" + "\n".join(headings), "utf-8")
    secrets = home / "secrets.toml"
    secrets.touch(mode=0o600)
    secrets.write_text("\n".join(f'[store.{store.key}]\napp_secret = "{SECRET}"\n' for store in stores), "utf-8")
    return load_settings(home)


def live_through(
    store: DemoStore, settings: Settings, readings: Sequence[Reading], *, log: Callable[[str], None], show: bool = True
) -> None:
    """Read a store at past moments with the real client and sync; platform and clock stand at each moment."""
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
    last = readings[-1][0]
    with tqdm(readings, desc=f"{store.title}: its past", unit="reading", disable=None if show else True) as bar:
        for at, kind in bar:
            clock.at = at
            with lease.hold(settings.lease_path, clock=system_clock, command="demo", wait=True):
                result = sync_store(
                    seller,
                    db,
                    store_id,
                    kind,
                    replace(
                        kit if at == last else for_a_day,
                        limits=SPIKE_LIMITS if at == _spike_height(at) else store.past_limits,
                        orders=None if at == last else 0,
                    ),
                    clock=clock,
                )
            if result.error_kind:
                log(f"{store.title} at {at:%Y-%m-%d %H:%M} UTC: {result.message}")
    seller.close()
    db.close()


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


def _past(settings: Settings, store: DemoStore, now: datetime) -> list[Reading]:
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
    """Once a day, four times a day in the last days, when the last spike was at its height, and now.

    So the first page is current and no alert begins with the demo. A store read a moment ago has nothing to catch up
    with.
    """
    steps, at = [], begin + timedelta(hours=6)
    while at < now - timedelta(minutes=5):
        steps.append(at)
        at += timedelta(hours=6) if now - at < RECENT else timedelta(days=1)
    steps += [now] if now - begin > timedelta(minutes=5) else []
    height = _spike_height(now)
    return sorted([*steps, height]) if height and begin < height < now else steps


def _spike_height(now: datetime) -> datetime | None:
    """When the last spike was at its height; None before the first."""
    spike = last_spike(now.date())
    return datetime.combine(spike, SPIKE_HEIGHT, UTC) if spike else None


def _kind(index: int) -> RunKind:
    return "sweep" if index % 8 == 0 else "pulse"


def _keep_living(settings: Settings, march: DemoStore, wait: Callable[[], int]) -> int:
    """Keep the live stores current while the app runs; the worked example is read beside it, once."""
    stop = threading.Event()
    worker = threading.Thread(target=serve.keep_syncing, args=(settings, stop, print), name="worker", daemon=True)
    worker.start()
    example = threading.Thread(target=_read_march, args=(settings, march), name="march", daemon=True)
    example.start()
    try:
        return wait()
    finally:
        stop.set()
        worker.join(timeout=10)


def _read_march(settings: Settings, march: DemoStore) -> None:
    db = open_snapshot(settings.snapshot_path)
    known = worker_state.last_runs(db, enrol(db, march.key, settings.stores[march.key], system_clock()))
    db.close()
    reached = max(known.values(), default=datetime.min.replace(tzinfo=UTC))
    left = [reading for reading in march_readings() if reading[0] > reached]
    live_through(march, settings, left, log=print, show=False)


def _serve(platform: SimulatedAliExpress) -> Served:
    try:
        return platform.serve(GATEWAY_PORT)
    except OSError:
        return platform.serve()
