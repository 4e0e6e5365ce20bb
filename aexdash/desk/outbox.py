"""The outbox: which event is to be sent over which channel, from when on, and what became of it.

A delivery is added in the transaction that writes its event, and marked after it was sent. So every event is sent at
least once: a process that ends between sending and marking sends it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, from_text_or_none, to_text
from aexdash.desk import file as desk_file

GIVEN_UP_AFTER = timedelta(hours=24)
"""A delivery that fails when it has been due for this long, and was tried often enough, is given up."""

TRIES = 4
"""So many tries are made before a delivery is given up: it may have been due while this machine was off."""

PUT = "INSERT OR IGNORE INTO alert_delivery (event_id, channel, due_at) VALUES (?, ?, ?)"

FOLLOWING = """
SELECT DISTINCT d.channel FROM alert_event AS v JOIN alert_delivery AS d ON d.event_id = v.id WHERE v.episode_id = ?
"""

LEFT = "d.delivered_at IS NULL AND d.given_up_at IS NULL"
"""The condition on a delivery `d` that is still to be sent."""

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
UPDATE alert_delivery
SET error = :error, given_up_at = CASE WHEN due_at <= :long_ago AND attempts >= :tries THEN :now END
WHERE id = :id
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


OLDEST_DUE = f"SELECT d.channel, min(d.due_at) FROM alert_delivery AS d WHERE {LEFT} AND d.due_at <= ? GROUP BY 1"  # noqa: S608


@dataclass(frozen=True, slots=True)
class WaitingDelivery:
    """A delivery that is still to be sent. `attempts` counts the tries so far; none is known to have arrived."""

    id: int
    event_id: int
    episode_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one event over one channel. `kind` and `at` are those of the event; `error` holds no secret."""

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
    """What was not delivered over a channel: how many are still tried, the last try, and the last giving up."""

    waiting: int = 0
    tried_at: datetime | None = None
    given_up_at: datetime | None = None


def put(connection: sqlite3.Connection, event_id: int, channels: Iterable[str], due_at: datetime) -> None:
    """Add the deliveries of an event, within the transaction that writes the event."""
    connection.executemany(PUT, [(event_id, channel, to_text(due_at)) for channel in channels])


def channels_of(connection: sqlite3.Connection, episode_id: int) -> set[str]:
    """Return the names of the channels over which any event of an episode was, or is to be, sent."""
    return {channel for (channel,) in connection.execute(FOLLOWING, [episode_id])}


def put_off(connection: sqlite3.Connection, rule_key: str, now: datetime) -> list[tuple[int, str]]:
    """List the deliveries of a rule that are not due yet, as (delivery id, severity of its event)."""
    return connection.execute(PUT_OFF, [to_text(now), rule_key]).fetchall()


def set_due(connection: sqlite3.Connection, delivery_id: int, due_at: datetime) -> None:
    """Set from when on a delivery may be sent."""
    connection.execute(SET_DUE, [to_text(due_at), delivery_id])


def channels_due(path: Path, now: datetime) -> set[str]:
    """Return the names of the channels over which something is due.

    Raises:
        StorageError: the desk cannot be read.
    """
    return {row[0] for row in desk_file.rows(path, "alert_delivery", DUE, [to_text(now)])}


def oldest_due(path: Path, now: datetime) -> dict[str, datetime]:
    """Return since when the oldest undelivered message of each channel has been due, by the name of the channel.

    Raises:
        StorageError: the desk cannot be read.
    """
    bound = [to_text(now)]
    return dict(desk_file.read(path, "alert_delivery", OLDEST_DUE, lambda row: (row[0], from_text(row[1])), bound))


def waiting(path: Path, channel: str, now: datetime) -> list[WaitingDelivery]:
    """List what is due over a channel, with earlier undelivered events of the same episodes, in order of the events.

    Raises:
        StorageError: the desk cannot be read.
    """
    return desk_file.read(path, "alert_delivery", WAITING, lambda row: WaitingDelivery(*row), [to_text(now), channel])


def mark_attempt(path: Path, ids: Collection[int], now: datetime) -> None:
    """Record that these deliveries are about to be tried: the attempt counts even if the process ends before it."""
    with desk_file.writing(path) as connection:
        connection.executemany(BEGIN, [(to_text(now), one) for one in ids])


def mark_delivered(path: Path, ids: Collection[int], now: datetime) -> None:
    """Record that these deliveries arrived."""
    with desk_file.writing(path) as connection:
        connection.executemany(DELIVERED, [(to_text(now), one) for one in ids])


def mark_failed(path: Path, ids: Collection[int], error: str, now: datetime) -> None:
    """Record that these deliveries failed; of them are given up that have been due for `GIVEN_UP_AFTER`.

    They were tried `TRIES` times by then.
    """
    moments = {"now": to_text(now), "long_ago": to_text(now - GIVEN_UP_AFTER), "tries": TRIES, "error": error}
    with desk_file.writing(path) as connection:
        connection.executemany(FAILED, [{**moments, "id": one} for one in ids])


def mark_given_up(path: Path, ids: Collection[int], error: str, now: datetime) -> None:
    """Record that these deliveries will not be tried again, and why."""
    with desk_file.writing(path) as connection:
        connection.executemany(GIVEN_UP, [{"id": one, "now": to_text(now), "error": error} for one in ids])


def deliveries_of(path: Path, episode_id: int) -> list[Delivery]:
    """List the deliveries of an episode, the latest event first.

    Raises:
        StorageError: the desk cannot be read.
    """
    return desk_file.read(path, "alert_delivery", OF_EPISODE, _delivery, [episode_id])


def backlogs(path: Path) -> dict[str, Backlog]:
    """Return what was not delivered, by the name of the channel.

    Raises:
        StorageError: the desk cannot be read.
    """
    return dict(desk_file.read(path, "alert_delivery", WAITING_BY_CHANNEL, _backlog))


def _backlog(row: Sequence[Any]) -> tuple[str, Backlog]:
    channel, count, tried_at, given_up_at = row
    return channel, Backlog(count, from_text_or_none(tried_at), from_text_or_none(given_up_at))


def _delivery(row: Sequence[Any]) -> Delivery:
    channel, kind, at, due_at, attempts, tried_at, delivered_at, given_up_at, error = row
    return Delivery(
        channel=channel,
        kind=kind,
        at=from_text(at),
        due_at=from_text(due_at),
        attempts=attempts,
        tried_at=from_text_or_none(tried_at),
        delivered_at=from_text_or_none(delivered_at),
        given_up_at=from_text_or_none(given_up_at),
        error=error,
    )
