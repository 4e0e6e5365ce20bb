"""Alerts for the tests of the pages: episodes as the engine keeps them, in the home of the worked example."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.desk import file as desk_file
from aexdash.model import Severity
from tests.notify.alerts import recorded_event
from tests.notify.post import keep
from tests.ui.sample import JUMP, REJECTED

SHARED = Reading(
    level=12,
    value=38,
    baseline=2,
    marks=("image.main_too_small",),
    listings=REJECTED,
    because="36 of 38 share one reason: Main picture too small (95%).",
)


def opened(key: str = "held", number: int = 1, *, at: datetime = JUMP, **words: object) -> RecordedEvent:
    """The opening of an episode of a rule that ships, ten minutes after what it is about began."""
    rule = DEFAULTS[key]
    event = recorded_event(EventKind.OPENED, number, at=at, rule=rule, trace=f"{key}-main-{number}", **words)
    since = at - timedelta(minutes=10)
    episode = replace(event.episode, id=number, opened_at=at, since=since)
    return replace(event, episode=episode, event=replace(event.event, since=since))


def over(event: RecordedEvent, at: datetime) -> RecordedEvent:
    """The end of an episode; its number among the events is a thousand after its opening's."""
    nothing = Reading(level=0, value=0)
    episode = replace(event.episode, closed_at=at, at=at)
    ended = replace(event.event, kind=EventKind.CLOSED, at=at, reading=nothing)
    return replace(
        event, id=event.id + 1000, episode=episode, event=ended, codes={}, codes_before=event.codes, data_at=at
    )


def kept(folder: Path, *events: RecordedEvent) -> Path:
    """Keep events in the desk of a home."""
    with desk_file.writing(folder / "desk.db") as connection:
        for event in events:
            keep(connection, event)
    return folder


def severe(number: int = 2) -> RecordedEvent:
    """Many are rejected and share one reason."""
    return opened("worse-than-usual", number, reading=SHARED, severity=Severity.HIGH)
