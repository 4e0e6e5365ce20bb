"""When a channel that failed is tried again. Pure functions of what the desk holds, so a restart changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""The pauses between the first tries; the last one also between all later tries."""


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row, at least one."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def failures_within(failing: timedelta) -> int:
    """Return how many tries were made, by these pauses, by a channel that has been failing for so long."""
    passed, failures = timedelta(), 1
    for pause in PAUSES:
        passed += pause
        if failing < passed:
            return failures
        failures += 1
    return failures


def may_try(now: datetime, tried_at: datetime | None, failures: int) -> bool:
    """Say whether the pause is over; it is also over when the clock was set back before the last try."""
    if tried_at is None or failures < 1:
        return True
    return not tried_at <= now < tried_at + pause_after(failures)
