"""Where the mix of reasons changed: only what was not given for a week, to enough listings, is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from aexdash.model import Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.history.new_reasons import NewReason
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store

OLD, NEW = "ip.trademark", "image.main_too_small"


class Told:
    """A store that is read daily; what it is told of listings on each day."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.places = dict.fromkeys(range(1, 31), ACTIVE)

    def day(self, given: dict[str, Iterable[int]], status: Status = REJECTED) -> None:
        """Read the store: these listings are where they got a reason, and stay there."""
        self.places |= {one: status for listings in given.values() for one in listings}
        self.store.sweep(self.places)
        for code, listings in given.items():
            ids = open_period_ids(self.store.db, self.store.id, listings)
            for period in ids.values():
                reason = Reason(code, Provenance.CHECK, measured={})
                record_reasons(self.store.db, period, [reason], {Provenance.CHECK}, self.store.now)
        self.store.after(days=1)

    def found(self) -> list[NewReason]:
        return self.store.snapshot.new_reasons(None, NOON - timedelta(days=30), self.store.now)


@pytest.fixture
def told(store) -> Told:
    """A store read for a day, on which one reason was given."""
    one = Told(store)
    one.day({OLD: [1, 2, 3]})
    return one


def test_a_reason_given_for_the_first_time_is_told_with_its_share(told):
    told.day({OLD: [4]})
    told.day({NEW: [5, 6, 7, 8], OLD: [9]})
    assert told.found() == [NewReason(NOON + timedelta(days=2), "main", NEW, 4, 5)]


def test_what_was_there_on_the_first_day_is_not_new(told):
    assert told.found() == []


def test_a_reason_that_comes_every_few_days_is_not_new(told):
    for turn in range(5):
        for _ in range(6):
            told.day({})
        told.day({OLD: range(4 + 3 * turn, 7 + 3 * turn)})
    assert told.found() == []


def test_a_reason_that_comes_back_after_more_than_a_week_is_new_again(told):
    for _ in range(7):
        told.day({})
    told.day({OLD: [4, 5, 6]})
    assert told.found() == [NewReason(NOON + timedelta(days=8), "main", OLD, 3, 3)]


def test_two_listings_or_less_than_a_fifth_are_not_told(told):
    told.day({NEW: [4, 5]})
    told.day({"title.too_long": [6, 7, 8], OLD: range(9, 22)})
    assert told.found() == []


def test_findings_on_listings_on_sale_neither_make_a_reason_new_nor_old(told):
    told.day({NEW: [4, 5, 6]}, ACTIVE)
    told.day({NEW: [7, 8, 9]})
    assert told.found() == [NewReason(NOON + timedelta(days=2), "main", NEW, 3, 3)]


def test_only_what_had_happened_by_the_moment_is_told(told):
    told.day({NEW: [4, 5, 6]})
    before = NOON + timedelta(days=1) - timedelta(milliseconds=1)
    assert told.store.snapshot.new_reasons(None, NOON, before) == []
    assert told.store.snapshot.new_reasons(("other",), NOON, told.store.now) == []
