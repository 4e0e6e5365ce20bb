"""Promise 2, on the stories of the reference: the worked example and the 38-spike split by reason, with provenance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aexdash.demo.world.moments import (
    FIRST_SPIKE,
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
    SPIKE_SIZE,
)
from aexdash.model import Certainty, Provenance, Resubmit, Status, certainty
from aexdash.view import View
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS
from tests.support import LONG_SIGNED_IN, MovedClock, Shop, default_world

pytestmark = pytest.mark.slow

SOON = timedelta(minutes=5)
MEASURED = (Provenance.CHECK,)


@pytest.fixture
def store_at(tmp_path):
    """A default store that the real sync reads at moments."""
    shops = []

    def read(*moments: datetime) -> Shop:
        shop = Shop(tmp_path, default_world(), clock=MovedClock(moments[0]), store=LONG_SIGNED_IN)
        shops.append(shop)
        for number, at in enumerate(moments):
            shop.clock.at = at
            shop.sync("pulse" if number else "sweep")
        return shop

    yield read
    for shop in shops:
        shop.close()


def split(shop: Shop, **view) -> dict[str, tuple[int, int, tuple[Provenance, ...]]]:
    """Listings and sole blockers by reason, with who says so."""
    counts = shop.snapshot.reason_counts(View(**view))
    return {count.code: (count.listings, count.sole, count.provenance) for count in counts}


def test_the_worked_example_splits_into_four_pictures_and_one_brand_that_are_likely_not_told(store_at):
    shop = store_at(MARCH_JUMP_BEGINS - SOON, MARCH_JUMP + SOON)
    assert split(shop) == {"image.main_too_small": (4, 4, MEASURED), "attribute.brand_missing": (1, 1, MEASURED)}
    rows = shop.rows()
    assert {certainty(reason.provenance for reason in row.reasons) for row in rows.values()} == {Certainty.LIKELY}
    assert {rows[number].resubmit for number in MARCH_PICTURE_IDS} == {Resubmit.NOT_YET}
    assert rows[MARCH_BRAND_ID].resubmit is None  # in audit: nothing was refused that could be resubmitted


def test_the_resubmitted_five_have_nothing_against_them_and_their_past_keeps_its_reasons(store_at):
    shop = store_at(MARCH_JUMP_BEGINS - SOON, MARCH_JUMP + SOON, MARCH_RESUBMITTED + SOON, MARCH_CLEARED + SOON)
    assert split(shop) == {}
    assert split(shop, as_of=MARCH_RESUBMITTED + SOON) == {"in_review": (5, 5, ())}
    assert split(shop, as_of=MARCH_JUMP + SOON)["image.main_too_small"] == (4, 4, MEASURED)


def test_the_spike_has_one_measured_cause(store_at):
    height = datetime(FIRST_SPIKE.year, FIRST_SPIKE.month, FIRST_SPIKE.day, 8, tzinfo=UTC)
    shop = store_at(height - timedelta(hours=8), height)
    today = [row for row in shop.rows(statuses=(Status.REJECTED,)).values() if row.started_at == shop.hero().as_of]
    causes = [tuple(reason.code for reason in row.reasons) for row in today]
    assert causes.count(("image.main_too_small",)) >= SPIKE_SIZE
    assert {
        (reason.measured["width"], reason.measured["height"], reason.provenance)
        for row in today
        for reason in row.reasons
        if reason.code == "image.main_too_small"
    } >= {(600, 600, Provenance.CHECK)}
    assert split(shop)["image.main_too_small"][0] >= SPIKE_SIZE
