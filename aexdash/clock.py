"""The one place that asks what time it is, how a moment is written, and when a day begins.

Everything inside is UTC. A moment is stored as fixed-width text, `2026-03-09T12:00:00.000Z`, so that
comparing texts compares moments. Functions elsewhere take `now`; only commands and page scripts ask a clock.

Days are those of a time zone, that of the workspace. A day lasts from its midnight to the next one: 23 or 25 hours
where clocks are changed, and no time at all where a zone left it out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TICK = timedelta(milliseconds=1)
"""The smallest difference between two moments that are written down."""

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far two clocks may be apart. AliExpress takes two hours (reference §1.2), but a clock that is off by minutes
makes every *since* wrong; a moment that lies further ahead was stamped by a wrong clock."""

CLOCK_FILE_VARIABLE = "AEXDASH_CLOCK_FILE"


def system_clock() -> datetime:
    """Return the present moment, aware and in UTC.

    When the environment names a file in `AEXDASH_CLOCK_FILE`, the moment written in it counts as the present. Tests
    and the demo set the time of a simulated store, its sync and its pages this way.

    Raises:
        ValueError: the file does not hold a moment in ISO 8601 with a zone.
    """
    path = os.environ.get(CLOCK_FILE_VARIABLE)
    if path:
        return from_text(Path(path).read_text(encoding="ascii").strip())
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """Write an aware moment as UTC text with milliseconds, 24 characters wide.

    Raises:
        ValueError: the moment carries no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; moments inside aexdash are aware")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:23]}Z"


def from_text(text: str) -> datetime:
    """Read a moment written by `to_text`, or any ISO 8601 moment with a zone; return it in UTC.

    Raises:
        ValueError: not ISO 8601, without a zone, or outside the years 1 to 9999.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write it like 2026-03-09T12:00:00Z")
    if moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999 in UTC") from None


def from_text_or_none(text: str | None) -> datetime | None:
    """Read a stored moment that may be absent: `from_text`, or None for null and for an empty text."""
    return from_text(text) if text else None


def zone_named(name: str) -> tzinfo:
    """Return the time zone with a name of the IANA database, as `Asia/Shanghai`.

    Raises:
        ValueError: there is none; the text says what to write.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is that of a folder of the database
        raise ValueError(f'there is no time zone {name!r}; write one like "Europe/Berlin"') from None


def zone_name(zone: tzinfo) -> str:
    """Return the name of a time zone, as `zone_named` reads it."""
    return str(zone)


def start_of_day(day: date, zone: tzinfo = UTC) -> datetime:
    """Return the first moment of a day of a time zone, in UTC: midnight, or where a change of clocks skips it, then."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_of(moment: datetime, zone: tzinfo = UTC) -> date:
    """Return the day of a time zone in which a moment lies; at the end of the calendar, that of UTC."""
    try:
        day = moment.astimezone(zone).date()
        # Where clocks are put back over midnight, an hour of the day before comes again after the day has begun.
        return day + DAY if moment >= start_of_day(day + DAY, zone) else day
    except OverflowError:
        return moment.date()


def midnight(moment: datetime, zone: tzinfo = UTC, *, days: int = 0) -> datetime:
    """Return the first moment, in UTC, of the day of a moment, or of the day so many days after it."""
    return start_of_day(day_of(moment, zone) + timedelta(days=days), zone)
