"""An answer as plain values, ready to be written as JSON: for scripts and assistants."""

from __future__ import annotations

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
        "refusal": _refusal(answer.refusal) if answer.refusal else None,
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
        "number": row.number,
        "text": row.text,
        "title": row.title,
        "link": row.link or None,
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "why": refusal.why.value,
        "sentence": refusal.sentence,
        "choices": [{"words": one.words, "meaning": one.meaning} for one in refusal.choices],
        "nearest": list(refusal.nearest),
    }
