"""The value objects that every file is read into: tables, rows, cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | bool
"""An empty cell is an empty text; dates and times are texts in ISO 8601."""


class WithoutValue(str):
    """A cell that reads as empty, and holds an error, or a formula whose value the file does not keep."""

    __slots__ = ()


NAMED = 10
"""Rows that a note names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the headings: `number` is that of the spreadsheet (from 1), `cells` are in heading order."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, or a whole CSV (`sheet` is empty). No heading occurs twice.

    `note` says what of the file was left out or cannot be seen, empty when nothing.
    """

    sheet: str
    headings: tuple[str, ...]
    rows: list[Row]
    note: str = ""


def joined_notes(*notes: str) -> str:
    """Join what is to be said of a table; empty notes say nothing."""
    return " ".join(filter(None, notes))


def named_rows(numbers: Sequence[int]) -> str:
    """Name rows by their numbers: `row 3`, `rows 3, 4 and 7`; of many the first ten, and how many more."""
    if not numbers:
        return "no row"
    first, more = [f"{number:,}" for number in numbers[:NAMED]], len(numbers) - NAMED
    last = f"{more:,} more" if more > 0 else first.pop()
    return f"rows {', '.join(first)} and {last}" if first else f"row {last}"


def code_of(cell: Cell) -> str:
    """Write a SKU or other code as text; one of digits alone may stand in a number cell."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
