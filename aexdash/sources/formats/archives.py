"""Measures how large a workbook is when unpacked, before a reader unpacks it: in chunks, none of which is kept.

The sizes in an archive's directory may be wrong, so they are used only to refuse it, never to accept it. On the way it
is noted which formulas have no stored value: the reader takes their cells for empty ones.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from aexdash.sources.errors import SourceError
from aexdash.sources.formats.kinds import MEGABYTE, SAVE_AS, protected

MOST_UNPACKED_MEGABYTES = 300
PIECE = 1 << 20
LONGEST_CELL = 1 << 16

WORKBOOK = "xl/workbook.xml"
OTHER_KINDS = {"xl/workbook.bin": "a binary workbook (.xlsb)", "content.xml": "an OpenDocument file"}

RELATIONS = "xl/_rels/workbook.xml.rels"

BARE_FORMULA = re.compile(
    rb"(?:<(?:\w+:)?c\b([^>]*)>\s*)?"
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?"
    rb"</(?:\w+:)?c>"
)
"""A formula at the end of its cell: no value follows it."""

ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt\s*=\s*["']e["'][^>]*)>""")
"""The beginning of a cell whose value is an error, as #N/A."""

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ELEMENT = re.compile(r"<(?:\w+:)?(?:sheet|Relationship)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""(?:\w+:)?(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

Place = tuple[int, int]
"""A cell: the number of its row, and of its column, both from 1."""

Found = list[tuple[str, Place | None]]
"""Parts of an archive, and places in the sheets that they hold."""


@dataclass(frozen=True, slots=True)
class BareFormulas:
    """The formulas of a workbook without a stored value: how many, and by the name of the sheet where.

    `places` has cells whose value is an error, too. `lost`: of some formulas nobody knows where they stand.
    """

    count: int = 0
    places: Mapping[str, frozenset[Place]] = field(default_factory=dict)
    lost: bool = False


def examine(name: str, path: Path) -> BareFormulas:
    """Check that an archive is a workbook that may be unpacked; return its formulas that have no stored value.

    Raises:
        SourceError: it is another kind of archive, protected, damaged, or unpacks to more than 300 MB.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_other_kinds(name, archive)
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_MEGABYTES * MEGABYTE:
                raise _too_large(name)
            bare, errors = _measured(name, archive)
            return _by_sheet(archive, bare, errors) if bare or errors else BareFormulas()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise SourceError(f"{name} is damaged: it ends early or was changed on its way; export it again.") from error


def _refuse_other_kinds(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.namelist()
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise SourceError(protected(name))
    if WORKBOOK not in parts:
        what = next((words for part, words in OTHER_KINDS.items() if part in parts), "an archive without a workbook")
        raise SourceError(f"{name} is {what}: {SAVE_AS}")


def _measured(name: str, archive: zipfile.ZipFile) -> tuple[Found, Found]:
    """Unpack every part once; return where formulas have no value, and where the value is an error."""
    left = MOST_UNPACKED_MEGABYTES * MEGABYTE
    bare: Found = []
    errors: Found = []
    for entry in archive.infolist():
        rest = b""
        for piece in _pieces(archive, entry):
            left -= len(piece)
            if left < 0:
                raise _too_large(name)
            content = rest + piece
            end = content.rfind(b"c>") + 2 if b"c>" in content else 0
            bare += [(entry.filename, _place(one[1])) for one in BARE_FORMULA.finditer(content, 0, end)]
            errors += [(entry.filename, _place(one[1])) for one in ERROR.finditer(content, 0, end)]
            rest = content[end:][-LONGEST_CELL:]
    return bare, errors


def _place(attributes: bytes | None) -> Place | None:
    found = _PLACE.search(attributes or b"")
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(found[2]), column


def _by_sheet(archive: zipfile.ZipFile, bare: Found, errors: Found) -> BareFormulas:
    """Find the sheets by the parts that they lie in."""
    names = _names_of_sheets(archive)
    places: dict[str, set[Place]] = defaultdict(set)
    for part, place in (*bare, *errors):
        if part in names and place is not None:
            places[names[part]].add(place)
    lost = any(part not in names or place is None for part, place in bare)
    return BareFormulas(len(bare), {sheet: frozenset(cells) for sheet, cells in places.items()}, lost)


def _names_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the sheets by the parts of the archive that they lie in."""
    if RELATIONS not in archive.namelist():
        return {}
    targets = {one["Id"]: one["Target"] for one in _elements(archive, RELATIONS) if {"Id", "Target"} <= one.keys()}
    return {
        _part(targets[one["id"]]): one["name"]
        for one in _elements(archive, WORKBOOK)
        if one.get("id") in targets and "name" in one
    }


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of sheets or relations, without their prefixes."""
    for element in _ELEMENT.finditer(archive.read(part).decode("utf-8", "replace")):
        yield {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(element[1])}


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    entry.file_size = MOST_UNPACKED_MEGABYTES * MEGABYTE + PIECE  # else a false figure would end the reading there
    with archive.open(entry) as unpacked:
        while piece := unpacked.read(PIECE):
            yield piece


def _too_large(name: str) -> SourceError:
    return SourceError(
        f"{name} unpacks to more than {MOST_UNPACKED_MEGABYTES} MB and was not opened: export fewer listings at a time."
    )
