"""When a store is read next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aexdash.model import Outcome
from aexdash.sync.schedule import LONGEST_BACK_OFF, Schedule

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PULSE, SWEEP = timedelta(seconds=60), timedelta(hours=1)


def starting(last_pulse_at=None, last_sweep_at=None):
    return Schedule.starting(NOON, last_pulse_at=last_pulse_at, last_sweep_at=last_sweep_at, pulse=PULSE, sweep=SWEEP)


def test_a_store_never_read_is_swept_at_once():
    assert starting().due(NOON) == "sweep"


def test_a_new_worker_goes_on_where_the_last_one_stopped():
    schedule = starting(last_pulse_at=NOON - timedelta(seconds=20), last_sweep_at=NOON - timedelta(minutes=10))
    assert schedule == Schedule(NOON + timedelta(seconds=40), NOON + timedelta(minutes=50))
    assert schedule.due(NOON) is None
    assert schedule.due(NOON + timedelta(seconds=40)) == "pulse"
    assert schedule.due(NOON + timedelta(minutes=50)) == "sweep"


def test_a_complete_sweep_puts_off_the_next_pulse_too():
    after = starting().after("sweep", Outcome.COMPLETE, NOON, pulse=PULSE, sweep=SWEEP)
    assert after == Schedule(NOON + PULSE, NOON + SWEEP)


def test_a_partial_run_is_followed_at_the_usual_time():
    before = starting(NOON - PULSE, NOON)
    after = before.after("pulse", Outcome.PARTIAL, NOON, pulse=PULSE, sweep=SWEEP)
    assert after == Schedule(NOON + PULSE, before.next_sweep_at)


def test_failures_back_off_to_a_quarter_of_an_hour_and_a_success_ends_it():
    schedule, now, pauses = starting(NOON - PULSE, NOON), NOON, []
    for _ in range(7):
        schedule = schedule.after("pulse", Outcome.FAILED, now, pulse=PULSE, sweep=SWEEP)
        pauses.append((schedule.next_pulse_at - now).total_seconds())
        now = schedule.next_pulse_at
    assert pauses == [60, 120, 240, 480, 900, 900, 900]
    assert schedule.after("pulse", Outcome.COMPLETE, now, pulse=PULSE, sweep=SWEEP).failures == 0


def test_a_ban_is_waited_for_to_the_second_the_platform_named():
    until = NOON + timedelta(seconds=14229)
    after = starting().after("sweep", Outcome.FAILED, NOON, pulse=PULSE, sweep=SWEEP, banned_until=until)
    assert after.due(until - timedelta(seconds=1)) is None
    assert after.due(until) == "sweep"


def test_sync_now_brings_the_next_run_forward():
    later = starting(NOON, NOON)
    assert later.asked_for("pulse", NOON).due(NOON) == "pulse"
    assert later.asked_for("sweep", NOON).due(NOON) == "sweep"


@given(st.lists(st.sampled_from(list(Outcome)), max_size=30))
def test_a_run_is_never_due_at_once_again_and_never_put_off_beyond_its_pause(outcomes):
    schedule, now = starting(), NOON
    for outcome in outcomes:
        schedule = schedule.after(schedule.due(now), outcome, now, pulse=PULSE, sweep=SWEEP)
        assert now < schedule.next_at() <= now + LONGEST_BACK_OFF
        now = schedule.next_at()


def test_a_plan_made_by_a_clock_that_was_ahead_is_not_waited_for():
    year = timedelta(days=400)
    assert starting(last_pulse_at=NOON + year, last_sweep_at=NOON + year) == Schedule(NOON + PULSE, NOON + SWEEP)
    ahead = starting(NOON, NOON).after("sweep", Outcome.FAILED, NOON + year, pulse=PULSE, sweep=SWEEP)
    assert ahead.due(NOON) == "pulse"
    right = ahead.after("pulse", Outcome.COMPLETE, NOON, pulse=PULSE, sweep=SWEEP)
    assert (right, right.due(NOON)) == (Schedule(NOON + PULSE, NOON + SWEEP), None)
