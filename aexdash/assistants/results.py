"""What a tool answers: typed results, each with who read it, when and of how much, and with the link to the page.

Words written by others (sellers, AliExpress, colleagues) stand in `texts_of_others` and nowhere else: an
assistant that takes an instruction out of them can be told apart from one that was told by its user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from aexdash.clock import to_text
from aexdash.statement import Claim, Reach
from aexdash.words.statements import read_words

LONGEST_TEXT = 600
"""Characters of one text of others; what is longer is cut and ends with `…`."""

Texts = dict[str, Any]
"""Texts of others by what they are: `title`, `note`. Absent ones are left out."""

NOTHING = "nothing"
"""The claim of a question that was refused; the others are those of `aexdash.statement.Claim`."""


def _short(value: float) -> float:
    return int(value) if value == int(value) else round(value, 4)


Number = Annotated[float, PlainSerializer(_short, return_type=Any), WithJsonSchema({"type": "number"})]
"""A number, written as a whole one where it is."""


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Statement(Part):
    """Who read a number, when, and of how much it is. `claim` is a word of `aexdash.statement.Claim`.

    Only what is `known` may be said of now, of today, or of all stores. `read_at` is the oldest reading, in UTC, empty
    where there is none.
    """

    claim: str
    says: str
    read_at: str


class Result(Part):
    """What every tool answers. `says` is the answer in one sentence, `link` opens the page with the same."""

    says: str
    statement: Statement
    link: str


def statement_of(reach: Reach, zone: tzinfo, claim: Claim | None = None, notes: Sequence[str] = ()) -> Statement:
    """Say what a number may claim; moments within the sentence are those of `zone`.

    `claim` is a weaker one than that of its stores, and `notes` say why.
    """
    return Statement(
        claim=(claim or reach.claim).value,
        says=read_words(reach, zone, notes=notes),
        read_at=text_of(reach.read_at),
    )


def text_of(at: datetime | None) -> str:
    """Write a moment in UTC; empty where there is none."""
    return to_text(at) if at else ""


def texts_of_others(**texts: str | Iterable[str] | None) -> Texts:
    """Return texts of others without control and direction characters, cut, and without those that are empty."""
    found: Texts = {}
    for name, given in texts.items():
        kept = _cleaned(given) if isinstance(given, str) else [_cleaned(one) for one in given or () if one]
        if kept:
            found[name] = kept
    return found


def _cleaned(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[: LONGEST_TEXT - 1]}…"


def numbers_of(measured: Mapping[str, object]) -> dict[str, float]:
    """Return the figures among what was measured: names and words in it are texts of others."""
    return {
        name: value
        for name, value in measured.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
