"""Where rules stand with stores and what happened to their episodes, written to the desk in one transaction a round."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aexdash.alerts.model import Event, EventKind, Rule, Standing, Told
from aexdash.alerts.records import (
    EPISODE_COLUMNS,
    EVENT_COLUMNS,
    episode_of,
    read_standing,
    told_of,
    write_reading,
    write_standing,
)
from aexdash.clock import to_text
from aexdash.config.channels import Channel
from aexdash.desk import file as desk_file
from aexdash.notify import outbox
from aexdash.storage.text import storable

Key = tuple[str, str]
"""A rule and a store."""

NOTHING = Standing()

STANDINGS = "SELECT rule_key, store_key, spec, standing FROM alert_standing"

LAST_TOLD = f"""
SELECT {EVENT_COLUMNS}, {EPISODE_COLUMNS} FROM alert_episode AS e JOIN alert_event AS v ON v.id = (
    SELECT max(id) FROM alert_event WHERE episode_id = e.id
)
WHERE e.closed_at IS NULL ORDER BY e.id
"""  # noqa: S608

KEEP = """
INSERT INTO alert_standing (rule_key, store_key, spec, standing) VALUES (?, ?, ?, ?)
ON CONFLICT (rule_key, store_key) DO UPDATE SET spec = excluded.spec, standing = excluded.standing
"""

FORGET = "DELETE FROM alert_standing WHERE rule_key = ? AND store_key = ?"

OPENED = """
INSERT INTO alert_episode (trace, rule_key, title, store_key, severity, since, opened_at, at, reading)
VALUES (:trace, :rule, :title, :store, :severity, :since, :at, :at, :reading)
"""

WENT_ON = """
UPDATE alert_episode SET severity = :severity, at = :at, reading = :reading, closed_at = :closed_at WHERE id = :id
"""

TOLD = """
INSERT INTO alert_event (episode_id, kind, at, severity, since, reading, rule, codes, codes_before, data_at)
VALUES (:id, :kind, :at, :severity, :since, :reading, :spec, :codes, :codes_before, :data_at)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands with a store: `spec` is the rule it stands for, `told` the last event of what is open."""

    spec: str
    standing: Standing = NOTHING
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a round with what it is told with; `codes` are held listings by reason code, now and before."""

    rule: Rule
    event: Event
    codes: Mapping[str, int]
    codes_before: Mapping[str, int]
    data_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A place as it will be, and what happened on the way."""

    place: Place
    happened: Happened | None = None


def load(path: Path) -> dict[Key, Place]:
    """Read where the rules stood when this process last wrote it down; what cannot be read is begun anew.

    Raises:
        StorageError: the desk cannot be read.
    """
    places: dict[Key, Place] = {}
    for rule, store, spec, text in desk_file.rows(path, "alert_standing", STANDINGS):
        with contextlib.suppress(ValueError):
            places[rule, store] = Place(spec, read_standing(text))
    for row in desk_file.rows(path, "alert_event", LAST_TOLD):
        with contextlib.suppress(ValueError):
            told = told_of(row)
            key = (told.episode.rule_key, told.episode.store)
            places[key] = replace(places.get(key, Place("")), told=told)
    return places


def write(path: Path, steps: Mapping[Key, Step], channels: Iterable[Channel], now: datetime) -> dict[Key, Told]:
    """Write a round, and lay out what is to be told: all of it is kept, or nothing. Return what was told.

    Raises:
        StorageError: the desk cannot be written.
    """
    told: dict[Key, Told] = {}
    names = list(channels)
    with desk_file.writing(path) as connection:
        for key, step in steps.items():
            if step.place.standing == NOTHING:
                connection.execute(FORGET, key)
            else:
                connection.execute(KEEP, [*key, step.place.spec, write_standing(step.place.standing)])
            if step.happened:
                told[key] = _tell(connection, key, step.place.told, step.happened)
                outbox.put(connection, told[key], names, now)
    return told


def _tell(connection: sqlite3.Connection, key: Key, last: Told | None, happened: Happened) -> Told:
    event = happened.event
    bound: dict[str, object] = {
        "rule": key[0],
        "store": key[1],
        "title": storable(happened.rule.title),
        "kind": event.kind.value,
        "at": to_text(event.at),
        "severity": event.severity.value,
        "since": to_text(event.since),
        "reading": storable(write_reading(event.reading)),
        "spec": storable(happened.rule.model_dump_json()),
        "codes": json.dumps(happened.codes),
        "codes_before": json.dumps(happened.codes_before),
        "data_at": to_text(happened.data_at) if happened.data_at else None,
        "closed_at": to_text(event.at) if event.kind is EventKind.CLOSED else None,
    }
    if last is None:
        bound["trace"] = uuid.uuid4().hex
        bound["id"] = connection.execute(OPENED, bound).lastrowid
    else:
        bound["id"] = last.episode.id
        connection.execute(WENT_ON, bound)
    number = connection.execute(TOLD, bound).lastrowid
    row = connection.execute(f"SELECT {EPISODE_COLUMNS} FROM alert_episode AS e WHERE e.id = :id", bound).fetchone()  # noqa: S608
    return Told(
        id=int(number or 0),
        episode=episode_of(row),
        event=event,
        rule=happened.rule,
        codes=dict(happened.codes),
        codes_before=dict(happened.codes_before),
        data_at=happened.data_at,
    )
