"""Finds the heading row of a sheet and makes a table of the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from aexdash.sources.cells import Cell, Row, Table
from aexdash.sources.errors import SourceError
from aexdash.sources.headings import names_listing

HEADINGS_WITHIN = 10
"""The heading row is among the first ten (reference sources.md §2.1)."""

MOST_ROWS = 200_000

_KEY = re.compile(r"[A-Za-z][\w.]*", re.ASCII)


Numbered = tuple[int, Sequence[Cell]]
"""A row with its number, counted from 1."""


def table_of(name: str, sheet: str, rows: Iterable[Numbered]) -> Table | None:
    """Make a table of the rows of a sheet of file `name`; None where none of the first ten filled rows names listings.

    Raises:
        SourceError: there are more than 200,000 rows.
    """
    filled = filter(_is_filled, rows)
    top = list(islice(filled, HEADINGS_WITHIN))
    place = next((at for at, (_, cells) in enumerate(top) if _listing_columns(cells)), None)
    if place is None:
        return None
    captions, below = _captions([cells for _, cells in top[place:]])
    headings = _each_once(captions)
    return Table(sheet, headings, list(_rows(name, chain(top[place + below :], filled), len(headings))))


def _is_filled(row: Numbered) -> bool:
    return any(cell != "" for cell in row[1])


def _listing_columns(cells: Sequence[Cell]) -> set[int]:
    return {place for place, cell in enumerate(cells) if isinstance(cell, str) and names_listing(cell)}


def _captions(rows: Sequence[Sequence[Cell]]) -> tuple[list[str], int]:
    """Return the headings and how many rows they take: a row of keys may be above or below the captions."""
    first, second = [_texts(row) for row in (*rows[:2], ())][:2]
    if not _listing_columns(first) & _listing_columns(second):
        return first, 1
    captions, keys = (second, first) if _are_keys(first) and not _are_keys(second) else (first, second)
    width = max(len(captions), len(keys))
    padded = zip(_wide(captions, width), _wide(keys, width), strict=True)
    return [caption or key for caption, key in padded], 2


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [" ".join(str(cell).split()) for cell in cells]


def _wide(texts: Sequence[str], width: int) -> list[str]:
    return [*texts, *[""] * (width - len(texts))]


def _are_keys(texts: Iterable[str]) -> bool:
    return all(_KEY.fullmatch(text) for text in texts if text)


def _each_once(captions: Sequence[str]) -> tuple[str, ...]:
    """Headings that are all different: a column without one is named by its letter, a repeated one gets a number."""
    last = max((place for place, caption in enumerate(captions) if caption), default=0)
    taken: dict[str, None] = {}
    for place, caption in enumerate(captions[: last + 1]):
        wanted = caption or f"Column {_letters(place)}"
        heading, number = wanted, 1
        while heading in taken:
            number += 1
            heading = f"{wanted} ({number})"
        taken[heading] = None
    return tuple(taken)


def _letters(place: int) -> str:
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)


def _rows(name: str, numbered: Iterable[Numbered], width: int) -> Iterator[Row]:
    for count, (number, cells) in enumerate(numbered):
        if count == MOST_ROWS:
            raise SourceError(f"{name} has more than {MOST_ROWS:,} rows: split it and choose the parts one by one.")
        yield Row(number, (*cells[:width], *[""] * (width - len(cells))))
