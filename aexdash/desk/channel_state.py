"""The table of channel states: when each channel last took something, since when it fails, its digests and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file

STATES = """
SELECT channel, delivered_at, failing_since, error, digest_at, test_asked_at, tested_at, test_error FROM channel_state
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
class StoredState:
    """A row of the table. `error` and `test_error` are sentences without secrets; empty: the last try went well."""

    delivered_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    digest_at: datetime | None = None
    test_asked_at: datetime | None = None
    tested_at: datetime | None = None
    test_error: str = ""


def stored_states(path: Path) -> dict[str, StoredState]:
    """Return the states of the channels that there is something to say of, by name.

    Raises:
        StorageError: the desk cannot be read.
    """
    return {row[0]: _stored(row[1:]) for row in desk_file.rows(path, "channel_state", STATES)}


def ask_test(path: Path, channel: str, now: datetime) -> None:
    """Ask the worker to send a test over a channel; it does so within seconds, where it runs."""
    _write(path, ASK_TEST, channel, now)


def tested(path: Path, channel: str, error: str, now: datetime) -> None:
    """Note how a test went; with an empty error it went well, and the channel is not failing any more."""
    _write(path, TESTED, channel, now, error)
    if not error:
        went_through(path, channel, now)


def went_through(path: Path, channel: str, now: datetime) -> None:
    """Note that a channel took something."""
    _write(path, WENT_THROUGH, channel, now)


def fails(path: Path, channel: str, error: str, now: datetime) -> None:
    """Note that a channel did not take something; since when it fails stays as it is."""
    _write(path, FAILS, channel, now, error)


def digested(path: Path, channel: str, up_to: datetime) -> None:
    """Note up to when digests of a channel were made."""
    _write(path, DIGESTED, channel, up_to)


def _stored(row: Sequence[Any]) -> StoredState:
    delivered, failing, error, digest, asked, tried, test_error = row
    return StoredState(
        _moment(delivered), _moment(failing), error, _moment(digest), _moment(asked), _moment(tried), test_error
    )


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _write(path: Path, sql: str, channel: str, at: datetime, error: str = "") -> None:
    with desk_file.writing(path) as connection:
        connection.execute(sql, {"channel": channel, "at": to_text(at), "error": error})
