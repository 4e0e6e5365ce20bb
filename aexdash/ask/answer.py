"""An answer: a number with its statement and its rows, or a refusal that says what can be asked instead. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from aexdash.ask.question import Period, Question, Read

KNOWS = (
    "It can say how many listings are held, rejected, in audit, at risk or on sale, why, since when, how many moved in "
    "a time, and every card"
)
"""What every refusal says can be asked instead."""


class Why(StrEnum):
    """Why a question is not answered."""

    NOT_UNDERSTOOD = "not understood"  # words that could change the number were not understood
    AMBIGUOUS = "two readings"  # `choices` are the readings
    INCOMPLETE = "incomplete"  # nothing that can be counted was named
    NO_SUCH = "no such"  # a store, a reason, a person … that there is not; `nearest` are near it
    NOT_TOGETHER = "not together"  # each word is understood, but this number is not known so
    FUTURE = "future"  # a period that has not begun
    FORECAST = "forecast"
    ORDER = "order"  # asks to change something
    NOT_KNOWN = "not known"  # nothing that this tool knows of


MEANT = (Why.AMBIGUOUS, Why.NOT_TOGETHER)
"""Refusals whose choices are what was asked, or may have been; those of others leave out a part of the question."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to choose instead: `words` are asked as they stand, and have one reading; `meaning` says which."""

    words: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered: one `sentence` that also says what can be answered."""

    why: Why
    sentence: str
    choices: tuple[Choice, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the number, or one listing.

    `name` is in words of ours, `key` as addresses write it. `title` is the text of others: of a listing, its title.
    `number` is None where it is not known. `link` leads to exactly these listings, empty where no page shows them.
    `group` names the part that this is a part of, where parts are divided once more.
    """

    key: str
    name: str
    number: float | None = None
    text: str = ""
    title: str = ""
    link: str = ""
    group: str = ""

    @property
    def whole_name(self) -> str:
        """The name with that of the part that it belongs to: `Madrid · Mon 23 Nov`."""
        return " · ".join(filter(None, (self.group, self.name)))


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the small chart, at the end of an hour, day or week; None is a gap. `is_open`: it may still change.

    `limits` says between which limits the number lies, where it was not read of all listings.
    """

    at: datetime
    number: float | None
    is_open: bool = False
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The number of another moment or span. `change` is the signed difference in words, empty where there is none.

    `note` says why there is none, or of which stores it is.
    """

    number: float | None
    text: str
    when: str
    change: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    - `number` in `unit`; None where it is not known, and `text` says so. `text` is the number in words, bounds and all.
    - `sentence` is the whole answer in one sentence, `statement` who read it, when, and of how much it is, with
      `read_at`, the oldest reading that it is of, and `since`, since when it has been so. `claim` is a word of
      `aexdash.statement.Claim`, `complete` whether it speaks for all that was asked; `facts` are these for scripts.
    - `window` is the span that was counted. `rows` are its parts, or listings; `more` were left out of them.
      `rows_note` says what parts do not add up to. `points` are of the stores that `number` is of.
    - `meaning` is the whole question as it was read, in our words; `read` says so word by word.
    - `link` is the path and query of the page with the same number, of moves that with the books of their span, and
      `command` the command line.
    - `lines` are further sentences, such as those of a report on causes. `changed` says what a follow-up changed.
    - `refusal` None: it is answered. `readings` are the answers of its choices, in their order, where these are what
      was asked or may have been: two numbers in one question, or two readings of it.
    """

    question: Question | None
    number: float | None = None
    text: str = ""
    unit: str = ""
    sentence: str = ""
    statement: str = ""
    claim: str = ""
    complete: bool = False
    read_at: datetime | None = None
    since: datetime | None = None
    window: Period | None = None
    compared: Compared | None = None
    rows: tuple[Row, ...] = ()
    more: int = 0
    rows_note: str = ""
    points: tuple[Point, ...] = ()
    link: str = ""
    command: str = ""
    lines: tuple[str, ...] = ()
    meaning: str = ""
    read: tuple[Read, ...] = ()
    ignored: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    refusal: Refusal | None = None
    readings: tuple[Answer, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
