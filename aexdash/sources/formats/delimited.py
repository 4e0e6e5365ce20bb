"""Reads CSV with the separators that spreadsheets write, and mends quotation marks that never close.

A file of some size is read in a process of its own, as workbooks are: `python -m aexdash.sources.formats.delimited NAME
PATH SECONDS [CODE_PAGE]` prints its table as JSON lines. A line is `{"headings": […], "note": text}`, then
`[number, cells]` for each row; or `{"error": text}`, with `samples` where the code page is not clear.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

from aexdash.sources.cells import Row, Table, joined_notes, named_rows
from aexdash.sources.columns.headings import names_listing
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.code_pages import CodePageUnclear, text_of
from aexdash.sources.formats.kinds import SAVE_AS
from aexdash.sources.formats.layout import HEADINGS_WITHIN, table_of
from aexdash.sources.formats.reader import MOST_SECONDS, stay_within_limits

READ_HERE = 16_000
"""Bytes of the largest file that is read in this process: whatever is in it takes less than to start another one."""

SEPARATORS = (",", ";", "\t", "|")

SHORT_CODE = 6
"""In a table of two columns, a shorter code at the beginning of a line may be a word of a text."""

_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def read(name: str, path: Path, code_page: str | None = None) -> list[Table]:
    """Read a CSV as one table; `code_page` is what a person chose.

    Raises:
        SourceError: it is no text, its code page is not clear, it has no heading row with product ids, or reading it
            takes more than 1.5 GB or 120 s of a processor.
    """
    if path.stat().st_size <= READ_HERE:
        return [_table(name, path, code_page)]
    return [_read_apart(name, path, code_page)]


def _read_apart(name: str, path: Path, code_page: str | None) -> Table:
    command = [sys.executable, "-P", "-m", __name__, name, str(path.absolute()), str(MOST_SECONDS)]
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [*command, *([code_page] if code_page else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=found,
    ) as process:
        assert process.stdout is not None
        told = map(json.loads, (line for line in process.stdout if line.endswith(b"\n")))
        first: dict[str, Any] = next(told, {})
        rows = [Row(number, tuple(cells)) for number, cells in told]
    if "error" in first:
        raise CodePageUnclear(name, first["samples"]) if "samples" in first else SourceError(first["error"])
    if process.returncode:
        raise SourceError(
            f"{name} takes more than {MOST_SECONDS} s to be read, or more memory than a table needs: "
            f"open it in a spreadsheet and look at its quotation marks, {SAVE_AS}"
        )
    return Table("", tuple(first["headings"]), rows, first["note"])


def _tell(name: str, path: Path, code_page: str | None) -> Iterator[object]:
    """Yield what the process that reads a file says of it."""
    try:
        table = _table(name, path, code_page)
    except CodePageUnclear as unclear:
        yield {"error": str(unclear), "samples": unclear.samples}
    except SourceError as error:
        yield {"error": str(error)}
    else:
        yield {"headings": table.headings, "note": table.note}
        yield from ((row.number, row.cells) for row in table.rows)


def _table(name: str, path: Path, code_page: str | None) -> Table:
    text = text_of(name, path.read_bytes(), code_page)
    lines = list(io.StringIO(text.text, newline=""))
    records = _Records(lines, _separator(lines))
    try:
        table = table_of(name, "", records.numbered())
    except csv.Error as error:
        raise SourceError(f"{name} is no CSV that can be read ({error}): {SAVE_AS}") from error
    if table is None:
        raise SourceError(
            f"{name} has no heading row with product ids or SKU codes in its first {HEADINGS_WITHIN} rows: "
            "name that column Product ID or SKU."
        )
    return replace(table, note=joined_notes(text.note, records.note, table.note))


def _separator(lines: Sequence[str]) -> str:
    """The separator that gives a heading row with a listing id, and the most columns."""
    return max(SEPARATORS, key=lambda separator: _headings_found(lines, separator))


def _headings_found(lines: Sequence[str], separator: str) -> tuple[bool, int]:
    try:
        top = [cells for _, cells in islice(_Records(lines, separator).numbered(), HEADINGS_WITHIN)]
    except csv.Error:
        return False, 0
    headings = [row for row in top if any(map(names_listing, row))]
    return bool(headings), max(map(len, headings or top), default=0)


class _Records:
    """The records of a CSV. One whose quotation mark never closes ends with its line, and `note` names it.

    A mark that is left open closes by chance at the next one, or never: what lies between would become one cell. So
    a record over several lines is taken apart where one of its lines is a row of its own.
    """

    def __init__(self, lines: Sequence[str], separator: str) -> None:
        self._lines, self._separator = lines, separator
        self._open: list[int] = []
        self._width = 0

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record with its number, counted from 1."""
        numbers, start = count(1), 0
        while start < len(self._lines):
            for begin, end, cells in self._run(start):
                start = end
                if cells is None:
                    number, start = next(numbers), begin + 1
                    self._open.append(number)
                    yield number, self._to_the_end_of(self._lines[begin])
                    break
                self._width = len(cells)
                yield next(numbers), cells

    @property
    def note(self) -> str:
        """What was found of open quotation marks in the records read so far."""
        if not self._open:
            return ""
        return f"A quotation mark does not close in {named_rows(self._open)}: read to the end of the line, so check it."

    def _run(self, start: int) -> Iterator[tuple[int, int, list[str] | None]]:
        """Yield records from a line on, as first line, line after the last, cells; None for cells ends the run."""
        lines = map(self._lines.__getitem__, range(start, len(self._lines)))
        reader = csv.reader(lines, delimiter=self._separator, strict=True)
        begin = start
        while begin < len(self._lines):
            try:
                cells = next(reader, None)
            except csv.Error:
                yield begin, begin, None
                return
            if cells is None:
                return
            end = start + reader.line_num
            if end - begin > 1 and self._holds_rows(begin, end, cells):
                yield begin, begin, None
                return
            yield begin, end, cells
            begin = end

    def _holds_rows(self, begin: int, end: int, cells: Sequence[str]) -> bool:
        """Whether a line of a record is a row itself: as many cells as others, and a code like theirs in its place."""
        broken = [place for place, cell in enumerate(cells) if "\n" in cell or "\r" in cell]
        if not broken:
            return False
        codes = {place: code for place, cell in enumerate(cells) if (code := self._code(cell))}
        for at in range(begin, end):
            own = self._to_the_end_of(self._lines[at])
            first = broken[-1] + 1 if at == begin else 0
            last = broken[0] if at == end - 1 else len(cells)
            alike = (self._code(own[place]) == codes[place] for place in codes if first <= place < min(last, len(own)))
            widths = (len(own), len(own) - int(own[-1:] == [""]))  # a line may end with a separator too many
            if self._width > 1 and self._width in widths and any(alike):
                return True
        return False

    def _code(self, cell: str) -> str:
        """How digits and letters stand in a code; empty where the cell is none."""
        text = cell.strip(' \t\r\n"')
        if not any(letter.isdecimal() for letter in text) or any(map(str.isspace, text)):
            return ""
        return "" if self._width < 3 and len(text) < SHORT_CODE else _LETTERS.sub("a", _DIGITS.sub("9", text))

    def _to_the_end_of(self, line: str) -> list[str]:
        """Read a line by itself; a mark that it leaves open ends with the line, or is a character like others."""
        bare = line.rstrip("\r\n")
        if len(bare) > csv.field_size_limit():
            raise csv.Error(f"field larger than field limit ({csv.field_size_limit()})")
        with suppress(csv.Error):
            return self._parsed(bare, strict=True)
        plain = [cell.strip('"') for cell in bare.split(self._separator)]
        if len(plain) == self._width:
            return plain
        with suppress(csv.Error):
            return self._parsed(f'{bare}"', strict=True)
        return self._parsed(bare, strict=False)

    def _parsed(self, line: str, *, strict: bool) -> list[str]:
        return next(csv.reader([line], delimiter=self._separator, strict=strict), [])


if __name__ == "__main__":
    stay_within_limits(int(sys.argv[3]))
    for line in _tell(sys.argv[1], Path(sys.argv[2]), next(iter(sys.argv[4:]), None)):
        sys.stdout.write(json.dumps(line) + "\n")
