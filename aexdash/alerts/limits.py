"""On which side of its limits a level is. A level between the limit and the recovery neither fires nor is well."""

from __future__ import annotations

from aexdash.alerts.model import Limited, Severity, Way


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
    """Return how bad a level is for a rule of a severity: one worse beyond the second limit."""
    is_worse = limited.worse_at is not None and _beyond(limited.way, level, limited.worse_at)
    return worse(severity) if is_worse else severity


def worse(severity: Severity) -> Severity:
    """Return the severity one worse; nothing is worse than critical."""
    return list(Severity)[max(0, severity.rank - 1)]


def _beyond(way: Way, level: float, limit: float) -> bool:
    return level > limit if way is Way.ABOVE else level < limit
