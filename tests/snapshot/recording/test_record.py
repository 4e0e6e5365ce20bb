from __future__ import annotations

import pytest

from aexdash.model import HELD, Outcome
from aexdash.platform_data import Observation
from aexdash.snapshot.recording.record import (
    Missing,
    Staging,
)
from aexdash.snapshot.recording.staging import BATCH
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, DELETED, NOON, OFFLINE, REJECTED, Store, at, report, shown


def test_a_sync_that_finds_nothing_new_writes_no_listing_and_no_period(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: REJECTED})
    for table in (
        "listing",
        "status_period",
        "listing_reason",
        "fingerprint",
        "status_count",
        "count_change",
        "version",
    ):
        for event in ("INSERT", "UPDATE", "DELETE"):
            store.db.execute(
                f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT raise(ABORT, '{table}'); END"
            )
    result = store.after(minutes=1).sweep({1: ACTIVE, 2: REJECTED})
    assert (result.changes, result.counts[ACTIVE], result.counts[REJECTED]) == (0, 1, 1)


def test_the_version_moves_only_with_what_is_shown(store: Store) -> None:
    def version() -> int:
        return store.snapshot.version()

    begun = version()
    store.sweep({1: ACTIVE})
    first = version()
    store.after(minutes=1).sweep({1: ACTIVE})
    unchanged = version()
    store.after(minutes=1).sweep({1: REJECTED})
    assert (first > begun, unchanged == first, version() > first) == (True, True, True)


def test_an_empty_store_read_for_the_first_time_is_news(store: Store) -> None:
    before = store.snapshot.version()
    assert store.sweep({}).changes == 0
    assert store.snapshot.version() == before + 1


def test_a_listing_that_no_walk_shows_stays_where_it_was(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    staging = store.after(minutes=1).stage({1: REJECTED})
    assert staging.missing() == [Missing(2, REJECTED)]
    store.record(staging, outcome=Outcome.PARTIAL)
    assert store.open_statuses() == {1: "rejected", 2: "rejected"}


def test_an_incomplete_walk_misses_nobody_but_shows_arrivals(store: Store) -> None:
    store.sweep({1: REJECTED, 2: ACTIVE})
    staging = store.after(minutes=1).stage({2: REJECTED}, walks=HELD, incomplete=[REJECTED])
    assert staging.missing() == []
    store.record(staging)
    assert store.open_statuses() == {1: "rejected", 2: "rejected"}


def test_a_pulse_misses_only_what_was_held(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: REJECTED, 3: AUDITING})
    staging = store.after(minutes=1).stage({}, walks=HELD)
    assert staging.missing() == [Missing(2, REJECTED), Missing(3, AUDITING)]
    assert staging.missing_count() == 2


def test_a_look_up_says_where_a_missing_listing_went(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    staging = store.after(minutes=1).stage({}, walks=HELD)
    staging.add_look_up(shown(1, ACTIVE))
    staging.add_look_up(Observation(2, DELETED, ""))
    assert staging.missing() == []
    assert store.record(staging).changes == 4
    assert store.open_statuses() == {1: "active", 2: "deleted"}
    assert store.rows("SELECT title FROM listing ORDER BY product_id") == [("Listing 1",), ("Listing 2",)]


def test_a_deleted_listing_that_comes_back_opens_a_new_period(store: Store) -> None:
    store.sweep({1: ACTIVE})
    staging = store.after(minutes=1).stage({})
    staging.add_look_up(Observation(1, DELETED, ""))
    store.record(staging)
    store.after(minutes=1).sweep({1: AUDITING})
    assert store.periods(1, "status, came_from, audit_kind, ended_to") == [
        ("active", None, None, "deleted"),
        ("deleted", "active", None, "auditing"),
        ("auditing", "deleted", "re_review", None),
    ]


def test_a_complete_attempt_replaces_what_earlier_attempts_showed(store: Store) -> None:
    staging = Staging(store.db, store.id)
    staging.begin_walk(REJECTED)
    staging.add([shown(1, REJECTED), shown(2, REJECTED)])
    staging.begin_walk(REJECTED)
    staging.add([shown(2, REJECTED)])
    staging.end_walk(report(REJECTED, NOON))
    assert staging.seen == 1
    store.record(staging)
    assert store.open_statuses() == {2: "rejected"}


def test_an_incomplete_last_attempt_leaves_what_all_attempts_showed(store: Store) -> None:
    staging = Staging(store.db, store.id)
    for one in (1, 2):
        staging.begin_walk(REJECTED)
        staging.add([shown(one, REJECTED)])
    staging.end_walk(report(REJECTED, NOON, complete=False))
    store.record(staging)
    assert store.open_statuses() == {1: "rejected", 2: "rejected"}


def test_a_listing_seen_in_two_walks_has_the_status_of_the_later(store: Store) -> None:
    staging = Staging(store.db, store.id)
    for status in (AUDITING, ACTIVE):
        staging.begin_walk(status)
        staging.add([shown(1, status)])
        staging.end_walk(report(status, NOON))
    store.record(staging)
    assert store.open_statuses() == {1: "active"}


def test_a_walk_that_left_a_listing_out_can_be_taken_back(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    staging = store.after(minutes=1).stage({}, walks=HELD)
    assert staging.missing_count() == 2
    staging.add_look_up(shown(1, REJECTED))
    staging.end_walk(report(REJECTED, store.now, complete=False))
    assert staging.missing() == []


def test_what_was_there_when_we_first_looked_did_not_come_that_day(store: Store) -> None:
    store.pulse({1: REJECTED, 2: REJECTED})
    store.after(hours=1).sweep({1: REJECTED, 3: REJECTED, 4: ACTIVE, 2: ACTIVE})
    columns = "status, opening, entered, first_seen, left_count, closing"
    assert store.rows(f"SELECT {columns} FROM day_bridge WHERE closing OR entered ORDER BY status") == [
        ("active", 0, 2, 1, 0, 2),
        ("rejected", 0, 3, 2, 1, 2),
    ]


def test_a_status_that_is_read_for_the_first_time_is_news_even_when_nothing_is_in_it(store: Store) -> None:
    store.pulse({1: REJECTED})
    before = store.snapshot.version()
    incomplete = store.after(minutes=1).sweep({1: REJECTED}, incomplete=[ACTIVE, OFFLINE])
    assert (incomplete.changes, store.snapshot.version()) == (0, before)
    assert (store.after(minutes=1).sweep({1: REJECTED}).changes, store.snapshot.version()) == (0, before + 1)
    assert (store.after(minutes=1).sweep({1: REJECTED}).changes, store.snapshot.version()) == (0, before + 1)


def test_a_run_knows_which_listings_it_showed_and_how_many_rows_it_read(store: Store) -> None:
    store.sweep({3: REJECTED})
    staging = store.after(minutes=1).stage({1: ACTIVE, 2: REJECTED}, walks=HELD)
    staging.add_look_up(shown(3, ACTIVE))
    assert (staging.seen, staging.showed([1, 2, 3])) == (2, {2, 3})


def test_more_listings_than_are_staged_at_a_time_are_all_recorded(store: Store) -> None:
    many = dict.fromkeys(range(1, 2 * BATCH + 2), REJECTED)
    assert store.sweep(many).counts[REJECTED] == len(many)
    assert store.after(minutes=1).sweep(many).changes == 0


def test_facts_that_are_not_told_stay_as_they_were_known(store: Store) -> None:
    known = {
        "price_min": "9.90",
        "currency": "USD",
        "category_id": 5,
        "sku_codes": ("A", "B"),
        "modified_raw": "2026-03-01 00:00:00",
        "modified_at": NOON,
        "extra": "{}",
    }
    store.sweep({1: shown(1, ACTIVE, **known)})
    result = store.after(minutes=1).sweep({1: shown(1, ACTIVE, price_min="8.90", title="", image_urls=())})
    columns = "title, price_min, currency, category_id, sku_codes, modified_raw, modified_at, changed_at"
    assert result.changes == 1
    assert store.rows(f"SELECT {columns} FROM listing") == [
        ("Listing 1", "8.90", "USD", 5, '["A", "B"]', "2026-03-01 00:00:00", at(), at(minutes=1))
    ]


def test_a_moment_and_its_text_change_together(store: Store) -> None:
    store.sweep({1: shown(1, ACTIVE, modified_raw="2026-03-01 00:00:00", modified_at=NOON)})
    store.after(minutes=1).sweep({1: shown(1, ACTIVE, modified_raw="yesterday")})
    assert store.rows("SELECT modified_raw, modified_at FROM listing") == [("yesterday", None)]


@pytest.mark.parametrize(
    "title",
    ["a\0b", "\u200fمرحبا\u200e RTL", "<b>x</b> **y** =1+1", "👟 ok", "x" * 10_000, "Кроссовки / Zapatos ñ", "'\"\\%_"],
)
def test_titles_are_stored_as_they_came(store: Store, title: str) -> None:
    store.sweep({1: shown(1, REJECTED, title=title, sku_codes=(title,))})
    (row,) = store.snapshot.page(View(), 10)
    assert (row.title, row.sku_codes) == (title, (title,))


def test_lone_surrogates_become_replacement_characters(store: Store) -> None:
    store.sweep(
        {1: shown(1, REJECTED, title="ok"), 2: shown(2, REJECTED, title="bad \ud83d end", sku_codes=("\udfff",))}
    )
    assert store.rows("SELECT title, sku_codes FROM listing ORDER BY product_id") == [
        ("ok", "[]"),
        ("bad \ufffd end", '["\ufffd"]'),
    ]


def test_ids_above_two_to_the_53_stay_exact(store: Store) -> None:
    big = 2**53 + 1
    store.sweep({big: REJECTED, big + 1: REJECTED})
    assert store.open_statuses() == {big: "rejected", big + 1: "rejected"}
