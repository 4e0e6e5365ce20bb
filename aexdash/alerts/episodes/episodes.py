"""Episodes for pages and commands: open and closed ones, their events, who has seen them and who takes care."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from aexdash.alerts.episodes.records import EPISODE_COLUMNS, EVENT_COLUMNS, episode_of, recorded_event_of
from aexdash.alerts.model import Episode, RecordedEvent
from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.desk.decisions.changes import LogEntry
from aexdash.people.acting import needs, rights
from aexdash.people.rights import Role
from aexdash.storage.text import storable

SOME = f"SELECT {EPISODE_COLUMNS} FROM alert_episode AS e"  # noqa: S608

OPEN = f"{SOME} WHERE e.closed_at IS NULL"

RECENT = f"{SOME} ORDER BY e.opened_at DESC, e.id DESC LIMIT ?"

OF_RULE = f"{SOME} WHERE e.rule_key = ? ORDER BY e.opened_at DESC, e.id DESC LIMIT ?"

BETWEEN = f"{SOME} WHERE e.opened_at <= ? AND (e.closed_at IS NULL OR e.closed_at > ?) ORDER BY e.opened_at, e.id"

ONE = f"{SOME} WHERE e.id = ?"

EVENT = f"""
SELECT {EVENT_COLUMNS}, {EPISODE_COLUMNS} FROM alert_event AS v JOIN alert_episode AS e ON e.id = v.episode_id
"""  # noqa: S608

EVENTS = f"{EVENT} WHERE e.id = ? ORDER BY v.id"

EVENTS_BY_ID = f"{EVENT} WHERE v.id IN (SELECT value FROM json_each(?))"  # noqa: S608

LOG = """
INSERT INTO alert_log (episode_id, at, by, field, before, after)
SELECT id, :at, :by, :field, {field}, :after FROM alert_episode WHERE id = :id AND {field} <> :after
"""

CHANGE = "UPDATE alert_episode SET {field} = :after WHERE id = :id"

ACKNOWLEDGE = "UPDATE alert_episode SET acknowledged_at = :at, acknowledged_by = :by WHERE id = :id"

LOGGED = "SELECT at, by, field, before, after FROM alert_log WHERE episode_id = ? ORDER BY id DESC"

MANY = 200
"""The most episodes of a rule that are read."""


class Episodes:
    """Reads episodes and their events, and writes what people say of them.

    Every call opens the desk anew, so any thread may make it. What another version wrote in a form that
    cannot be read is left out. Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def open(self, stores: Collection[str] | None = None, archived: Collection[str] = ()) -> list[Episode]:
        """List the open episodes of some stores, the most severe first, of these the latest first.

        None is all stores but the `archived`: nobody reads these, so that their episodes never end.
        """
        found = [
            one for one in self._read(OPEN) if (one.store not in archived if stores is None else one.store in stores)
        ]
        return sorted(found, key=lambda one: (one.severity.rank, -one.opened_at.timestamp(), one.id))

    def recent(self, limit: int) -> list[Episode]:
        """List episodes, the latest first, open and closed."""
        return self._read(RECENT, [limit])

    def of_rule(self, key: str, limit: int = MANY) -> list[Episode]:
        """List the episodes of a rule, the latest first."""
        return self._read(OF_RULE, [key, limit])

    def between(self, start: datetime, end: datetime) -> list[Episode]:
        """List the episodes that were open at any moment of a span, in order of their opening."""
        return self._read(BETWEEN, [to_text(end), to_text(start)])

    def get(self, episode_id: int) -> Episode | None:
        """Return an episode by its id; None where there is none."""
        return next(iter(self._read(ONE, [episode_id])), None)

    def stores_of(self, episode_id: int) -> set[str]:
        """Return the key of the store that an episode is about; nothing where there is no such episode."""
        found = self.get(episode_id)
        return {found.store} if found else set()

    def events(self, episode_id: int) -> list[RecordedEvent]:
        """List the events of an episode, in order."""
        return self._read_events(EVENTS, [episode_id])

    def events_by_id(self, event_ids: Collection[int]) -> dict[int, RecordedEvent]:
        """Return events by their ids."""
        return {event.id: event for event in self._read_events(EVENTS_BY_ID, [json.dumps(list(event_ids))])}

    @needs(Role.OPERATOR, of=lambda self, episode_id, *_, **__: self.stores_of(episode_id))
    def acknowledge(self, episode_id: int, *, by: str, now: datetime) -> None:
        """Say that somebody has seen an episode; a later acknowledgement replaces an earlier one."""
        self._set(episode_id, "acknowledged_by", by, by, now)

    @needs(Role.OPERATOR, of=lambda self, episode_id, *_, **__: self.stores_of(episode_id))
    def assign(self, episode_id: int, owner: str, *, by: str, now: datetime) -> None:
        """Say who takes care of an episode; an empty name is nobody."""
        self._set(episode_id, "owner", owner.strip(), by, now)

    @needs(Role.OPERATOR, of=lambda self, episode_id, *_, **__: self.stores_of(episode_id))
    def note(self, episode_id: int, text: str, *, by: str, now: datetime) -> None:
        """Note something on an episode; an empty note takes it away."""
        self._set(episode_id, "note", text, by, now)

    def log(self, episode_id: int) -> list[LogEntry]:
        """List what people said of an episode, the latest first."""
        return desk_file.read(
            self.path, "alert_log", LOGGED, lambda row: LogEntry(from_text(row[0]), *row[1:]), [episode_id]
        )

    def _read(self, sql: str, bound: Sequence[object] = ()) -> list[Episode]:
        found = desk_file.read(self.path, "alert_episode", sql, episode_of, bound)
        return [one for one in found if rights().sees(one.store)]

    def _read_events(self, sql: str, bound: Sequence[object]) -> list[RecordedEvent]:
        return desk_file.read(self.path, "alert_event", sql, recorded_event_of, bound)

    def _set(self, episode_id: int, field: str, after: str, by: str, now: datetime) -> None:
        bound = {"id": episode_id, "field": field, "after": storable(after), "by": storable(by), "at": to_text(now)}
        with desk_file.writing(self.path) as connection:
            connection.execute(LOG.format(field=field), bound)
            connection.execute(ACKNOWLEDGE if field == "acknowledged_by" else CHANGE.format(field=field), bound)
