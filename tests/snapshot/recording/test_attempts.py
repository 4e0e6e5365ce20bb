"""What a listing was at each rejection is kept once, and never taken for what it became afterwards."""

from __future__ import annotations

import json
from datetime import timedelta

from aexdash.model import Status
from aexdash.platform_data import Detail, ListingAttribute, Observation
from aexdash.snapshot.evidence.api import record_detail_failure, record_details
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, shown

KEPT = "SELECT number, at, modified_raw, listed, detail FROM attempt WHERE product_id = ? ORDER BY number"


def modified(status: Status, version: str, **facts: object) -> Observation:
    return shown(1, status, modified_raw=version, modified_at=NOON, **facts)


def kept(store: Store, product_id: int = 1) -> list[tuple[int, str, str | None]]:
    """Number, title and the title of the detail (None: no detail) of each attempt."""
    return [
        (int(str(number)), json.loads(str(listed))["title"], detail and json.loads(str(detail))["titles"].get("en"))
        for number, _, _, listed, detail in store.rows(KEPT, product_id)
    ]


def detail(title: str, product_id: int = 1) -> Detail:
    return Detail(
        product_id=product_id,
        status=REJECTED,
        platform_status="rejected",
        category_id=7,
        titles={"en": title},
        image_urls=(),
        attributes=(ListingAttribute(2, "Brand", None, "Acme"),),
        skus=(),
        modified_raw=None,
        modified_at=None,
    )


def test_each_rejection_keeps_what_the_listing_was(store: Store) -> None:
    store.sweep({1: shown(1, ACTIVE, title="As it was on sale"), 2: ACTIVE})
    store.after(hours=1).sweep({1: shown(1, REJECTED, title="First", price_min="9.90", currency="USD"), 2: ACTIVE})
    store.after(hours=1).sweep({1: shown(1, REJECTED, title="Edited while rejected"), 2: ACTIVE})
    store.after(hours=1).sweep({1: shown(1, AUDITING, title="Resubmitted"), 2: ACTIVE})
    store.after(hours=1).sweep({1: shown(1, REJECTED, title="Second"), 2: ACTIVE})
    assert kept(store) == [(1, "First", None), (2, "Second", None)]
    assert kept(store, 2) == []
    first = json.loads(str(store.rows(KEPT, 1)[0][3]))
    assert (first["price_min"], first["currency"]) == ("9.90", "USD")
    assert first["image_urls"] == ["https://pictures.example/1.jpg"]


def test_a_rejection_that_was_found_at_the_first_look_is_kept_too(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, title="Rejected before")})
    assert kept(store) == [(1, "Rejected before", None)]


def test_an_unchanged_sync_writes_none(store: Store) -> None:
    listings = {1: REJECTED, 2: AUDITING, 3: ACTIVE}
    store.sweep(listings)
    before = store.rows("SELECT * FROM attempt")
    for _ in range(3):
        assert store.after(hours=1).sweep(listings).changes == 0
    assert store.rows("SELECT * FROM attempt") == before
    assert len(before) == 1


def test_a_detail_that_was_current_at_the_rejection_is_kept_with_it(store: Store) -> None:
    store.sweep({1: modified(AUDITING, "1")})
    record_details(store.db, store.id, [detail("Read in audit")], store.now)
    store.after(hours=1).sweep({1: modified(REJECTED, "1")})
    assert kept(store) == [(1, "Listing 1", "Read in audit")]


def test_a_detail_of_before_the_last_change_is_not(store: Store) -> None:
    store.sweep({1: modified(AUDITING, "1")})
    record_details(store.db, store.id, [detail("Read in audit")], store.now)
    store.after(hours=1).sweep({1: modified(REJECTED, "2")})
    assert kept(store) == [(1, "Listing 1", None)]


def test_a_category_that_only_an_earlier_detail_told_is_not_told(store: Store) -> None:
    store.sweep({1: modified(AUDITING, "1")})
    record_details(store.db, store.id, [detail("Read in audit")], store.now)
    for status, version in ((REJECTED, "1"), (AUDITING, "2"), (REJECTED, "2")):
        store.after(hours=1).sweep({1: modified(status, version)})
    categories = [json.loads(str(row[3]))["category_id"] for row in store.rows(KEPT, 1)]
    assert categories == [7, None]
    record_details(store.db, store.id, [detail("Read at last")], store.now)
    assert json.loads(str(store.rows(KEPT, 1)[1][3]))["category_id"] == 7


def test_a_detail_whose_reading_failed_is_not_taken_for_the_present_one(store: Store) -> None:
    store.sweep({1: modified(AUDITING, "1")})
    record_details(store.db, store.id, [detail("Read in audit")], store.now)
    store.after(hours=1).sweep({1: modified(AUDITING, "2")})
    record_detail_failure(store.db, store.id, 1, "2", "no answer", store.now)
    store.after(hours=1).sweep({1: modified(REJECTED, "2")})
    assert kept(store) == [(1, "Listing 1", None)]


def test_a_detail_read_afterwards_is_added_while_the_listing_is_what_was_rejected(store: Store) -> None:
    store.sweep({1: modified(REJECTED, "1")})
    record_details(store.db, store.id, [detail("Read a minute later")], store.now + timedelta(minutes=1))
    assert kept(store) == [(1, "Listing 1", "Read a minute later")]
    record_details(store.db, store.id, [detail("Read again")], store.now + timedelta(minutes=2))
    assert kept(store) == [(1, "Listing 1", "Read a minute later")]


def test_a_detail_read_after_the_next_change_is_not_added(store: Store) -> None:
    store.sweep({1: modified(REJECTED, "1")})
    store.after(hours=1).sweep({1: modified(REJECTED, "2", title="Edited")})
    record_details(store.db, store.id, [detail("Of the edited one")], store.now)
    assert kept(store) == [(1, "Listing 1", None)]


def test_without_a_time_of_change_only_what_did_not_change_gets_its_detail(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    store.after(hours=1).sweep({1: shown(1, REJECTED, title="Edited"), 2: REJECTED})
    for one in (1, 2):
        record_details(store.db, store.id, [detail("Read", one)], store.now)
    assert (kept(store), kept(store, 2)) == ([(1, "Listing 1", None)], [(1, "Listing 2", "Read")])


def test_a_listing_that_returns_months_later_has_its_next_number(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, title="March")})
    store.after(hours=1).sweep({1: ACTIVE})
    store.after(days=150).sweep({1: shown(1, REJECTED, title="August")})
    assert kept(store) == [(1, "March", None), (2, "August", None)]
