"""The stories of the reference, as values that the cards say, read from the simulated platform by the real sync."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.cards import CARDS, previous, values
from aexdash.demo.world.moments import (
    CENSUS,
    FIRST_SPIKE,
    MARCH_CLEARED,
    MARCH_HELD,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_PASSED,
    MARCH_RESUBMITTED,
    SPIKE_SIZE,
)
from tests.snapshot.store import ACTIVE, REJECTED, Store
from tests.support import LONG_SIGNED_IN, NO_EVIDENCE, MovedClock, Shop, default_world

HERO, REJECTED_24H = "aex_rejected_auditing_listings", "aex_rejected_listings_24h"
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path) -> Store:
    """A store of which nothing was read yet."""
    return Store(tmp_path)


def read_at(folder: Path, moments: list[tuple[datetime, str]]) -> Shop:
    """A shop that the real sync read at these moments."""
    clock = MovedClock(moments[0][0])
    shop = Shop(folder, default_world(), clock=clock, store=LONG_SIGNED_IN)
    for at, kind in moments:
        clock.at = at
        assert shop.sync(kind, limits=NO_EVIDENCE).outcome == "complete"
    return shop


@pytest.fixture(scope="module")
def march(tmp_path_factory):
    """The days of the worked example: a sweep before and after, pulses at what happened and at noon of each day."""
    happened = [*MARCH_HELD, MARCH_RESUBMITTED, *MARCH_PASSED]
    noons = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (8, 9, 10, 11, 12)]
    begin = MARCH_JUMP_BEGINS - 2 * DAY
    pulses = [(at, "pulse") for at in sorted({*happened, *noons})]
    shop = read_at(tmp_path_factory.mktemp("march"), [(begin, "sweep"), *pulses, (CENSUS, "sweep")])
    yield shop
    shop.close()


def said(shop: Shop, at: datetime | None, *keys: str) -> list[float | None]:
    found = values(shop.snapshot.measures(None, at))
    return [found[key].value for key in keys]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "held", "rejected_24h"),
    [
        (MARCH_JUMP_BEGINS - timedelta(minutes=1), 0, 0),
        (MARCH_JUMP, 5, 4),
        (MARCH_RESUBMITTED, 5, 4),
        (MARCH_CLEARED, 0, 0),
        (MARCH_CLEARED + DAY, 0, 0),
    ],
)
def test_the_worked_example_day_by_day(march, at, held, rejected_24h):
    assert said(march, at, HERO, REJECTED_24H) == [held, rejected_24h]


@pytest.mark.slow
def test_the_count_stays_at_five_after_the_resubmission(march):
    counts = [march.snapshot.measures(None, at).counts() for at in (MARCH_JUMP, MARCH_RESUBMITTED, MARCH_CLEARED)]
    assert [(count.rejected, count.auditing, count.held) for count in counts] == [(4, 1, 5), (0, 5, 5), (0, 0, 0)]


@pytest.mark.slow
def test_what_was_held_was_cleared_within_two_days(march):
    after = datetime(2026, 3, 12, 12, tzinfo=UTC)
    keys = ("aexdash_time_to_clear_median_days", "aexdash_time_to_clear_p90_days", "aexdash_rerejection_rate")
    median, slowest, again = said(march, after, *keys)
    spells = march.snapshot.measures(None, after).spells_closed(lambda _: (after - 30 * DAY, after))
    assert [spell.whole for spell in spells] == [True] * 5
    assert slowest == max(spell.seconds for spell in spells) / 86400
    assert median is not None
    assert 1 < median <= slowest <= 2.2
    assert again == 0


@pytest.mark.slow
def test_the_history_of_the_hero_is_0_5_5_0(march):
    first, last = datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)
    points = march.snapshot.card_history(None, HERO, first, last)
    steps = [point.value for point in points]
    changes = [value for value, before in zip(steps, [None, *steps], strict=False) if value != before]
    assert changes == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0]


@pytest.mark.slow
def test_the_census(march):
    found = values(march.snapshot.measures(None))
    keys = ("aex_total_listings", "aex_active_listings", HERO, REJECTED_24H, "aex_listing_suppressed_pct")
    assert [found[key].value for key in keys] == [4820, 4310, 0, 0, 0]
    assert (found["aex_listing_suppressed_pct"].numerator, found["aex_listing_suppressed_pct"].denominator) == (0, 4820)
    assert found["aexdash_at_risk"].coverage == (0, 4310)
    assert previous(CARDS["aex_total_listings"], march.snapshot.measures(None)).value == 4820


@pytest.mark.slow
def test_the_spike_of_38_in_the_simulated_store(tmp_path):
    """Ordinary rejections come and go beside it, up to seven a day."""
    morning = datetime(FIRST_SPIKE.year, FIRST_SPIKE.month, FIRST_SPIKE.day, 12, tzinfo=UTC)
    shop = read_at(tmp_path, [(morning - hours * timedelta(hours=1), "sweep") for hours in (48, 36, 24, 12, 0)])
    measures = shop.snapshot.measures(None)
    now, before = values(measures)[REJECTED_24H].value, previous(CARDS[REJECTED_24H], measures).value
    assert now in range(SPIKE_SIZE, SPIKE_SIZE + 8)
    assert before in range(8)
    shop.close()


def test_a_flow_of_one_or_two_a_day_jumps_to_38(store):
    """The second published example: on the day before, two were rejected; on 9 March 38 are, within one hour."""
    places = dict.fromkeys(range(1, 101), ACTIVE)
    store.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    store.sweep(places)
    for hours, rejected in ((24, 2), (24, 40)):
        store.after(hours=hours).sweep(places | dict.fromkeys(range(1, rejected + 1), REJECTED))
    measures = store.snapshot.measures(None)
    assert values(measures)[REJECTED_24H].value == 38
    assert previous(CARDS[REJECTED_24H], measures).value == 2
    assert values(measures)[HERO].value == 40
