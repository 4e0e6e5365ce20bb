"""Reads one workbook with calamine in a process of its own: `python reader.py PATH` prints its rows as JSON lines.

On some damaged .xls files the reader ends its whole process, and on others it asks for more memory than there is;
neither may take the pages along. A line is `{"sheet": name}`, then `[number, cells]` for each filled row; or
`{"error": text}`.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
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

VALUE_LISTS = "_hide"
"""Sheets with this in their name hold the values of drop-downs (reference sources.md §2.1)."""

PASSWORD = "password"  # noqa: S105 - what a workbook asks for, none of ours
MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 120


def main(path: Path) -> None:
    """Print the rows of every sheet that may hold a table."""
    stay_within_limits()
    try:
        with CalamineWorkbook.from_path(path) as book:
            for sheet in filter(_may_hold_a_table, book.sheets_metadata):
                _say({"sheet": sheet.name})
                for numbered in _rows(book.get_sheet_by_name(sheet.name)):
                    _say(numbered)
    except PasswordError:
        _say({"error": PASSWORD})
    except CalamineError as error:
        _say({"error": str(error)})


def stay_within_limits(seconds: int = MOST_SECONDS) -> None:
    """Have this process end where it needs more than 1.5 GB of memory, or more seconds of a processor."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows, which has no such limits

        for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, seconds)):
            _, hard = resource.getrlimit(what)
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _may_hold_a_table(sheet: SheetMetadata) -> bool:
    seen = sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    return seen and VALUE_LISTS not in sheet.name.casefold()


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[object]]]:
    empty_columns: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            yield number, [*empty_columns, *map(_cell, row)]


def _cell(value: object) -> object:
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def _say(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
