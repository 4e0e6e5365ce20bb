"""Stores the states of rules, episodes and events: read once at start, written in one transaction each round.

An event and its rows in the outbox are written together or not at all.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aexdash.alerts.episodes import routing
from aexdash.alerts.episodes.records import (
    EPISODE_COLUMNS,
    EVENT_COLUMNS,
    episode_of,
    read_state,
    recorded_event_of,
    write_reading,
    write_state,
)
from aexdash.alerts.model import Event, EventKind, RecordedEvent, Rule, RuleState
from aexdash.clock import to_text
from aexdash.config.sections.channels import Channel
from aexdash.desk import file as desk_file
from aexdash.storage.text import storable

Key = tuple[str, str]
"""A rule and a store."""

NOTHING = RuleState()

STATES = "SELECT rule_key, store_key, spec, standing FROM alert_standing"

LAST_EVENTS = f"""
SELECT {EVENT_COLUMNS}, {EPISODE_COLUMNS} FROM alert_episode AS e JOIN alert_event AS v ON v.id = (
    SELECT max(id) FROM alert_event WHERE episode_id = e.id
)
WHERE e.closed_at IS NULL ORDER BY e.id
"""  # noqa: S608

WRITE_STATE = """
INSERT INTO alert_standing (rule_key, store_key, spec, standing) VALUES (?, ?, ?, ?)
ON CONFLICT (rule_key, store_key) DO UPDATE SET spec = excluded.spec, standing = excluded.standing
"""

FORGET_STATE = "DELETE FROM alert_standing WHERE rule_key = ? AND store_key = ?"

OPEN_EPISODE = """
INSERT INTO alert_episode (trace, rule_key, title, store_key, severity, since, opened_at, at, reading)
VALUES (:trace, :rule, :title, :store, :severity, :since, :at, :at, :reading)
"""

GO_ON_WITH_EPISODE = """
UPDATE alert_episode SET severity = :severity, at = :at, reading = :reading, closed_at = :closed_at WHERE id = :id
"""

ADD_EVENT = """
INSERT INTO alert_event (episode_id, kind, at, severity, since, reading, rule, codes, codes_before, data_at)
VALUES (:id, :kind, :at, :severity, :since, :reading, :spec, :codes, :codes_before, :data_at)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """The state of a rule for a store; `spec` is the rule as JSON, `last_event` the last one of its open episode."""

    spec: str
    state: RuleState = NOTHING
    last_event: RecordedEvent | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A new event of a round. `codes` are held listings by reason code, `codes_before` those at the last event."""

    rule: Rule
    event: Event
    codes: Mapping[str, int]
    codes_before: Mapping[str, int]
    data_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A place after a round, and the new event of the round, if any."""

    place: Place
    new: NewEvent | None = None


def load_places(path: Path) -> dict[Key, Place]:
    """Read the states after the last round; a rule whose state cannot be read starts anew.

    Raises:
        StorageError: the desk cannot be read.
    """
    places = dict(desk_file.read(path, "alert_standing", STATES, place_of))
    for last in desk_file.read(path, "alert_event", LAST_EVENTS, recorded_event_of):
        key = (last.episode.rule_key, last.episode.store)
        places[key] = replace(places.get(key, Place("")), last_event=last)
    return places


def place_of(row: tuple[str, str, str, str]) -> tuple[Key, Place]:
    """Read the row of a rule's state; a damaged one raises what `sound` takes."""
    rule, store, spec, text = row
    return (rule, store), Place(spec, read_state(text))


def write_round(
    path: Path, changes: Mapping[Key, PlaceChange], channels: Iterable[Channel], now: datetime
) -> dict[Key, RecordedEvent]:
    """Write the changes of a round with the outbox rows of its events in one transaction; return the events.

    Raises:
        StorageError: the desk cannot be written.
    """
    recorded: dict[Key, RecordedEvent] = {}
    known = list(channels)
    with desk_file.writing(path) as connection:
        for key, change in changes.items():
            if change.place.state == NOTHING:
                connection.execute(FORGET_STATE, key)
            else:
                connection.execute(WRITE_STATE, [*key, change.place.spec, write_state(change.place.state)])
            if change.new:
                recorded[key] = _record(connection, key, change.place.last_event, change.new)
                routing.put(connection, recorded[key], known, now)
    return recorded


def _record(connection: sqlite3.Connection, key: Key, last: RecordedEvent | None, new: NewEvent) -> RecordedEvent:
    """Write an event; `last` None: it opens an episode."""
    bound = _bound(key, new)
    if last is None:
        bound["trace"] = uuid.uuid4().hex
        bound["id"] = connection.execute(OPEN_EPISODE, bound).lastrowid
    else:
        bound["id"] = last.episode.id
        connection.execute(GO_ON_WITH_EPISODE, bound)
    number = connection.execute(ADD_EVENT, bound).lastrowid
    row = connection.execute(f"SELECT {EPISODE_COLUMNS} FROM alert_episode AS e WHERE e.id = :id", bound).fetchone()  # noqa: S608
    return RecordedEvent(
        id=int(number or 0),
        episode=episode_of(row),
        event=new.event,
        rule=new.rule,
        codes=dict(new.codes),
        codes_before=dict(new.codes_before),
        data_at=new.data_at,
    )


def _bound(key: Key, new: NewEvent) -> dict[str, object]:
    event = new.event
    return {
        "rule": key[0],
        "store": key[1],
        "title": storable(new.rule.title),
        "kind": event.kind.value,
        "at": to_text(event.at),
        "severity": event.severity.value,
        "since": to_text(event.since),
        "reading": storable(write_reading(event.reading)),
        "spec": storable(new.rule.model_dump_json()),
        "codes": json.dumps(new.codes),
        "codes_before": json.dumps(new.codes_before),
        "data_at": to_text(new.data_at) if new.data_at else None,
        "closed_at": to_text(event.at) if event.kind is EventKind.CLOSED else None,
    }
