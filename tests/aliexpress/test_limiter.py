from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.aliexpress.errors import Throttled
from aexdash.aliexpress.protocol.limiter import Limiter
from tests.aliexpress.played import Time

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def limiter(time, per_second=None, per_hour=None):
    return Limiter(per_second, per_hour, time, time.sleep)


def test_calls_are_spaced():
    time = Time()
    paced = limiter(time, per_second=4)
    for _ in range(3):
        paced.wait()
    assert time.slept == [0.25, 0.25]


def test_without_a_rate_nobody_waits():
    time = Time()
    free = limiter(time)
    for _ in range(100):
        free.wait()
    assert time.slept == []
    assert free.calls_this_hour == 100


def test_a_short_ban_is_waited_out():
    time = Time()
    banned = limiter(time)
    banned.ban(NOON + timedelta(seconds=9), "nine seconds")
    assert (banned.banned_until, banned.ban_text) == (NOON + timedelta(seconds=9), "nine seconds")
    banned.wait()
    assert time.slept == [9.0]
    assert (banned.banned_until, banned.calls_this_hour) == (None, 1)


def test_a_long_ban_is_raised_with_its_end_and_costs_no_call():
    banned = limiter(Time())
    banned.ban(NOON + timedelta(seconds=14229), "App 1 is banned.")
    with pytest.raises(Throttled, match=r"^App 1 is banned\.$") as caught:
        banned.wait()
    assert caught.value.until == datetime(2026, 3, 9, 15, 57, 9, tzinfo=UTC)
    assert caught.value.seconds == 14229
    assert banned.calls_this_hour == 0


def test_a_ban_ends_by_itself():
    time = Time()
    banned = limiter(time)
    banned.ban(NOON + timedelta(hours=4), "long")
    time.now += timedelta(hours=4)
    banned.wait()
    assert (banned.banned_until, banned.ban_text, time.slept) == (None, "", [])


def test_a_shorter_ban_does_not_shorten_a_longer_one():
    banned = limiter(Time())
    banned.ban(NOON + timedelta(hours=4), "long")
    banned.ban(NOON + timedelta(seconds=1), "short")
    assert (banned.banned_until, banned.ban_text) == (NOON + timedelta(hours=4), "long")


def test_the_budget_of_the_hour_frees_as_calls_grow_old():
    time = Time()
    frugal = limiter(time, per_hour=2)
    frugal.wait()
    time.now += timedelta(minutes=20)
    frugal.wait()
    with pytest.raises(Throttled, match="budget of 2 calls an hour is used up until 2026-03-09 13:00:00 UTC") as caught:
        frugal.wait()
    assert caught.value.until == NOON + timedelta(hours=1)
    assert (frugal.calls_this_hour, frugal.calls_budget) == (2, 2)
    time.now = NOON + timedelta(hours=1)
    frugal.wait()
    assert frugal.calls_this_hour == 2


def test_a_ban_teaches_it_to_go_slower_and_calls_ease_it():
    time = Time()
    taught = limiter(time, per_second=10)
    taught.ban(NOON, "over at once")
    taught.wait()
    taught.wait()
    taught.wait()
    assert time.slept == [0.2, 0.196]
    for _ in range(60):
        taught.wait()
    assert time.slept[-1] == 0.1


def test_a_clock_set_back_does_not_make_anybody_wait_for_the_old_time():
    time = Time()
    paced = limiter(time, per_second=1)
    paced.wait()
    time.now -= timedelta(hours=3)
    paced.wait()
    assert time.slept == []


def test_threads_share_one_pace_and_one_count():
    """Turns are handed out under one lock, so forty calls at ten a second take four seconds however many ask."""
    frozen, slept = NOON, []
    paced = Limiter(10, None, lambda: frozen, slept.append)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            pool.submit(paced.wait)
    assert sorted(slept) == [pytest.approx(turn / 10) for turn in range(1, 40)]
