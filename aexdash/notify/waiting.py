"""Reads from the outbox the events that are due for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import RecordedEvent
from aexdash.desk import outbox

UNREADABLE = "Another version wrote this event in a form that cannot be read."


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event not delivered to a channel yet. `id` is that of the delivery; any of the `attempts` may have arrived."""

    id: int
    event: RecordedEvent
    attempts: int


def waiting(path: Path, channel: str, now: datetime) -> list[list[Waiting]]:
    """Return the due events of a channel, one list for each episode, those with the fewest attempts first.

    An event that cannot be read is given up, so that it holds up no other.

    Raises:
        StorageError: the desk cannot be read.
    """
    due = outbox.waiting(path, channel, now)
    events = Episodes(path).events_by_id([one.event_id for one in due])
    if lost := [one.id for one in due if one.event_id not in events]:
        outbox.mark_given_up(path, lost, UNREADABLE, now)
    episodes: dict[int, list[Waiting]] = {}
    for one in due:
        if event := events.get(one.event_id):
            episodes.setdefault(one.episode_id, []).append(Waiting(one.id, event, one.attempts))
    return sorted(episodes.values(), key=lambda events: max(one.attempts for one in events))
