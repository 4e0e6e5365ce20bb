"""The table of the outbox: which channel is to be told of which event, since when, and what became of it.

A delivery is put here in the transaction that writes its event, and marked after it was sent. So what is sent arrives
at least once: a process that ends between sending and marking sends it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file

GIVEN_UP_AFTER = timedelta(hours=24)
"""A delivery that has been due for so long and failed again is given up."""

PUT = "INSERT OR IGNORE INTO alert_delivery (event_id, channel, due_at) VALUES (?, ?, ?)"

FOLLOWING = """
SELECT DISTINCT d.channel FROM alert_event AS v JOIN alert_delivery AS d ON d.event_id = v.id WHERE v.episode_id = ?
"""

LEFT = "d.delivered_at IS NULL AND d.given_up_at IS NULL"

DUE = f"""
SELECT d.channel, v.episode_id, max(v.id) AS newest FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id
WHERE {LEFT} AND (
    d.due_at <= ?1
    OR (v.at > ?1 AND d.due_at <= v.at)  -- the clock was set back: it was due when its event came
)
GROUP BY d.channel, v.episode_id
"""  # noqa: S608

WAITING = f"""
WITH due AS ({DUE})
SELECT d.id, d.event_id, v.episode_id, d.attempts
FROM due
JOIN alert_event AS v ON v.episode_id = due.episode_id AND v.id <= due.newest  -- earlier ones too, to keep the order
JOIN alert_delivery AS d ON d.event_id = v.id AND d.channel = due.channel AND {LEFT}
WHERE due.channel = ?2 ORDER BY v.id
"""  # noqa: S608

PUT_OFF = f"""
SELECT d.id, v.severity
FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id JOIN alert_episode AS e ON e.id = v.episode_id
WHERE {LEFT} AND d.due_at > ? AND e.rule_key = ?
"""  # noqa: S608

SET_DUE = "UPDATE alert_delivery SET due_at = ? WHERE id = ?"

BEGIN = "UPDATE alert_delivery SET attempts = attempts + 1, tried_at = ? WHERE id = ?"

DELIVERED = "UPDATE alert_delivery SET delivered_at = ?, error = '' WHERE id = ?"

FAILED = """
UPDATE alert_delivery SET error = :error, given_up_at = CASE WHEN due_at <= :long_ago THEN :now END WHERE id = :id
"""

GIVEN_UP = "UPDATE alert_delivery SET error = :error, given_up_at = :now WHERE id = :id"

OF_EPISODE = """
SELECT d.channel, v.kind, v.at, d.due_at, d.attempts, d.tried_at, d.delivered_at, d.given_up_at, d.error
FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id
WHERE v.episode_id = ? ORDER BY v.id DESC, d.channel
"""

WAITING_BY_CHANNEL = """
SELECT channel, count(*) FILTER (WHERE given_up_at IS NULL), max(tried_at), max(given_up_at)
FROM alert_delivery WHERE delivered_at IS NULL GROUP BY channel
"""


@dataclass(frozen=True, slots=True)
class WaitingDelivery:
    """A delivery that was not made yet. `attempts` is how often it was sent without a sign that it arrived."""

    id: int
    event_id: int
    episode_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one event on its way to one channel. `kind` is that of the event, `error` holds no secret."""

    channel: str
    kind: str
    at: datetime
    due_at: datetime
    attempts: int
    tried_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What was not delivered over a channel: how many are still tried, the last try, and when one was given up."""

    waiting: int = 0
    tried_at: datetime | None = None
    given_up_at: datetime | None = None


def put(connection: sqlite3.Connection, event_id: int, channels: Iterable[str], due_at: datetime) -> None:
    """Lay an event out for channels, within the transaction that writes the event."""
    connection.executemany(PUT, [(event_id, channel, to_text(due_at)) for channel in channels])


def channels_of(connection: sqlite3.Connection, episode_id: int) -> set[str]:
    """Name the channels for which an event of an episode was laid out."""
    return {channel for (channel,) in connection.execute(FOLLOWING, [episode_id])}


def put_off(connection: sqlite3.Connection, rule_key: str, now: datetime) -> list[tuple[int, str]]:
    """List the deliveries of a rule that are not due yet: their ids, and the severities of their events."""
    return connection.execute(PUT_OFF, [to_text(now), rule_key]).fetchall()


def set_due(connection: sqlite3.Connection, delivery_id: int, due_at: datetime) -> None:
    """Set from when on a delivery may be made."""
    connection.execute(SET_DUE, [to_text(due_at), delivery_id])


def channels_due(path: Path, now: datetime) -> set[str]:
    """Name the channels for which something is due.

    Raises:
        StorageError: the desk cannot be read.
    """
    return {row[0] for row in desk_file.rows(path, "alert_delivery", DUE, [to_text(now)])}


def waiting(path: Path, channel: str, now: datetime) -> list[WaitingDelivery]:
    """List what is due over a channel, and with it what was not delivered of the same episodes before, in order.

    Raises:
        StorageError: the desk cannot be read.
    """
    return [WaitingDelivery(*row) for row in desk_file.rows(path, "alert_delivery", WAITING, [to_text(now), channel])]


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


def give_up(path: Path, ids: Collection[int], error: str, now: datetime) -> None:
    """Note that these will never be sent, and why."""
    with desk_file.writing(path) as connection:
        connection.executemany(GIVEN_UP, [{"id": one, "now": to_text(now), "error": error} for one in ids])


def deliveries_of(path: Path, episode_id: int) -> list[Delivery]:
    """List the deliveries of an episode, the latest event first.

    Raises:
        StorageError: the desk cannot be read.
    """
    return [_delivery(row) for row in desk_file.rows(path, "alert_delivery", OF_EPISODE, [episode_id])]


def backlogs(path: Path) -> dict[str, Backlog]:
    """Return what was not delivered, by channel.

    Raises:
        StorageError: the desk cannot be read.
    """
    found = desk_file.rows(path, "alert_delivery", WAITING_BY_CHANNEL)
    return {channel: Backlog(count, _moment(tried), _moment(given_up)) for channel, count, tried, given_up in found}


def _delivery(row: Sequence[Any]) -> Delivery:
    channel, kind, at, due_at, attempts, tried, delivered_at, given_up, error = row
    return Delivery(
        channel,
        kind,
        from_text(at),
        from_text(due_at),
        attempts,
        _moment(tried),
        _moment(delivered_at),
        _moment(given_up),
        error,
    )


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None
