"""How the channels are: what each is told of, when it last took something, since when it fails and why.

For pages and commands; nothing here speaks to a channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aexdash.alerts.model import Severity
from aexdash.clock import from_text, to_text
from aexdash.config.channels import Channel
from aexdash.desk import file as desk_file

DEAD_AFTER = timedelta(minutes=15)
"""A channel that fails for longer is said to be dead; shorter trouble passes by itself."""

STATES = """
SELECT channel, delivered_at, failing_since, error, digest_at, test_asked_at, tested_at, test_error FROM channel_state
"""

WAITING = """
SELECT channel, count(*) FILTER (WHERE given_up_at IS NULL), max(tried_at), max(given_up_at)
FROM alert_delivery WHERE delivered_at IS NULL GROUP BY channel
"""

ASK_TEST = """
INSERT INTO channel_state (channel, test_asked_at) VALUES (:channel, :at)
ON CONFLICT (channel) DO UPDATE SET test_asked_at = :at
"""

TESTED = """
INSERT INTO channel_state (channel, tested_at, test_error) VALUES (:channel, :at, :error)
ON CONFLICT (channel) DO UPDATE SET test_asked_at = NULL, tested_at = :at, test_error = :error
"""

WENT_THROUGH = """
INSERT INTO channel_state (channel, delivered_at) VALUES (:channel, :at)
ON CONFLICT (channel) DO UPDATE SET delivered_at = :at, failing_since = NULL, error = ''
"""

FAILS = """
INSERT INTO channel_state (channel, failing_since, error) VALUES (:channel, :at, :error)
ON CONFLICT (channel) DO UPDATE SET failing_since = coalesce(failing_since, :at), error = :error
"""

DIGESTED = """
INSERT INTO channel_state (channel, digest_at) VALUES (:channel, :at)
ON CONFLICT (channel) DO UPDATE SET digest_at = :at
"""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel is. `told_of` says in words what it is told; `waiting` is how many events it was not told yet.

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
        """Say whether nothing goes through, and not for a moment only; what it lacks makes it dead at once."""
        failing = self.failing_since is not None and now - self.failing_since >= DEAD_AFTER
        return bool(self.lacking) or failing

    @property
    def trouble(self) -> str:
        """Why nothing goes through; empty where it does."""
        return self.lacking or self.error


def states(desk_path: Path, channels: Mapping[str, Channel]) -> list[ChannelState]:
    """Return how the channels of the settings are, in their order.

    Raises:
        StorageError: the desk cannot be read.
    """
    known = {row[0]: row[1:] for row in desk_file.rows(desk_path, "channel_state", STATES)}
    waiting = {row[0]: row[1:] for row in desk_file.rows(desk_path, "alert_delivery", WAITING)}
    return [_state(channel, known.get(name), waiting.get(name)) for name, channel in channels.items()]


def dead_channels(desk_path: Path, channels: Mapping[str, Channel], now: datetime) -> list[ChannelState]:
    """Return the channels over which nobody can be told at present.

    Raises:
        StorageError: the desk cannot be read.
    """
    return [state for state in states(desk_path, channels) if state.is_dead(now)]


def ask_test(desk_path: Path, channel: str, now: datetime) -> None:
    """Ask the worker to send a test over a channel; it does so within seconds, where it runs."""
    _write(desk_path, ASK_TEST, channel, now)


def tested(desk_path: Path, channel: str, error: str, now: datetime) -> None:
    """Note how a test went; an empty error is well, and then the channel fails no more."""
    _write(desk_path, TESTED, channel, now, error)
    if not error:
        went_through(desk_path, channel, now)


def went_through(desk_path: Path, channel: str, now: datetime) -> None:
    """Note that a channel took something."""
    _write(desk_path, WENT_THROUGH, channel, now)


def fails(desk_path: Path, channel: str, error: str, now: datetime) -> None:
    """Note that a channel did not take something; since when it fails stays as it is."""
    _write(desk_path, FAILS, channel, now, error)


def digested(desk_path: Path, channel: str, up_to: datetime) -> None:
    """Note up to when digests of a channel were made."""
    _write(desk_path, DIGESTED, channel, up_to)


def told_of(channel: Channel) -> str:
    """Say in words what a channel is told of."""
    least = f"{channel.severity.value} and worse" if channel.severity is not Severity.INFO else "everything"
    parts = [least if channel.severity is not Severity.CRITICAL else "what is critical"]
    for word, given in (("stores", channel.stores), ("reasons", channel.reasons), ("owners", channel.owners)):
        if given:
            parts.append(f"{word} {', '.join(given)}")
    if channel.digest:
        parts.append(f"as a digest {channel.digest} ({channel.zone})")
    return "; ".join(parts)


def _state(channel: Channel, known: Iterable[Any] | None, waiting: Iterable[Any] | None) -> ChannelState:
    delivered, failing, error, digest, asked, tried, test_error = known or (None, None, "", None, None, None, "")
    left, last_try, given_up = waiting or (0, None, None)
    return ChannelState(
        name=channel.name,
        kind=channel.kind.value,
        told_of=told_of(channel),
        delivered_at=_moment(delivered),
        failing_since=_moment(failing),
        error=error,
        waiting=left,
        tried_at=_moment(last_try),
        given_up_at=_moment(given_up),
        digest_at=_moment(digest),
        test_asked_at=_moment(asked),
        tested_at=_moment(tried),
        test_error=test_error,
        lacking=channel.lacking,
    )


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _write(desk_path: Path, sql: str, channel: str, at: datetime, error: str = "") -> None:
    with desk_file.writing(desk_path) as connection:
        connection.execute(sql, {"channel": channel, "at": to_text(at), "error": error})
