"""The past of the worked example, read by the real sync at the moments the demo reads it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.config.settings import Settings
from aexdash.demo.launch import DemoStore, _steps, live_through, march_readings, prepare
from aexdash.demo.world.moments import (
    CENSUS,
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
)
from aexdash.snapshot.history.facts import Flow
from aexdash.snapshot.query import Snapshot
from aexdash.sync.kit import ALL_EVIDENCE
from aexdash.view import View
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS
from tests.snapshot.store import rejected_in_24_hours
from tests.support import default_world

AFTER = timedelta(minutes=5)


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of a home in which the worked example was read once."""
    home: Path = tmp_path_factory.mktemp("demo")
    store = DemoStore(
        "march", "Worked example", "50000003", "overseas", default_world(), watched=False, past_limits=ALL_EVIDENCE
    )
    settings: Settings = prepare(home, [store], "http://127.0.0.1:18731")
    told: list[str] = []
    live_through(store, settings, march_readings(), log=told.append, show=False)
    assert told == []
    return Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: CENSUS)


def at(moment) -> View:
    return View(store="march", as_of=moment)


@pytest.mark.parametrize(
    ("moment", "rejected", "auditing", "in_24_hours"),
    [
        (MARCH_JUMP_BEGINS - AFTER, 0, 0, 0),
        (MARCH_JUMP + AFTER, 4, 1, 4),
        (MARCH_RESUBMITTED + AFTER, 0, 5, 4),
        (MARCH_CLEARED + AFTER, 0, 0, 0),
    ],
)
def test_the_hero_jumps_to_five_and_clears(march, moment, rejected, auditing, in_24_hours):
    hero = march.hero(at(moment))
    assert (hero.rejected, hero.auditing, hero.held) == (rejected, auditing, rejected + auditing)
    assert rejected_in_24_hours(march, at(moment)) == in_24_hours


def test_the_five_say_why_and_each_reason_exports_its_own_and_no_others(march):
    view = at(MARCH_JUMP + AFTER)
    counts = {count.code: count.listings for count in march.reason_counts(view)}
    assert counts == {"image.main_too_small": 4, "attribute.brand_missing": 1}
    small = march.rows(view.replace(reasons=("image.main_too_small",)))
    assert {row.product_id for row in small} == set(MARCH_PICTURE_IDS)
    assert [row.product_id for row in march.rows(view.replace(reasons=("attribute.brand_missing",)))] == [
        MARCH_BRAND_ID
    ]


def test_at_the_census_the_store_has_4_820_listings_of_which_4_310_are_active(march):
    hero = march.hero(at(CENSUS))
    told = (hero.total, hero.active, hero.held, rejected_in_24_hours(march, at(CENSUS)))
    assert told == (4820, 4310, 0, 0)


def test_the_books_of_the_example_balance(march):
    books = march.past("march").books(MARCH_JUMP_BEGINS - AFTER, MARCH_CLEARED + AFTER)
    assert (books.opening, books.entered, books.left, books.closing) == (0, 5, 5, 0)
    assert [books.flows[flow] for flow in (Flow.REJECTED, Flow.AUDITING, Flow.ACTIVE)] == [4, 1, 5]


@pytest.mark.parametrize("before", [timedelta(days=30), timedelta(hours=1), timedelta(minutes=6)])
def test_the_past_of_the_demo_ends_with_a_reading_now_so_that_it_begins_without_an_alert(before):
    assert _steps(CENSUS - before, CENSUS)[-1] == CENSUS
    assert _steps(CENSUS - timedelta(minutes=4), CENSUS) == []
