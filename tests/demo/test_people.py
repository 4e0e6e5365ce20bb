"""What three invented people did on the desk of the demo: some of it in every lane, once, and never over a person's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.config.settings import Settings, load_settings
from aexdash.demo import people
from aexdash.demo.launch import prepare
from aexdash.demo.past import DemoStore, live_through
from aexdash.demo.world.world import World
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import HELD, Lane
from aexdash.people.names import Person
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import Outcome
from aexdash.snapshot.query import Snapshot
from aexdash.view import View

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SPIKE = datetime(2026, 11, 16, 12, tzinfo=UTC)
MORNING = [(NOW - timedelta(hours=12), "pulse"), (NOW - timedelta(hours=6), "pulse")]
NAMES = {"Ana", "Bruno", "Chen"}


WORLD = World(7, 300, worked_example=False, rejections=9.0)


@pytest.fixture(scope="module")
def read_once(tmp_path_factory) -> Path:
    """A home with a store of which about a dozen listings are rejected, read at a spike and now."""
    home = tmp_path_factory.mktemp("people")
    store = DemoStore("demo", "Demo store", "50000001", "overseas", WORLD)
    settings = prepare(home, [store], "http://127.0.0.1:18731")
    readings = [(SPIKE - timedelta(days=1), "sweep"), (SPIKE, "pulse"), *MORNING, (NOW, "sweep")]
    live_through(store, settings, readings, log=pytest.fail)
    return home


@pytest.fixture
def settings(read_once, tmp_path) -> Settings:
    """The settings of a copy of that home, for a test to write in."""
    return load_settings(shutil.copytree(read_once, tmp_path / "home"))


def snapshot_of(settings: Settings) -> Snapshot:
    return Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: NOW)


def test_each_of_three_people_has_work_in_every_lane(settings):
    snapshot = snapshot_of(settings)
    people.work(snapshot, settings.desk_path, NOW, ("demo", SPIKE))
    for lane in Lane:
        owners = {row.owner for row in snapshot.rows(View(lanes=(lane,)))}
        assert owners - {""} == NAMES, lane
    changes = Desk(settings.desk_path).changes(NOW - timedelta(days=40), NOW)
    assert {one.by for one in changes} == NAMES
    assert all(NOW - people.OLDEST <= one.at <= NOW for one in changes)
    assert snapshot.count(View(noted="yes")) == 4


def test_the_campaign_is_of_what_the_spike_held_for_one_reason(settings):
    snapshot = snapshot_of(settings)
    people.work(snapshot, settings.desk_path, NOW, ("demo", SPIKE))
    (campaign,) = Campaigns(settings.desk_path).open()
    then = snapshot.rows(View(as_of=SPIKE, reasons=("image.main_too_small",)))
    assert Campaigns(settings.desk_path).members(campaign.key) == sorted(("demo", row.product_id) for row in then)
    assert (campaign.made_by, campaign.responsible, campaign.due_on) == (
        "Ana",
        "Bruno",
        SPIKE.date() + people.TIME_FOR_IT,
    )
    assert campaign.listings >= 3


def test_a_desk_on_which_somebody_has_decided_something_is_left_as_it_is(settings):
    snapshot, desk = snapshot_of(settings), Desk(settings.desk_path)
    row = next(iter(snapshot.rows(View())))
    desk.act(Take(), [Seen.of(row)], who=Person("Lead"), now=NOW, through="page")
    people.work(snapshot, settings.desk_path, NOW, ("demo", SPIKE))
    assert [one.by for one in desk.changes(NOW - timedelta(days=40), NOW)] == ["Lead"]
    assert Campaigns(settings.desk_path).open() == []


def test_without_a_spike_there_is_work_and_no_campaign(settings):
    people.work(snapshot_of(settings), settings.desk_path, NOW, None)
    assert Campaigns(settings.desk_path).open() == []
    assert Desk(settings.desk_path).changes(NOW - timedelta(days=40), NOW) != []


def test_two_comparisons_with_seller_center_are_kept_once_and_are_those_of_the_simulated_store(settings):
    snapshot, kept = snapshot_of(settings), Reconciliations(settings.desk_path)
    people.compare(snapshot, settings.desk_path, {"demo": WORLD}, NOW)
    people.compare(snapshot, settings.desk_path, {"demo": WORLD}, NOW)
    of_all, of_one = kept.latest(9)
    assert (of_all.by, of_all.at, of_all.scope, of_all.outcome) == ("Chen", NOW, None, Outcome.AGREES)
    assert (of_one.by, of_one.at, of_one.scope) == ("Ana", NOW - timedelta(hours=6), ("demo",))
    assert of_one.outcome is Outcome.EXPLAINED
    assert of_one.differs_by
    agreed = kept.get(of_all.number)
    assert agreed
    assert agreed.agreed == sum(len(WORLD.ids(status, NOW)) for status in HELD)
    assert kept.beside_hero(None, NOW, ["demo"]) == of_all
