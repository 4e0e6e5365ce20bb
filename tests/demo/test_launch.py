"""The past of the worked example, read by the real sync at the moments the demo reads it, and the tour through it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.clock import to_text
from aexdash.config.settings import Settings
from aexdash.demo.launch import prepare
from aexdash.demo.past import DemoStore, _steps, live_through, march_readings
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
from aexdash.words import tour
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS
from tests.snapshot.store import rejected_in_24_hours
from tests.support import ask_app, default_world
from tests.ui.reading import captions, heading, led_on, links, read_aloud, said

pytestmark = pytest.mark.slow

AFTER = timedelta(minutes=5)
LONG_AFTER = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the worked example was read once."""
    home: Path = tmp_path_factory.mktemp("demo")
    store = DemoStore(
        "march", "Worked example", "50000003", "overseas", default_world(), watched=False, past_limits=ALL_EVIDENCE
    )
    settings: Settings = prepare(home, [store], "http://127.0.0.1:18731")
    told: list[str] = []
    live_through(store, settings, march_readings(), log=told.append, alerts=True)
    assert told == []
    (home / "clock.txt").write_text(to_text(LONG_AFTER))
    return home


@pytest.fixture
def march(home: Path) -> Snapshot:
    """Its snapshot."""
    return Snapshot(home / "snapshot.db", home / "desk.db", clock=lambda: CENSUS)


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
    steps = _steps(CENSUS - before, CENSUS)
    assert steps[-1] == CENSUS
    if before >= timedelta(hours=1):
        assert steps[-2] == CENSUS - timedelta(minutes=10), (
            "what the last hours brought is found before the demo begins"
        )
    assert _steps(CENSUS - timedelta(minutes=4), CENSUS) == []


def test_the_alerts_of_the_example_opened_with_the_jump_and_closed_by_themselves(home):
    episodes = Episodes(home / "desk.db").recent(9)
    assert [(one.rule_key, one.store, one.opened_at, one.closed_at) for one in episodes] == [
        ("held", "march", datetime(2026, 3, 9, 9, tzinfo=UTC), MARCH_CLEARED + AFTER),
        ("one-cause", "march", MARCH_JUMP + AFTER, datetime(2026, 3, 10, 9, tzinfo=UTC)),
    ]


def test_the_tour_tells_of_moments_at_which_the_example_was_read():
    told = {tour.BEFORE, tour.JUMPED, tour.NOON, tour.SENT_IN_AGAIN, tour.CLEARED, tour.READ_TO}
    assert told <= {at for at, _ in march_readings()}
    assert (tour.BEFORE, tour.JUMPED, tour.CLEARED) == (
        MARCH_JUMP_BEGINS - AFTER,
        MARCH_JUMP + AFTER,
        MARCH_CLEARED + AFTER,
    )
    assert len(tour.STEPS) == 9


STOPS = {
    1: "0 listings held",
    2: "5 listings held",
    3: "5 listings",
    4: "4 listings",
    5: "4 listings",
    6: "5 listings held",
    7: "0 listings held",
    8: "History",
    9: "Sensitivity",
}


def ways(page):
    """The ways that the bar of the tour offers: links to other pages, buttons to other addresses of the same one."""
    labels = [*links(page), *(button.label for button in page.button if (button.key or "").startswith("tour-"))]
    return {label for label in labels if "Back:" in label or "Next:" in label or "tour" in label}


def way(page, words):
    """Where the link with these words leads: the words of its address."""
    leads = {link.proto.query_string for link in page.page_link if words in link.value}
    assert len(leads) == 1
    return {name: value for name, (value,) in parse_qs(leads.pop()).items()}


def test_the_ways_of_the_tour_are_links_to_the_addresses_of_its_steps(home, open_page):
    page = open_page(home)
    assert way(page, "the tour, nine steps") == {**tour.query_of(1), "tour": "1"}
    page = open_page(home, **way(page, "the tour, nine steps"))
    assert way(page, "Next:") == {**tour.query_of(2), "tour": "2"}
    page = open_page(home, **way(page, "Next:"))
    assert heading(page).startswith("5 listings held")
    assert way(page, "Back:") == {**tour.query_of(1), "tour": "1"}
    assert way(page, "End the tour") == {}


@pytest.mark.parametrize("number", STOPS)
def test_each_step_of_the_tour_opens_at_its_address_with_a_bar_that_leads_on(home, open_page, number):
    step = tour.STEPS[number - 1]
    page = open_page(home, step.page, tour=str(number), **tour.query_of(number))
    assert not page.exception
    bar = [text for text in said(page) if " of 9 · " in text]
    assert bar == [f"**{number} of 9 · {step.name}** – {step.sentence}"]
    back = {f"‹ Back: {tour.STEPS[number - 2].name}"} if number > 1 else set()
    on = {f"**Next: {tour.STEPS[number].name} ›**"} if number < 9 else set()
    assert ways(page) == {*back, *on, "End the tour"}
    shown = next(text for text in said(page) if text.startswith("#")).lstrip("# ")
    assert shown.startswith(STOPS[number])
    assert not any("is no filter" in caption for caption in captions(page))


def test_the_step_alone_leads_to_the_whole_of_its_address(home, open_page):
    page = led_on(open_page(home, "overview", tour="4"))
    assert heading(page).startswith("4 listings")
    assert dict(page.query_params) == {**tour.query_of(4), "tour": "4"}


@pytest.mark.parametrize("number", [4, 5])
def test_a_file_of_the_tour_holds_the_four_and_no_others(home, open_page, number):
    step = tour.STEPS[number - 1]
    page = open_page(home, step.page, tour=str(number), **tour.query_of(number))
    (url,) = {one.proto.url for one in page.get("link_button") if one.proto.label == step.file[0]}
    file = ask_app(url.replace(".xlsx", ".csv"))
    assert file.status_code == 200
    ids = re.findall(r"\b1005\d{12}\b", file.text)
    assert set(map(int, ids)) == set(MARCH_PICTURE_IDS)
    assert ask_app(url).status_code == 200


def tour_offered(page) -> bool:
    return any("the tour, nine steps" in label for label in ways(page))


def test_the_overview_offers_the_tour_where_the_example_is_whole_and_no_tour_is_under_way(home, open_page):
    assert tour_offered(open_page(home))
    assert not tour_offered(open_page(home, tour="1", **tour.query_of(1)))


def test_an_address_asks_for_no_step_that_there_is_not(home, open_page):
    page = open_page(home, "overview", tour="12")
    assert any("The tour has no step 12" in read_aloud(caption) for caption in captions(page))
