"""Who is told of an event, and when: the channels it concerns, and the moment from which on they may be told.

A channel that was told of an episode is told whatever follows of it, so that nobody waits for an ending.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aexdash.alerts.model import Event, Quiet, Rule, Severity
from aexdash.config.channels import Channel

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Concern:
    """What a channel is chosen by. `codes` are the reasons an event is about, `owners` whose episode or listings."""

    store: str
    severity: Severity
    codes: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()


def recipients(channels: Iterable[Channel], concern: Concern, following: Collection[str] = ()) -> list[str]:
    """Name the channels that are told of it one by one; `following` are those told of the episode before."""
    return [
        channel.name
        for channel in channels
        if channel.digest is None and (channel.name in following or concerns(channel, concern))
    ]


def concerns(channel: Channel, concern: Concern) -> bool:
    """Say whether a channel wants to know."""
    families = {code.partition(".")[0] for code in concern.codes}
    return (
        concern.severity.rank <= channel.severity.rank
        and (not channel.stores or concern.store in channel.stores)
        and (not channel.reasons or not (concern.codes | families).isdisjoint(channel.reasons))
        and (not channel.owners or not concern.owners.isdisjoint(channel.owners))
    )


def reasons_concerned(codes: Mapping[str, int], before: Mapping[str, int]) -> frozenset[str]:
    """Return the reasons that more listings have than before, else all that stand."""
    risen = frozenset(code for code, count in codes.items() if count > before.get(code, 0))
    return risen or frozenset(codes)


def due_at(rule: Rule, event: Event, now: datetime) -> datetime:
    """Return from when on people may be told: not while the rule is muted, nor in its quiet hours.

    What is critical is told in quiet hours as well.
    """
    due = max(now, rule.muted_until or now)
    if rule.quiet is None or event.severity is Severity.CRITICAL:
        return due
    return end_of_quiet(rule.quiet, due)


def end_of_quiet(quiet: Quiet, at: datetime) -> datetime:
    """Return when quiet hours end that a moment lies in, by the clock on the wall; the moment itself outside of them.

    An end that the clocks skip is an hour later; of one that they show twice, the first that lies ahead counts.
    """
    if not is_quiet(quiet, at):
        return at
    zone = ZoneInfo(quiet.zone)
    today = at.astimezone(zone).date()
    ends = (
        datetime.combine(today + days * A_DAY, quiet.end, zone).replace(fold=fold).astimezone(at.tzinfo)
        for days in range(3)
        for fold in (0, 1)
    )
    return min(end for end in ends if end > at and not is_quiet(quiet, end))


def is_quiet(quiet: Quiet, at: datetime) -> bool:
    """Say whether a moment lies in quiet hours."""
    wall = at.astimezone(ZoneInfo(quiet.zone)).time()
    if quiet.start <= quiet.end:
        return quiet.start <= wall < quiet.end
    return wall >= quiet.start or wall < quiet.end
