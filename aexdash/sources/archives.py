"""What a workbook unpacks to, found out before a reader unpacks it: in pieces, counted, thrown away.

The figures that an archive gives of itself may be wrong, and a sheet of two far cells makes a reader lay out all
between them; so both are measured.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aexdash.sources.errors import SourceError
from aexdash.sources.kinds import MEGABYTE, SAVE_AS, protected
from aexdash.sources.layout import MOST_ROWS

MOST_UNPACKED_MEGABYTES = 300
MOST_CELLS = 5_000_000
PIECE = 1 << 20
LONGEST_REST = 8 * PIECE

WORKBOOK = "xl/workbook.xml"
OTHER_KINDS = {"xl/workbook.bin": "a binary workbook (.xlsb)", "content.xml": "an OpenDocument file"}

TOKEN = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>"
    rb"|<(?:\w+:)?c\b(?P<cell>[^>]*)(?<!/)>"
    rb"|<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?(?P<bare></(?:\w+:)?c>)"
)
ROW_AT = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
CELL_AT = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")


@dataclass(slots=True)
class Extent:
    """How far the cells of a sheet reach, and how many of its formulas came without their value."""

    rows: int = 0
    columns: int = 0
    bare_formulas: int = 0
    _row: int = 0
    _column: int = 0
    _rest: bytes = b""

    def add(self, piece: bytes) -> None:
        """Take in the next piece of a part of the archive, whether it is a sheet or not.

        Raises:
            zipfile.BadZipFile: it goes on for millions of bytes without the end of a tag, as no part does.
        """
        content = self._rest + piece
        end = content.rfind(b"c>") + 2 if b"c>" in content else content.rfind(b">") + 1
        self._scan(content[:end])
        begun = content.find(b"<", end)
        self._rest = content[begun:] if begun >= 0 else b""
        if len(self._rest) > LONGEST_REST:
            raise zipfile.BadZipFile("a tag without an end")

    def _scan(self, content: bytes) -> None:
        for token in TOKEN.finditer(content):
            if token["row"] is not None:
                at = ROW_AT.search(token["row"])
                self._row, self._column = int(at[1]) if at else self._row + 1, 0
            elif token["cell"] is not None:
                self._reach(token["cell"])
            else:
                self.bare_formulas += 1

    def _reach(self, cell: bytes) -> None:
        at = CELL_AT.search(cell)
        self._column = _number(at[1]) if at else self._column + 1
        self.rows = max(self.rows, int(at[2]) if at else self._row)
        self.columns = max(self.columns, self._column)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def examine(name: str, path: Path) -> int:
    """Find out whether an archive is a workbook that may be unpacked; return how many formulas lack their value.

    Raises:
        SourceError: it is another kind of archive, protected, damaged, or unpacks to more than 300 MB.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_other_kinds(name, archive)
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_MEGABYTES * MEGABYTE:
                raise _too_large(name)
            return _measured(name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise SourceError(f"{name} is damaged: it ends early or was changed on its way; export it again.") from error


def _refuse_other_kinds(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.namelist()
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise SourceError(protected(name))
    if WORKBOOK not in parts:
        what = next((words for part, words in OTHER_KINDS.items() if part in parts), "an archive without a workbook")
        raise SourceError(f"{name} is {what}: {SAVE_AS}")


def _measured(name: str, archive: zipfile.ZipFile) -> int:
    left, bare = MOST_UNPACKED_MEGABYTES * MEGABYTE, 0
    for entry in archive.infolist():
        extent = Extent()
        for piece in _pieces(archive, entry):
            left -= len(piece)
            if left < 0:
                raise _too_large(name)
            extent.add(piece)
        _refuse_far_cells(name, extent)
        bare += extent.bare_formulas
    return bare


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    entry.file_size = MOST_UNPACKED_MEGABYTES * MEGABYTE + PIECE  # else a false figure would end the reading there
    with archive.open(entry) as unpacked:
        while piece := unpacked.read(PIECE):
            yield piece


def _refuse_far_cells(name: str, extent: Extent) -> None:
    if extent.rows > MOST_ROWS or extent.rows * extent.columns > MOST_CELLS:
        raise SourceError(
            f"{name} has a sheet of {extent.rows:,} rows and {extent.columns:,} columns; at most {MOST_ROWS:,} rows "
            f"and {MOST_CELLS:,} cells are read: delete what stands far from the table, or split it."
        )


def _too_large(name: str) -> SourceError:
    return SourceError(
        f"{name} unpacks to more than {MOST_UNPACKED_MEGABYTES} MB and was not opened: export fewer listings at a time."
    )
