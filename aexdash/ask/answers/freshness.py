"""Questions of freshness: when each store was last read. Told from the very readings that every number stands on."""

from __future__ import annotations

from datetime import datetime, tzinfo

from aexdash.ask import saying
from aexdash.ask.answer import Answer, Row
from aexdash.ask.answers.number import view_of
from aexdash.ask.answers.places import address, command_of
from aexdash.ask.question import Question
from aexdash.ask.workspace import Workspace
from aexdash.statement import StoreReading
from aexdash.words import statements
from aexdash.words.common import capital, moment, span


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Tell when the stores of a question were last read completely, the longest ago first.

    The number is the minutes since the oldest of these readings; None where a store was never read, or where a reading
    is stamped later than now, so that nobody knows its age.
    """
    view = view_of(question, workspace)
    with workspace.snapshot.measures(view.store_keys) as measures:
        reach = measures.reach("held")
    readings = sorted(reach.readings, key=lambda one: (one.read_at is not None, one.read_at))
    minutes = [_minutes(one, now) for one in readings]
    known = [one for one in minutes if one is not None]
    oldest = max(known) if known and len(known) == len(minutes) else None
    place = question.place.unfiltered().to_query()
    return Answer(
        question=question,
        number=oldest,
        text=_ago(readings[0], now) if oldest is not None else "not known",
        unit="minutes",
        sentence=_sentence(readings, now, workspace.zone),
        statement=statements.read_words(reach, workspace.zone),
        claim=reach.claim.value,
        complete=reach.is_whole,
        read_at=reach.read_at,
        rows=tuple(_row(one, now, workspace.zone) for one in readings) if len(readings) > 1 else (),
        link="" if question.stores else address("health", place),
        command=command_of(question, workspace.zone),
        meaning=saying.question_words(question, workspace, now, present=""),
        read=question.read,
        ignored=question.ignored,
        facts=statements.facts(reach),
    )


def _minutes(one: StoreReading, now: datetime) -> float | None:
    if one.read_at is None or one.read_at > now:
        return None
    return (now - one.read_at).total_seconds() // 60


def _sentence(readings: list[StoreReading], now: datetime, zone: tzinfo) -> str:
    first = readings[0]
    which = first.title or first.store
    if first.read_at is None:
        return f"{which} has not been read completely yet."
    said = f"{which} was last read completely {moment(first.read_at, zone)}, {_ago(first, now)}"
    return capital(f"of {len(readings)} stores, {said}; the others no earlier." if len(readings) > 1 else f"{said}.")


def _ago(one: StoreReading, now: datetime) -> str:
    """Say how long ago a store was read; not of a reading that is stamped later than now."""
    if one.read_at is None:
        return statements.NOT_READ_YET
    return f"{span(now - one.read_at)} ago" if one.read_at <= now else "stamped ahead of this clock"


def _row(one: StoreReading, now: datetime, zone: tzinfo) -> Row:
    ago = _ago(one, now)
    text = ago if one.read_at is None else f"{ago}, {moment(one.read_at, zone)}{'' if one.current else ', too long'}"
    return Row(
        one.store, one.title or one.store, _minutes(one, now), text, link=address("health", {"store": one.store})
    )
