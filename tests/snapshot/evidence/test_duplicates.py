"""Listings that share a title or a main picture: found by comparing only where that may find something else."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.model import Status
from aexdash.platform_data import PictureFacts
from aexdash.snapshot.evidence import duplicates
from aexdash.snapshot.evidence.api import record_pictures, refresh_duplicates
from tests.snapshot.store import NOON, Store, shown

COMPARED = (Status.ACTIVE, Status.AUDITING, Status.REJECTED)


@dataclass(frozen=True)
class Listing:
    """What is compared of a listing."""

    status: Status
    title: str
    picture: str


LISTINGS = st.dictionaries(
    st.integers(1, 5),
    st.builds(
        Listing,
        st.sampled_from([*COMPARED, Status.OFFLINE]),
        st.sampled_from(["", "Lamp", "lamp", "Chair"]),
        st.sampled_from(["", "a", "b", "c"]),
    ),
    min_size=1,
)
"""What a store shows; a title or a picture that is not shown leaves the one that was."""

CONTENTS = st.none() | st.dictionaries(st.sampled_from("abc"), st.sampled_from(["one", "two"]), min_size=1)
"""What is measured of some pictures after a sweep."""


def stored(store: Store) -> dict[tuple[int, str], list[int]]:
    """The duplicates that are kept of a store."""
    rows = store.db.execute("SELECT product_id, kind, others FROM duplicate WHERE store_id = ?", [store.id])
    return {(product_id, kind): json.loads(others) for product_id, kind, others in rows}


def plainly(known: dict[int, Listing], contents: dict[str, str]) -> dict[tuple[int, str], list[int]]:
    """The same, by going through all listings."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for product_id, listing in sorted(known.items()):
        if listing.status in COMPARED:
            if listing.title:
                groups["title", listing.title.casefold()].append(product_id)
            if listing.picture:
                groups["picture", contents.get(listing.picture, listing.picture)].append(product_id)
    return {
        (one, kind): [other for other in group if other != one]
        for (kind, _), group in groups.items()
        for one in group
        if len(group) > 1
    }


@given(st.lists(st.tuples(LISTINGS, CONTENTS), min_size=1, max_size=5))
def test_what_is_kept_is_what_comparing_everything_finds(tmp_path_factory, sweeps) -> None:
    store = Store(tmp_path_factory.mktemp("twins"))
    known: dict[int, Listing] = {}
    contents: dict[str, str] = {}
    for listings, measured in sweeps:
        store.after(minutes=1).sweep({one: _shown(one, listing) for one, listing in listings.items()})
        for one, listing in listings.items():
            before = known.get(one, listing)
            known[one] = Listing(listing.status, listing.title or before.title, listing.picture or before.picture)
        refresh_duplicates(store.db, store.id)
        assert stored(store) == plainly(known, contents)
        if measured:
            contents |= measured
            facts = [PictureFacts(url, "measured", 800, 800, content=content) for url, content in measured.items()]
            record_pictures(store.db, facts, NOON)
            refresh_duplicates(store.db, store.id)
            assert stored(store) == plainly(known, contents)
    store.db.close()


def _shown(product_id: int, listing: Listing):
    cause = "user_offline" if listing.status is Status.OFFLINE else None
    pictures = (listing.picture,) if listing.picture else ()
    return shown(product_id, listing.status, title=listing.title, image_urls=pictures, cause=cause)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The stores that were compared, in order."""
    found: list[int] = []
    really = duplicates._compare

    def compare(connection, store_id):
        found.append(store_id)
        return really(connection, store_id)

    monkeypatch.setattr(duplicates, "_compare", compare)
    return found


def test_a_listing_that_is_rejected_calls_for_no_comparison(store: Store, compared: list[int]) -> None:
    store.sweep({1: Status.ACTIVE, 2: Status.ACTIVE})
    refresh_duplicates(store.db, store.id)
    store.after(minutes=1).sweep({1: Status.REJECTED, 2: Status.ACTIVE})
    refresh_duplicates(store.db, store.id)
    assert compared == [store.id]


@pytest.mark.parametrize(
    "then",
    [
        {1: Status.ACTIVE, 2: Status.ACTIVE, 3: Status.ACTIVE},
        {1: Status.ACTIVE, 2: shown(2, Status.OFFLINE, cause="user_offline")},
        {1: Status.ACTIVE, 2: shown(2, Status.ACTIVE, title="Another")},
        {1: Status.ACTIVE, 2: shown(2, Status.ACTIVE, image_urls=("another",))},
    ],
)
def test_one_that_comes_goes_or_is_edited_does(store: Store, compared: list[int], then) -> None:
    store.sweep({1: Status.ACTIVE, 2: Status.ACTIVE})
    refresh_duplicates(store.db, store.id)
    store.after(minutes=1).sweep(then)
    refresh_duplicates(store.db, store.id)
    assert compared == [store.id] * 2


def test_what_is_written_while_it_is_compared_calls_for_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.sweep({1: shown(1, Status.ACTIVE, image_urls=("a",)), 2: shown(2, Status.ACTIVE, image_urls=("b",))})
    really = duplicates._compare

    def compare(connection, store_id):
        changed = really(connection, store_id)
        other = Store(store.folder, key="other")
        same = [PictureFacts(url, "measured", 800, 800, content="c0ffee") for url in "ab"]
        record_pictures(other.db, same, NOON)
        other.db.close()
        return changed

    monkeypatch.setattr(duplicates, "_compare", compare)
    refresh_duplicates(store.db, store.id)
    monkeypatch.setattr(duplicates, "_compare", really)
    assert stored(store) == {}
    refresh_duplicates(store.db, store.id)
    assert stored(store) == {(1, "picture"): [2], (2, "picture"): [1]}
    assert Path(store.folder).exists()
