"""A fix sheet as a workbook: cells to fill in are coloured, and offer the allowed values as drop-downs.

The values are written to a hidden sheet, because a list inside a drop-down is limited to 255 characters. Another value
may be entered after a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from xlsxwriter.utility import xl_range, xl_range_abs

from aexdash.exports.fixsheets.fix_table import Blank, FixSheet
from aexdash.exports.workbook import Book, plain
from aexdash.exports.worklist.worklist import ExportContext
from aexdash.reasons.remedies import COMES_BACK

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LISTS = "Lists"
MAX_COLUMNS = 16_384
RANGES_AT_ONCE = 200
"""The most cell ranges of one drop-down; Excel opens files with longer lists slowly."""


class FixBook(Book):
    """The workbook of a fix sheet; a context manager that writes the file when it ends."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        super().__init__(target)
        self._fill = self._formats["kept"]
        self._formats["heading of fill"] = self._formats["heading of kept"]
        self._wrapped = self._file.add_format({"text_wrap": True, "valign": "top"})
        self._choices: dict[tuple[str, ...], int] = {}
        self._lists: Worksheet | None = None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._lists is not None:
            for row, values in enumerate(zip_longest(*self._choices)):
                for column, value in enumerate(values):
                    if value is not None:
                        self._lists.write_string(row, column, plain(value))
        super().__exit__(kind, error, at)

    def table(self, sheet: FixSheet, name: str) -> None:
        """Write the sheet of listings.

        Raises:
            ExportError: more rows than a worksheet holds.
        """
        written = self.sheet(name, sheet.columns)
        offered: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
        for line in sheet.lines:
            written.add([None if isinstance(cell, Blank) else cell for cell in line])
            for column, cell in enumerate(line):
                if isinstance(cell, Blank):
                    written.worksheet.write_blank(written.row, column, None, self._fill)
                    offered[column, cell.choices].append(written.row)
        for (column, choices), rows in offered.items():
            if choices:
                self._drop_down(written.worksheet, column, choices, rows)

    def about(self, code: str, context: ExportContext) -> None:
        """Write a sheet that says what the reason means, what is asked, what to do and when it was read."""
        reason = context.taxonomy.codes[code]
        lines = [
            (reason.name, reason.sentence),
            *(("Asked", f"{ask.limit} ({ask.source})") for ask in reason.asks),
            *((f"Step {number}", step) for number, step in enumerate(reason.steps, start=1)),
            ("How it comes back", COMES_BACK[reason.resubmit]),
            *([("Appeal", f"Open for {reason.appeal_days} days.")] if reason.appeal_days else []),
            *([("What was not read", context.claim)] if context.claim else []),
            ("Read at (UTC)", f"{context.as_of.astimezone(UTC):%Y-%m-%d %H:%M}"),
        ]
        sheet = self.worksheet("How to fix")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for row, (name, text) in enumerate(lines):
            sheet.write_string(row, 0, plain(name), self._formats["heading"])
            sheet.write_string(row, 1, plain(text), self._wrapped)

    def _drop_down(self, worksheet: Worksheet, column: int, choices: tuple[str, ...], rows: list[int]) -> None:
        source = self._source(choices)
        if source is None:
            return
        options = {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": "AliExpress lists other values for this. Keep it all the same?",
        }
        ranges = [xl_range(first, column, last, column) for first, last in _runs(rows)]
        for start in range(0, len(ranges), RANGES_AT_ONCE):
            at_once = " ".join(ranges[start : start + RANGES_AT_ONCE])
            worksheet.data_validation(rows[0], column, rows[0], column, {**options, "multi_range": at_once})

    def _source(self, choices: tuple[str, ...]) -> str | None:
        """Return the formula of the range that holds these choices; None when the hidden sheet is full."""
        if choices not in self._choices and len(self._choices) == MAX_COLUMNS:
            return None
        if self._lists is None:
            self._lists = self.worksheet(LISTS)
            self._lists.hide()
        column = self._choices.setdefault(choices, len(self._choices))
        name = self._lists.get_name()
        return f"='{name}'!{xl_range_abs(0, column, len(choices) - 1, column)}"


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut ascending row numbers into runs without a gap; yield the first and last row of each."""
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last
