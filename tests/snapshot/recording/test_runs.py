from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import HELD, Outcome
from aexdash.platform_data import WalkReport
from aexdash.snapshot.recording.record import (
    TwoStoresOneSeller,
    ensure_store,
    name_seller,
    record_failure,
    record_run,
)
from aexdash.snapshot.recording.worker_state import last_runs, prune_runs, set_state
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, at, shown


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
        tolerance=timedelta(minutes=5),
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
