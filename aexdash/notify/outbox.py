"""What waits to be told, in the desk: put there with its event in one transaction, taken by the sender, marked after.

Marking comes after sending, so what is sent arrives at least once: a process that ends between the two sends it again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.alerts.model import Event, EventKind, Rule, Severity, Told
from aexdash.alerts.records import EPISODE_COLUMNS, EVENT_COLUMNS, read_reading, told_of
from aexdash.clock import from_text, to_text
from aexdash.config.channels import Channel
from aexdash.desk import file as desk_file
from aexdash.notify.routing import Concern, due_at, reasons_concerned, recipients

GIVEN_UP_AFTER = timedelta(hours=24)

PUT = "INSERT OR IGNORE INTO alert_delivery (event_id, channel, due_at) VALUES (?, ?, ?)"

FOLLOWING = """
SELECT DISTINCT d.channel FROM alert_event AS v JOIN alert_delivery AS d ON d.event_id = v.id WHERE v.episode_id = ?
"""

OWNERS = """
SELECT DISTINCT owner FROM work_item
WHERE store_key = ? AND owner <> '' AND product_id IN (SELECT value FROM json_each(?))
"""

LEFT = "d.delivered_at IS NULL AND d.given_up_at IS NULL"

DUE = """
SELECT d.channel, v.episode_id, max(v.id) AS newest FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id
WHERE {left} AND (d.due_at <= ?1 OR (v.at > ?1 AND d.due_at <= v.at))
GROUP BY d.channel, v.episode_id
"""
"""What was due at a moment that is ahead again was due before the clock was set back."""

WAITING = """
WITH due AS ({due})
SELECT d.id, d.attempts, {event}, {episode}
FROM due JOIN alert_event AS v ON v.episode_id = due.episode_id AND v.id <= due.newest
JOIN alert_delivery AS d ON d.event_id = v.id AND d.channel = due.channel AND {left}
JOIN alert_episode AS e ON e.id = v.episode_id
WHERE due.channel = ?2 ORDER BY v.id
"""
"""With what is due goes what the channel was not yet told of the same episode, so that the order is kept."""

PUT_OFF = """
SELECT d.id, v.kind, v.at, v.severity, v.since, v.reading
FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id JOIN alert_episode AS e ON e.id = v.episode_id
WHERE d.delivered_at IS NULL AND d.given_up_at IS NULL AND d.due_at > ? AND e.rule_key = ?
"""

DUE_AT = "UPDATE alert_delivery SET due_at = ? WHERE id = ?"

BEGIN = "UPDATE alert_delivery SET attempts = attempts + 1, tried_at = ? WHERE id = ?"

DELIVERED = "UPDATE alert_delivery SET delivered_at = ?, error = '' WHERE id = ?"

FAILED = """
UPDATE alert_delivery SET error = :error, given_up_at = CASE WHEN due_at <= :long_ago THEN :now END WHERE id = :id
"""

GIVEN_UP = "UPDATE alert_delivery SET error = :error, given_up_at = :now WHERE id = :id"

UNREADABLE = "Another version wrote this event in a form that cannot be read."


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that a channel was not told of yet. `attempts` may have arrived without our knowing."""

    id: int
    told: Told
    attempts: int


def put(connection: sqlite3.Connection, told: Told, channels: Iterable[Channel], now: datetime) -> None:
    """Lay an event out for every channel that it concerns, within the transaction that keeps the event."""
    following = {name for (name,) in connection.execute(FOLLOWING, [told.episode.id])}
    names = recipients(channels, _concern(connection, told), following)
    due = to_text(due_at(told.rule, told.event, now))
    connection.executemany(PUT, [(told.id, name, due) for name in names])


def reschedule(connection: sqlite3.Connection, rule: Rule, now: datetime) -> None:
    """Set anew when people may be told of what a rule put off, after its mute or its quiet hours were changed."""
    for number, *event in connection.execute(PUT_OFF, [to_text(now), rule.key]).fetchall():
        connection.execute(DUE_AT, [to_text(due_at(rule, _event(event), now)), number])


def channels_due(path: Path, now: datetime) -> set[str]:
    """Name the channels for which something is due.

    Raises:
        StorageError: the desk cannot be read.
    """
    return {row[0] for row in desk_file.rows(path, "alert_delivery", DUE.format(left=LEFT), [to_text(now)])}


def waiting(path: Path, channel: str, now: datetime) -> list[list[Waiting]]:
    """Return what a channel is to be told, a list an episode, what was tried least often first.

    An event that cannot be read is given up, so that it holds up no other.

    Raises:
        StorageError: the desk cannot be read.
    """
    sql = WAITING.format(due=DUE.format(left=LEFT), left=LEFT, event=EVENT_COLUMNS, episode=EPISODE_COLUMNS)
    episodes: dict[int, list[Waiting]] = {}
    lost = []
    for row in desk_file.rows(path, "alert_delivery", sql, [to_text(now), channel]):
        try:
            one = Waiting(row[0], told_of(row[2:]), row[1])
        except ValueError:
            lost.append({"id": row[0], "now": to_text(now), "error": UNREADABLE})
            continue
        episodes.setdefault(one.told.episode.id, []).append(one)
    if lost:
        with desk_file.writing(path) as connection:
            connection.executemany(GIVEN_UP, lost)
    return sorted(episodes.values(), key=lambda events: max(one.attempts for one in events))


def begin(path: Path, ids: Collection[int], now: datetime) -> None:
    """Note that these are about to be sent, so that a restart does not send them again at once."""
    with desk_file.writing(path) as connection:
        connection.executemany(BEGIN, [(to_text(now), one) for one in ids])


def delivered(path: Path, ids: Collection[int], now: datetime) -> None:
    """Note that these arrived."""
    with desk_file.writing(path) as connection:
        connection.executemany(DELIVERED, [(to_text(now), one) for one in ids])


def failed(path: Path, ids: Collection[int], error: str, now: datetime) -> None:
    """Note that these did not arrive; those that have been due for a day are given up."""
    moments = {"now": to_text(now), "long_ago": to_text(now - GIVEN_UP_AFTER), "error": error}
    with desk_file.writing(path) as connection:
        connection.executemany(FAILED, [{**moments, "id": one} for one in ids])


def _event(row: Sequence[str]) -> Event:
    kind, at, severity, since, reading = row
    return Event(EventKind(kind), from_text(at), Severity(severity), from_text(since), read_reading(reading))


def _concern(connection: sqlite3.Connection, told: Told) -> Concern:
    listings = json.dumps(told.event.reading.listings)
    owners = {owner for (owner,) in connection.execute(OWNERS, [told.episode.store, listings])}
    codes = reasons_concerned(told.codes, told.codes_before)
    return Concern(told.episode.store, told.event.severity, codes, frozenset(owners | {told.episode.owner} - {""}))
