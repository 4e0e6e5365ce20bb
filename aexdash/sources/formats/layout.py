"""Finds the heading row of a sheet and makes a table of the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from aexdash.sources.cells import NAMED, Cell, Row, Table, joined_notes
from aexdash.sources.columns.headings import is_reason_heading, names_listing
from aexdash.sources.columns.id_columns import holds_ids
from aexdash.sources.errors import SourceError

HEADINGS_WITHIN = 100
"""The heading row is among the first hundred: real ones are in the first five (reference sources.md §2.1), and people
write notes above them."""

BELOW = 20
"""Rows below a heading row that tell what its columns hold."""

LONGEST_HEADING = 40

MOST_ROWS = 200_000

MOST_COLUMNS = 16_384
"""As many as a spreadsheet has."""

MOST_CELLS = 10_000_000
"""Rows times headings of one table: each of them is held in memory, also those that are empty."""

_KEY = re.compile(r"[A-Za-z][\w.]*", re.ASCII)


Numbered = tuple[int, Sequence[Cell]]
"""A row with its number, counted from 1."""


def table_of(name: str, sheet: str, rows: Iterable[Numbered]) -> Table | None:
    """Make a table of the rows of a sheet of file `name`; None where it has no headings above listings.

    The heading row is the first of the first hundred filled rows that names listings, or else the one above a column
    of product ids.

    Raises:
        SourceError: there are more than 200,000 rows, 16,384 columns or 10,000,000 cells.
    """
    filled = filter(_is_filled, rows)
    top = list(islice(filled, HEADINGS_WITHIN + BELOW))
    if any(len(cells) > MOST_COLUMNS for _, cells in top):
        raise SourceError(f"{name} has more than {MOST_COLUMNS:,} columns: choose a file with those of one table.")
    texts = [_texts(cells) for _, cells in top]
    place = _heading_row(top, texts)
    if place is None:
        return None
    captions, below, note = _captions(texts, place)
    headings = _each_once(captions)
    found = list(_rows(name, chain(top[place + below :], filled), len(headings)))
    return Table(sheet, headings, found, joined_notes(note, _cut_cells(headings, found)))


def _is_filled(row: Numbered) -> bool:
    return any(cell != "" for cell in row[1])


def _heading_row(top: Sequence[Numbered], texts: Sequence[Sequence[str]]) -> int | None:
    """Which row holds the headings: one that names listings, or else the one above the first product ids."""
    named = next((at for at, row in enumerate(texts[:HEADINGS_WITHIN]) if _listing_columns(row)), None)
    return _above_ids(top) if named is None else named


def _above_ids(top: Sequence[Numbered]) -> int | None:
    """The row above the first cell from which on a column holds product ids, under a heading that does not say so."""
    for at, (_, cells) in enumerate(top[1 : HEADINGS_WITHIN + 1], start=1):
        for place, cell in enumerate(cells):
            column = [row[place] if place < len(row) else "" for _, row in top[at : at + BELOW]]
            heading = top[at - 1][1][place] if place < len(top[at - 1][1]) else ""
            if cell != "" and heading != "" and holds_ids([cell]) and holds_ids(column):
                return at - 1
    return None


def _listing_columns(texts: Sequence[str]) -> set[int]:
    return {place for place, text in enumerate(texts) if names_listing(text)}


def _captions(rows: Sequence[Sequence[str]], place: int) -> tuple[list[str], int, str]:
    """Return the headings, how many rows they take, and a note where those of two rows were joined.

    A row of keys may be above or below the captions. Headings may also go on in the row below, or begin above.
    """
    above, first, second = (
        rows[place - 1] if place else [],
        rows[place],
        rows[place + 1] if place + 1 < len(rows) else [],
    )
    if _listing_columns(first) & _listing_columns(second):
        captions, keys = (second, first) if _are_keys(first) and not _are_keys(second) else (first, second)
        return [caption or key for caption, key in zip_longest(captions, keys, fillvalue="")], 2, ""
    if _go_on(first, second):
        joined = _joined(first, second)
        return joined, 2, _said_joined(joined, first)
    if place and len(above) == len(first) and "" in first and _begin_in(above, first):
        joined = [caption or higher for caption, higher in zip(first, above, strict=True)]
        return joined, 1, _said_joined(joined, first)
    return list(first), 1, ""


def _go_on(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the row below the headings holds more of them: short words, none under the id, some in gaps of the first.

    A row of data without its id looks alike, so a word under a full row must itself be one that stands over reasons.
    """
    words = {place: text for place, text in enumerate(second) if text}
    if not words or words.keys() & _listing_columns(first) or not all(map(_may_be_heading, words.values())):
        return False
    fills_gap = any(place >= len(first) or not first[place] for place in words)
    return fills_gap or all(is_reason_heading(text) for text in words.values())


def _begin_in(above: Sequence[str], first: Sequence[str]) -> bool:
    """Whether the row above holds the headings that the heading row lacks, and no title of a group."""
    gaps = [place for place, text in enumerate(first) if not text]
    return all(_may_be_heading(above[place]) for place in gaps if above[place]) and any(above[place] for place in gaps)


def _may_be_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and not any(letter.isdecimal() for letter in text)


def _joined(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Join the headings of two rows; one that stands over several columns belongs to each of them."""
    joined, over = [], ""
    for upper, lower in zip_longest(first, second, fillvalue=""):
        over = upper or (over if lower else "")
        joined.append(" ".join(filter(None, (over, lower))))
    return joined


def _said_joined(joined: Sequence[str], first: Sequence[str]) -> str:
    new = [caption for caption, upper in zip_longest(joined, first, fillvalue="") if caption != upper]
    return f"The headings stand in two rows and were joined: {', '.join(map(repr, new))}."


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [" ".join(str(cell).split()) for cell in cells]


def _are_keys(texts: Iterable[str]) -> bool:
    return all(_KEY.fullmatch(text) for text in texts if text)


def _each_once(captions: Sequence[str]) -> tuple[str, ...]:
    """Headings that are all different: a column without one is named by its letter, a repeated one gets a number."""
    last = max((place for place, caption in enumerate(captions) if caption), default=0)
    taken: dict[str, int] = {}
    for place, caption in enumerate(captions[: last + 1]):
        heading = wanted = caption or f"Column {_letters(place)}"
        while heading in taken:
            taken[wanted] += 1
            heading = f"{wanted} ({taken[wanted]})"
        taken[heading] = 1
    return tuple(taken)


def _letters(place: int) -> str:
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)


def _rows(name: str, numbered: Iterable[Numbered], width: int) -> Iterator[Row]:
    for count, (number, cells) in enumerate(numbered):
        if count == MOST_ROWS:
            raise SourceError(f"{name} has more than {MOST_ROWS:,} rows: split it and choose the parts one by one.")
        if (count + 1) * width > MOST_CELLS:
            raise SourceError(
                f"{name} has more than {MOST_CELLS:,} cells: export fewer columns, or split it and choose the parts."
            )
        yield Row(number, (*cells[:width], *[""] * (width - len(cells))))


def _cut_cells(headings: Sequence[str], rows: Iterable[Row]) -> str:
    """Name the cells with a character that was cut, which reads as U+FFFD."""
    cut = [
        f"{heading!r} of row {row.number:,}"
        for row in rows
        for heading, cell in zip(headings, row.cells, strict=True)
        if isinstance(cell, str) and "\ufffd" in cell
    ]
    more = f" and {len(cut) - NAMED:,} more cells" if len(cut) > NAMED else ""
    return f"A character was cut in {', '.join(cut[:NAMED])}{more}." if cut else ""
