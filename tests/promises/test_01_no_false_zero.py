"""Promise 1. The healthy value is 0, so a wrong 0 is the worst thing this tool can show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.alerts.engine import Engine
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import EventKind
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards import CARDS, values
from aexdash.cli.cards import card_facts
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk.bands import Sensitivity
from aexdash.model import Outcome, Status
from aexdash.words.cards import verdict
from tests.alerts.watched import home_of
from tests.snapshot.store import STALE_AFTER, entered_left, rejected_in_24_hours
from tests.support import FIRST, LONG_SIGNED_IN, NO_EVIDENCE, NOON, world_of

AT_ONCE = DEFAULTS["held"].model_copy(update={"hold_minutes": 0})
LIST = "aliexpress.solution.product.list.get"
WRONG = [
    (FaultKind.LYING_TOTAL, 5),
    (FaultKind.LYING_TOTAL, -3),
    (FaultKind.EMPTY_PAGE, 0),
    (FaultKind.MISSING_LIST, 0),
    (FaultKind.HTML, 0),
    (FaultKind.TRUNCATED, 0),
    (FaultKind.SERVER_ERROR, 0),
    (FaultKind.TIMEOUT, 30),
    (FaultKind.BAN, 14229),
    (FaultKind.CLOCK_SKEW, 90_000),
]


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_whatever_the_platform_answers_instead_nothing_held_is_cleared(open_shop, kind, value):
    shop = open_shop(world_of(rejected=2, auditing=1, active=2))
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.faults.add(kind, value, method=LIST)
    for run in ("pulse", "sweep"):
        shop.clock.move(minutes=1)
        assert shop.sync(run, limits=NO_EVIDENCE).outcome is not Outcome.COMPLETE
        assert (shop.hero().held, len(shop.rows())) == (3, 3)
        assert shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state in ("partial", "failed")


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_a_store_that_was_never_read_whole_has_no_count_at_all(open_shop, kind, value):
    shop = open_shop(world_of(rejected=2, auditing=1, active=2))
    assert (shop.hero().held, shop.snapshot.freshness("main", NOON, STALE_AFTER).state) == (None, "never")
    shop.faults.add(kind, value, method=LIST)
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    hero, freshness = shop.hero(), shop.snapshot.freshness("main", shop.clock(), STALE_AFTER)
    assert (result.held, result.active, result.total) == (None, None, None)
    assert (hero.held, rejected_in_24_hours(shop.snapshot), hero.active, hero.total) == (None, None, None, None)
    standing = Sensitivity(shop.folder / "desk.db").standing(None, list(CARDS.values()))
    facts = card_facts(values(shop.snapshot.measures(None)), standing, hero, freshness)
    assert {(card["value"], card["sentiment"]) for card in facts.values()} == {(None, "No data")}
    assert all(card["note"] for card in facts.values())


def test_lists_that_add_up_to_nothing_are_not_believed_while_the_listings_are_there(open_shop):
    shop = open_shop(world_of(rejected=2, auditing=1))
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.world.forgotten = frozenset(range(FIRST, FIRST + 3))
    assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is Outcome.PARTIAL
    assert shop.hero().held == 3


def test_zero_no_data_stale_partly_read_and_failed_look_different(open_shop):
    shop = open_shop(world_of(active=1), store=LONG_SIGNED_IN)
    states: list[str] = []
    words: list[str] = []

    def look(*, later: timedelta = timedelta()) -> None:
        shop.clock.move(seconds=later.total_seconds())
        card = CARDS["aex_rejected_auditing_listings"]
        current = values(shop.snapshot.measures(["main"]))[card.key]
        states.append(shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state)
        words.append(verdict(current, card.band).word)

    look()
    shop.sync("sweep", limits=NO_EVIDENCE)
    look()
    look(later=timedelta(days=3))
    shop.faults.add(FaultKind.LYING_TOTAL, method=LIST)
    shop.sync("pulse", limits=NO_EVIDENCE)
    look()
    shop.faults.clear()
    shop.faults.add(FaultKind.HTML, method=LIST)
    shop.sync("pulse", limits=NO_EVIDENCE)
    look()
    assert states == ["never", "fresh", "stale", "partial", "failed"]
    assert shop.hero().held == 0
    assert words == ["No data", "Performing", "Not confirmed", "Not confirmed", "Not confirmed"]


def test_a_day_that_no_run_covers_is_a_gap_and_not_a_zero(open_shop):
    shop = open_shop(world_of(active=1), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.clock.move(days=5)
    shop.sync("sweep", limits=NO_EVIDENCE)
    days = shop.snapshot.days("main", shop.clock().date(), 7)
    assert [point.rejected for point in days] == [
        None,
        0,
        0,
        0,
        None,
        None,
        0,
    ]  # a reading of these tests speaks for two days


def test_what_left_went_where_the_platform_said(open_shop):
    shop = open_shop(world_of(rejected=3))
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.world.move(FIRST + 1, Status.OFFLINE, "user_offline", at=shop.clock())
    shop.world.remove(FIRST + 2)
    shop.sync("pulse", limits=NO_EVIDENCE)
    _, left = entered_left(shop.snapshot, "main", NOON, shop.clock())
    assert {move.product_id: move.status_to for move in left} == {
        FIRST: Status.ACTIVE,
        FIRST + 1: Status.OFFLINE,
        FIRST + 2: Status.DELETED,
    }


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_whatever_the_platform_answers_instead_no_alert_is_cleared(open_shop, tmp_path, kind, value):
    settings = home_of(tmp_path, "main")
    RuleStore(settings.desk_path).save(AT_ONCE, by="Ana", now=NOON)
    shop = open_shop(world_of(rejected=2, auditing=1, active=2))
    engine = Engine(settings, shop.snapshot)
    shop.sync("sweep", limits=NO_EVIDENCE)
    engine.round(shop.clock())
    held = Episodes(settings.desk_path).of_rule("held")
    assert [episode.closed_at for episode in held] == [None]
    shop.faults.add(kind, value, method=LIST)
    for run in ("pulse", "sweep"):
        shop.clock.move(minutes=1)
        shop.sync(run, limits=NO_EVIDENCE)
        assert [told for told in engine.round(shop.clock()) if told.event.kind is EventKind.CLOSED] == []
    assert Episodes(settings.desk_path).of_rule("held") == held
