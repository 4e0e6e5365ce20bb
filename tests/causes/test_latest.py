"""Which movement is meant where none is named: the one that pages mark, or the day of a jump, never a reading alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.causes.latest import latest
from aexdash.causes.movement import Movement
from aexdash.causes.report import Outcome, examine
from aexdash.causes.watching import movement_of
from aexdash.clock import DAY, TICK
from aexdash.snapshot.compared.listings import What
from aexdash.words.causes import read_words
from tests.snapshot.store import ACTIVE, REJECTED, Store

MIDNIGHT = datetime(2026, 3, 9, tzinfo=UTC)


def a_jump_of_three_readings(tmp_path) -> Store:
    """Six more are rejected in each of three readings, a minute apart, at noon of a day that is read each minute."""
    store = Store(tmp_path, now=MIDNIGHT + timedelta(hours=11))
    every = range(1, 101)
    store.sweep(dict.fromkeys(every, ACTIVE))
    for minute in range(60):
        rejected = set(range(1, 6 * max(0, minute - 56) + 1))
        store.after(minutes=1).sweep({one: REJECTED if one in rejected else ACTIVE for one in every})
    return store


@pytest.mark.slow
def test_a_jump_of_today_is_its_day_and_not_the_reading_that_showed_a_part_of_it(tmp_path):
    store = a_jump_of_three_readings(tmp_path)
    jump = store.snapshot.past(None).last_jump(store.now)
    assert jump.at - jump.last_before == TICK
    found = latest(store.snapshot, None, store.now, What.HELD, about="history")
    assert found == Movement(What.HELD, MIDNIGHT - TICK, store.now, None, about="history")
    assert examine(store.snapshot, found, store.now, with_chain=False).moved == 18


def test_the_day_ends_with_its_last_reading_and_begins_no_later_than_the_gap_before_the_jump(tmp_path):
    store = Store(tmp_path, now=MIDNIGHT - timedelta(hours=2), tolerance=timedelta(hours=1))
    store.sweep(dict.fromkeys(range(1, 101), ACTIVE))
    store.after(hours=14).sweep({one: REJECTED if one < 10 else ACTIVE for one in range(1, 101)})
    read_at = store.now
    store.after(hours=30)
    found = latest(store.snapshot, None, store.now, What.REJECTED, about="history")
    jump = store.snapshot.past(None).last_jump(store.now)
    assert (found.what, found.start, found.end) == (What.REJECTED, jump.last_before, read_at)
    assert found.start < MIDNIGHT


def test_the_day_that_pages_mark_is_meant_and_has_the_report_of_its_mark(tmp_path):
    """Also where a smaller jump came after it, on a day that pages mark by nothing."""
    store = Store(tmp_path, now=MIDNIGHT - 12 * DAY + timedelta(hours=12), tolerance=DAY)
    for day, held in enumerate((*[12] * 8, 40, 12, 17, 17)):
        store.sweep({one: REJECTED if one <= held else ACTIVE for one in range(1, 101)})
        assert day < 11 or store.snapshot.past(None).last_jump(store.now).after == 17
        store.after(hours=24)
    marked = store.snapshot.spikes(None, store.now.date(), 30)
    found = latest(store.snapshot, None, store.now, What.HELD, about="history")
    assert [one.held for one in marked] == [40]
    assert found.key == movement_of(marked[0], None).key
    assert examine(store.snapshot, found, store.now, with_chain=False).moved == 28


def test_without_a_jump_there_is_none(tmp_path):
    store = Store(tmp_path)
    store.sweep({1: ACTIVE})
    assert latest(store.snapshot, None, store.now, What.HELD, about="history") is None


def test_a_store_that_was_never_read_is_none_that_was_first_read_later(tmp_path):
    """Of all stores nothing moved, and all of it was read, while nobody had read one of the two to this day."""
    store, never = Store(tmp_path), Store(tmp_path, "never")
    never.db.close()
    for _ in range(3):
        store.after(hours=12).sweep({1: ACTIVE})
    of_all = Movement(What.HELD, store.now - DAY, store.now)
    report = examine(store.snapshot, of_all, store.now, with_chain=False)
    assert (report.outcome, report.at_least) == (Outcome.NOT_READ, True)
    assert read_words(report).startswith("1 of 2 stores read at its end, at 11 Mar 2026 00:00 UTC; not all of the span")
    late = Store(tmp_path, "late", store.after(hours=1).now)
    late.sweep({2: ACTIVE})
    late.db.close()
    both = examine(store.snapshot, replace(of_all, stores=("main", "late")), store.now, with_chain=False)
    assert (both.outcome, both.stores_later) == (Outcome.NOTHING_MOVED, 1)
