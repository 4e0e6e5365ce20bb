"""The state of each channel: which events it gets, its last delivery, and since when and why it fails.

For pages and commands; nothing here speaks to a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.config.sections.channels import Channel
from aexdash.desk import channel_state, outbox
from aexdash.desk.channel_state import StoredState
from aexdash.desk.outbox import Backlog
from aexdash.model import Severity
from aexdash.people.acting import seen_of, sees_any

DEAD_AFTER = timedelta(minutes=15)
"""A channel that fails for so long is called dead; shorter trouble often ends by itself."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """The state of a channel. `told_of` says in words which events it gets; `waiting` counts those not delivered yet.

    `error` and `test_error` are sentences without secrets; empty when the last try went well.
    """

    name: str
    kind: str
    told_of: str
    delivered_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    waiting: int = 0
    tried_at: datetime | None = None
    given_up_at: datetime | None = None
    digest_at: datetime | None = None
    test_asked_at: datetime | None = None
    tested_at: datetime | None = None
    test_error: str = ""
    lacking: str = ""

    def is_dead(self, now: datetime) -> bool:
        """Say whether the channel has failed for `DEAD_AFTER`, or lacks a setting without which nothing can be sent."""
        failing = self.failing_since is not None and now - self.failing_since >= DEAD_AFTER
        return bool(self.lacking) or failing

    @property
    def trouble(self) -> str:
        """Why nothing can be delivered; empty when the channel works."""
        return self.lacking or self.error


def states(desk_path: Path, channels: Mapping[str, Channel]) -> list[ChannelState]:
    """Return the states of the channels of the settings, in their order.

    A channel that is told of stores alone that whoever acts may not see is left out.

    Raises:
        StorageError: the desk cannot be read.
    """
    stored, backlogs = channel_state.stored_states(desk_path), outbox.backlogs(desk_path)
    return [
        _state(channel, stored.get(name, StoredState()), backlogs.get(name, Backlog()))
        for name, channel in channels.items()
        if sees_any(channel.stores)
    ]


def dead_channels(desk_path: Path, channels: Mapping[str, Channel], now: datetime) -> list[ChannelState]:
    """Return the states of the channels that are dead at `now`.

    Raises:
        StorageError: the desk cannot be read.
    """
    return [state for state in states(desk_path, channels) if state.is_dead(now)]


def told_of(channel: Channel) -> str:
    """Say in words which events a channel gets."""
    least = f"{channel.severity.value} and worse" if channel.severity is not Severity.INFO else "everything"
    parts = [least if channel.severity is not Severity.CRITICAL else "what is critical"]
    for word, given in (("stores", seen_of(channel.stores)), ("reasons", channel.reasons), ("owners", channel.owners)):
        if given:
            parts.append(f"{word} {', '.join(given)}")
    if channel.digest:
        parts.append(f"as a digest {channel.digest} ({channel.zone})")
    return "; ".join(parts)


def _state(channel: Channel, stored: StoredState, backlog: Backlog) -> ChannelState:
    return ChannelState(
        name=channel.name,
        kind=channel.kind.value,
        told_of=told_of(channel),
        delivered_at=stored.delivered_at,
        failing_since=stored.failing_since,
        error=stored.error,
        waiting=backlog.waiting,
        tried_at=backlog.tried_at,
        given_up_at=backlog.given_up_at,
        digest_at=stored.digest_at,
        test_asked_at=stored.test_asked_at,
        tested_at=stored.tested_at,
        test_error=stored.test_error,
        lacking=channel.lacking,
    )
