"""Nothing delays a pulse: not pictures, advice or orders of a slow host, and not the sweep of a large store."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.aliexpress.listings import connect
from aexdash.clock import to_text
from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Outcome, Status
from aexdash.sync.worker.store_worker import StoreWorker
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import FIRST, NOON, Shop, examples
from tests.sync.worker.test_worker import LIST, health, settings_of

PULSE = timedelta(seconds=60)
A_PAGE = 5.0
"""Seconds that a page of a list takes in a large store."""


def store_of(folder, *, rejected=3, auditing=2, active=0) -> Shop:
    statuses = [Status.REJECTED] * rejected + [Status.AUDITING] * auditing + [Status.ACTIVE] * active
    return Shop(folder, ScriptedWorld(plain_listing(FIRST + n, status) for n, status in enumerate(statuses)))


def test_a_picture_host_that_drips_delays_no_pulse(tmp_path):
    """Each picture takes 20 minutes, and its connection is still open when the next pulse is due."""
    shop, drips = store_of(tmp_path), threading.Event()

    def respond(method, url, headers, body):
        if "/img/" in url:
            shop.clock.move(minutes=20)
            drips.wait()
        return shop._respond(method, url, headers, body)

    seller = connect(shop.account, clock=shop.clock, sleep=shop.clock.sleep, respond=respond)
    worker = StoreWorker(settings_of(shop), "main", seller, clock=shop.clock, log=print)
    try:
        result = worker.step()
        assert (result.outcome, result.held) == (Outcome.COMPLETE, 5)
        assert result.evidence_left
        assert health(shop).freshness.next_at == result.read_at + PULSE
        assert worker.step().kind == "pulse"
    finally:
        drips.set()
        worker.close()
        shop.close()


@pytest.mark.parametrize("method", ["aliexpress.product.diagnosis.*", "aliexpress.solution.order.get", "picture"])
def test_the_next_reading_is_planned_from_this_one_on_and_not_from_the_end_of_what_follows_it(tmp_path, method):
    """A call beside the reading takes 25 seconds."""
    shop = store_of(tmp_path)
    shop.faults.add(FaultKind.LATENCY, 25, method=method)
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=print)
    for _ in range(3):
        result = worker.step()
        assert result.outcome is Outcome.COMPLETE
        assert health(shop).freshness.next_at == result.read_at + PULSE
        # Four calls go on at a time, and each moves this clock: real ones pass side by side.
        assert shop.clock() <= result.read_at + PULSE + timedelta(seconds=4 * 25)
        shop.clock.at = max(shop.clock(), result.read_at + PULSE)
    worker.close()
    shop.close()


@pytest.mark.slow
def test_a_sweep_of_a_large_store_lets_its_pulses_go_first(tmp_path):
    """Of 3,000 on sale 31 pages of five seconds; a listing is rejected meanwhile and is seen by the next pulse."""
    shop = store_of(tmp_path, active=3000)
    shop.faults.add(FaultKind.LATENCY, A_PAGE, method=LIST)
    moved, late = [], FIRST + 3004
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=print)

    def between_calls(_call) -> None:
        if shop.clock() >= NOON + timedelta(seconds=90) and not moved:
            moved.append(shop.clock())
            shop.world.move(late, Status.REJECTED, at=shop.clock())

    shop.between_calls = between_calls
    result = worker.step()
    assert (result.kind, result.outcome) == ("sweep", Outcome.COMPLETE)
    runs = shop.snapshot.runs(20)[::-1]
    assert {run.outcome.value for run in runs} == {"complete"}
    assert [run.kind for run in runs] == ["pulse"] * (len(runs) - 1) + ["sweep"]
    assert len(runs) > 2
    ends = [NOON, *(run.finished_at for run in runs)]
    between = [later - earlier for earlier, later in pairwise(ends)]
    assert max(between[:-1]) <= PULSE + 5 * timedelta(seconds=A_PAGE)
    seen = next(at for number, status, at, _ in shop.periods() if (number, status) == (late, "rejected"))
    assert seen == to_text(runs[1].as_of)
    worker.close()
    shop.close()


def test_what_a_sweep_showed_before_a_pulse_does_not_undo_the_pulse(tmp_path):
    """A listing is on sale when its page is read, rejected at the pulse, and offline once that page was read."""
    shop = store_of(tmp_path, active=7)
    shop.faults.add(FaultKind.LATENCY, 25, method=LIST)
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=print)
    worker.step()
    begun, moves = shop.clock(), [(76, Status.REJECTED), (151, Status.OFFLINE)]

    def between_calls(_call) -> None:
        while moves and shop.clock() >= begun + timedelta(seconds=moves[0][0]):
            shop.world.move(FIRST + 11, moves.pop(0)[1], at=shop.clock())

    shop.between_calls = between_calls
    worker.ask("sweep")
    result = worker.step()
    story = [(status, ended is None) for number, status, _, ended in shop.periods() if number == FIRST + 11]
    assert story == [("active", False), ("rejected", False), ("offline", True)]
    assert (moves, result.outcome) == ([], Outcome.COMPLETE)
    worker.close()
    shop.close()


HERE_AND_THERE = st.sampled_from([Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.OFFLINE])
MOVES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 11), HERE_AND_THERE), max_size=12)


@pytest.mark.slow
@settings(max_examples=examples(80), deadline=None)
@given(moves=MOVES)
def test_whatever_moves_during_such_a_sweep_the_books_are_exact(tmp_path_factory, moves):
    """Listings go to and fro at any call. Each run balances, which it checks itself; what the sweep records of one is
    no older than what a pulse in between had recorded of it, and the next sweep finds all well."""
    shop = store_of(tmp_path_factory.mktemp("moves"), active=7)
    shop.faults.add(FaultKind.LATENCY, 25, method=LIST)
    worker = StoreWorker(settings_of(shop), "main", shop.seller, clock=shop.clock, log=print)
    worker.step()
    waiting = sorted(moves, key=lambda move: move[0])
    was = {number: [(shop.clock(), status)] for number, status in shop.open_statuses().items()}

    def between_calls(call) -> None:
        while waiting and waiting[0][0] <= call:
            _, number, status = waiting.pop(0)
            shop.world.move(FIRST + number, status, at=shop.clock())
            was[FIRST + number].append((shop.clock(), status))

    shop.between_calls, shop._call = between_calls, -1
    worker.ask("sweep")
    result = worker.step()
    assert result.kind == "sweep"
    assert "failed" not in {run.outcome.value for run in shop.snapshot.runs(20)}
    assert any(run.kind == "pulse" for run in shop.snapshot.runs(20)), "this sweep is long enough for one"
    pulses = {to_text(run.as_of): run.started_at for run in shop.snapshot.runs(20) if run.kind == "pulse"}
    known = {number: pulses[at] for number, _, at, _ in shop.periods() if at in pulses}
    for number, status in shop.open_statuses().items():
        since = known.get(number, was[number][0][0])
        before = [state for at, state in was[number] if at <= since][-1:]
        assert status in [*before, *(state for at, state in was[number] if at > since)]
    between_calls(10**6)
    shop.faults.clear()
    shop.clock.move(minutes=5)
    worker.ask("sweep")
    assert worker.step().outcome is Outcome.COMPLETE
    now = shop.clock()
    assert shop.open_statuses() == {FIRST + n: shop.world.listing(FIRST + n, now).status for n in range(12)}
    worker.close()
    shop.close()
