"""Whatever a page tells of a listing reaches its row, and what is told again is recognised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aexdash.snapshot.recording.observed import FACT_COLUMNS, FACTS, facts_of, fingerprint
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store, shown

MOSCOW = timezone(timedelta(hours=3))

KNOWN: dict[str, object] = {
    "title": "Kettle",
    "image_urls": ("https://pictures.example/1.jpg",),
    "price_min": "9.90",
    "price_max": "12.00",
    "currency": "USD",
    "created_at": NOON,
    "created_raw": "2026-03-09 12:00:00",
    "modified_at": NOON,
    "modified_raw": "2026-03-09 12:00:00",
    "offline_at": NOON,
    "offline_raw": "2026-03-09 12:00:00",
    "category_id": 5,
    "sku_codes": ("A",),
    "product_type": "normal",
    "extra": '{"a": 1}',
}

EDITED = [
    ("title", "Red kettle", "Red kettle"),
    ("image_urls", ("https://pictures.example/2.jpg",), '["https://pictures.example/2.jpg"]'),
    ("price_min", "8.90", "8.90"),
    ("price_max", "13.00", "13.00"),
    ("currency", "EUR", "EUR"),
    ("created_raw", "yesterday", "yesterday"),
    ("modified_raw", "yesterday", "yesterday"),
    ("offline_raw", "yesterday", "yesterday"),
    ("category_id", 6, 6),
    ("sku_codes", ("A", "B"), '["A", "B"]'),
    ("product_type", "virtual", "virtual"),
    ("extra", "{}", "{}"),
]

ROW = {
    **KNOWN,
    "image_urls": '["https://pictures.example/1.jpg"]',
    "sku_codes": '["A"]',
    **dict.fromkeys(("created_at", "modified_at", "offline_at"), "2026-03-09T12:00:00.000Z"),
}


def listing(store: Store) -> dict[str, object]:
    (row,) = store.rows(f"SELECT {', '.join(FACTS)} FROM listing")
    return dict(zip(FACTS, row, strict=True))


def test_every_fact_of_a_new_listing_is_in_its_row(store: Store) -> None:
    store.sweep({1: shown(1, ACTIVE, **KNOWN)})
    assert listing(store) == ROW
    assert store.rows("SELECT first_seen_at, changed_at FROM listing") == [("2026-03-09T12:00:00.000Z",) * 2]


@pytest.mark.parametrize(("fact", "value", "written"), EDITED)
def test_a_fact_that_changes_is_written_and_the_others_stay(
    store: Store, fact: str, value: object, written: object
) -> None:
    store.sweep({1: shown(1, ACTIVE, **KNOWN)})
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **KNOWN)}).changes == 0
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **(KNOWN | {fact: value}))}).changes == 1
    assert listing(store) == ROW | {fact: written}


@pytest.mark.parametrize("moment", ["created", "modified", "offline"])
def test_a_text_that_is_no_moment_takes_the_moment_of_the_earlier_text_away(store: Store, moment: str) -> None:
    told = {f"{moment}_at": None, f"{moment}_raw": "yesterday"}
    store.sweep({1: shown(1, ACTIVE, **KNOWN)})
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **(KNOWN | told))}).changes == 1
    assert listing(store) == ROW | told


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_is_not_told_any_more_stays(store: Store, fact: str) -> None:
    silence = {"title": "", "image_urls": (), "sku_codes": (), "extra": ""}
    pair = [fact, fact.replace("_at", "_raw"), fact.replace("_raw", "_at")]
    store.sweep({1: shown(1, ACTIVE, **KNOWN)})
    untold = {one: silence.get(one) for one in pair if one in KNOWN}
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **(KNOWN | untold))}).changes == 0
    assert listing(store) == ROW


@pytest.mark.parametrize("moment", ["created", "modified", "offline"])
def test_a_moment_without_its_text_is_compared_each_time(store: Store, moment: str) -> None:
    told = {f"{moment}_at": NOON}
    store.sweep({1: shown(1, ACTIVE, **told)})
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **told)}).changes == 0
    assert store.after(minutes=1).sweep({1: shown(1, ACTIVE, **{f"{moment}_at": NOON + timedelta(1)})}).changes == 1
    assert listing(store)[f"{moment}_at"] == "2026-03-10T12:00:00.000Z"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 9, 12, 0, 5, tzinfo=UTC), "2026-03-09T12:00:05.000Z"),
        (datetime(2026, 3, 9, 12, 0, 5, 250000, tzinfo=UTC), "2026-03-09T12:00:05.250Z"),
        (datetime(2026, 3, 9, 15, 0, 5, tzinfo=MOSCOW), "2026-03-09T12:00:05.000Z"),
    ],
)
def test_moments_are_written_in_utc_to_the_millisecond(moment: datetime, text: str) -> None:
    told = dict(zip(FACT_COLUMNS, facts_of(shown(1, ACTIVE, created_at=moment)), strict=True))
    assert (told["created_at"], told["modified_at"]) == (text, None)


def test_an_observation_is_recognised_by_what_an_earlier_process_wrote() -> None:
    """Other bytes for the same words would make the next sweep compare a whole store fact by fact."""
    assert fingerprint(shown(1, REJECTED, **KNOWN)) == bytes.fromhex("c86b4a9a9408ac59")
    assert fingerprint(shown(2, REJECTED, **KNOWN)) == fingerprint(shown(1, REJECTED, **KNOWN))
    assert fingerprint(shown(1, ACTIVE, **KNOWN)) != fingerprint(shown(1, REJECTED, **KNOWN))


@pytest.mark.parametrize("moment", ["created", "modified", "offline"])
def test_a_moment_stands_in_a_fingerprint_by_its_text_or_not_at_all(moment: str) -> None:
    assert fingerprint(shown(1, ACTIVE, **{f"{moment}_at": NOON})) is None
    assert fingerprint(shown(1, ACTIVE, **{f"{moment}_at": NOON, f"{moment}_raw": "noon"})) is not None
    assert fingerprint(shown(1, ACTIVE, **{f"{moment}_raw": "noon"})) is not None


def fingerprints(store: Store) -> dict[int, bytes]:
    return dict(store.db.conn.execute("SELECT product_id, digest FROM fingerprint").fetchall())


def test_each_listing_is_remembered_by_what_was_told_last(store: Store) -> None:
    old, new, beside = shown(1, ACTIVE), shown(1, ACTIVE, title="New"), shown(2, REJECTED)
    store.sweep({1: old})
    assert fingerprints(store) == {1: fingerprint(old)}
    store.after(minutes=1).sweep({1: old, 2: beside})
    assert fingerprints(store) == {1: fingerprint(old), 2: fingerprint(beside)}
    store.after(minutes=1).sweep({1: new, 2: beside})
    assert fingerprints(store) == {1: fingerprint(new), 2: fingerprint(beside)}


def test_a_missing_listing_is_forgotten_so_that_it_is_news_when_it_is_back(store: Store) -> None:
    other = Store(store.folder, "other")
    for one in (store, other):
        one.sweep({1: REJECTED, 2: REJECTED})
    store.after(minutes=1).record(store.stage({2: REJECTED}))
    assert store.rows("SELECT store_id, product_id FROM fingerprint") == [(store.id, 2), (other.id, 1), (other.id, 2)]
