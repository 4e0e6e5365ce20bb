"""The loop that keeps a snapshot current: one store's steps by a moved clock, then the whole of it on real threads."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.aliexpress.listings import connect
from aexdash.cards.held import HERO
from aexdash.cli.worker import loops_beside
from aexdash.cli.worker import run as run_worker
from aexdash.config.settings import ConfigError, load_settings
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk.annotations import Annotations
from aexdash.desk.decisions.work import Desk
from aexdash.model import Outcome, Status
from aexdash.snapshot.history.card_values import latest
from aexdash.snapshot.recording import worker_state
from aexdash.snapshot.recording.record import TwoStoresOneSeller
from aexdash.sync import lease
from aexdash.sync import run as sync_run
from aexdash.sync.worker.store_worker import StoreWorker
from aexdash.sync.worker.supervisor import Loop
from aexdash.sync.worker.supervisor import run_worker as run_stores
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.snapshot.store import STALE_AFTER
from tests.support import APP_KEY, APP_SECRET, FIRST, GATEWAY, NOON, Killed, Shop, soon

DETAIL = "aliexpress.solution.product.info.get"
LIST = "aliexpress.solution.product.list.get"
PATIENCE = 60
"""Seconds after which a thread that says nothing has failed; nothing waits so long."""


@pytest.fixture
def shop(tmp_path):
    statuses = (Status.REJECTED, Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.ACTIVE)
    opened = Shop(tmp_path, ScriptedWorld(plain_listing(FIRST + n, status) for n, status in enumerate(statuses)))
    yield opened
    opened.close()


def settings_of(shop, *, keys=("main",), secrets=None, **words):
    """The settings of a home as a person writes them; the shop's store is `main`."""
    said = "".join(f"{name} = {value}\n" for name, value in words.items())
    config = (
        f'[store.{key}]\nmodel = "overseas"\ngateway = "{GATEWAY}"\napp_key = "{APP_KEY}"\n{said}' for key in keys
    )
    secret = (f'[store.{key}]\napp_secret = "{APP_SECRET}"\n' for key in (keys if secrets is None else secrets))
    (shop.folder / "aexdash.toml").write_text("\n".join(config))
    (shop.folder / "secrets.toml").write_text("\n".join(secret))
    (shop.folder / "secrets.toml").chmod(0o600)
    return load_settings(shop.folder)


@pytest.fixture
def said():
    return []


@pytest.fixture
def worker(shop, said):
    made = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=said.append)
    yield made
    made.close()


def health(shop):
    return shop.snapshot.health(shop.clock(), STALE_AFTER)[0]


# One store, step by step.


def test_a_store_never_read_is_swept_at_once_and_then_nothing_is_due(worker, shop, said):
    result = worker.step()
    assert (result.kind, result.outcome, result.held) == ("sweep", Outcome.COMPLETE, 3)
    assert said == [f"main: sweep complete: held 3, {result.changes} changes."]
    assert worker.step() is None
    shop.clock.move(seconds=59)
    assert worker.step() is None


def test_pulses_and_sweeps_come_at_their_times(shop, said):
    settings = settings_of(shop, pulse_seconds=600, sweep_seconds=3600)
    worker = StoreWorker(settings, "main", shop.seller, clock=shop.clock, log=said.append)
    ran = []
    for minute in range(0, 125, 5):
        shop.clock.at = NOON + timedelta(minutes=minute)
        result = worker.step()
        if result:
            ran.append((minute, result.kind))
    worker.close()
    pulses = [(minute, "pulse") for minute in range(0, 125, 10) if minute % 60]
    assert ran == sorted([*pulses, (0, "sweep"), (60, "sweep"), (120, "sweep")])
    assert len(said) == 1  # what finds nothing new says nothing


def test_a_new_worker_goes_on_where_the_last_one_stopped(shop, said):
    settings = settings_of(shop)
    first = StoreWorker(settings, "main", shop.connect(), clock=shop.clock, log=said.append)
    first.step()
    first.close()
    shop.clock.move(seconds=30)
    second = StoreWorker(settings, "main", shop.connect(), clock=shop.clock, log=said.append)
    assert second.step() is None
    shop.clock.move(seconds=30)
    assert second.step().kind == "pulse"
    second.close()


def is_killed(*_):
    raise Killed


def test_a_new_worker_stores_the_values_of_a_reading_after_which_the_last_one_was_killed(shop, said, monkeypatch):
    settings = settings_of(shop)
    first = StoreWorker(settings, "main", shop.connect(), clock=shop.clock, log=said.append)
    monkeypatch.setattr(sync_run, "record_cards", is_killed)
    with pytest.raises(Killed):
        first.step()
    first.close()
    assert latest(shop.db.conn, shop.store_id, HERO.key, NOON) is None
    shop.clock.move(seconds=30)
    second = StoreWorker(settings, "main", shop.connect(), clock=shop.clock, log=said.append)
    assert latest(shop.db.conn, shop.store_id, HERO.key, NOON).value == 3
    assert second.step() is None
    second.close()


def test_failures_back_off_and_a_success_ends_it(worker, shop, said):
    shop.faults.add(FaultKind.HTML, method=LIST)
    pauses = []
    for _ in range(4):
        assert worker.step().outcome is Outcome.FAILED
        next_at = health(shop).freshness.next_at
        pauses.append(round((next_at - shop.clock()).total_seconds()))
        shop.clock.at = next_at + timedelta(milliseconds=1)  # moments are written by the millisecond
    assert pauses == [60, 120, 240, 480]
    assert all("main: sweep failed: nothing recorded. 127.0.0.1 answered" in line for line in said)
    shop.faults.clear()
    assert worker.step().outcome is Outcome.COMPLETE
    assert round((health(shop).freshness.next_at - shop.clock()).total_seconds()) == 60


def test_a_ban_is_waited_for_to_its_end_and_shown_with_it(worker, shop, said):
    shop.faults.add(FaultKind.BAN, 14229, method=LIST, times=1)
    end = NOON + timedelta(seconds=14229)
    assert worker.step().banned_until == end
    assert said[-1].startswith("main: sweep failed: nothing recorded. AliExpress lets app 123456 make no calls")
    shown = health(shop)
    assert (shown.freshness.next_at, shown.freshness.banned_until) == (end, end)
    assert "until 2026-03-09 15:57:09 UTC" in shown.ban_text
    shop.asked.clear()
    shop.clock.at = end - timedelta(seconds=1)
    assert worker.step() is None
    assert not shop.asked
    shop.clock.at = end
    assert worker.step().outcome is Outcome.COMPLETE
    assert (health(shop).freshness.banned_until, health(shop).ban_text) == (None, "")


def test_asking_during_a_ban_makes_no_call(worker, shop):
    shop.faults.add(FaultKind.BAN, 14229, method=LIST, times=1)
    worker.step()
    shop.asked.clear()
    shop.clock.move(minutes=5)
    worker.ask("sweep")
    assert worker.step().banned_until == NOON + timedelta(seconds=14229)
    assert not shop.asked
    assert worker.step() is None


def test_a_new_worker_remembers_the_ban_of_the_last_and_makes_no_call(worker, shop, said):
    shop.faults.add(FaultKind.BAN, 14229, method=LIST, times=1)
    worker.step()
    shop.clock.move(minutes=5)
    seller = shop.connect()
    follower = StoreWorker(settings_of(shop), "main", seller, clock=shop.clock, log=said.append)
    assert follower.step().banned_until == NOON + timedelta(seconds=14229)
    assert seller.calls == 0
    follower.close()


def test_a_ban_that_a_person_has_ended_is_not_waited_out(worker, shop):
    shop.faults.add(FaultKind.FLAT_BAN, 14229, method=LIST, times=1)
    assert worker.step().banned_until == NOON + timedelta(seconds=14229)
    assert worker.step() is None
    worker_state.set_state(shop.db, shop.store_id, banned_until=None, ban_text="")
    result = worker.step()
    assert (result.kind, result.outcome, result.held) == ("sweep", Outcome.COMPLETE, 3)
    assert health(shop).freshness.banned_until is None


def test_what_the_worker_does_and_plans_can_be_read_while_it_does(worker, shop):
    doing = []
    shop.between_calls = lambda _call: doing.append(
        shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).working_on
    )
    worker.step()
    assert set(doing) == {"sweep"}
    shown = health(shop)
    assert (shown.freshness.working_on, shown.freshness.state) == ("", "fresh")
    assert shown.freshness.next_at == NOON + timedelta(seconds=60)
    assert (shown.calls_this_hour, shown.calls_budget) == (shop.seller.calls, None)
    assert shown.token_expires_at == NOON + timedelta(days=1)


def test_a_worker_that_ended_plans_nothing(shop, said):
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=said.append)
    worker.step()
    worker.close()
    assert (health(shop).freshness.next_at, health(shop).freshness.state) == (None, "fresh")


def test_the_budget_of_an_hour_is_kept_and_shown(shop, said):
    settings = settings_of(shop, calls_per_hour=8)
    seller = connect(
        settings.stores["main"].account(shop.folder),
        clock=shop.clock,
        sleep=shop.clock.sleep,
        respond=shop.platform.respond,
    )
    worker = StoreWorker(settings, "main", seller, clock=shop.clock, log=said.append)
    result = worker.step()
    assert (result.outcome, result.held) == (Outcome.COMPLETE, 3)
    assert (health(shop).calls_this_hour, health(shop).calls_budget) == (8, 8)
    assert result.banned_until is not None
    assert worker.step() is None
    worker.close()


def test_sync_now_runs_at_the_next_step(worker, shop):
    worker.step()
    shop.clock.move(seconds=5)
    worker.ask("pulse")
    assert worker.step().kind == "pulse"
    worker.ask("sweep")
    assert worker.step().kind == "sweep"


def test_a_run_that_could_not_be_recorded_is_put_off_and_not_hammered(worker, shop):
    shop.sync("sweep")
    settings = settings_of(shop, keys=("main", "twin"))
    twin = StoreWorker(settings, "twin", shop.connect(), clock=shop.clock, log=print)
    with pytest.raises(TwoStoresOneSeller):
        twin.step()
    assert twin.step() is None
    assert shop.snapshot.freshness("twin", shop.clock(), STALE_AFTER).working_on == ""
    shop.clock.move(seconds=60)
    with pytest.raises(TwoStoresOneSeller):
        twin.step()
    shop.clock.move(seconds=60)
    assert twin.step() is None
    twin.close()


def test_a_stop_ends_the_waiting_for_a_snapshot_that_another_writes(shop, said):
    stop = threading.Event()
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=said.append, stop=stop)
    held, done = threading.Event(), threading.Event()

    def write_for_long():
        with lease.hold(shop.folder / "snapshot.lock", clock=shop.clock, command="sync"):
            held.set()
            done.wait(PATIENCE)

    other = threading.Thread(target=write_for_long)
    other.start()
    assert held.wait(PATIENCE)
    stop.set()
    with pytest.raises(lease.LeaseHeld):
        worker.step()
    done.set()
    other.join(PATIENCE)
    worker.close()


# What people bring from Seller Center, and listings at risk.


def test_what_was_brought_stands_between_two_runs_and_no_call_is_made_for_it(worker, shop):
    worker.step()
    shop.clock.move(seconds=1)
    brought = Annotations(shop.folder / "desk.db")
    brought.add("main", [(FIRST, "Brand is missing")], source="pasted", by="Ana", now=shop.clock())
    shop.asked.clear()
    assert worker.step() is None
    assert ("attribute.brand_missing", "seller_center") in shop.reasons(FIRST)
    assert not shop.asked


def test_a_worker_applies_what_was_brought_while_none_ran(worker, shop, said):
    worker.step()
    shop.clock.move(seconds=1)
    Annotations(shop.folder / "desk.db").add(
        "main", [(FIRST, "Brand is missing")], source="pasted", by="Ana", now=shop.clock()
    )
    later = StoreWorker(settings_of(shop), "main", shop.connect(), clock=shop.clock, log=said.append)
    assert later.step() is None
    assert ("attribute.brand_missing", "seller_center") in shop.reasons(FIRST)
    later.close()


@pytest.mark.slow
def test_listings_at_risk_are_looked_into_run_by_run_and_then_only_after_sweeps(shop, said):
    for number in range(200):
        shop.world.put(plain_listing(FIRST + 100 + number, Status.ACTIVE))
    settings = settings_of(shop, calls_per_second=20)
    seller = connect(
        replace(shop.account, calls_per_second=20), clock=shop.clock, sleep=shop.clock.sleep, respond=shop._respond
    )
    worker = StoreWorker(settings, "main", seller, clock=shop.clock, log=said.append)
    asked, begun = [], shop.clock()
    for _ in range(8):
        shop.asked.clear()
        result = worker.step()
        asked.append((result.kind, shop.asked[DETAIL]))
        shop.clock.at = health(shop).freshness.next_at + timedelta(milliseconds=1)
    worker.close()
    assert sum(calls for _, calls in asked) == 205
    assert asked[0][0] == "sweep"
    assert asked[1][1] > 0
    assert asked[-3:] == [("pulse", 0)] * 3
    assert (shop.clock() - begun).total_seconds() < 8 * 80


def test_a_long_run_tells_the_pages_how_far_it_has_come(shop, said):
    """A page of a list takes three seconds here; what is told is read as the pages read it, between two calls."""
    told = []

    def between_calls(_call) -> None:
        shop.clock.move(seconds=3)
        told.append(shop.snapshot.freshness(["main"], shop.clock(), STALE_AFTER).working_on)

    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=said.append)
    shop.between_calls = between_calls
    assert worker.step().outcome is Outcome.COMPLETE
    worker.close()
    assert told[0] == "sweep"
    assert "sweep: 1 of 1 listings in audit" in told
    assert "sweep: 2 of 2 listings rejected" in told
    assert shop.snapshot.freshness(["main"], shop.clock(), STALE_AFTER).working_on == ""


# The whole worker, on threads of its own.


class Running:
    """A worker in a thread; `said` is what it told, line by line."""

    def __init__(self, shop, settings, connect_to) -> None:
        self.stop, self.said = threading.Event(), queue.SimpleQueue()
        self.thread = threading.Thread(
            target=run_worker,
            args=(settings, self.stop),
            kwargs={"clock": shop.clock, "log": self.said.put, "connect_to": connect_to, "pause": soon},
        )
        self.thread.start()

    def hear(self) -> str:
        """What it says next, beside its alerts."""
        while (line := self.said.get(timeout=PATIENCE)).startswith("Alert"):
            pass
        return line

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def run(shop):
    started = []

    def run_(settings, connect_to=None) -> Running:
        started.append(Running(shop, settings, connect_to or (lambda _store: shop.connect())))
        return started[-1]

    yield run_
    for running in started:
        running.end()


def test_a_sync_asked_for_on_the_page_is_taken_up(shop, run):
    settings = settings_of(shop)
    running = run(settings)
    assert running.hear().startswith("main: sweep complete: held 3")
    shop.world.move(FIRST, Status.ACTIVE, at=NOON)
    Desk(settings.desk_path).ask_sync("unknown", "pulse", NOON)
    Desk(settings.desk_path).ask_sync("main", "pulse", NOON)
    assert running.hear().startswith("main: pulse complete: held 2")


@pytest.mark.slow
def test_what_runs_beside_the_stores_has_a_thread_of_its_name_and_may_write(shop):
    settings, stop, seen = settings_of(shop), threading.Event(), queue.SimpleQueue()

    @contextmanager
    def probe(_stop, writing):
        with writing():
            seen.put(threading.current_thread().name)
        stop.set()
        yield lambda: None

    run_stores(
        settings,
        stop,
        clock=shop.clock,
        log=print,
        connect_to=lambda _: shop.connect(),
        beside=lambda _settings: {"probe": Loop(None, probe)},
    )
    assert seen.get(timeout=PATIENCE) == "probe"


def test_beside_the_stores_run_the_feed_its_folders_and_the_alerts(shop):
    beside = loops_beside(threading.Event(), shop.clock, print)
    names = ["feed", "sftp", "alerts", "files", "heartbeat", "causes", "shops", "sources"]
    assert list(beside(settings_of(shop))) == names


def test_a_second_worker_waits_says_so_and_takes_over(shop, run):
    settings = settings_of(shop)
    first = run(settings)
    first.hear()
    second = run(settings)
    told = second.hear()
    assert told.startswith("Another worker (worker, process ")
    assert told.endswith(" keeps this snapshot current; waiting until it ends.")
    shop.world.move(FIRST, Status.ACTIVE, at=NOON)
    first.end()
    Desk(settings.desk_path).ask_sync("main", "pulse", NOON)
    assert second.hear().startswith("main: pulse complete: held 2")


def test_a_worker_told_to_stop_while_it_waits_ends_quietly(shop, run):
    settings = settings_of(shop)
    first = run(settings)
    first.hear()
    second = run(settings)
    second.hear()
    second.end()
    assert second.said.empty()


def test_a_store_without_credentials_is_named_and_holds_up_no_other(shop, run):
    settings = settings_of(shop, keys=("bare", "main"), secrets=("main",))
    account = {"main": shop.connect}
    running = run(settings, lambda store: account.get(store.key, lambda: store.account(shop.folder))())
    assert running.hear().startswith("bare: this store is not read. Store bare has no app_secret: copy it from the ")
    assert running.hear().startswith("main: sweep complete: held 3")


def test_a_damaged_token_file_is_named_and_holds_up_no_other(shop, run):
    settings = settings_of(shop, keys=("twin", "main"))
    (shop.folder / "tokens" / "twin.json").write_text("{ half a tok")

    def connect_to(store):
        if store.key == "main":
            return shop.connect()
        return connect(store.account(shop.folder), clock=shop.clock, respond=shop.platform.respond)

    running = run(settings, connect_to)
    lines = sorted((running.hear(), running.hear()))
    assert lines[0].startswith("main: sweep complete: held 3")
    assert lines[1].startswith("twin: sweep failed: nothing recorded. The token file ")
    assert "half a tok" not in lines[1]


def test_when_no_store_can_be_read_the_worker_says_why_instead_of_waiting(shop):
    settings = settings_of(shop, secrets=())
    with pytest.raises(ConfigError, match="Store main has no app_secret"):
        run_worker(settings, threading.Event(), clock=shop.clock, log=print)


def test_a_damaged_desk_stops_no_sync(shop, run):
    settings = settings_of(shop)
    settings.desk_path.write_bytes(b"not a database, " * 500)
    running = run(settings)
    awaited = {"alerts: The desk /", "causes: The desk /", "requests: The desk /", "main: sweep complete: held 3"}
    while awaited:
        line = running.hear()
        awaited -= {beginning for beginning in awaited if line.startswith(beginning)}


def test_a_reading_in_which_something_unforeseen_happens_is_a_failed_run_that_health_shows(shop, said, monkeypatch):
    settings = settings_of(shop)
    worker = StoreWorker(settings, "main", shop.seller, clock=shop.clock, log=said.append)
    monkeypatch.setattr("aexdash.sync.worker.store_worker.sync_store", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        worker.step()
    run = shop.last_run()
    assert (run.outcome, run.error_kind) == (Outcome.FAILED, "unforeseen")
    assert run.message.startswith(
        "an error that nobody foresaw (ZeroDivisionError in aexdash/sync/worker/store_worker.py, line "
    )
    assert said[-1].fields == {"run": run.id}
    assert health(shop).freshness.working_on == ""
    worker.close()
    # What is begun in its place keeps to the pause, as after any failed run.
    later = StoreWorker(settings, "main", shop.connect(), clock=shop.clock, log=said.append, schedule=worker.schedule)
    assert later.step() is None
    later.close()


def test_where_the_snapshot_cannot_be_written_no_call_is_made(worker, shop):
    shop.asked.clear()
    shop.db.execute("CREATE TRIGGER full BEFORE UPDATE ON store_state BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = worker.schedule
    with pytest.raises(Exception, match="full"):
        worker.step()
    assert (sum(shop.asked.values()), worker.schedule) == (0, before)
    shop.db.execute("DROP TRIGGER full")
    assert worker.step().outcome is Outcome.COMPLETE
