"""Episodes and events as the desk keeps them: their columns, written and read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from aexdash.alerts.model import Episode, Event, EventKind, RecordedEvent, Rule, RuleState
from aexdash.alerts.reading import Reading
from aexdash.clock import from_text, from_text_or_none
from aexdash.model import Severity

EPISODE_COLUMNS = """
e.id, e.trace, e.rule_key, e.title, e.store_key, e.severity, e.since, e.opened_at, e.closed_at, e.at, e.reading,
e.acknowledged_at, e.acknowledged_by, e.owner, e.note
"""

EVENT_COLUMNS = "v.id, v.kind, v.at, v.severity, v.since, v.reading, v.rule, v.codes, v.codes_before, v.data_at"

_READING = TypeAdapter(Reading)
_STATE = TypeAdapter(RuleState)
CODES = TypeAdapter(dict[str, int])
"""How many listings each reason holds, by its code, as an event keeps it."""


def recorded_event_of(row: Sequence[Any]) -> RecordedEvent:
    """Read an event with its episode from `EVENT_COLUMNS` and `EPISODE_COLUMNS`.

    Raises:
        ValueError: another version wrote it in a form that cannot be read.
    """
    number, kind, at, severity, since, reading, rule, codes, before, data_at = row[:10]
    return RecordedEvent(
        id=number,
        episode=episode_of(row[10:]),
        event=Event(EventKind(kind), from_text(at), Severity(severity), from_text(since), read_reading(reading)),
        rule=Rule.model_validate_json(rule),
        codes=CODES.validate_json(codes),
        codes_before=CODES.validate_json(before),
        data_at=from_text_or_none(data_at),
    )


def episode_of(row: Sequence[Any]) -> Episode:
    """Read an episode from `EPISODE_COLUMNS`.

    Raises:
        ValueError: another version wrote it in a form that cannot be read.
    """
    number, trace, rule_key, title, store, severity, since, opened_at, closed_at, at, reading = row[:11]
    acknowledged_at, acknowledged_by, owner, note = row[11:]
    return Episode(
        id=number,
        trace=trace,
        rule_key=rule_key,
        title=title,
        store=store,
        severity=Severity(severity),
        since=from_text(since),
        opened_at=from_text(opened_at),
        closed_at=from_text_or_none(closed_at),
        at=from_text(at),
        reading=read_reading(reading),
        acknowledged_at=from_text_or_none(acknowledged_at),
        acknowledged_by=acknowledged_by,
        owner=owner,
        note=note,
    )


def write_reading(reading: Reading) -> str:
    """Write a reading as JSON."""
    return _READING.dump_json(reading).decode()


def read_reading(text: str) -> Reading:
    """Read what `write_reading` wrote.

    Raises:
        ValueError: it cannot be read.
    """
    return _READING.validate_json(text)


def write_state(state: RuleState) -> str:
    """Write where a rule stands as JSON."""
    return _STATE.dump_json(state, by_alias=True).decode()


def read_state(text: str) -> RuleState:
    """Read what `write_state` wrote.

    Raises:
        ValueError: it cannot be read.
    """
    return _STATE.validate_json(text)
