"""Puts events into the outbox for the channels they concern, in the transaction that writes the events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from aexdash.alerts.model import RecordedEvent, Rule
from aexdash.alerts.routing import Concern, due_at, reasons_concerned, recipients
from aexdash.config.channels import Channel
from aexdash.desk import outbox
from aexdash.desk.work import owners_of
from aexdash.model import Severity


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
    codes = reasons_concerned(recorded.codes, recorded.codes_before)
    return Concern(episode.store, event.severity, codes, frozenset(owners))
