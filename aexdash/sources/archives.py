"""Measures how large a workbook is when unpacked, before a reader unpacks it: in chunks, none of which is kept.

The sizes in an archive's directory may be wrong, so they are used only to refuse it, never to accept it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from aexdash.sources.errors import SourceError
from aexdash.sources.kinds import MEGABYTE, SAVE_AS, protected

MOST_UNPACKED_MEGABYTES = 300
PIECE = 1 << 20
LONGEST_CELL = 1 << 16

WORKBOOK = "xl/workbook.xml"
OTHER_KINDS = {"xl/workbook.bin": "a binary workbook (.xlsb)", "content.xml": "an OpenDocument file"}

BARE_FORMULA = re.compile(
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?"
    rb"</(?:\w+:)?c>"
)
"""A formula at the end of its cell: no value follows it."""


def examine(name: str, path: Path) -> int:
    """Check that an archive is a workbook that may be unpacked; return how many formulas have no stored value.

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
    left, bare_formulas = MOST_UNPACKED_MEGABYTES * MEGABYTE, 0
    for entry in archive.infolist():
        rest = b""
        for piece in _pieces(archive, entry):
            left -= len(piece)
            if left < 0:
                raise _too_large(name)
            content = rest + piece
            end = content.rfind(b"c>") + 2 if b"c>" in content else 0
            bare_formulas += sum(1 for _ in BARE_FORMULA.finditer(content, 0, end))
            rest = content[end:][-LONGEST_CELL:]
    return bare_formulas


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    entry.file_size = MOST_UNPACKED_MEGABYTES * MEGABYTE + PIECE  # else a false figure would end the reading there
    with archive.open(entry) as unpacked:
        while piece := unpacked.read(PIECE):
            yield piece


def _too_large(name: str) -> SourceError:
    return SourceError(
        f"{name} unpacks to more than {MOST_UNPACKED_MEGABYTES} MB and was not opened: export fewer listings at a time."
    )
