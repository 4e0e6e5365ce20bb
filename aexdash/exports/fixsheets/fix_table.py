"""The value objects of a fix sheet, before it is written as CSV or as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from aexdash.exports.table import Cell, Column


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty cell for a person to fill in; `choices` are the allowed texts, empty where any text is allowed."""

    choices: tuple[str, ...] = ()


FixCell = Cell | Blank


class FixSheet(NamedTuple):
    """A fix sheet: the code of its reason, its columns, and one line of cells for each listing."""

    code: str
    columns: tuple[Column, ...]
    lines: list[tuple[FixCell, ...]]
