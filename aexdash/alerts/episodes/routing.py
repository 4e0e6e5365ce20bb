"""Decides which channels get an event, and from when on, and puts it into the outbox in the transaction of the event.

A channel that got an event of an episode gets all later ones too, so that everybody learns of its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aexdash.alerts.model import QuietHours, RecordedEvent, Rule
from aexdash.clock import DAY
from aexdash.config.sections.channels import Channel
from aexdash.desk import outbox
from aexdash.desk.decisions.work import owners_of
from aexdash.model import Severity


@dataclass(frozen=True, slots=True)
class Concern:
    """What channels are chosen by: store, severity, reason codes, and the owners of the episode or its listings."""

    store: str
    severity: Severity
    codes: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()


def put(connection: sqlite3.Connection, recorded: RecordedEvent, channels: Iterable[Channel], now: datetime) -> None:
    """Put an event into the outbox for every channel that it concerns."""
    following = outbox.channels_of(connection, recorded.episode.id)
    names = recipients(channels, _concern(connection, recorded), following)
    outbox.put(connection, recorded.id, names, due_at(recorded.rule, recorded.event.severity, now))


def reschedule(connection: sqlite3.Connection, rule: Rule, now: datetime) -> None:
    """Set new due times for the waiting events of a rule whose mute or quiet hours were changed."""
    for delivery, severity in outbox.put_off(connection, rule.key, now):
        outbox.set_due(connection, delivery, due_at(rule, Severity(severity), now))


def _concern(connection: sqlite3.Connection, recorded: RecordedEvent) -> Concern:
    episode, event = recorded.episode, recorded.event
    owners = owners_of(connection, episode.store, event.reading.listings) | {episode.owner} - {""}
    codes = reasons_concerned(recorded.codes, recorded.codes_before) if recorded.is_about_listings else frozenset()
    return Concern(episode.store, event.severity, codes, frozenset(owners))


def recipients(channels: Iterable[Channel], concern: Concern, following: Collection[str] = ()) -> list[str]:
    """Return the names of the channels that get an event; `following` are those that got an earlier one."""
    return [
        channel.name
        for channel in channels
        if channel.digest is None and (channel.name in following or concerns(channel, concern))
    ]


def concerns(channel: Channel, concern: Concern) -> bool:
    """Say whether an event passes the filters of a channel."""
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


def due_at(rule: Rule, severity: Severity, now: datetime) -> datetime:
    """Return from when on an event may be sent: after the rule's mute and its quiet hours.

    Critical events are sent in quiet hours too.
    """
    due = max(now, rule.muted_until or now)
    if rule.quiet is None or severity is Severity.CRITICAL:
        return due
    return end_of_quiet(rule.quiet, due)


def end_of_quiet(quiet: QuietHours, at: datetime) -> datetime:
    """Return when the quiet hours around a moment end, in local time; outside quiet hours, the moment itself.

    Where a change of summer time skips the end, it is an hour later; where it makes the end come twice, the first one
    after the moment counts.
    """
    if not is_quiet(quiet, at):
        return at
    zone = ZoneInfo(quiet.zone)
    today = at.astimezone(zone).date()
    ends = (
        datetime.combine(today + days * DAY, quiet.end, zone).replace(fold=fold).astimezone(at.tzinfo)
        for days in range(3)
        for fold in (0, 1)
    )
    return min(end for end in ends if end > at and not is_quiet(quiet, end))


def is_quiet(quiet: QuietHours, at: datetime) -> bool:
    """Say whether a moment lies in quiet hours."""
    wall = at.astimezone(ZoneInfo(quiet.zone)).time()
    if quiet.start <= quiet.end:
        return quiet.start <= wall < quiet.end
    return wall >= quiet.start or wall < quiet.end
