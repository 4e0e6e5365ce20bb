"""The stories of the reference under the rules that ship, from the simulated platform to what would be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aexdash.alerts.backtest import backtest
from aexdash.alerts.engine import Engine
from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.demo.world.moments import (
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
)
from aexdash.model import Severity
from tests.alerts.watched import ACTIVE, REJECTED, Watched, home_of
from tests.support import LONG_SIGNED_IN, MovedClock, Shop, default_world

pytestmark = pytest.mark.slow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SMALL, BRAND = "image.main_too_small", "attribute.brand_missing"


def march_moments() -> Iterator[datetime]:
    """Every five minutes around what happens on 9 March, every three hours else."""
    yield MARCH_JUMP_BEGINS - HOUR
    around = ((MARCH_JUMP_BEGINS, MARCH_JUMP + HOUR), (MARCH_RESUBMITTED - HOUR, MARCH_RESUBMITTED + 2 * HOUR))
    for start, end in around:
        yield from (start + 5 * MINUTE * step for step in range((end - start) // (5 * MINUTE)))
    night = MARCH_RESUBMITTED + 3 * HOUR
    yield from (night + 3 * HOUR * step for step in range((MARCH_CLEARED - night) // (3 * HOUR)))
    yield from (MARCH_CLEARED + 5 * MINUTE, MARCH_CLEARED + HOUR)


@pytest.fixture(scope="module")
def march(tmp_path_factory) -> Iterator[tuple[Shop, list[RecordedEvent]]]:
    """The days of the worked example as the worker lives them: a run, then the rules; and all that they told."""
    folder: Path = tmp_path_factory.mktemp("march")
    settings = home_of(folder, "main")
    shop = Shop(folder, default_world(), clock=MovedClock(MARCH_JUMP_BEGINS - DAY - HOUR), store=LONG_SIGNED_IN)
    shop.sync("sweep")
    engine, told = Engine(settings, shop.snapshot), list[RecordedEvent]()
    for at in march_moments():
        shop.clock.at = at
        shop.sync("pulse")
        told += engine.round(at)
    yield shop, told
    shop.close()


def of(told: list[RecordedEvent], key: str) -> list[RecordedEvent]:
    return [one for one in told if one.rule.key == key]


def test_the_worked_example_is_one_opening_with_four_and_one_and_one_closing(march):
    _, told = march
    opened, closed = of(told, "held")
    assert (opened.event.kind, closed.event.kind) == (EventKind.OPENED, EventKind.CLOSED)
    assert MARCH_JUMP < opened.event.at < MARCH_JUMP + HOUR
    assert (opened.codes, opened.codes_before) == ({SMALL: 4, BRAND: 1}, {})
    assert (opened.event.reading.value, opened.event.reading.baseline) == (5, 0)
    assert MARCH_CLEARED < closed.event.at <= MARCH_CLEARED + 10 * MINUTE
    assert (closed.codes, closed.event.reading.value) == ({}, 0)
    assert opened.episode.trace == closed.episode.trace


def test_nothing_is_told_at_the_resubmission(march):
    _, told = march
    assert [one.rule.key for one in told if MARCH_JUMP + HOUR < one.event.at < MARCH_RESUBMITTED + 12 * HOUR] == []


def test_tried_on_the_past_the_rule_says_what_it_said_when_it_ran(march):
    shop, told = march
    facts = shop.snapshot.alert_facts("main")
    start, end = MARCH_JUMP_BEGINS - 2 * HOUR, MARCH_CLEARED + HOUR
    tried = backtest(DEFAULTS["held"], facts, start, end)
    opened, closed = of(told, "held")
    (episode,) = tried.episodes
    assert abs(episode.opened_at - opened.event.at) <= 5 * MINUTE
    assert abs(episode.closed_at - closed.event.at) <= 5 * MINUTE
    assert episode.severity is Severity.MEDIUM


@pytest.fixture
def churning(tmp_path):
    """A store of 100 listings of which one or two a day are rejected, and active again the day after, for six weeks."""
    store = Watched(tmp_path)
    store.only("worse-than-usual")
    store.read(dict.fromkeys(range(1, 101), ACTIVE))
    for day in range(42):
        again = {listing: ACTIVE for listing, status in store.places.items() if status is REJECTED}
        rejected = [1 + (3 * day + number) % 100 for number in range(1 + day % 2)]
        codes = dict.fromkeys(rejected, "title.too_long")
        store.read(again | dict.fromkeys(rejected, REJECTED), codes=codes, days=1)
    yield store
    store.close()


def test_the_churn_rule_is_silent_on_ordinary_days_and_names_the_shared_cause_of_a_spike_once(churning):
    assert churning.told == []
    spike = range(50, 88)
    told = churning.read(dict.fromkeys(spike, REJECTED), codes=dict.fromkeys(spike, SMALL), days=1)
    (opened,) = told
    assert opened.event.reading.value in (38, 39, 40)
    assert opened.event.reading.baseline in (1, 1.5, 2)
    assert opened.event.reading.because.startswith(
        f"38 of {opened.event.reading.value:.0f} share one reason: Main picture too small"
    )
    assert [churning.read(hours=1) for _ in range(6)] == [[]] * 6
    (closed,) = churning.read(hours=19)
    assert closed.event.kind is EventKind.CLOSED


def test_tried_on_the_past_the_churn_rule_fires_once_too(churning):
    spike = range(50, 88)
    churning.read(dict.fromkeys(spike, REJECTED), codes=dict.fromkeys(spike, SMALL), days=1)
    at = churning.store.now
    facts = churning.store.snapshot.alert_facts("main")
    tried = backtest(DEFAULTS["worse-than-usual"], facts, at - 40 * DAY, at)
    assert [(one.opened_at, one.closed_at) for one in tried.episodes] == [(at, None)]
    assert tried.sentence(40) == "This rule would have fired once in the last 40 days, for 0 minutes."
