"""A fix sheet before it is written as CSV or as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from aexdash.exports.table import Cell, Column


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell to be filled in; `choices` are the allowed texts, empty when free."""

    choices: tuple[str, ...] = ()


FixCell = Cell | Blank


class FixSheet(NamedTuple):
    """A fix sheet before it is written: its reason, its columns, and a line a listing."""

    code: str
    columns: tuple[Column, ...]
    lines: list[tuple[FixCell, ...]]
