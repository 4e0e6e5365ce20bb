"""Moments that were stamped by a clock that was ahead: told, never fresh, and moved back in their order."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from aexdash.clock import CLOCK_TOLERANCE, from_text, to_text
from aexdash.doctor.inside_snapshot import COUNT_CARDS, inside_snapshot
from aexdash.model import Status
from aexdash.snapshot.recording import recount, restamp
from aexdash.snapshot.recording.repair import repair
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import STALE_AFTER, Store
from tests.support import NOON, examples
from tests.ui.sample import main_store

R, A, S = Status.REJECTED, Status.AUDITING, Status.ACTIVE
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


KEYS = {"sync_run": "id", "status_period": "id", "walk": "run_id, status", "listing": "product_id"}


def moments(store: Store) -> list[tuple]:
    """Every stamped moment of the store, each with where it stands; the rows in an order that no moment decides."""
    found = []
    for table, columns in restamp.OF_STORE.items():
        if table in ("card_value", "spell", "store_state"):
            continue
        for column in columns:
            key = {"sync_run": "id", "status_period": "id", "walk": "run_id, status", "listing": "product_id"}.get(
                table
            )
            if key:
                rows = store.rows(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key}")
                found += [(table, column, *row) for row in rows if MOMENT.fullmatch(str(row[-1]))]
    return found


def mend(store: Store, now):
    return repair(store.db, now, COUNT_CARDS, future_moments=True)


def run_ids(store: Store) -> list[tuple]:
    return store.rows("SELECT as_of, finished_at FROM sync_run ORDER BY id")


def two_hours_ahead(store: Store) -> None:
    """12:00 right; 14:05 and 14:15 by a clock two hours ahead; 12:20 and 12:25 by the right one again."""
    store.sweep({1: R, 2: S, 3: S})
    store.after(hours=2, minutes=5).sweep({1: R, 2: R, 3: S})
    store.after(minutes=10).sweep({1: S, 2: R, 3: S})
    store.now = NOON + timedelta(minutes=20)
    store.sweep({1: S, 2: R, 3: R})
    store.after(minutes=5).sweep({1: S, 2: A, 3: R})


def test_a_reading_stamped_ahead_is_never_fresh_though_its_run_ended_a_moment_ago(store):
    two_hours_ahead(store)
    now = store.now + timedelta(seconds=30)
    fresh = store.snapshot.freshness("main", now, STALE_AFTER)
    ahead = NOON + timedelta(hours=2, minutes=15)
    assert (fresh.state, fresh.read_at) == ("ahead", store.now)
    assert ahead < fresh.stamped < ahead + timedelta(seconds=1)
    kept, found = inside_snapshot(store.folder / "snapshot.db", now)
    assert (kept.well, found.well) == (True, False)
    assert found.text.startswith("some are stamped ahead of this machine's clock (main: ")
    assert "the latest 109 min" in found.text
    assert found.advice.endswith("aexdash repair --future-moments moves them back in their order.")


@pytest.mark.parametrize(
    ("ahead", "state"),
    [(-30 * 86400, "stale"), (-60, "fresh"), (0, "fresh"), (119, "fresh"), (121, "ahead"), (400 * 86400, "ahead")],
)
def test_how_far_a_clock_may_be_ahead(store, ahead, state):
    store.now = NOON + timedelta(seconds=ahead)
    store.sweep({1: R})
    assert store.snapshot.freshness("main", NOON, STALE_AFTER).state == state
    assert store.snapshot.freshness(None, NOON, STALE_AFTER).state == state


def test_runs_that_ended_by_a_right_clock_get_its_moment_and_the_others_lie_before_them(store):
    two_hours_ahead(store)
    now = store.now + timedelta(minutes=1)
    before = store.rows("SELECT id, product_id, status, ended_to FROM status_period ORDER BY id")
    repaired = mend(store, now)
    runs = [from_text(as_of) for as_of, _ in run_ids(store)]
    assert (runs[0], runs[3], runs[4]) == (NOON, NOON + timedelta(minutes=20), NOON + timedelta(minutes=25))
    assert runs[0] < runs[1] < runs[2] < runs[3]
    # Of 14:05 and 14:15 it is known that they lie between 12:00 and 12:20, two hours drawn together to twenty minutes.
    stretch = timedelta(minutes=20) / timedelta(hours=2, minutes=15, milliseconds=1)
    assert abs(runs[1] - (NOON + stretch * timedelta(hours=2, minutes=5))) < timedelta(seconds=1)
    assert store.rows("SELECT id, product_id, status, ended_to FROM status_period ORDER BY id") == before
    assert store.snapshot.freshness("main", now, STALE_AFTER).state == "fresh"
    assert [found.well for found in inside_snapshot(store.folder / "snapshot.db", now)] == [True, True]
    assert str(repaired.moved[0]).startswith("main: ")
    assert mend(store, now + timedelta(seconds=1)).copy is None
    with closing(sqlite3.connect(repaired.copy)) as copy:
        latest = copy.execute("SELECT max(as_of) FROM sync_run").fetchone()[0]
    assert latest > to_text(NOON + timedelta(hours=2, minutes=15))


def test_without_being_asked_a_repair_moves_no_moment(store):
    two_hours_ahead(store)
    before = moments(store)
    assert repair(store.db, store.now, COUNT_CARDS, future_moments=False).copy is None
    assert moments(store) == before


PEOPLE_AND_PLATFORM = {
    *("listing.created_at", "listing.modified_at", "listing.offline_at", "order_line.created_at"),
    *("feed_file.dated_at", "feed_row.dated_at", "feed_status.ran_at", "store.held_since", "store.compared_at"),
    *("store_state.next_pulse_at", "store_state.next_sweep_at", "store_state.token_expires_at"),
    *("shop_touched.updated_at", "source_compared.compared_at", "source_compared.shop_read_at", "known_desk.at"),
    *("source_compared.speaks_until", "beacon.at"),
}
"""Moments that somebody else stamped, that are plans, or that are written or counted again."""


def test_every_moment_of_the_snapshot_is_moved_or_left_on_purpose(store):
    stamped = {**restamp.OF_STORE, **restamp.OF_SHOP}
    known = {f"{table}.{column}" for table, columns in stamped.items() for column in columns}
    known |= {f"{table}.{column}" for table, column in restamp.ELSEWHERE} | {"coverage.until_at"}
    tables = [
        name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[a-z]*'")
    ]
    named = re.compile(r"(.*_)?(at|after|since|until|from|as_of)$")
    found = {
        f"{table}.{column}"
        for table in tables
        for _, column, *_ in store.rows(f"PRAGMA table_info({table})")
        if named.fullmatch(column) and column not in ("came_from", "banned_until") and table != "_sqlite_migrations"
    }
    assert found - PEOPLE_AND_PLATFORM == known - PEOPLE_AND_PLATFORM


STEPS = some.lists(
    some.tuples(
        some.sampled_from([1, 5, 60, -90, -1500, 2000, 60 * 24 * 3, -60 * 24 * 3]),  # minutes the clock goes
        some.dictionaries(some.integers(1, 5), some.sampled_from([R, A, S]), min_size=1, max_size=5),
    ),
    min_size=2,
    max_size=10,
)


@settings(
    max_examples=examples(40),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, later=some.sampled_from([-60 * 24, -200, 0, 1, 600]))
def test_however_the_clock_went_nothing_is_lost_and_no_two_moments_change_places(tmp_path_factory, steps, later):
    store = Store(tmp_path_factory.mktemp("clock"))
    known: dict[int, Status] = {}
    for minutes, changes in steps:
        known |= changes
        store.after(minutes=minutes).sweep(known)
    now = store.now + timedelta(minutes=later)
    before = moments(store)
    repaired = mend(store, now)
    after = moments(store)
    assert [row[:-1] for row in after] == [row[:-1] for row in before]
    logical = [
        ((old[-1], new[-1]))
        for old, new in zip(before, after, strict=True)
        if old[1] in ("as_of", "started_at", "ended_at", "first_seen_at", "changed_at") and old[0] != "walk"
        if (old[0], old[1]) != ("sync_run", "started_at")
    ]
    pairs = sorted(set(logical))
    assert len({old for old, _ in pairs}) == len(pairs)  # one moment stays one moment
    assert [new for _, new in pairs] == sorted({new for _, new in pairs})  # and keeps its place
    limit = to_text(now + CLOCK_TOLERANCE)
    assert all(old == new for old, new in pairs if old <= limit)
    assert restamp.ahead(store.db.conn, now) == {}
    assert recount.differences(store.db.conn, COUNT_CARDS) == []
    assert bool(repaired.moved) == any(row[-1] > limit for row in before)
    assert mend(store, now + timedelta(seconds=1)).moved == ()
    # The next run goes on after them.
    store.now = max(now, store.now if later >= 0 else now) + timedelta(minutes=1)
    store.sweep(known)
    assert recount.differences(store.db.conn, COUNT_CARDS) == []
    store.db.close()


def test_what_a_shop_was_read_by_a_clock_ahead_moves_back_in_its_order_and_is_compared_again(tmp_path):
    shop = ShopStory(tmp_path)
    shop.read(product("1", stock=5))
    shop.now += timedelta(days=3)
    shop.read(product("1", stock=4))
    ahead = shop.read(product("1", stock=4, price=Decimal("7.50")))
    rows, now = shop.db.conn, NOON + timedelta(hours=1)
    main_store(shop.db)
    compared = "INSERT INTO source_compared (store_id, compared_at, speaks_until, whole) VALUES (1, ?, ?, 1)"
    rows.execute(compared, [to_text(ahead), to_text(ahead + timedelta(hours=3))])
    with closing(rows):
        assert list(restamp.ahead(rows, now)) == ["shop front"]
        moved = {one.of: one for one in restamp.move_back(rows, now)}
        assert (moved["shop front"].before, moved["shop front"].after) == (ahead, now)
        assert restamp.ahead(rows, now) == {}
        readings = rows.execute("SELECT began_at, ended_at FROM shop_reading ORDER BY id").fetchall()
        in_order = [moment for reading in readings for moment in reading]
        assert in_order == sorted(set(in_order))
        assert rows.execute("SELECT started_at FROM shop_period WHERE ended_at IS NULL").fetchall() == [(to_text(now),)]
        assert rows.execute("SELECT 1 FROM source_compared").fetchall() == []
