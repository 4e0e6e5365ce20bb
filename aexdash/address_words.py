"""The words of an address: one filter, how its values are read from a URL and written to one, and ages and moments.

Which filters there are is in `aexdash.view`; what each chooses is in `aexdash.snapshot.worklist.filters`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aexdash.clock import from_text

FIRST_YEAR, LAST_YEAR = 1000, 9999
"""Moments before the first year or from the last year on are refused; far outside the life of any store."""

_SPAN = r"[1-9][0-9]{0,3}[dh]"
_AGE = re.compile(rf"(?P<least>{_SPAN})?(?:-(?P<below>{_SPAN}))?")
_SHARED = re.compile(r"([1-9][0-9]{0,17})(?:\.([1-9][0-9]?))?")

Query = Mapping[str, str | Sequence[str]]
"""The parameters of a URL: a text, or several texts where a parameter is repeated."""


def one_of(words: Iterable[str]) -> str:
    """Write the words that are allowed somewhere: `new, taken, fixed or snoozed`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the view, as URL, pages, SQL and command line use it.

    `name` is its parameter in URLs and, with dashes, its option on the command line. `field` is the field of `View`.
    `many`: the field is a tuple of several values. `known` are the allowed values, in the order in which they are
    offered; without them every text is allowed that `parse` reads, which raises ValueError for others. `offered` are
    choices in their order, of a filter that reads others too. `wrong` says what is wrong with a value that is not
    allowed, and `write_it` what to write instead; both may be left out of a filter with `known` values. `heading`
    stands over the choices on the worklist; a filter without one offers no choices with counts.
    """

    name: str
    field: str
    help: str
    many: bool = False
    known: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    parse: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    wrong: str = "is not known"
    write_it: str = ""
    heading: str = ""

    def value_of(self, word: str) -> Any:
        """Read one value.

        Raises:
            ValueError: this filter does not allow it.
        """
        if not self.known:
            return self.parse(word)
        return self.known[self.known.index(word)]

    def read(self, query: Query) -> tuple[Any, list[str]]:
        """Read the value of the field from a query, and the words of it that are not allowed.

        The value is None, or an empty tuple, where the query has no allowed one.
        """
        values: list[Any] = []
        wrong: list[str] = []
        for word in _words(query.get(self.name, ())) if self.many else _first(query.get(self.name, ())):
            try:
                values.append(self.value_of(word))
            except ValueError:
                wrong.append(word)
        return (tuple(dict.fromkeys(values)) if self.many else next(iter(values), None)), wrong

    @property
    def hint(self) -> str:
        """What to write instead of a word that is not allowed."""
        return self.write_it or f"{self.name} can be {', '.join(self.known)}"

    def written(self, value: Any) -> str:
        """Write a value of the field as the value of a URL parameter."""
        return ",".join(_quoted(self.write(one)) for one in value) if self.many else self.write(value)


def read_number(word: str) -> int:
    """Read a number that SQLite can hold.

    Raises:
        ValueError: it is none.
    """
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise ValueError(word)
    return int(word)


def read_moment(word: str) -> datetime:
    """Read a moment of an address or a command.

    Raises:
        ValueError: it is none, or of a year that no days can be counted back from or on from.
    """
    moment = from_text(word)
    if not FIRST_YEAR <= moment.year < LAST_YEAR:  # days are counted back from it and on from it
        raise ValueError(word)
    return moment


def read_age(word: str) -> str:
    """Read an age, and write it in one way: `14d`, `36h`, `3d-7d` (less than 7), `-1d` (less than 1); `48h` is `2d`.

    Raises:
        ValueError: it is none, or ends before it begins.
    """
    found = _AGE.fullmatch(word)
    if not word or not found:
        raise ValueError(word)
    least, below = (_in_days(found[side]) for side in ("least", "below"))
    if least and below and span_of_age(least) >= span_of_age(below):
        raise ValueError(word)
    return f"{least}-{below}" if below else least


def _in_days(span: str | None) -> str:
    if span and span.endswith("h") and int(span[:-1]) % 24 == 0:
        return f"{int(span[:-1]) // 24}d"
    return span or ""


def span_of_age(span: str) -> timedelta:
    """Return how long `14d` or `36h` is."""
    number = int(span[:-1])
    return timedelta(hours=number) if span.endswith("h") else timedelta(days=number)


def bounds_of_age(word: str) -> tuple[timedelta | None, timedelta | None]:
    """Return from how long on listings have an age, and below how long; None: any."""
    least, _, below = word.partition("-")
    return span_of_age(least) if least else None, span_of_age(below) if below else None


def read_shared(word: str) -> str:
    """Read which slice of a kept report is meant: `12.2`; `12` is its first.

    Raises:
        ValueError: it is no number of a report.
    """
    found = _SHARED.fullmatch(word)
    if not found or not word.isascii():
        raise ValueError(word)
    return f"{found[1]}.{found[2] or 1}"


_WORD = re.compile(r'\s*(?:"((?:[^"]|"")+)"\s*(?=,|$)|([^,]*))(?:,|$)')
"""A word of a list up to the next comma; in double quotes it may hold commas, and quotes that are doubled."""


def _words(value: str | Sequence[str]) -> list[str]:
    parts = [value] if isinstance(value, str) else value
    words = (quoted.replace('""', '"') or bare.strip() for part in parts for quoted, bare in _WORD.findall(part))
    return [word for word in words if word]


def _quoted(word: str) -> str:
    if "," in word or word.startswith('"') or word != word.strip():
        return '"' + word.replace('"', '""') + '"'
    return word


def _first(value: str | Sequence[str]) -> list[str]:
    first = value if isinstance(value, str) else next(iter(value), "")
    return [first] if first else []
