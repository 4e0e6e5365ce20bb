"""The table of channel states: the last delivery over each channel, since when it fails, its digests and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.clock import from_text_or_none, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role

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
    """A row of the table. `error` and `test_error` are sentences without secrets, empty after a success.

    `digest_at` is the moment up to which digests were made, `test_asked_at` when somebody asked for a test.
    """

    delivered_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    digest_at: datetime | None = None
    test_asked_at: datetime | None = None
    tested_at: datetime | None = None
    test_error: str = ""


def stored_states(path: Path) -> dict[str, StoredState]:
    """Return the states of the channels that were used or tested so far, by name.

    Raises:
        StorageError: the desk cannot be read.
    """
    return dict(desk_file.read(path, "channel_state", STATES, lambda row: (row[0], state_of(row[1:]))))


@needs(Role.OWNER)
def ask_test(path: Path, channel: str, now: datetime) -> None:
    """Ask the worker to send a test over a channel; if it runs, it does so within seconds."""
    _write(path, ASK_TEST, channel, now)


def record_test(path: Path, channel: str, error: str, now: datetime) -> None:
    """Record the result of a test. An empty error is a success, after which the channel no longer counts as failing."""
    _write(path, TESTED, channel, now, error)
    if not error:
        record_delivery(path, channel, now)


def record_delivery(path: Path, channel: str, now: datetime) -> None:
    """Record that something was delivered over a channel."""
    _write(path, WENT_THROUGH, channel, now)


def record_failure(path: Path, channel: str, error: str, now: datetime) -> None:
    """Record that a delivery failed; a channel that failed before keeps the moment since which it fails."""
    _write(path, FAILS, channel, now, error)


def record_digest(path: Path, channel: str, up_to: datetime) -> None:
    """Record the moment up to which digests of a channel were made."""
    _write(path, DIGESTED, channel, up_to)


def state_of(row: Sequence[Any]) -> StoredState:
    """Read the row of a channel, after its name; a damaged one raises what `sound` takes."""
    delivered_at, failing_since, error, digest_at, test_asked_at, tested_at, test_error = row
    return StoredState(
        delivered_at=from_text_or_none(delivered_at),
        failing_since=from_text_or_none(failing_since),
        error=error,
        digest_at=from_text_or_none(digest_at),
        test_asked_at=from_text_or_none(test_asked_at),
        tested_at=from_text_or_none(tested_at),
        test_error=test_error,
    )


def _write(path: Path, sql: str, channel: str, at: datetime, error: str = "") -> None:
    with desk_file.writing(path) as connection:
        connection.execute(sql, {"channel": channel, "at": to_text(at), "error": error})
