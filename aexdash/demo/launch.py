"""`aexdash demo`: simulated AliExpress, sync and app from one command, without configuration.

Four stores are shown. *demo* lives: it was read by the real sync at moments of the last 30 days, through the real
protocol in this process, and from then on over HTTP on loopback. *supplier* is a small fully managed store, whose
reasons the platform tells. *managed* is a smaller overseas-managed one, whose reasons are rebuilt and some of whose
listings wait for their launch. *march* is the worked example of March 2026, read once and kept, so that it can be
visited whatever today is. The listings of *demo* come from a simulated Shopify shop, those of *supplier* from a
BigCommerce one: aexdash.demo.fronts. Beside them the platform has a shop that nobody has connected so far:
aexdash.demo.shop.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from subprocess import Popen

from aexdash.aliexpress.listings import sign_in
from aexdash.cli import serve
from aexdash.clock import DAY, system_clock, to_text, zone_named
from aexdash.config.settings import Settings, load_settings
from aexdash.demo import feed_files, fronts, inbox, people, seller_center, shop
from aexdash.demo.feed_files import FeedFiles
from aexdash.demo.inbox import Inbox
from aexdash.demo.past import (
    SECRET,
    SMALL_LIMITS,
    DemoStore,
    Log,
    PastClock,
    live_through,
    march_readings,
    past_of,
    spike_height,
)
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.server import Served, application, serve_in_thread
from aexdash.demo.progress import Progress
from aexdash.demo.seller_center import SellerCenter
from aexdash.demo.shop import SHOP
from aexdash.demo.world.mending import MendedWorld
from aexdash.demo.world.world import World
from aexdash.desk import channel_state
from aexdash.desk.feed_columns import folder_of
from aexdash.feed.watching import FeedWatch
from aexdash.notify.digest import last_moment
from aexdash.shops.account import ShopKind
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording import worker_state
from aexdash.storage.errors import StorageError
from aexdash.sync import lease
from aexdash.sync.kit import ALL_EVIDENCE
from aexdash.sync.worker.store_worker import ORDER_PAGES, enrol

GATEWAY_PORT = 18731
"""Where the simulated AliExpress listens if it can: the same port each time keeps the addresses of pictures."""

ZONE = "Europe/Madrid"
"""Where the days of the demo begin: the zone is one of the workspace, and that of its simulated sellers is not UTC."""

CHANNELS = {"inbox": "", "morning": 'digest = "daily 08:00"\n'}
"""The channels of the demo, both to its inbox, with their further settings: single messages, and a digest a day."""

LOG_FILE = "demo.log"
"""Where in its home the demo writes what its syncs and alerts say."""

PROGRAM = "aexdash"


def run_demo(home: Path, port: int, app: Popen[bytes]) -> int:
    """Bring the simulated stores to life behind the app on `port`, until interrupted; return the app's exit code.

    `home` is a home of the demo's own.
    """
    live = [
        DemoStore(
            "demo",
            "Demo store",
            "50000001",
            "overseas",
            MendedWorld(World(rejections=5.0)),
            fed=True,
            past_orders=ORDER_PAGES,
            front=ShopKind.SHOPIFY,
        ),
        DemoStore(
            "supplier",
            "Supplier store",
            "50000002",
            "choice",
            MendedWorld(World(7, 300, worked_example=False, rejections=3.0)),
            past_limits=SMALL_LIMITS,
            past_orders=ORDER_PAGES,
            front=ShopKind.BIGCOMMERCE,
        ),
        DemoStore(
            "managed",
            "Overseas-managed store",
            "50000004",
            "overseas_managed",
            MendedWorld(World(11, 150, worked_example=False, waiting=6)),
            past=timedelta(days=5),
            past_limits=SMALL_LIMITS,
            past_orders=ORDER_PAGES,
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
    platform = SimulatedAliExpress({store.app_key: store.simulated() for store in (*live, SHOP)}, controls=True)
    home.mkdir(parents=True, exist_ok=True)
    center = SellerCenter([*live, march], home / "mended.jsonl", zone=zone_named(ZONE))
    with _serve(platform, Inbox(home / "inbox.jsonl"), live, center) as gateway:
        settings = prepare(home, [*live, march], gateway.url, f"http://localhost:{port}")
        log = _log_of(settings.home)
        _give_way()
        with _progress(settings, live, system_clock()) as progress:
            for store in live:
                left = past_of(settings, store, system_clock())
                live_through(store, settings, left, log=log, after=progress.step, alerts=True)
                code = platform.issue_code(store.app_key)
                sign_in(settings.stores[store.key].account(settings.home), code)
        fronts.read_past(settings, fronts.fronts_of(live), system_clock(), log)
        _people(settings, live, system_clock())
        _await_digest(settings, system_clock())
        print(f"The demo is on http://localhost:{port} – Ctrl-C ends it.")
        print(f"Its messages arrive in {gateway.url}{inbox.PATH}")
        print(f"Faults to switch on: {gateway.url}/_demo/faults")
        print(f"Commands on it, in another terminal: {command_on(home)}")
        return _keep_living(settings, live[0], march, app, log)


def _progress(settings: Settings, live: Sequence[DemoStore], now: datetime) -> Progress:
    """Return what counts the readings of the past that are left."""
    left = [past_of(settings, store, now) for store in live]
    first = min((readings[0][0] for readings in left if readings), default=now)
    return Progress(settings.home, sum(map(len, left)), ceil((now - first) / DAY), out=sys.stdout)


def _log_of(home: Path) -> Log:
    """Return what writes a line to `demo.log` of a home, which begins anew; the terminal keeps the addresses alone."""
    file = home / LOG_FILE
    file.write_text("", "utf-8")
    writing = threading.Lock()

    def log(line: str) -> None:
        with writing, file.open("a", encoding="utf-8") as lines:
            lines.write(f"{to_text(system_clock())} {line}\n")

    return log


def _people(settings: Settings, live: Sequence[DemoStore], now: datetime) -> None:
    """Write what people did, with a campaign after the last spike of the first store if that was read."""
    store, height = live[0], spike_height(now)
    spike = (store.key, height) if height and now - store.past < height < now else None
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: now, zone=settings.tzinfo)
    people.work(snapshot, settings.desk_path, now, spike)
    people.compare(snapshot, settings.desk_path, {one.key: one.world for one in live}, now)


def _await_digest(settings: Settings, now: datetime) -> None:
    """Let a digest that was never made be due for its last day, as if its channel had been set up the day before."""
    for name, channel in settings.channels.items():
        if channel.digest and name not in channel_state.stored_states(settings.desk_path):
            channel_state.record_digest(settings.desk_path, name, last_moment(channel, now) - DAY)


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
    headings = [f'[workspace]\nzone = "{ZONE}"\n']
    headings += [f'[alerts]\naddress = "{address}"\n'] if address else []
    headings += [f'[channel.{name}]\nkind = "webhook"\n{more}' for name, more in CHANNELS.items()]
    fed = f'account = "{feed_files.ACCOUNT}"\naddress = "{gateway_url}{feed_files.PATH}"\n'
    headings += [f"[feed.{store.key}]\n{fed}" for store in stores if store.fed]
    headings += [
        f'[store.{store.key}]\ntitle = "{store.title}"\nmodel = "{store.model}"\ngateway = "{gateway_url}"\n'
        f'app_key = "{store.app_key}"\nwatched = {str(store.watched).lower()}\ncalls_per_second = 0\n'
        f'pulse_seconds = 15\nsweep_seconds = 900\nedit_url = "{gateway_url}{seller_center.pattern(store.key)}"\n'
        for store in stores
    ]
    headings += [front.heading(gateway_url) for front in fronts.fronts_of(stores)]
    (home / "aexdash.toml").write_text("# Written by aexdash demo at each start.\n\n" + "\n".join(headings), "utf-8")
    secrets = home / "secrets.toml"
    secrets.touch(mode=0o600)
    hidden = [f'[store.{store.key}]\napp_secret = "{SECRET}"\n' for store in stores]
    hidden += [f'[channel.{name}]\nurl = "{gateway_url}{inbox.PATH}"\nkey = "{inbox.KEY}"\n' for name in CHANNELS]
    hidden += [f'[feed.{store.key}]\napi_key = "{feed_files.KEY}"\n' for store in stores if store.fed]
    hidden += [f'[shop.{front.key}]\ntoken = "{fronts.TOKEN}"\n' for front in fronts.fronts_of(stores)]
    secrets.write_text("\n".join(hidden), "utf-8")
    return load_settings(home)


def _keep_living(settings: Settings, fed: DemoStore, march: DemoStore, app: Popen[bytes], log: Log) -> int:
    """Keep the live stores current and the feed of one running while the app runs; the example is read beside, once."""
    with serve.worker_beside(settings, app, log) as worker:
        example = threading.Thread(target=_read_march, args=(settings, march, log), name="march", daemon=True)
        example.start()
        feeding = (settings, fed, worker.stop, log)
        threading.Thread(target=_keep_feeding, args=feeding, name="feed-files", daemon=True).start()
        return serve.wait_for(app, worker)


def _keep_feeding(settings: Settings, store: DemoStore, stop: threading.Event, log: Log) -> None:
    """Lay the validation files of the last days into the feed folder of a store, read each on its day; more follow."""
    files = FeedFiles(store.world, folder_of(settings.home, store.key), system_clock)
    clock = PastClock(system_clock())
    try:
        with closing(open_snapshot(settings.snapshot_path)) as db:
            writing = lease.writing(settings.lease_path, clock=system_clock, command="demo", stop=stop)
            watch = FeedWatch(settings, db, clock=clock, log=log, writing=writing)
            for clock.at, _ in files.past():
                watch.look(settle=False)
    except lease.LeaseHeld:
        return  # the demo ends while another of its threads holds the snapshot
    except (StorageError, lease.LeaseNotWritable, OSError) as error:
        log(f"{store.key}: the files of the last days are not read yet. {error}")
    files.keep_arriving(stop)


def _read_march(settings: Settings, march: DemoStore, log: Log) -> None:
    db = open_snapshot(settings.snapshot_path)
    known = worker_state.last_runs(db, enrol(db, march.key, settings.stores[march.key], system_clock()))
    db.close()
    reached = max(known.values(), default=datetime.min.replace(tzinfo=UTC))
    left = [reading for reading in march_readings() if reading[0] > reached]
    live_through(march, settings, left, log=log, alerts=True)


def _serve(
    platform: SimulatedAliExpress,
    received: Inbox,
    stores: Sequence[DemoStore] = (),
    center: SellerCenter | None = None,
) -> Served:
    """Serve the platform, and what stands beside it, on one port, the usual one where it is free."""
    respond = shop.before(received.before(platform.respond), platform.stores[SHOP.app_key])
    respond = feed_files.before(respond, system_clock)
    respond = fronts.before(respond, fronts.fronts_of(stores))
    respond = center.before(respond) if center is not None else respond
    app = application(respond, platform.faults.may_wait)
    try:
        return serve_in_thread(app, GATEWAY_PORT, before_stop=platform.faults.release)
    except OSError:
        return serve_in_thread(app, before_stop=platform.faults.release)
