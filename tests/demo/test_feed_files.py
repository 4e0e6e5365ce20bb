"""The feed of the demo: files that the product reads as it reads those of any feed, of SKUs that the store has."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.cards import values
from aexdash.clock import day_of
from aexdash.config.settings import load_settings
from aexdash.demo import feed_files
from aexdash.demo.feed_files import DAYS, FeedFiles
from aexdash.demo.launch import _keep_feeding, prepare
from aexdash.demo.past import DemoStore
from aexdash.demo.platform.server import application, serve_in_thread
from aexdash.demo.world.world import World
from aexdash.desk.feed_columns import folder_of
from aexdash.feed import status
from aexdash.feed.watching import FeedWatch
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.sync import lease
from tests.support import MovedClock

NOW = datetime(2026, 11, 28, 17, 45, tzinfo=UTC)
WEEK = (NOW - timedelta(days=DAYS + 1), NOW)


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, 300, worked_example=False)


@pytest.fixture
def feed(tmp_path, world):
    """The files of a store whose folder the product watches: what lays them down, what reads them, and the clock."""
    store = DemoStore("demo", "Demo store", "50000001", "overseas", world, fed=True)
    settings = prepare(tmp_path, [store], "http://127.0.0.1:18731")
    clock = MovedClock(NOW)
    with closing(open_snapshot(settings.snapshot_path)) as db:
        ensure_store(db, key="demo", title="Demo store", model="overseas", now=NOW)
        writing = lease.writing(settings.lease_path, clock=clock, command="test")
        watch = FeedWatch(settings, db, clock=clock, log=pytest.fail, writing=writing)
        yield FeedFiles(world, folder_of(settings.home, "demo"), clock), watch, clock, settings


def report(settings):
    return Snapshot(settings.snapshot_path).feed(("demo",))


def test_a_file_of_each_of_the_last_seven_days_is_read_with_its_date(feed):
    files, watch, _, settings = feed
    assert len(list(files.past())) == DAYS
    assert watch.look(settle=False) == DAYS
    read = report(settings).files(*WEEK)
    days = sorted(day_of(file.dated_at, settings.tzinfo) for file in read)
    assert days == [NOW.date() - timedelta(days=number) for number in range(DAYS, 0, -1)]
    assert all(file.rows == feed_files.ROWS and file.note == "" for file in read)
    assert 0.01 < sum(file.rejected for file in read) / sum(file.rows for file in read) < 0.05


def test_the_files_of_the_last_days_are_read_on_their_days_so_that_the_card_has_a_line(feed):
    files, watch, clock, settings = feed
    now = clock.at
    for clock.at, _ in files.past():
        assert watch.look(settle=False) == 1
    clock.at = now
    snapshot = Snapshot(settings.snapshot_path, clock=clock)
    said = [
        values(snapshot.measures(("demo",), now - timedelta(days=days)))["aex_listings_failing_feedonomics_validation"]
        for days in range(DAYS + 2)
    ]
    assert all(one.value is not None for one in said[:DAYS])
    assert len({one.value for one in said[:DAYS]}) > 1
    assert said[-1].value is None, "nothing was read before the first file"


def test_rejected_rows_are_of_skus_that_the_store_has_and_say_why(feed, world):
    files, watch, _, settings = feed
    list(files.past())
    watch.look(settle=False)
    known = {sku.code for product in world.ids("active", NOW) for sku in world.listing(product, NOW).facts.skus}
    rows = list(report(settings).rejected_rows(*WEEK, None))
    assert rows
    assert sum(row.sku in known for row in rows) / len(rows) > 0.8, "a few are gone by now"
    assert all(row.message and row.code and row.attribute for row in rows)


def test_a_file_arrives_whole_and_is_read_at_the_second_look(feed):
    files, watch, clock, settings = feed
    arrived = files.arrive()
    assert watch.look() == 0
    clock.at += timedelta(minutes=1)
    assert watch.look() == 1
    assert [file.name for file in report(settings).files(*WEEK)] == [arrived.name] == ["validation-2026-11-28-1745.csv"]


def test_a_later_start_lays_down_what_is_missing_and_takes_away_what_is_old(feed):
    files, _, clock, _ = feed
    first = [path for _, path in files.past()]
    assert list(files.past()) == []
    clock.at += timedelta(days=5)
    assert [path.name for _, path in files.past()] == [
        f"validation-2026-{day}.csv" for day in ("11-28", "11-29", "11-30", "12-01", "12-02")
    ]
    assert [path.exists() for path in first] == [path.name >= "validation-2026-11-23" for path in first]


class Stop:
    """A demo that ends after so many waits, each of which is noted instead of waited for."""

    def __init__(self, after: int, clock: MovedClock) -> None:
        self.after, self.clock, self.waits = after, clock, []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.clock.at += timedelta(seconds=seconds)
        return len(self.waits) > self.after


def test_a_file_arrives_soon_after_the_start_and_then_one_each_hour_until_the_end(feed):
    files, _, clock, settings = feed
    stop = Stop(2, clock)
    files.keep_arriving(stop)
    assert stop.waits == [20, 3600, 3600]
    arrived = sorted(path.name for path in folder_of(settings.home, "demo").iterdir())
    assert arrived == ["validation-2026-11-28-1745.csv", "validation-2026-11-28-1845.csv"]


def test_a_demo_that_ends_while_the_snapshot_is_held_says_nothing_of_its_feed(feed, world):
    settings, stop, told = feed[-1], threading.Event(), []
    stop.set()
    store = DemoStore("demo", "Demo store", "50000001", "overseas", world, fed=True)
    with lease.hold(settings.lease_path, clock=lambda: NOW, command="another"), ThreadPoolExecutor(1) as thread:
        thread.submit(_keep_feeding, settings, store, stop, told.append).result()
    assert told == []


def test_the_product_is_told_when_the_feed_last_ran(tmp_path, world):
    respond = feed_files.before(lambda *_: (404, {}, b"the others"), lambda: NOW)
    with serve_in_thread(application(respond)) as server:
        prepare(tmp_path, [DemoStore("demo", "Demo", "50000001", "overseas", world, fed=True)], server.url)
        told = status.ask(load_settings(tmp_path).feeds["demo"], NOW)
    assert (told.ran_at, told.status, told.note) == (
        NOW.replace(minute=0),
        "Demo feed: import finished, export finished",
        "",
    )


def test_the_days_of_the_demo_begin_where_its_sellers_are_and_not_in_utc(feed):
    assert feed[-1].zone == "Europe/Madrid"
