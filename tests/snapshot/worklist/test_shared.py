"""The listings that share what a kept report names: just those, held and on sale, now and in the past."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from aexdash.causes.kept import Reports, Slices
from aexdash.model import Status
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store

ON_SALE = View(shares="1.1", statuses=(Status.ACTIVE,))
MOVED, SHARING = (1, 2, 3), (4, 5)


@pytest.fixture
def store(store: Store) -> Store:
    """1, 2, 3 moved and 4, 5 are on sale with what they share, none of which a check found; so does 7 with the second.

    3 is in audit since, and 6 and 8 have nothing to do with it.
    """
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: ACTIVE, 5: ACTIVE, 6: ACTIVE, 7: ACTIVE, 8: ACTIVE})
    store.after(hours=1)
    store.sweep({1: REJECTED, 2: REJECTED, 3: AUDITING, 4: ACTIVE, 5: ACTIVE, 6: ACTIVE, 7: ACTIVE, 8: REJECTED})
    findings = [
        {"moved": _keys(store, MOVED), "at_risk": _keys(store, SHARING)},
        {"moved": [], "at_risk": [["elsewhere", 6], *_keys(store, (7,))]},
    ]
    Reports(store.desk_path).keep("held", json.dumps({"findings": findings}), by="", now=NOON)
    return store


def _keys(store: Store, ids: tuple[int, ...]) -> list[list[object]]:
    return [[store.key, one] for one in ids]


def ids(snapshot: Snapshot, view: View) -> list[int]:
    rows = [row.product_id for row in snapshot.rows(view)]
    assert snapshot.count(view) == len(rows)
    assert [row.product_id for row in snapshot.page(view, 100)] == rows
    assert [row.product_id for row in snapshot.targets(view)] == rows
    return sorted(rows)


def test_without_a_status_it_shows_those_that_are_held_and_at_risk_those_on_sale(store: Store) -> None:
    assert ids(store.snapshot, View(shares="1.1")) == [1, 2, 3]
    assert ids(store.snapshot, ON_SALE) == [4, 5]
    everything = (Status.REJECTED, Status.AUDITING, Status.ACTIVE)
    assert ids(store.snapshot, View(shares="1.1", statuses=everything)) == [1, 2, 3, 4, 5]
    assert ids(store.snapshot, View(shares="1.2", statuses=everything)) == [7]


def test_other_filters_stores_and_moments_narrow_it(store: Store) -> None:
    snapshot = store.snapshot
    assert ids(snapshot, View(shares="1.1", statuses=(Status.REJECTED,))) == [1, 2]
    assert ids(snapshot, View(shares="1.1", store="elsewhere")) == []
    assert ids(snapshot, View(shares="1.1", text="5")) == []
    assert ids(snapshot, ON_SALE.replace(text="5")) == [5]
    before = store.now - timedelta(minutes=30)
    assert ids(snapshot, View(shares="1.1", as_of=before)) == []
    assert ids(snapshot, ON_SALE.replace(as_of=before)) == [4, 5]
    assert ids(snapshot, View(shares="1.1", as_of=store.now)) == [1, 2, 3]


def test_one_rejected_since_is_among_those_held_and_one_that_passed_an_audit_is_not_at_risk(
    store: Store,
) -> None:
    store.after(hours=2)
    store.sweep({1: ACTIVE, 2: REJECTED, 3: AUDITING, 4: REJECTED, 5: OFFLINE, 6: ACTIVE, 7: ACTIVE, 8: REJECTED})
    assert ids(store.snapshot, View(shares="1.1")) == [2, 3, 4]
    assert ids(store.snapshot, ON_SALE) == []


def test_the_choices_of_filters_count_within_it(store: Store) -> None:
    facets = {one.value: one.listings for one in store.snapshot.facets(ON_SALE)["status"]}
    assert facets == {Status.REJECTED: 2, Status.AUDITING: 1, Status.ACTIVE: 2}


def test_nothing_found_on_one_on_sale_is_no_unknown_reason(store: Store) -> None:
    assert [(one.code, one.listings) for one in store.snapshot.reason_counts(ON_SALE)] == [("nothing_found", 2)]
    assert ids(store.snapshot, ON_SALE.replace(reasons=("nothing_found",))) == [4, 5]
    assert ids(store.snapshot, ON_SALE.replace(reasons=("unknown",))) == []
    blockers = store.snapshot.blockers(ON_SALE)
    assert (blockers.sets, blockers.unknown, blockers.in_review, blockers.nothing_found) == ({}, 0, 0, 2)


def test_a_store_of_the_same_ids_has_nothing_to_do_with_it(store: Store) -> None:
    other = Store(store.folder, "other", now=store.now)
    other.sweep({1: REJECTED, 4: ACTIVE})
    assert [row.store for row in store.snapshot.rows(View(shares="1.1"))] == [store.key] * 3
    assert [row.store for row in store.snapshot.rows(ON_SALE)] == [store.key] * 2


def test_without_a_desk_nothing_is_known_to_share_anything(store: Store) -> None:
    assert ids(Snapshot(store.snapshot.path, clock=lambda: store.now), View(shares="1.1")) == []


def test_what_reports_name_is_known_by_number(store: Store) -> None:
    slices = Slices(store.desk_path)
    assert [word in slices for word in ("1.1", "1.2", "1.3", "2.1")] == [True, True, False, False]
    assert "1.1" not in Slices(store.desk_path.with_name("none.db"))


def test_the_address_names_a_report_and_what_it_names_first_if_nothing_else_is_said() -> None:
    assert View.from_query({"shares": "12"}).shares == "12.1"
    assert View(shares="12.2").to_query() == {"shares": "12.2"}
    for wrong in ("0", "12.0", "12.", "x", "1.100", "१२"):
        view = View.from_query({"shares": wrong})
        assert view.shares is None
        assert "is no number of a report and was left out; write shares=12" in view.notes[0]
