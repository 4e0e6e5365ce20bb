"""What the worker tells of its plans, and which runs it may forget."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.model import HELD, Outcome
from aexdash.snapshot.known_store import last_ban
from aexdash.snapshot.recording.record import record_failure
from aexdash.snapshot.recording.worker_state import COLUMNS, last_runs, prune_runs, set_state
from tests.snapshot.store import ACTIVE, NOON, OFFLINE, REJECTED, Store

MONTH = timedelta(days=30)

PLANS = {
    "next_pulse_at": NOON,
    "next_sweep_at": NOON + timedelta(hours=1),
    "banned_until": NOON + timedelta(minutes=5),
    "ban_text": "ban will last 300 seconds",
    "token_expires_at": NOON + timedelta(days=9),
    "calls_this_hour": 12,
    "calls_budget": 600,
    "working_on": "pulse",
    "heartbeat_at": NOON,
}


def kept(store: Store) -> list[int]:
    return [run_id for (run_id,) in store.rows("SELECT id FROM sync_run ORDER BY id")]


def failed(store: Store, kind: str = "pulse") -> None:
    record_failure(
        store.db,
        store.id,
        kind=kind,
        started_at=store.now,
        finished_at=store.now,
        error_kind="throttled",
        message="Later.",
        calls=1,
    )


def test_every_plan_is_written_and_those_not_named_stay(store: Store) -> None:
    set_state(store.db, store.id, **PLANS)
    set_state(store.db, store.id, calls_this_hour=13)
    set_state(store.db, store.id)
    written = {name: to_text(value) if hasattr(value, "tzinfo") else value for name, value in PLANS.items()}
    columns = sorted(COLUMNS)
    (row,) = store.rows(f"SELECT {', '.join(columns)} FROM store_state")
    assert dict(zip(columns, row, strict=True)) == written | {"calls_this_hour": 13}


def test_a_store_without_plans_is_known_by_its_row(store: Store) -> None:
    set_state(store.db, store.id)
    assert store.rows("SELECT store_id, calls_this_hour FROM store_state") == [(store.id, 0)]


def test_plans_are_of_one_store(store: Store) -> None:
    other = Store(store.folder, "other")
    set_state(store.db, store.id, working_on="pulse")
    set_state(other.db, other.id, working_on="sweep")
    assert store.rows("SELECT store_id, working_on FROM store_state ORDER BY 1") == [
        (store.id, "pulse"),
        (other.id, "sweep"),
    ]


def test_the_last_ban_is_told_with_its_words(store: Store) -> None:
    assert last_ban(store.db.conn, store.id) is None
    set_state(store.db, store.id, working_on="pulse")
    assert last_ban(store.db.conn, store.id) is None
    set_state(store.db, store.id, banned_until=NOON, ban_text="bad \ud83d end")
    assert last_ban(store.db.conn, store.id) == (NOON, "bad \ufffd end")
    set_state(store.db, store.id, banned_until=NOON + timedelta(hours=1), ban_text="")
    assert last_ban(store.db.conn, store.id) == (NOON + timedelta(hours=1), "")
    set_state(store.db, store.id, banned_until=None, ban_text="Lifted.")
    assert last_ban(store.db.conn, store.id) is None


def test_the_last_runs_are_the_latest_of_each_kind_that_showed_something(store: Store) -> None:
    other = Store(store.folder, "other")
    store.sweep({})
    store.after(minutes=1).pulse({})
    store.after(minutes=1).pulse({})
    failed(store.after(minutes=1))
    failed(store, "sweep")
    other.after(hours=1).pulse({})
    assert last_runs(store.db, store.id) == {"sweep": NOON, "pulse": NOON + timedelta(minutes=2)}


def test_a_run_is_old_after_thirty_days_and_not_before(store: Store) -> None:
    for _ in range(3):
        store.after(days=1).pulse({})
    second = NOON + timedelta(days=2)
    assert (prune_runs(store.db, second + MONTH), kept(store)) == (0, [1, 2, 3])
    assert (prune_runs(store.db, second + MONTH + timedelta(milliseconds=1)), kept(store)) == (1, [1, 3])
    assert prune_runs(store.db, store.now + timedelta(days=2), keep_days=1) == 0


def test_runs_that_found_something_or_were_not_whole_are_never_forgotten(store: Store) -> None:
    store.pulse({})
    store.after(days=1).pulse({1: REJECTED})
    store.after(days=1).record(store.stage({1: REJECTED}, walks=HELD), kind="pulse", outcome=Outcome.PARTIAL)
    failed(store.after(days=1))
    for _ in range(3):
        store.after(days=1).pulse({1: REJECTED})
    assert (prune_runs(store.db, store.now + 2 * MONTH), kept(store)) == (
        1,
        [1, 2, 3, 4, 5, 7],
    )  # 5 ended the row of 3 and 4


def test_each_status_keeps_its_first_and_its_last_complete_walk(store: Store) -> None:
    store.sweep({}, incomplete=[OFFLINE])
    for _ in range(3):
        store.after(days=1).sweep({})
    for _ in range(2):
        store.after(days=1).pulse({})
    assert (prune_runs(store.db, store.now + 2 * MONTH), kept(store)) == (2, [1, 2, 4, 6])


def test_a_store_keeps_its_newest_run_and_the_newest_that_showed_something(store: Store) -> None:
    other = Store(store.folder, "other")
    store.record(store.stage({}, walks=[ACTIVE]))
    store.after(days=1).record(store.stage({}, walks=[]))
    failed(store.after(days=1))
    for _ in range(2):
        other.record(other.stage({}, walks=[]))
    assert (prune_runs(store.db, store.now + 2 * MONTH), kept(store)) == (1, [1, 2, 3, 5])


@pytest.mark.parametrize("days", [29, 31])
def test_how_long_runs_are_kept_can_be_said(store: Store, days: int) -> None:
    for _ in range(3):
        store.pulse({})
    assert prune_runs(store.db, NOON + timedelta(days=30), keep_days=days) == (1 if days < 30 else 0)
