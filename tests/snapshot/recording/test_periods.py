from __future__ import annotations

import pytest

from aexdash.model import Outcome, Status
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store, at, shown


def test_a_period_knows_the_range_in_which_it_began_and_ended(store: Store) -> None:
    """The walks of a run begin 5 seconds before it ends."""
    store.sweep({1: ACTIVE})
    store.after(minutes=10).sweep({1: ACTIVE})
    store.after(minutes=10).sweep({1: REJECTED})
    assert store.periods(1, "status, started_after, started_at, ended_after, ended_at") == [
        ("active", None, at(), at(seconds=595), at(minutes=20)),
        ("rejected", at(seconds=595), at(minutes=20), None, None),
    ]


def test_a_listing_missing_meanwhile_was_last_known_before_that(store: Store) -> None:
    store.sweep({1: REJECTED})
    unaccounted = store.after(minutes=10).record(store.stage({}), outcome=Outcome.PARTIAL)
    again = store.after(minutes=10).record(store.stage({}), outcome=Outcome.PARTIAL)
    store.after(minutes=10).sweep({1: ACTIVE})
    assert (unaccounted.changes, again.changes) == (1, 0)
    assert store.periods(1, "status, ended_after, ended_at") == [
        ("rejected", at(seconds=-5), at(minutes=30)),
        ("active", None, None),
    ]


def test_what_was_known_last_is_told_by_walks_of_its_own_status(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: REJECTED})
    store.after(minutes=10).pulse({3: REJECTED})
    store.after(minutes=10).record(store.stage({2: REJECTED}))
    columns = "product_id, status, missing_after, started_after, ended_after"
    assert store.rows(f"SELECT {columns} FROM status_period ORDER BY product_id, id") == [
        (1, "active", at(seconds=-5), None, None),
        (2, "active", None, None, at(seconds=-5)),
        (2, "rejected", None, at(seconds=595), None),
        (3, "rejected", at(seconds=595), None, None),
    ]


def test_walks_before_a_period_say_nothing_of_it(store: Store) -> None:
    """An incomplete walk showed it first; the complete walk of that status was before."""
    store.sweep({})
    store.after(minutes=10).pulse({1: REJECTED}, incomplete=[REJECTED])
    store.after(minutes=10).pulse({1: AUDITING}, incomplete=[REJECTED])
    assert store.periods(1, "started_after, started_at, ended_after, ended_at") == [
        (at(seconds=-5), at(minutes=10), at(minutes=10), at(minutes=20)),
        (at(minutes=10), at(minutes=20), None, None),
    ]


def test_a_missing_listing_shown_again_unchanged_is_no_longer_missing(store: Store) -> None:
    store.sweep({1: REJECTED})
    store.after(minutes=10).record(store.stage({}), outcome=Outcome.PARTIAL)
    assert store.periods(1, "missing_after") == [(at(seconds=-5),)]
    store.after(minutes=10).sweep({1: REJECTED})
    assert store.periods(1, "missing_after, ended_at") == [(None, None)]


def test_a_missing_listing_shown_again_had_been_there_during_the_walks_that_missed_it(store: Store) -> None:
    """An incomplete walk shows it again: arrivals of such a walk count, and its moment is not kept for any listing."""
    store.sweep({1: REJECTED})
    store.after(minutes=10).record(store.stage({}), outcome=Outcome.PARTIAL)
    store.after(minutes=10).record(store.stage({}), outcome=Outcome.PARTIAL)
    store.after(minutes=10).sweep({1: REJECTED}, incomplete=[REJECTED])
    store.after(minutes=10).sweep({1: ACTIVE})
    assert store.periods(1, "status, ended_after, ended_at") == [
        ("rejected", at(seconds=1195), at(minutes=40)),
        ("active", None, None),
    ]


@pytest.mark.parametrize(
    ("before", "kind"),
    [(REJECTED, "resubmitted"), (ACTIVE, "re_review"), (OFFLINE, "re_review"), (None, "first_review")],
)
def test_what_an_audit_is_about_follows_from_the_period_before(store: Store, before: Status | None, kind: str) -> None:
    store.sweep({1: before} if before else {})
    store.after(minutes=1).sweep({1: AUDITING})
    assert store.periods(1, "audit_kind")[-1:] == [(kind,)]


def test_what_was_in_audit_when_we_first_looked_is_of_unknown_kind(store: Store) -> None:
    store.sweep({1: AUDITING})
    assert store.periods(1, "audit_kind, started_after") == [("unknown", None)]


def test_rejections_are_counted(store: Store) -> None:
    for status in (REJECTED, AUDITING, REJECTED, ACTIVE, REJECTED):
        store.after(minutes=1).sweep({1: status})
    assert store.periods(1, "status, attempt") == [
        ("rejected", 1),
        ("auditing", 1),
        ("rejected", 2),
        ("active", 2),
        ("rejected", 3),
    ]


def test_another_cause_of_being_offline_is_another_period_but_a_cause_not_told_is_not(store: Store) -> None:
    store.sweep({1: shown(1, OFFLINE, cause="expire_offline")})
    store.after(minutes=1).sweep({1: shown(1, OFFLINE)})
    store.after(minutes=1).sweep({1: shown(1, OFFLINE, cause="punish_offline")})
    assert store.periods(1, "cause, listed, ended_to") == [
        ("expire_offline", 0, "offline"),
        ("punish_offline", 1, None),
    ]
    assert store.rows("SELECT entered, left_count FROM day_bridge WHERE status = 'offline'") == [(1, 0)]


def test_another_word_of_the_platform_for_the_same_status_is_kept_in_the_period(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, platform_status="editingRequired")})
    result = store.after(minutes=1).sweep({1: shown(1, REJECTED, platform_status="refuse")})
    assert (result.changes, store.periods(1, "platform_status, attempt")) == (1, [("refuse", 1)])


def test_a_listing_that_was_edited_is_to_be_checked_again_in_the_period_it_is_in(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    store.db.execute("UPDATE status_period SET checked = 1")
    store.after(minutes=1).sweep({1: shown(1, REJECTED, title="New"), 2: REJECTED, 3: shown(3, ACTIVE, title="New")})
    assert store.rows("SELECT product_id, status, checked FROM status_period ORDER BY product_id, id") == [
        (1, "rejected", 0),
        (2, "rejected", 1),
        (3, "rejected", 1),
        (3, "active", 0),
    ]


def test_the_reasons_of_a_period_end_with_it_and_those_of_other_listings_stand(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    insert = """
        INSERT INTO listing_reason (period_id, store_id, product_id, code, provenance, first_seen_at, vanished_at)
        SELECT id, store_id, product_id, 'image.watermark', 'platform', ?, ? FROM status_period WHERE product_id = ?
    """
    for product_id, first_seen, vanished in ((1, at(), None), (1, at(), at(seconds=1)), (2, at(), None)):
        store.db.conn.execute(insert, [first_seen, vanished, product_id])
    store.db.conn.execute(insert, [at(hours=9), None, 3])  # told by a clock that ran ahead
    store.after(minutes=1).sweep({1: ACTIVE, 2: shown(2, REJECTED, title="New"), 3: ACTIVE})
    assert store.rows("SELECT product_id, vanished_at FROM listing_reason ORDER BY id") == [
        (1, at(minutes=1)),
        (1, at(seconds=1)),
        (2, None),
        (3, at(hours=9)),
    ]


def test_a_period_has_the_category_that_was_told_last(store: Store) -> None:
    store.sweep({1: shown(1, ACTIVE, category_id=5), 2: shown(2, ACTIVE, category_id=5)})
    store.after(minutes=1).sweep({1: REJECTED, 2: shown(2, REJECTED, category_id=6)})
    assert store.rows("SELECT product_id, category_id FROM status_period WHERE status = 'rejected'") == [(1, 5), (2, 6)]


def test_details_that_were_read_stay_known_in_the_next_period(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    insert = "INSERT INTO listing_detail (store_id, product_id, read_at, tried_at) VALUES (?, ?, ?, ?)"
    for product_id, read_at in ((1, at()), (2, None)):
        store.db.conn.execute(insert, [store.id, product_id, read_at, at()])
    store.after(minutes=1).sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    columns = "product_id, status, known"
    assert store.rows(f"SELECT {columns} FROM status_period WHERE status = 'rejected' ORDER BY product_id") == [
        (1, "rejected", 2),
        (2, "rejected", 0),
        (3, "rejected", 0),
    ]


@pytest.mark.parametrize(
    ("status", "cause", "listed"),
    [
        (AUDITING, None, 1),
        (REJECTED, None, 1),
        (ACTIVE, None, 0),
        (ACTIVE, "violate_offline", 0),
        (OFFLINE, None, 0),
        (OFFLINE, "expire_offline", 0),
        (OFFLINE, "violate_offline", 1),
        (OFFLINE, "punish_offline", 1),
    ],
)
def test_a_view_can_show_what_is_held_or_was_taken_down(
    store: Store, status: Status, cause: str | None, listed: int
) -> None:
    store.sweep({1: shown(1, status, cause=cause)})
    assert store.periods(1, "listed") == [(listed,)]
