"""Workbooks as people bring them from Seller Center, invented: several sheets, `_hide` sheets, a broken style sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

Rows = Sequence[Sequence[object]]

BROKEN_FILL = (b'patternType="gray125"', b'patternType="chequered"')
"""A pattern that no standard knows: readers that check the style sheet refuse the whole workbook."""


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a workbook whose style sheet is not valid."""
    whole = path.with_suffix(".whole")
    with xlsxwriter.Workbook(whole) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as broken:
        for part in source.namelist():
            content = source.read(part)
            broken.writestr(part, content.replace(*BROKEN_FILL) if part == "xl/styles.xml" else content)
    return path
