"""An answer as lines of text, for a terminal, and as plain values, ready to be written as JSON, for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from aexdash.ask import typed
from aexdash.ask.answer import Answer, Compared, Refusal, Row
from aexdash.clock import to_text


def to_facts(answer: Answer, zone: tzinfo) -> dict[str, Any]:
    """Return everything an answer says; a number that is not known is null, never 0.

    Texts that others wrote stand in `title` of the rows alone.
    """
    return {
        "question": typed.write(answer.question, zone) if answer.question else None,
        "number": answer.number,
        "unit": answer.unit or None,
        "text": answer.text,
        "sentence": answer.sentence,
        "statement": answer.statement,
        "claim": answer.claim or None,
        "complete": answer.complete,
        "read_at": _text(answer.read_at),
        "since": _text(answer.since),
        "window": [_text(answer.window.start), _text(answer.window.end)] if answer.window else None,
        "compared": _compared(answer.compared) if answer.compared else None,
        "rows": [_row(row) for row in answer.rows],
        "more": answer.more,
        "rows_note": answer.rows_note,
        "points": [{"until": _text(one.at), "number": one.number, "open": one.is_open} for one in answer.points],
        "link": answer.link or None,
        "command": answer.command or None,
        "lines": list(answer.lines),
        "meaning": answer.meaning,
        "read_as": [{"words": one.words, "meaning": one.meaning} for one in answer.read],
        "ignored": list(answer.ignored),
        "changed": list(answer.changed),
        "refusal": _refusal(answer.refusal, answer.readings) if answer.refusal else None,
        "reach": dict(answer.facts),
    }


def _text(at: datetime | None) -> str | None:
    return to_text(at) if at else None


def _compared(one: Compared) -> dict[str, Any]:
    return {"number": one.number, "text": one.text, "when": one.when, "change": one.change, "note": one.note}


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "group": row.group or None,
        "number": row.number,
        "text": row.text,
        "title": row.title,
        "link": row.link or None,
    }


def _refusal(refusal: Refusal, readings: tuple[Answer, ...]) -> dict[str, Any]:
    told: list[dict[str, Any]] = [_told(one) for one in readings] or [{} for _ in refusal.choices]
    return {
        "why": refusal.why.value,
        "sentence": refusal.sentence,
        "choices": [
            {"words": one.words, "meaning": one.meaning} | number
            for one, number in zip(refusal.choices, told, strict=True)
        ],
        "nearest": list(refusal.nearest),
    }


def _told(reading: Answer) -> dict[str, Any]:
    """Return the number of a choice, with what it may speak for."""
    return {
        "number": reading.number,
        "unit": reading.unit or None,
        "sentence": reading.sentence,
        "statement": reading.statement,
        "claim": reading.claim or None,
        "complete": reading.complete,
    }


def lines_of(answer: Answer) -> Iterator[str]:
    """Yield an answer line by line: the sentence, its statement, its parts, and what was read as what."""
    yield answer.sentence
    yield answer.statement
    for changed in answer.changed:
        yield f"  changed {changed}"
    if (other := answer.compared) is not None:
        told = f"{other.text} {other.when}".strip() + (f", {other.change}" if other.change else "")
        yield f"Compared with: {told}{f' ({other.note})' if other.note else ''}."
    yield from answer.lines
    for row in answer.rows:
        number = "" if row.number is None and row.title else f"{row.text:>8}  " if not row.title else ""
        yield f"  {number}{row.whole_name}{f'  {row.title}' if row.title else ''}{f'  {row.text}' if row.title else ''}"
    if answer.more > 0:
        yield f"  and {answer.more:,} more"
    if answer.rows_note:
        yield answer.rows_note
    if answer.meaning:
        yield f"Read as: {answer.meaning}"
    for one in answer.read:
        yield f"  “{one.words}” = {one.meaning}"
    if answer.ignored:
        yield f"  ignored: {', '.join(answer.ignored)}"
    if answer.link:
        yield f"Page: {answer.link}"


def refusal_lines(answer: Answer) -> Iterator[str]:
    """Yield why a question is refused, and what can be asked instead as it is typed, with its number."""
    assert answer.refusal is not None
    yield answer.refusal.sentence
    for number, choice in enumerate(answer.refusal.choices):
        yield f"  {choice.words}{f'  ({choice.meaning})' if choice.meaning else ''}"
        if answer.readings:
            told = answer.readings[number]
            yield f"    {told.sentence} {told.statement}".rstrip()
            if told.question is not None and told.question.by is not None:
                yield from (f"    {row.text:>8}  {row.whole_name}" for row in told.rows)
