"""Reads dates in the forms that files use. An ambiguous date is not guessed, unless the rest of its column decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from aexdash.sources.cells import Cell

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""A date may be this far in the future, because of time zones; a later one is a mistake."""

_PARTS = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})"
    r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?(?:\s?(?P<half>[ap])\.?m\.?)?)?",
    re.ASCII | re.IGNORECASE,
)
_TIME = re.compile(r"\d[T ,]+\d", re.ASCII)
_MIDNIGHT = re.compile(r"T00:00:00$")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.*)", re.ASCII)


class DateOrder(Enum):
    """Whether day or month comes first in dates like 03/04/2026."""

    DAY = "day"
    MONTH = "month"


def read_dates(cells: Iterable[Cell], now: datetime, zone: tzinfo = UTC) -> list[datetime | None]:
    """Read a column of dates; an empty, unreadable, unlikely or ambiguous one is None.

    A date without a time is the day of that name in `zone`, from its first moment on; a time without a zone is UTC.

    Whether 03/04/2026 is in March or in April is decided by another date of the column with a day above 12; with dots
    the day comes first.
    """
    texts = [_text(cell) for cell in cells]
    order = _order(texts)
    return [_likely(_moment(text, order), now, zone, day=_is_day(text)) for text in texts]


def _text(cell: Cell) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if whole else str(cell).strip()


def _order(texts: Sequence[str]) -> DateOrder | None:
    found = [match for match in map(_PARTS.fullmatch, texts) if match and match["sign"] != "."]
    day_first = any(int(match["first"]) > 12 for match in found)
    month_first = any(int(match["second"]) > 12 for match in found)
    if day_first == month_first:
        return None
    return DateOrder.DAY if day_first else DateOrder.MONTH


def _moment(text: str, order: DateOrder | None) -> datetime | None:
    try:
        if parts := _PARTS.fullmatch(text):
            return _from_parts(parts, DateOrder.DAY if parts["sign"] == "." else order)
        if year_first := _YEAR_FIRST.fullmatch(text):
            year, month, day, rest = year_first.groups()
            text = f"{year}-{month:0>2}-{day:0>2}{rest}"
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_parts(parts: re.Match[str], order: DateOrder | None) -> datetime | None:
    first, second = int(parts["first"]), int(parts["second"])
    if order is None and first != second:
        return None
    month, day = (second, first) if order is DateOrder.DAY else (first, second)
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    return datetime(int(parts["year"]), month, day, hour, int(parts["minute"] or 0), int(parts["s"] or 0), tzinfo=UTC)


def _is_day(text: str) -> bool:
    """Whether a date comes without a time; midnight written out is how workbooks keep such a date."""
    return _TIME.search(_MIDNIGHT.sub("", text)) is None


def _likely(moment: datetime | None, now: datetime, zone: tzinfo, *, day: bool) -> datetime | None:
    if moment is None:
        return None
    of_zone = zone if day else UTC
    try:
        aware = moment.replace(tzinfo=of_zone) if moment.tzinfo is None or day else moment
        aware = aware.astimezone(UTC)
    except OverflowError:
        return None
    return aware if EARLIEST <= aware <= now + AHEAD else None
