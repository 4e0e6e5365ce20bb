"""Whether everything is ready, what is measured, and who is told: each part is killed, and each time it is named."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from sqlite3 import ProgrammingError

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from aexdash.config.settings import load_settings
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk import file as desk_file
from aexdash.doctor.examining import examine
from aexdash.model import Status
from aexdash.supervision.heartbeat import Heartbeat, NotSent, send
from aexdash.supervision.metrics import GAUGES, HELP, HomeCollector
from aexdash.supervision.readiness import LEAST_FREE_BYTES, not_ready
from aexdash.supervision.states import LoopBook
from aexdash.sync.worker.store_worker import StoreWorker
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import FIRST, NOON, Shop
from tests.sync.worker.test_worker import LIST, settings_of

ROOM = LEAST_FREE_BYTES


class Installation:
    """A home whose store was read at noon by a worker that says how its loops are."""

    def __init__(self, folder) -> None:
        statuses = (Status.REJECTED, Status.REJECTED, Status.AUDITING, Status.ACTIVE)
        self.shop = Shop(folder, ScriptedWorld(plain_listing(FIRST + n, status) for n, status in enumerate(statuses)))
        self.settings, self.clock, self.home = settings_of(self.shop), self.shop.clock, folder
        self.worker = StoreWorker(self.settings, "main", self.shop.seller, clock=self.clock, log=lambda _line: None)
        self.worker.step()
        self.book = LoopBook(folder, NOON)
        for loop in ("worker", "sync-main", "alerts"):
            self.book.record(loop)
        self.says()

    def says(self) -> None:
        self.book.keep(self.clock())

    def not_ready(self, free=ROOM) -> dict[str, str]:
        return {one.what: one.why for one in not_ready(self.settings, self.clock(), lambda _home: free)}

    def metrics(self) -> dict[tuple[str, ...], float]:
        registry = CollectorRegistry()
        registry.register(HomeCollector(lambda: self.settings, self.clock))
        families = text_string_to_metric_families(generate_latest(registry).decode())
        samples = [one for family in families for one in family.samples]
        order = {**GAUGES, "aexdash_loop_restarts_total": ("loop",)}
        return {(one.name, *(one.labels[label] for label in order[one.name])): one.value for one in samples}

    def break_snapshot(self) -> None:
        self.shop.db.close()
        self.settings.snapshot_path.write_bytes(b"not a database, " * 500)

    def close(self) -> None:
        with suppress(ProgrammingError):  # what a test has broken
            self.worker.close()
        self.shop.close()


@pytest.fixture
def home(tmp_path):
    made = Installation(tmp_path)
    yield made
    made.close()


def test_where_all_is_well_nothing_is_named(home):
    assert home.not_ready() == {}


def test_a_store_that_is_not_read_any_more_is_named_with_its_age_whoever_still_runs(home):
    home.clock.move(seconds=301)
    home.says()
    assert home.not_ready() == {
        "store main": "it was last completely read at 2026-03-09T12:00:00.000Z, 301 s ago; stale after 300 s."
    }


def test_a_store_whose_last_run_failed_is_ready_as_long_as_the_reading_before_it_is_young(home):
    home.shop.faults.add(FaultKind.HTML, method=LIST)
    home.clock.move(seconds=60)
    home.worker.step()
    home.says()
    assert home.not_ready() == {}


def test_a_store_that_was_never_read_and_one_read_by_a_clock_ahead(home):
    settings_of(home.shop, keys=("main", "second"))
    home.settings = load_settings(home.home)
    assert home.not_ready() == {"store second": "it was not read yet."}
    home.clock.move(hours=-1)
    home.says()
    assert home.not_ready()["store main"].startswith("its last reading is stamped ahead of this machine's clock")


def test_a_store_that_is_kept_for_its_history_is_not_asked_for(home):
    home.clock.move(days=3)
    home.says()
    home.settings = settings_of(home.shop, watched="false")
    assert home.not_ready() == {}


def test_a_worker_that_never_was_and_one_that_fell_silent(home):
    home.clock.move(seconds=61)
    assert home.not_ready() == {"worker": "it was last heard of at 2026-03-09T12:00:00.000Z."}
    home.book.close()
    assert home.not_ready() == {"worker": "none is running."}


def test_a_loop_is_named_once_it_could_not_run_for_five_minutes_and_the_heartbeat_never(home):
    for loop in ("alerts", "heartbeat"):
        home.book.record(loop).fails("The desk is damaged.", home.clock())
    home.clock.move(seconds=299)
    home.says()
    assert home.not_ready() == {}
    home.clock.move(seconds=2)
    home.says()
    assert home.not_ready()["loop alerts"] == "it cannot run since 2026-03-09T12:00:00.000Z. The desk is damaged."
    assert "loop heartbeat" not in home.not_ready()


def test_a_damaged_snapshot_and_a_disk_that_is_nearly_full(home):
    assert home.not_ready(ROOM - 1) == {"disk": "500 MB are free, less than 500 MB."}
    home.break_snapshot()
    assert "is damaged or not an aexdash file" in home.not_ready()["snapshot"]


# What is measured.


def test_what_is_known_is_measured(home):
    told = home.metrics()
    read_at = NOON.timestamp()
    assert told.pop(("aexdash_home_free_bytes",)) > 0
    assert told == {
        ("aexdash_ready",): 1,
        ("aexdash_store_last_complete_read_timestamp_seconds", "main"): read_at,
        ("aexdash_store_stale_after_seconds", "main"): 300,
        ("aexdash_listings", "main", "rejected"): 2,
        ("aexdash_listings", "main", "auditing"): 1,
        ("aexdash_listings", "main", "active"): 1,
        ("aexdash_runs_last_hour", "main", "sweep", "complete"): 1,
        ("aexdash_calls_this_hour", "main"): home.shop.seller.calls,
        ("aexdash_worker_last_sign_timestamp_seconds",): read_at,
        **{("aexdash_loop_failing", loop): 0 for loop in ("worker", "sync-main", "alerts")},
        **{("aexdash_loop_restarts_total", loop): 0 for loop in ("worker", "sync-main", "alerts")},
    }


def test_what_is_not_known_is_absent_and_never_zero(home):
    home.clock.move(hours=2)
    names = {name for name, *_ in home.metrics()}
    assert not names & {"aexdash_listings", "aexdash_runs_last_hour", "aexdash_calls_this_hour"}
    assert home.metrics()[("aexdash_ready",)] == 0
    home.break_snapshot()
    home.book.close()
    assert {name for name, *_ in home.metrics()} == {
        "aexdash_ready",
        "aexdash_store_stale_after_seconds",
        "aexdash_home_free_bytes",
    }


def test_a_ban_a_failing_loop_and_a_channel_that_waits_are_measured(home):
    home.shop.faults.add(FaultKind.BAN, 14229, method=LIST, times=1)
    home.clock.move(seconds=60)
    home.worker.step()
    home.book.record("alerts").fails("no", home.clock())
    home.says()
    with (home.home / "aexdash.toml").open("a") as file:
        file.write('\n[channel.team]\nkind = "webhook"\n')
    home.settings = load_settings(home.home)
    told = home.metrics()
    assert (
        told[("aexdash_banned_until_timestamp_seconds", "main")]
        == (home.clock() + timedelta(seconds=14229)).timestamp()
    )
    assert told[("aexdash_runs_last_hour", "main", "pulse", "failed")] == 1
    assert (told[("aexdash_loop_failing", "alerts")], told[("aexdash_loop_restarts_total", "alerts")]) == (1, 1)
    assert ("aexdash_outbox_waiting", "team") not in told, "there is no desk so far, so nobody knows"
    with desk_file.writing(home.settings.desk_path):
        pass
    assert home.metrics()[("aexdash_outbox_waiting", "team")] == 0


def test_every_metric_says_what_it_is():
    assert {*GAUGES, "aexdash_loop_restarts_total"} == HELP.keys()


# Who is told outside.


@pytest.fixture
def outside():
    """A service on this machine that waits to be asked; `asked` are the paths, `status` what it answers."""
    asked, status = [], [200]

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    server.asked, server.status = asked, status
    server.url = f"http://127.0.0.1:{server.server_port}/ping/hush?from=here"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def watched_by(home, url: str) -> None:
    with (home.home / "secrets.toml").open("a") as file:
        file.write(f'[monitoring]\nheartbeat_url = "{url}"\n')
    home.settings = load_settings(home.home)


def test_an_outside_address_is_asked_once_a_minute_while_all_is_ready_and_not_otherwise(home, outside):
    watched_by(home, outside.url)
    beat = Heartbeat(home.settings, clock=home.clock)
    story = []
    for _ in range(8):
        story.append(beat.step())
        home.clock.move(seconds=30)
        home.says()
    assert story == [True, False] * 4
    assert outside.asked == ["/ping/hush?from=here"] * 4
    home.clock.move(seconds=100)
    home.says()
    assert not beat.step(), "the store is stale by now"
    home.worker.step()
    home.says()
    assert beat.step()


def test_one_that_does_not_take_it_is_named_by_its_host_alone_and_asked_again_soon(home, outside):
    watched_by(home, outside.url)
    outside.status[0] = 404
    beat = Heartbeat(home.settings, clock=home.clock)
    with pytest.raises(NotSent, match=r"^The heartbeat was not taken: 127\.0\.0\.1 answered with status 404\.$"):
        beat.step()
    outside.status[0] = 200
    assert beat.step()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent) as error:
            send(f"http://127.0.0.1:{closed.getsockname()[1]}/hush")
    assert "could not be reached: it refused the connection" in str(error.value)
    assert "hush" not in str(error.value)


def test_the_doctor_says_whether_the_address_is_asked_now_and_asks_nobody(home, outside):
    watched_by(home, outside.url)

    def found():
        return next(one for one in examine(home.home, home.clock, free_bytes=lambda _: ROOM) if one.name == "heartbeat")

    assert str(found()) == "ok       heartbeat: everything is ready, so 127.0.0.1 is asked once a minute."
    home.book.close()
    assert "127.0.0.1 is not asked, because not everything is ready: worker: none is running." in str(found())
    assert outside.asked == []
