"""Reads XLS and XLSX as tables; `reader.py` reads the sheets with calamine in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

from aexdash.sources.cells import Cell, Table, WithoutValue, joined_notes
from aexdash.sources.columns.headings import names_listing
from aexdash.sources.errors import SourceError
from aexdash.sources.formats import reader
from aexdash.sources.formats.archives import BareFormulas, Place, examine
from aexdash.sources.formats.kinds import FileKind, protected
from aexdash.sources.formats.layout import HEADINGS_WITHIN, Numbered, table_of

ANSWERED = 0

WITHOUT_VALUES = "formulas came without their value"
"""What the note of a table says where a program left the values of formulas out."""

LOST = "nobody knows in which cells"
"""What it says as well where the file does not tell in which cells these stand."""


def read(name: str, path: Path, kind: FileKind) -> list[Table]:
    """Read the tables of a workbook, one a sheet that has a heading row; the end of `path` is that of its kind.

    Raises:
        SourceError: it cannot be read, or has no such sheet.
    """
    bare_formulas = examine(name, path) if kind is FileKind.XLSX else BareFormulas()
    with closing(_rows(name, path)) as told:
        rows = ((sheet, _marked(row, bare_formulas.places.get(sheet, frozenset()))) for sheet, row in told)
        by_sheet = groupby(rows, key=itemgetter(0))
        sheets = {title: table_of(name, title, map(itemgetter(1), group)) for title, group in by_sheet}
    return _checked(name, sheets, bare_formulas)


def _marked(row: Numbered, bare: frozenset[Place]) -> Numbered:
    """Tell the cells of a row with an error, or a formula without a value, from those that are empty."""
    number, cells = row
    columns = {column for at, column in bare if at == number} if bare else ()
    if not columns:
        return row
    marked: list[Cell] = [*cells, *[""] * (max(columns) - len(cells))]
    for column in columns:
        if marked[column - 1] == "":
            marked[column - 1] = WithoutValue()
    return number, marked


def _rows(name: str, path: Path) -> Generator[tuple[str, Numbered]]:
    """Each filled row with the name of its sheet."""
    command = [sys.executable, "-P", reader.__file__, str(path.absolute())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield from _told(name, process.stdout)
        except GeneratorExit:
            process.kill()
            raise
    if process.returncode != ANSWERED:
        raise SourceError(
            f"{name} is damaged, or has cells too far apart to hold all between them: "
            "open it in a spreadsheet and save the table alone as .xlsx."
        )


def _told(name: str, lines: IO[bytes]) -> Iterator[tuple[str, Numbered]]:
    sheet = ""
    for line in lines:
        if not line.endswith(b"\n"):
            return  # the reader died in the middle of it
        match json.loads(line):
            case {"sheet": str(title)}:
                sheet = title
            case {"error": reader.PASSWORD}:
                raise SourceError(protected(name))
            case {"error": str(complaint)}:
                raise _damaged(name, complaint)
            case [number, cells]:
                yield sheet, (number, cells)


def _damaged(name: str, complaint: str) -> SourceError:
    return SourceError(f"{name} is damaged or no workbook ({complaint}): open it in a spreadsheet, save as .xlsx.")


def _checked(name: str, sheets: dict[str, Table | None], bare_formulas: BareFormulas) -> list[Table]:
    tables = [table for table in sheets.values() if table]
    if bare_formulas.count and not any(_names_any_listing(table) for table in tables):
        raise SourceError(
            f"{name} was written by a program that left the values of its formulas out: "
            "open it in a spreadsheet, save it, and choose it again."
        )
    if not tables:
        raise SourceError(
            f"{name} has no heading row with product ids or SKU codes in the first {HEADINGS_WITHIN} rows of "
            f"{', '.join(repr(title) for title in sheets) or 'any visible sheet'}: name that column Product ID or SKU."
        )
    left_out = [title for title, table in sheets.items() if table is None]
    return [replace(tables[0], note=joined_notes(_note(left_out, bare_formulas), tables[0].note)), *tables[1:]]


def _names_any_listing(table: Table) -> bool:
    places = [place for place, heading in enumerate(table.headings) if names_listing(heading)]
    return any(row.cells[place] != "" for row in table.rows for place in places)


def _note(left_out: list[str], bare_formulas: BareFormulas) -> str:
    notes = []
    if left_out:
        notes.append(f"Left out for want of a heading row with product ids: {', '.join(left_out)}.")
    if bare_formulas.count:
        where = f" ({LOST})" if bare_formulas.lost else ""
        notes.append(f"{bare_formulas.count:,} {WITHOUT_VALUES} and read as empty cells{where}.")
    return " ".join(notes)
