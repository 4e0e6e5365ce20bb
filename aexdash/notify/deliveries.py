"""How the messages of an episode fared: which channel was told of what, when, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.alerts.model import EventKind
from aexdash.clock import from_text
from aexdash.desk import file as desk_file

OF_EPISODE = """
SELECT d.channel, v.kind, v.at, d.due_at, d.attempts, d.tried_at, d.delivered_at, d.given_up_at, d.error
FROM alert_delivery AS d JOIN alert_event AS v ON v.id = d.event_id
WHERE v.episode_id = ? ORDER BY v.id DESC, d.channel
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one event on its way to one channel. `error` is a sentence without secrets."""

    channel: str
    kind: EventKind
    at: datetime
    due_at: datetime
    attempts: int
    tried_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    error: str


def deliveries_of(desk_path: Path, episode_id: int) -> list[Delivery]:
    """List the deliveries of an episode, the latest event first.

    Raises:
        StorageError: the desk cannot be read.
    """
    return [_delivery(row) for row in desk_file.rows(desk_path, "alert_delivery", OF_EPISODE, [episode_id])]


def _delivery(row: Sequence[Any]) -> Delivery:
    channel, kind, at, due_at, attempts, *moments, error = row
    tried, delivered, given_up = (from_text(text) if text else None for text in moments)
    return Delivery(
        channel, EventKind(kind), from_text(at), from_text(due_at), attempts, tried, delivered, given_up, error
    )
