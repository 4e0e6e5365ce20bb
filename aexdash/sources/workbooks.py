"""XLS and XLSX through calamine, which reads what others refuse: wrong style sheets, sheets without dimension."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from aexdash.sources.archives import examine
from aexdash.sources.cells import Cell, Table
from aexdash.sources.errors import SourceError
from aexdash.sources.headings import names_listing
from aexdash.sources.kinds import Kind, protected
from aexdash.sources.layout import HEADINGS_WITHIN, table_of

VALUE_LISTS = "_hide"
"""Sheets with this in their name hold the values of drop-downs (reference sources.md §2.1)."""


def read(name: str, path: Path, kind: Kind) -> list[Table]:
    """Read the tables of a workbook, one a sheet that has a heading row.

    Raises:
        SourceError: it cannot be read, or has no such sheet.
    """
    bare_formulas = examine(name, path) if kind is Kind.XLSX else 0
    try:
        with _opened(path, kind) as book:
            wanted = [sheet.name for sheet in book.sheets_metadata if _may_hold_a_table(sheet)]
            sheets = {title: table_of(title, _rows(book.get_sheet_by_name(title))) for title in wanted}
    except PasswordError as error:
        raise SourceError(protected(name)) from error
    except CalamineError as error:
        raise SourceError(f"{name} is damaged or no workbook ({error}): open it, save it again, and retry.") from error
    return _checked(name, sheets, bare_formulas)


def _opened(path: Path, kind: Kind) -> CalamineWorkbook:
    """By its path where the name does not mislead the reader; else as a stream, which the reader holds once."""
    if path.suffix.lower() in ("", f".{kind.value}"):
        return CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _may_hold_a_table(sheet: SheetMetadata) -> bool:
    seen = sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    return seen and VALUE_LISTS not in sheet.name.casefold()


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    for row in sheet.iter_rows():
        yield [_cell(value) for value in row]


def _cell(value: object) -> Cell:
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _checked(name: str, sheets: dict[str, Table | None], bare_formulas: int) -> list[Table]:
    tables = [table for table in sheets.values() if table]
    if bare_formulas and not any(_names_any_listing(table) for table in tables):
        raise SourceError(
            f"{name} was written by a program that left the values of its formulas out: "
            "open it in a spreadsheet, save it, and choose it again."
        )
    if not tables:
        raise SourceError(
            f"{name} has no heading row with product ids or SKU codes in the first {HEADINGS_WITHIN} rows of "
            f"{', '.join(repr(title) for title in sheets) or 'any visible sheet'}: name that column Product ID."
        )
    left_out = [title for title, table in sheets.items() if table is None]
    return [replace(tables[0], note=_note(left_out, bare_formulas)), *tables[1:]]


def _names_any_listing(table: Table) -> bool:
    places = [place for place, heading in enumerate(table.headings) if names_listing(heading)]
    return any(row.cells[place] != "" for row in table.rows for place in places)


def _note(left_out: list[str], bare_formulas: int) -> str:
    notes = []
    if left_out:
        notes.append(f"Left out for want of a heading row with product ids: {', '.join(left_out)}.")
    if bare_formulas:
        notes.append(f"{bare_formulas:,} formulas came without their value and read as empty cells.")
    return " ".join(notes)
