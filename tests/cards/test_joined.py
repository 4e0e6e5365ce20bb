"""A store that joins drags no card of the others: what nobody could have seen of it is left out, and that is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aexdash.cards import CARDS, CardValue, value
from aexdash.statement import Claim
from tests.snapshot.store import ACTIVE, REJECTED, Store

MEDIAN, AGAIN = CARDS["aexdash_time_to_clear_median_days"], CARDS["aexdash_rerejection_rate"]
JOINED = 36
"""The day on which the second store is first read."""


@pytest.fixture
def stores(tmp_path) -> Iterator[tuple[Store, Store]]:
    """Two stores after forty days: listing 1 was held for two days, and 2 of the store that joined for one, twice."""
    main = Store(tmp_path)
    other: Store | None = None
    for day in range(41):
        main.sweep({1: REJECTED if day in (33, 34) else ACTIVE})
        if day >= JOINED:
            other = other or Store(tmp_path, "other", now=main.now)
            other.now = main.now
            other.sweep({2: REJECTED if day in (37, 39) else ACTIVE})
        main.after(days=1)
    main.now = other.now
    yield main, other
    main.db.close()
    other.db.close()


def says(store: Store, card, keys: list[str] | None = None) -> CardValue:
    return value(card, store.snapshot.measures(keys))


@pytest.mark.parametrize(("card", "of_main", "of_both"), [(MEDIAN, 2.0, 1.0), (AGAIN, 0.0, 50.0)])
def test_a_store_that_joined_makes_no_length_shorter_and_no_verdict_unsure(stores, card, of_main, of_both):
    main, _ = stores
    alone, both, joined = (says(main, card, keys) for keys in (["main"], None, ["other"]))
    assert (alone.value, alone.reach.is_whole, alone.note) == (of_main, True, "")
    assert (both.value, both.reach.is_whole) == (of_main, True)
    assert both.note == "Without other (first read 14 Apr)."
    assert (joined.value, joined.reach.claim, joined.note) == (of_both, Claim.AT_LEAST, "")


def test_stores_that_all_joined_are_told_of_what_was_read(tmp_path):
    one, two = Store(tmp_path), Store(tmp_path, "two")
    for day in range(6):
        for store in (one, two):
            store.sweep({1: REJECTED if day in (1, 2) else ACTIVE})
            store.after(days=1)
    one.now = two.now
    found = says(one, MEDIAN)
    assert (found.value, found.denominator, found.reach.claim, found.note) == (2.0, 2, Claim.AT_LEAST, "")
    for store in (one, two):
        store.db.close()


def test_where_no_store_was_read_so_long_those_that_were_read_longest_tell(tmp_path):
    one, late = Store(tmp_path), None
    for day in range(12):
        one.sweep({1: REJECTED if day in (1, 2) else ACTIVE})
        if day >= 6:
            late = late or Store(tmp_path, "late", now=one.now)
            late.now = one.now
            late.sweep({2: REJECTED if day == 8 else ACTIVE})
        one.after(days=1)
    one.now = late.now
    found = says(one, MEDIAN)
    assert (found.value, found.reach.claim, found.note) == (2.0, Claim.AT_LEAST, "Without late (first read 15 Mar).")
    one.db.close()
    late.db.close()
