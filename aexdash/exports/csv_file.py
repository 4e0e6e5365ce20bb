"""Writes any table as CSV so that spreadsheets change nothing in it and run nothing of it.

CSV has no types, so three rules say how cells are written:

- Identifiers (product ids, SKU codes, category ids, the moment of an export) begin with a tab inside their quotes.
  Otherwise spreadsheets round numbers at 15 digits and turn `1-2` into a date. `="…"` would be a formula; an apostrophe
  stays visible and breaks a paste. A tab is not seen, and is dropped when an id is pasted into a search box or read
  with `int`. The cells that people may change and bring back begin with one too where they hold a digit or a truth
  value: a note `1/2` is no day of January.
- What turns the direction of a text is written as what it is, `‹U+202E›`, in texts of others: a cell that reads
  backwards deceives, and would turn what stands beside it. What people wrote, and may bring back, stays as it is.
- Text that a spreadsheet would take for a formula gets an apostrophe before it, wherever a cell could begin: also after
  `;`, a tab or a line break, where a spreadsheet of another locale may split the line. All cells are quoted for the
  same reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from aexdash.clock import to_text
from aexdash.exports.table import PLAIN_NUMBER, Cell, Column, Line, Shared
from aexdash.sources.round_trip import STARTS, UNSEEN
from aexdash.storage.text import visible

BOM = b"\xef\xbb\xbf"
CHUNK_ROWS = 500

_BETWEEN = '","'
_LEADING = STARTS + "\t\r\n"
# The look-behind lets a match begin only at the start of a run of invisible characters: without it, a text of ten
# thousand line breaks would be tried from each of them.
_BEFORE_FORMULA = re.compile(f"(?<![;{UNSEEN}])[;{UNSEEN}]++(?=[{STARTS}])")
_BREAK = re.compile("[;\t\r\n]")
_MEANS_SOMETHING = re.compile(r"\d|^\s*(?:true|false|wahr|falsch|vrai|faux)\s*$", re.IGNORECASE)


def csv_of(columns: Sequence[Column], lines: Iterable[Line]) -> Iterator[bytes]:
    """Write rows as CSV in UTF-8 with BOM, `CHUNK_ROWS` of them at a time."""
    return csv_of_written(columns, _written_lines(columns, lines))


def csv_of_written(columns: Sequence[Column], lines: Iterable[str]) -> Iterator[bytes]:
    """Write lines that are written already, below the headings, in the same way."""
    yield BOM + line_of([_text(column.title) for column in columns]).encode("utf-8", "replace")
    remaining = iter(lines)
    while pending := list(islice(remaining, CHUNK_ROWS)):
        yield "".join(pending).encode("utf-8", "replace")


def _written_lines(columns: Sequence[Column], lines: Iterable[Line]) -> Iterator[str]:
    remaining = iter(lines)
    first = next(remaining, None)
    writers = [] if first is None else _writers_of(columns, first)
    for line in chain([] if first is None else [first], remaining):
        yield line_of(["" if cell is None else write(cell) for write, cell in zip(writers, line, strict=True)])


def _writers_of(columns: Sequence[Column], line: Line) -> list[Callable[[Any], str]]:
    """Return what writes each part of a row, by the kind of its column, or of the columns that it stands for."""
    writers: list[Callable[[Any], str]] = []
    at = 0
    for one in line:
        if isinstance(one, Shared):
            writers.append(_once(columns[at : at + len(one.cells)]))
            at += len(one.cells)
        else:
            writers.append(_WRITERS[columns[at].kind])
            at += 1
    if at != len(columns):
        raise ValueError(f"a row of {at} cells under {len(columns)} headings")
    return writers


def _once(columns: Sequence[Column]) -> Callable[[Shared], str]:
    """Return what writes cells that rows share: the first time it is asked."""

    def write(shared: Shared) -> str:
        if shared.text is None:
            shared.text = written(columns, shared.cells)
        return shared.text

    return write


def written(columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """Write cells side by side, as parts of a line."""
    each = zip(columns, cells, strict=True)
    return _BETWEEN.join(["" if cell is None else _WRITERS[column.kind](cell) for column, cell in each])


def writer_of(column: Column) -> Callable[[Cell], str]:
    """Return what writes the cells of a column."""
    return _WRITERS[column.kind]


def safe(text: str) -> str:
    """Return the text with an apostrophe wherever a spreadsheet could begin to read a formula."""
    guarded = _BEFORE_FORMULA.sub(_guarded, text)
    return f"'{guarded}" if guarded[:1] and guarded[0] in _LEADING else guarded


def _guarded(run: re.Match[str]) -> str:
    return f"{run[0]}'" if run.start() == 0 or _BREAK.search(run[0]) else run[0]


def line_of(cells: Sequence[str]) -> str:
    """Join written cells to a line; several times as fast as csv.writer, which looks at every character."""
    return f'"{_BETWEEN.join(cells)}"\r\n'


def _text(cell: Cell) -> str:
    if not cell:
        return ""
    text = str(cell)
    if text.isascii() and text.isprintable() and text[0].isalnum() and ";" not in text and '"' not in text:
        return text  # most texts end here, in a tenth of the time that the pattern takes
    return _quoted(visible(text))


def _quoted(text: str) -> str:
    return safe(text).replace('"', '""')


@lru_cache(maxsize=8192)
def _word(cell: Cell) -> str:
    """Write a text with few different values, such as a status; each value is written once and cached."""
    return _text(cell)


def _identifier(cell: Cell) -> str:
    if isinstance(cell, str) and cell.isalnum():
        return "\t" + cell  # as most are; there is nothing in it to guard
    return "\t" + _text(cell) if cell else ""


@lru_cache(maxsize=8192)
def _kept(cell: Cell) -> str:
    """Write a text that people may change and bring back, so that it comes back as it is where they do not."""
    text = _quoted(str(cell or ""))
    return "\t" + text if _MEANS_SOMETHING.search(text) else text


@lru_cache(maxsize=8192, typed=True)
def _number(cell: Cell) -> str:
    """Write a number as it is, a negative one too; platform text that is not a plain number is written as text."""
    if isinstance(cell, str):
        return cell if PLAIN_NUMBER.fullmatch(cell) else _text(cell)
    return "" if cell is None else str(cell)


@lru_cache(maxsize=8192)
def _time(cell: Cell) -> str:
    return to_text(cell) if isinstance(cell, datetime) else ""


_WRITERS: dict[str, Callable[[Cell], str]] = {
    "text": _text,
    "word": _word,
    "identifier": _identifier,
    "number": _number,
    "time": _time,
    "link": _text,
    "kept": _kept,
    "fill": _text,
}
