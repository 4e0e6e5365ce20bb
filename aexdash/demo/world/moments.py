"""The fixed dates of the simulated store, all UTC: the worked example of March 2026, the census, the spikes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

DEFAULT_SEED = 2026

QUIET_FROM = datetime(2026, 2, 1, tzinfo=UTC)
"""From here to the worked example nothing is held; listings only expire, are relisted and repriced."""

MARCH_EDITED = (
    datetime(2026, 3, 9, 5, 20, tzinfo=UTC),
    datetime(2026, 3, 9, 5, 28, tzinfo=UTC),
    datetime(2026, 3, 9, 5, 36, tzinfo=UTC),
    datetime(2026, 3, 9, 5, 44, tzinfo=UTC),
    datetime(2026, 3, 9, 5, 52, tzinfo=UTC),
)
"""When the seller spoiled the five listings: four low-resolution pictures, one brand left empty."""

MARCH_HELD = (
    datetime(2026, 3, 9, 6, 10, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 18, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 25, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 33, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 40, tzinfo=UTC),
)
"""When the platform held them: four rejected, the fifth (brand) taken into audit."""

MARCH_FIXED = (
    datetime(2026, 3, 9, 14, 5, tzinfo=UTC),
    datetime(2026, 3, 9, 14, 17, tzinfo=UTC),
    datetime(2026, 3, 9, 14, 31, tzinfo=UTC),
    datetime(2026, 3, 9, 14, 44, tzinfo=UTC),
    datetime(2026, 3, 9, 14, 55, tzinfo=UTC),
)
"""When they were repaired and resubmitted, all five to audit."""

MARCH_PASSED = (
    datetime(2026, 3, 10, 9, 12, tzinfo=UTC),
    datetime(2026, 3, 10, 15, 40, tzinfo=UTC),
    datetime(2026, 3, 10, 20, 5, tzinfo=UTC),
    datetime(2026, 3, 11, 2, 30, tzinfo=UTC),
    datetime(2026, 3, 11, 10, 45, tzinfo=UTC),
)
"""When the review passed them, one by one."""

MARCH_JUMP_BEGINS = MARCH_HELD[0]
MARCH_JUMP = MARCH_HELD[-1]
"""From this moment all five are held: 4 rejected, 1 in audit."""
MARCH_RESUBMITTED = MARCH_FIXED[-1]
"""From this moment 0 are rejected and 5 in audit."""
MARCH_CLEARED = MARCH_PASSED[-1]
"""From this moment none of the five is held."""

CENSUS = datetime(2026, 3, 14, 12, tzinfo=UTC)
"""4,820 listings, 4,310 of them active, 510 offline, none held."""

CHURN_FROM = datetime(2026, 3, 15, tzinfo=UTC)
"""From here on the store lives an ordinary life without end."""

FIRST_SPIKE = date(2026, 4, 6)
SPIKE_EVERY_DAYS = 28
SPIKE_SIZE = 38


def last_spike(day: date) -> date | None:
    """Return the day of the latest spike on or before `day`; None before the first.

    A spike recurs every 28 days, so the last 30 days of any present hold one: 38 listings rejected on one morning
    because a new picture template made all their main pictures 600 by 600.
    """
    if day < FIRST_SPIKE:
        return None
    return day - timedelta(days=(day - FIRST_SPIKE).days % SPIKE_EVERY_DAYS)
