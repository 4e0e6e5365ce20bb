from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.model import HELD, Observation, Outcome, Status, WalkReport
from aexdash.snapshot.recording.record import (
    Missing,
    Staging,
    TwoStoresOneSeller,
    ensure_store,
    name_seller,
    record_failure,
    record_run,
)
from aexdash.snapshot.recording.staging import BATCH
from aexdash.snapshot.recording.worker_state import last_runs, prune_runs, set_state
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, DELETED, NOON, OFFLINE, REJECTED, Store, report, shown


def at(**span: float) -> str:
    return to_text(NOON + timedelta(**span))


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


def test_a_store_is_known_once_and_brought_up_to_date(store: Store) -> None:
    again = ensure_store(store.db, key="main", title="New title", model="pop", now=NOON, edit_url="e", watched=False)
    assert again == store.id
    (row,) = store.snapshot.stores()
    assert (row.title, row.model, row.edit_url, row.watched) == ("New title", "pop", "e", False)


@pytest.mark.parametrize(
    ("named", "value"),
    [
        ("title", "New title"),
        ("model", "pop"),
        ("currency", "EUR"),
        ("edit_url", "https://edit.example/{product_id}"),
        ("item_url", "https://item.example/{product_id}"),
        ("watched", 0),
    ],
)
def test_what_the_settings_change_of_a_store_is_news_once(store: Store, named: str, value: object) -> None:
    told: dict[str, object] = {"title": "main", "model": "overseas", "currency": "USD", "now": NOON}
    ensure_store(store.db, key="main", **told)
    before, known = store.snapshot.version(), store.rows("SELECT * FROM store")
    ensure_store(store.db, key="main", **(told | {"now": NOON + timedelta(days=1)}))
    assert (store.snapshot.version(), store.rows("SELECT * FROM store")) == (before, known)
    for _ in range(2):
        ensure_store(store.db, key="main", **(told | {named: value}))
        assert (store.snapshot.version(), store.rows(f"SELECT {named} FROM store")) == (before + 1, [(value,)])


def test_a_currency_that_the_settings_do_not_name_stays(store: Store) -> None:
    for currency in ("USD", None):
        ensure_store(store.db, key="main", title="main", model="overseas", now=NOON, currency=currency)
    assert store.rows("SELECT currency, added_at FROM store") == [("USD", at())]


def test_two_stores_cannot_be_one_seller(store: Store) -> None:
    other = ensure_store(store.db, key="other", title="Other", model="pop", now=NOON)
    name_seller(store.db, store.id, "42")
    name_seller(store.db, store.id, "42")
    with pytest.raises(TwoStoresOneSeller, match="'main' are the same seller account; remove one"):
        name_seller(store.db, other, "42")


def test_a_failed_run_shows_nothing_and_changes_nothing(store: Store) -> None:
    store.sweep({1: REJECTED})
    before = store.snapshot.version()
    failed = {"kind": "pulse", "started_at": NOON, "finished_at": NOON, "error_kind": "throttled", "calls": 2}
    record_failure(store.db, store.id, message="Later.", **failed)
    (run, _) = store.snapshot.runs(5)
    assert (run.outcome, run.as_of, run.error_kind, run.message, run.calls) == (
        Outcome.FAILED,
        None,
        "throttled",
        "Later.",
        2,
    )
    assert store.snapshot.version() == before


def test_a_run_is_written_down_with_all_that_was_said_of_it(store: Store) -> None:
    staging = store.stage({1: ACTIVE, 2: AUDITING}, walks=HELD)
    result = record_run(
        store.db,
        staging,
        kind="pulse",
        started_at=NOON,
        finished_at=NOON + timedelta(seconds=7),
        outcome=Outcome.PARTIAL,
        calls=9,
        message="One look-up failed.",
        unresolved=3,
        platform_auditing=4,
        platform_active=5,
    )
    columns = "kind, started_at, finished_at, as_of, outcome, calls, seen, changes, unresolved, error_kind, message"
    assert store.rows(f"SELECT id, {columns}, platform_auditing, platform_active FROM sync_run") == [
        (
            result.run_id,
            "pulse",
            at(),
            at(seconds=7),
            at(seconds=7),
            "partial",
            9,
            1,
            2,
            3,
            None,
            "One look-up failed.",
            4,
            5,
        )
    ]


def test_a_failed_run_is_written_down_with_its_moments_and_no_counts(store: Store) -> None:
    told = {"started_at": NOON, "finished_at": NOON + timedelta(seconds=7), "error_kind": "ban", "calls": 2}
    first = record_failure(store.db, store.id, kind="sweep", message="bad \ud83d end", **told)
    columns = "id, kind, started_at, finished_at, as_of, outcome, calls, seen, changes, unresolved, error_kind, message"
    assert store.rows(f"SELECT {columns}, platform_auditing, platform_active FROM sync_run") == [
        (first, "sweep", at(), at(seconds=7), None, "failed", 2, 0, 0, 0, "ban", "bad \ufffd end", None, None)
    ]


def test_a_walk_is_written_down_with_what_it_came_to(store: Store) -> None:
    staging = store.stage({}, walks=[])
    later = NOON + timedelta(seconds=3)
    staging.end_walk(WalkReport(REJECTED, NOON, later, 210, 208, 3, 2, False, "its total moved"))
    staging.end_walk(WalkReport(AUDITING, NOON, later, 0, 0, 1, 1, True))
    run = store.record(staging)
    columns = "run_id, store_id, status, started_at, finished_at, reported, seen, pages, attempts, complete, note"
    assert store.rows(f"SELECT {columns} FROM walk ORDER BY status") == [
        (run.run_id, store.id, "auditing", at(), at(seconds=3), 0, 0, 1, 1, 1, ""),
        (run.run_id, store.id, "rejected", at(), at(seconds=3), 210, 208, 3, 2, 0, "its total moved"),
    ]


def test_old_runs_that_found_nothing_are_forgotten_but_not_what_is_still_needed(store: Store) -> None:
    for _ in range(5):
        store.after(days=1).sweep({1: ACTIVE})
    assert prune_runs(store.db, store.now + timedelta(days=40)) == 3
    assert [run.id for run in store.snapshot.runs(10)] == [5, 1]
    assert store.rows("SELECT DISTINCT run_id FROM walk") == [(1,), (5,)]
    assert prune_runs(store.db, store.now + timedelta(days=40)) == 0


def test_the_worker_tells_its_plans(store: Store) -> None:
    assert (last_runs(store.db, store.id), store.snapshot.hero(View()).held) == ({}, None)
    store.sweep({})
    set_state(store.db, store.id, next_pulse_at=NOON, ban_text=None, working_on="pulse")
    set_state(store.db, store.id, working_on="")
    assert (last_runs(store.db, store.id), store.snapshot.hero(View()).held) == ({"sweep": NOON}, 0)
    assert store.rows("SELECT next_pulse_at, ban_text, working_on FROM store_state") == [(at(), "", "")]
    with pytest.raises(ValueError, match="store_state has no nonsense"):
        set_state(store.db, store.id, nonsense=1)


def test_coverage_breaks_where_a_run_was_not_whole_or_a_day_lies_between(store: Store) -> None:
    store.sweep({})
    store.after(hours=1).sweep({})
    store.after(hours=1).sweep({}, incomplete=[REJECTED])
    store.after(hours=1).sweep({})
    store.after(days=2).sweep({})
    assert store.rows("SELECT from_at, to_at FROM coverage ORDER BY from_at") == [
        (at(), at(hours=1)),
        (at(hours=3), at(hours=3)),
        (at(days=2, hours=3), at(days=2, hours=3)),
    ]


def test_coverage_goes_on_in_its_last_spell(store: Store) -> None:
    for days in (0, 5, 1, 5, 1, 1):
        store.after(days=days).pulse({})
    assert store.rows("SELECT from_at, to_at FROM coverage ORDER BY from_at") == [
        (at(), at()),
        (at(days=5), at(days=6)),
        (at(days=11), at(days=13)),
    ]


def test_the_first_run_that_read_all_that_is_held_is_news(store: Store) -> None:
    """Each held status was read before, but never both in one run, so nothing could be said of what is held."""
    store.pulse({}, incomplete=[REJECTED])
    store.after(minutes=1).pulse({}, incomplete=[AUDITING])
    before = store.snapshot.version()
    store.after(minutes=1).pulse({})
    store.after(minutes=1).pulse({})
    assert store.snapshot.version() == before + 1


def test_stores_keep_books_of_their_own(store: Store) -> None:
    """What one store records changes no count, spell, bridge or moment of another."""
    other = Store(store.folder, "other")
    store.sweep({1: REJECTED, 2: ACTIVE})
    tables = ("status_count", "count_change", "day_bridge", "coverage", "status_period", "listing", "fingerprint")

    def kept(of: Store) -> list[list[tuple[object, ...]]]:
        held = [of.rows("SELECT held_since FROM store WHERE id = ?", of.id)]
        return held + [of.rows(f"SELECT * FROM {table} WHERE store_id = ? ORDER BY 1, 2, 3", of.id) for table in tables]

    before = kept(store)
    other.after(hours=1).sweep({1: ACTIVE, 2: REJECTED, 3: AUDITING})
    other.after(hours=1).sweep({1: shown(1, AUDITING, title="New"), 2: ACTIVE})
    other.after(hours=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    assert kept(store) == before
    assert store.rows("SELECT id, held_since FROM store ORDER BY id") == [(store.id, at()), (other.id, None)]
    assert other.rows("SELECT from_at, to_at FROM coverage WHERE store_id = ?", other.id) == [
        (at(hours=1), at(hours=3))
    ]
