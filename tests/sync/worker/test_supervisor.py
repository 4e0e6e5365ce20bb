"""Settings that change are in force without a restart: what they are about is begun anew, and nothing else."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager

import pytest

from aexdash.cli.worker import loops_beside
from aexdash.config import editing
from aexdash.config.editing import Edit
from aexdash.config.in_force import Following
from aexdash.config.settings import ConfigError, Settings, load_settings
from aexdash.model import Status
from aexdash.supervision.states import worker_state
from aexdash.sync.worker.supervisor import WORKER, CannotGoOn, Loop, Unchanging, run_worker
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.simulation.disk import Damage, Disk
from tests.support import APP_KEY, APP_SECRET, FIRST, GATEWAY, MovedClock, Shop, soon

LOOKING = threading.RLock()
"""Held while a worker looks at the files of a home, and while a test writes them. They are two files, and what half a
change says counts at the second look, which comes a second later in earnest and at once here."""

PATIENCE = 60
"""Seconds after which a thread that says nothing has failed; nothing waits so long."""


class Ticking(MovedClock):
    """A clock that never shows a moment twice, as real ones do."""

    def __call__(self):
        self.sleep(0.001)
        return self.at


@pytest.fixture
def shop(tmp_path):
    statuses = (Status.REJECTED, Status.AUDITING, Status.ACTIVE)
    world = ScriptedWorld(plain_listing(FIRST + n, status) for n, status in enumerate(statuses))
    opened = Shop(tmp_path, world, clock=Ticking())
    yield opened
    opened.close()


def store(key: str, **words) -> Edit:
    """A store of the simulated platform, as somebody connects it."""
    said = {"model": "overseas", "gateway": GATEWAY, "app_key": APP_KEY, **words}
    return Edit(
        {("store", key, name): value for name, value in said.items()}, {("store", key, "app_secret"): APP_SECRET}
    )


def save(home, edit: Edit) -> Settings:
    with LOOKING:
        return editing.save(home, edit)


class LooksAlone(Following):
    def look(self) -> bool:
        with LOOKING:
            return super().look()


class Worker:
    """A worker that follows the files of a home: what it says, and which of its loops it began and ended."""

    def __init__(self, shop, *, patient=True, settings=None) -> None:
        self.stop, self.said = threading.Event(), queue.SimpleQueue()
        self.begun, self.ended = queue.SimpleQueue(), queue.SimpleQueue()
        settings = settings or load_settings(shop.folder)
        self.thread = threading.Thread(
            target=run_worker,
            args=(settings, self.stop),
            kwargs={
                "clock": shop.clock,
                "log": self.said.put,
                "connect_to": lambda store: store.account(shop.folder) and shop.connect(),
                "beside": self.beside,
                "follow": LooksAlone(settings, self.said.put),
                "patient": patient,
                "pause": soon,
            },
        )
        self.thread.start()

    def beside(self, settings):
        def begun(name):
            @contextmanager
            def waits(_stop, _writing):
                self.begun.put(name)
                yield lambda: None
                self.ended.put(name)

            return waits

        return {"channels": Loop(settings.channels, begun("channels")), "zone": Loop(settings.zone, begun("zone"))}

    def hear(self) -> str:
        return self.said.get(timeout=PATIENCE)

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def worker_of(shop):
    started = []

    def start(**words) -> Worker:
        started.append(Worker(shop, **words))
        return started[-1]

    yield start
    for worker in started:
        worker.end()


def stores_read(shop) -> dict[str, bool]:
    return {store.key: store.watched for store in shop.snapshot.stores()}


def test_a_store_that_is_connected_while_the_worker_runs_is_read_without_a_restart(shop, worker_of):
    worker = worker_of()
    save(shop.folder, store("main"))
    assert worker.hear() == "The settings have changed and are in force."
    assert worker.hear().startswith("main: sweep complete: held 2")


def test_a_second_store_begins_and_the_first_goes_on_in_its_own_thread(shop, worker_of):
    save(shop.folder, store("main"))
    worker = worker_of()
    assert worker.hear().startswith("main: sweep complete")
    thread = next(one for one in threading.enumerate() if one.name == "sync-main")
    with LOOKING:
        save(shop.folder, store("bare"))
        save(shop.folder, Edit({}, {("store", "bare", "app_secret"): None}))
    assert worker.hear() == "The settings have changed and are in force."
    assert worker.hear().startswith("bare: this store is not read. Store bare has no app_secret")
    save(shop.folder, Edit({("store", "bare", "watched"): False}))
    assert worker.hear() == "The settings have changed and are in force."
    assert thread.is_alive()


def test_an_archived_store_is_read_no_more_and_shown_as_archived_under_its_new_title(shop, worker_of):
    save(shop.folder, store("main"))
    worker = worker_of()
    worker.hear()
    thread = next(one for one in threading.enumerate() if one.name == "sync-main")
    save(shop.folder, Edit({("store", "main", "watched"): False, ("store", "main", "title"): "Old shop"}))
    assert worker.hear() == "The settings have changed and are in force."
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert stores_read(shop) == {"main": False}
    assert shop.snapshot.stores()[0].title == "Old shop"


def test_a_store_whose_settings_change_is_begun_anew_with_them(shop, worker_of):
    save(shop.folder, store("main"))
    worker = worker_of()
    worker.hear()
    first = next(one for one in threading.enumerate() if one.name == "sync-main")
    save(shop.folder, Edit({("store", "main", "pulse_seconds"): 7}))
    assert worker.hear() == "The settings have changed and are in force."
    first.join(PATIENCE)
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock())
    shop.clock.move(seconds=8)  # the old pulse would come after 60 seconds
    assert worker.hear().startswith("main: pulse complete: held 1")


def test_a_changed_channel_begins_its_loop_anew_and_no_other(shop, worker_of):
    worker = worker_of()
    assert {worker.begun.get(timeout=PATIENCE) for _ in range(2)} == {"channels", "zone"}
    save(shop.folder, Edit({("channel", "team", "severity"): "high"}))
    assert (worker.ended.get(timeout=PATIENCE), worker.begun.get(timeout=PATIENCE)) == ("channels", "channels")
    worker.end()
    assert sorted(worker.ended.get(timeout=PATIENCE) for _ in range(2)) == ["channels", "zone"]
    assert worker.begun.empty()


def test_a_file_that_breaks_ends_nothing_and_is_told(shop, worker_of):
    save(shop.folder, store("main"))
    worker = worker_of()
    worker.hear()
    with LOOKING:
        (shop.folder / "aexdash.toml").write_text('[store.main]\nmodel = "ovrseas"\n', encoding="utf-8")
    told = worker.hear()
    assert told.startswith("The settings stay as they were: ")
    assert "line 2: unknown model 'ovrseas'" in told
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock())
    shop.clock.move(seconds=61)
    assert worker.hear().startswith("main: pulse complete: held 1")


def test_without_a_usable_store_a_patient_worker_waits_for_one_and_another_says_why_it_ends(shop, worker_of):
    save(shop.folder, store("main"))
    save(shop.folder, Edit({}, {("store", "main", "app_secret"): None}))
    settings = load_settings(shop.folder)
    with pytest.raises(ConfigError, match="Store main has no app_secret"):
        run_worker(settings, threading.Event(), clock=shop.clock, log=print, follow=Unchanging(settings))
    worker = worker_of()
    assert worker.hear().startswith("main: this store is not read. Store main has no app_secret")
    save(shop.folder, store("main"))
    assert worker.hear() == "The settings have changed and are in force."
    assert worker.hear().startswith("main: sweep complete: held 2")


def test_a_loop_that_fails_begins_again_by_itself_and_holds_up_no_other(shop, worker_of, monkeypatch):
    """Of the three loops one fails twice, with errors nobody foresaw; its third beginning goes well."""
    save(shop.folder, store("main"))
    tries = queue.SimpleQueue()

    @contextmanager
    def fails_twice(_stop, _writing):
        tries.put(None)
        if tries.qsize() < 3:
            raise ZeroDivisionError("of a bad row")
        yield lambda: None

    monkeypatch.setattr(Worker, "beside", lambda _self, _settings: {"probe": Loop(None, fails_twice)})
    worker = worker_of()
    told = {worker.hear().partition(" (")[0] for _ in range(2)}
    assert {line.partition(":")[0] for line in told} == {"probe", "main"}
    for _ in range(PATIENCE * 100):
        if tries.qsize() == 3:
            return
        threading.Event().wait(0.01)
    pytest.fail("it did not begin a third time")


def state_told(shop):
    """How the loops are, which is written after it was said what is in the way."""
    for _ in range(PATIENCE * 100):
        if state := worker_state(shop.folder):
            return state
        threading.Event().wait(0.01)
    pytest.fail("it did not tell how its loops are")


def test_a_store_whose_snapshot_could_not_be_written_for_a_while_is_read_again(shop, worker_of):
    save(shop.folder, store("main", pulse_seconds=60))
    disk = Disk(shop.folder)
    with disk.listening():
        worker = worker_of()
        assert worker.hear().startswith("main: sweep complete: held 2")
        disk.fails(Damage.BROKEN, after=0, times=10**6)
        shop.clock.move(seconds=90)
        while not worker.hear().startswith("sync-main: The snapshot"):
            pass  # other loops say the same of the desk
        disk.well()
        shop.world.move(FIRST + 2, Status.REJECTED, at=shop.clock())
        shop.clock.move(seconds=90)
        while not (said := worker.hear()).startswith("main: pulse"):
            assert "nobody foresaw" not in said
        assert said.startswith("main: pulse complete: held 3")
        worker.end()


@pytest.mark.parametrize("missing", ["snapshot.db", "home"])
def test_a_worker_that_starts_where_nothing_can_be_kept_begins_by_itself_once_it_can(shop, worker_of, missing):
    """A snapshot that is no snapshot, moved aside while the worker runs; a home in whose place a file lies."""
    save(shop.folder, store("main"))
    settings = load_settings(shop.folder)
    shop.db.close()
    if missing == "home":
        kept = shop.folder.with_name("kept")
        shop.folder.rename(kept)
        shop.folder.write_text("in the way")
    else:
        (shop.folder / "snapshot.db").write_bytes(b"not a database, " * 500)
    worker = worker_of(settings=settings)
    told = worker.hear()
    assert told.startswith("worker: ")
    if missing == "home":
        shop.folder.unlink()
        kept.rename(shop.folder)
    else:
        assert state_told(shop).loops[WORKER].error in told
        (shop.folder / "snapshot.db").rename(shop.folder / "aside.db")
    assert worker.hear().startswith("main: sweep complete: held 2")


def test_the_home_tells_how_each_loop_is_and_nothing_once_the_worker_has_ended(shop, worker_of):
    save(shop.folder, store("main"))
    worker = worker_of()
    assert worker.hear().startswith("main: sweep complete")
    told = worker_state(shop.folder)
    assert not told.is_silent(shop.clock())
    assert {"worker"} <= told.loops.keys() <= {"worker", "sync-main", "requests", "channels", "zone"}
    assert told.unable(shop.clock()) == {}
    worker.end()
    assert worker_state(shop.folder) is None


def test_a_worker_no_store_of_which_could_run_for_a_quarter_of_an_hour_ends_with_an_error(shop):
    """So that systemd starts it again; before that it goes on trying."""
    save(shop.folder, store("main"))
    settings = load_settings(shop.folder)
    (shop.folder / "snapshot.db").write_bytes(b"not a database, " * 500)
    ended = queue.SimpleQueue()

    def work():
        try:
            stop, connect_to = threading.Event(), lambda _: shop.connect()
            run_worker(settings, stop, clock=shop.clock, log=said.put, connect_to=connect_to, pause=soon)
        except CannotGoOn as error:
            ended.put(str(error))

    said = queue.SimpleQueue()
    thread = threading.Thread(target=work)
    thread.start()
    assert said.get(timeout=PATIENCE).startswith("worker: ")
    assert ended.empty()
    shop.clock.move(minutes=15)
    assert ended.get(timeout=PATIENCE).startswith("Nothing could be read for 15 minutes (worker)")
    thread.join(PATIENCE)


def test_loops_beside_depend_on_what_they_read_alone(shop):
    save(shop.folder, store("main"))
    beside = loops_beside(threading.Event(), shop.clock, print)
    before = beside(load_settings(shop.folder))
    after = beside(save(shop.folder, Edit({("channel", "team", "severity"): "high"})))
    changed = {name for name in before if before[name].about != after[name].about}
    assert changed == {"alerts"}
    after = beside(save(shop.folder, Edit({("feed", "main", "account"): "77"})))
    changed = {name for name in before if before[name].about != after[name].about}
    assert changed == {"feed", "sftp", "alerts", "heartbeat"}
