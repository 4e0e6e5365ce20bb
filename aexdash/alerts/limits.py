"""A level with its limits, and on which side of them it is: beyond the limit, well again, or between the two."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from aexdash.model import Severity


class Way(StrEnum):
    """On which side of its limit a level fires."""

    ABOVE = "above"
    BELOW = "below"


class Strict(BaseModel):
    """A value object that refuses fields it does not know, and numbers that are not finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Limited(Strict):
    """A level, the limit it must not cross, and where it is well again (None: at the limit itself).

    `worse_at` is a second limit; beyond it the episode is one severity worse.
    """

    limit: float
    way: Way = Way.ABOVE
    recovers_at: float | None = None
    worse_at: float | None = None


def fires(limited: Limited, level: float) -> bool:
    """Say whether a level is beyond the limit."""
    return _beyond(limited.way, level, limited.limit)


def is_well(limited: Limited, level: float) -> bool:
    """Say whether a level is back where an episode closes: at the recovery, or at the limit where none is set."""
    return not _beyond(limited.way, level, recovery(limited))


def recovery(limited: Limited) -> float:
    """Return the level at which an episode closes."""
    return limited.limit if limited.recovers_at is None else limited.recovers_at


def severity_at(limited: Limited, severity: Severity, level: float) -> Severity:
    """Return the severity of a level: that of the rule, one worse beyond the second limit."""
    is_worse = limited.worse_at is not None and _beyond(limited.way, level, limited.worse_at)
    return severity.worse if is_worse else severity


def _beyond(way: Way, level: float, limit: float) -> bool:
    return level > limit if way is Way.ABOVE else level < limit
