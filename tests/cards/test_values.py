"""Every card at any moment equals a slow, obviously right recomputation in plain Python."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from aexdash.cards import CARDS, CardValue, values
from aexdash.cards.recording import record_cards
from aexdash.snapshot.measures.on_sale import KEPT
from aexdash.snapshot.query import Snapshot
from tests.cards.plainly import told
from tests.cards.story import Story, stories
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED
from tests.support import examples

NOT_READ = {
    "aex_required_attribute_completeness",
    "aex_listing_quality_score",
    "aex_listings_failing_feedonomics_validation",
}
"""What no story has data for: these say nothing, at every moment."""

AUDITED = dict.fromkeys(range(1, 9), (AUDITING, None))
PASSED = dict.fromkeys(range(1, 9), (ACTIVE, None))
MANY_AUDITS = [("first", 5, AUDITED if turn % 2 else PASSED) for turn in range(8)] + [("first", 200, AUDITED)] * 2
"""More than twenty audits of five hours, then eight that take longer."""

JUST_CLEARED = [(AUDITING, None), (ACTIVE, None)]

NINE_DAYS_FOR_HOURS = [("first", 1, {1: (AUDITING, None)}), *[("first", hours, {}) for hours in (1, 214, 1, 1)]]
"""An age of 8.96 days, then of 9.00 and 9.04: 9.0 at each of the three readings, and so one step."""


def shown(snapshot: Snapshot, stores: list[str] | None, moment: datetime | None) -> dict[str, float | None]:
    return {key: value.value for key, value in values(snapshot.measures(stores, moment)).items()}


def kept(value: CardValue) -> object:
    """What is written down of a value: a share as it is, all else for as long as its first decimal stays."""
    number = value.value
    if number is None or value.numerator is not None:
        return number
    if (value.at_least or value.reach.unread) and round(number, 1) == 0:
        return None  # at least 0 is no data, nor is a 0 of a window of which a part was not read
    return pytest.approx(round(number, 1), abs=0.05 + 1e-9)


def expected(plain: dict[str, float | None]) -> dict[str, object]:
    empty = dict.fromkeys(CARDS) if not plain else dict.fromkeys(NOT_READ)
    return {
        key: value if value is None else pytest.approx(value, abs=1e-9) for key, value in {**empty, **plain}.items()
    }


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories)
@example(MANY_AUDITS)
@example([("second", 1, {}), ("second", 11, {}), ("first", 14, {}), *[("first", 1, {1: one}) for one in JUST_CLEARED]])
@example([("first", 1, {1: (REJECTED, None)}), ("second", 300, {1: (REJECTED, None)}), ("first", 300, PASSED)])
def test_every_card_at_any_moment_equals_a_plain_recomputation(readings):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for reading in readings:
            story.read(*reading)
        snapshot = Snapshot(Path(folder) / "snapshot.db", clock=lambda: story.now)
        for moment in story.moments():
            covered = story.covered(moment)
            every = told(story.stays, covered, moment, story.read_at)
            assert shown(snapshot, None, moment) == expected(every), moment
            for key in story.connected:
                since = {key: covered[key]} if key in covered else {}
                one = told([stay for stay in story.stays if stay.store == key], since, moment, story.read_at)
                assert shown(snapshot, [key], moment) == expected(one), (key, moment)
        story.close()


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories)
@example(MANY_AUDITS)
@example(NINE_DAYS_FOR_HOURS)
def test_the_present_and_what_is_written_down_say_the_same(readings):
    """What the sync keeps at each reading is what the cards said then, and at the last it is what they say now."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        said: dict[tuple[str, datetime], dict[str, CardValue]] = {}
        for key, hours, moved in readings:
            story.read(key, hours, moved)
            store = story.stores[key]
            record_cards(store.db, store.id, story.now)
            said[key, story.now] = values(store.snapshot.measures([key], None))
        for (key, at), then in said.items():
            for card_key, value in then.items():
                (point,) = store.snapshot.card_history([key], card_key, at, at)
                assert (point.at, point.value) == (at, kept(value))
        story.close()


def test_a_day_that_nothing_was_read_on_ends_with_no_data(tmp_path):
    story = Story(tmp_path)
    story.read("first", 0, PASSED)
    store = story.stores["first"]
    record_cards(store.db, store.id, story.now)
    noon = story.now
    story.read("first", 72, {1: (REJECTED, None)})
    record_cards(store.db, store.id, story.now)
    points = store.snapshot.card_history(None, "aex_rejected_auditing_listings", noon, story.now)
    ends = [noon.replace(hour=0) + timedelta(days=days) - timedelta(milliseconds=1) for days in (1, 2, 3)]
    assert [(point.at, point.value) for point in points] == [
        (noon, 0),
        (ends[0], 0),
        (ends[1], None),
        (ends[2], None),
        (noon + timedelta(hours=72), 1),
    ]
    story.close()


def test_what_has_not_changed_is_written_at_the_end_of_a_day_alone(tmp_path):
    story = Story(tmp_path)
    written = []
    for hours in (0, 1, 1, 11, 1):
        story.read("first", hours, PASSED)
        store = story.stores["first"]
        written.append(record_cards(store.db, store.id, story.now))
    every = len({*CARDS, *KEPT})
    assert written == [every, 0, 0, every, 0]
    story.close()
