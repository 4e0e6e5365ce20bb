"""What a process says while it runs: lines for people, and which loop, store and run each is about."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Self, TextIO


class Line(str):
    """A line of the log. `fields` say what it is about; a `detail` is shown only to whoever asked to see everything."""

    __slots__ = ("detail", "fields", "trace")

    detail: bool
    fields: Mapping[str, str | int]
    trace: str

    def __new__(cls, text: str, *, detail: bool = False, trace: str = "", **fields: str | int | None) -> Self:
        """Make a line. Fields that are None are left out; `trace` is where in the code something went wrong."""
        line = super().__new__(cls, text)
        line.detail, line.trace = detail, trace
        line.fields = {name: value for name, value in fields.items() if value is not None}
        return line

    def also(self, fields: Mapping[str, str | int]) -> Line:
        """Return the line with these fields too; those that it has stand."""
        line = Line(self, detail=self.detail, trace=self.trace)
        line.fields = {**fields, **self.fields}
        return line


Log = Callable[[str], None]
"""Takes a line; a plain text is a line about nothing in particular."""


def about(log: Log, **fields: str | int) -> Log:
    """Return a log whose lines are also about these fields; what a line says of itself stands."""

    def log_about(line: str) -> None:
        log((line if isinstance(line, Line) else Line(line)).also(fields))

    return log_about


VARIABLE = "AEXDASH_LOG"
"""The environment variable with words for the log: those of `WORDS`, with a comma between."""

VERBOSE, JSON = "verbose", "json"
WORDS = (VERBOSE, JSON)


def log_to(out: TextIO, *, verbose: bool = False, as_json: bool = False) -> Log:
    """Return a log that writes each line with its moment (UTC) and what it is about.

    Without `verbose` details are left out, so that an ordinary day says little, and so are the traces of errors.
    `as_json` writes one object a line, for programs. Lines go through `logging` under the name `aexdash`, and nothing
    else does, so that no library adds its own.
    """
    logger = logging.Logger("aexdash", logging.DEBUG if verbose else logging.INFO)
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Json() if as_json else _Plain())
    logger.addHandler(handler)

    def log(line: str) -> None:
        told = line if isinstance(line, Line) else Line(line)
        level = logging.DEBUG if told.detail else logging.INFO
        logger.log(level, "%s", line, extra={"fields": told.fields, "trace": told.trace if verbose else ""})

    return log


def words_of_environment() -> frozenset[str]:
    """Return the words for the log that the environment holds.

    Raises:
        ValueError: one of them is none; the text names those there are.
    """
    given = {word.strip() for word in os.environ.get(VARIABLE, "").lower().split(",") if word.strip()}
    if unknown := given - set(WORDS):
        raise ValueError(f"{VARIABLE} holds {', '.join(sorted(unknown))!r}: write {' or '.join(WORDS)}, or both.")
    return frozenset(given)


class _Plain(logging.Formatter):
    """The moment, the line, and in brackets what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        fields, trace = record.__dict__["fields"], record.__dict__["trace"]
        about_it = " ".join(f"{name}={value}" for name, value in fields.items())
        line = f"{_moment(record)} {record.getMessage()}{f' [{about_it}]' if about_it else ''}"
        return f"{line}\n{trace}" if trace else line


class _Json(logging.Formatter):
    """One object a line: its moment, its words, what it is about, and how the code came to an error."""

    def format(self, record: logging.LogRecord) -> str:
        fields, trace = record.__dict__["fields"], record.__dict__["trace"]
        told = {"at": _moment(record), "level": record.levelname.lower(), "text": record.getMessage(), **fields}
        return json.dumps({**told, "trace": trace} if trace else told, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC).isoformat(timespec='seconds')[:19]}Z"
