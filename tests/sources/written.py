"""Files written by hand in the ways that Seller Center and others write them: nobody else's file is here."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES_OPENPYXL_REFUSES = f"""<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="{MAIN}"><fonts count="1"><font><color rgb="red"/></font></fonts>
<fills count="1"><fill/></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>"""
"""A colour by name and a fill without a pattern: against the format, and found in files all the same."""


@dataclass(frozen=True)
class Number:
    """A number cell with its digits as the file writes them."""

    written: str


@dataclass(frozen=True)
class Formula:
    """A formula cell; without a value, as programs write it that do not calculate."""

    formula: str
    value: str | None = None


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    styles: str = "",
    hidden: Iterable[str] = (),
    inline: bool = True,
    dimension: bool = False,
    extra: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An XLSX with these sheets, its texts in the cells (`inline`) or shared, by default without dimension tags."""
    shared: dict[str, int] = {}
    parts = {
        f"xl/worksheets/sheet{number}.xml": _sheet(rows, shared if not inline else None, dimension)
        for number, rows in enumerate(sheets.values(), start=1)
    }
    parts |= _book(list(sheets), set(hidden), bool(styles), bool(shared))
    if styles:
        parts["xl/styles.xml"] = styles
    if shared:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    return archive({**parts, **(extra or {})})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def _sheet(rows: Sequence[Sequence[object]], shared: dict[str, int] | None, dimension: bool) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{_letters(place)}{number}", value, shared) for place, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    width = max(map(len, rows), default=1)
    size = f'<dimension ref="A1:{_letters(width - 1)}{len(rows)}"/>' if dimension else ""
    return f'<worksheet xmlns="{MAIN}">{size}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(at: str, value: object, shared: dict[str, int] | None) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{at}"><v>{value!r}</v></c>'
        case Number():
            return f'<c r="{at}"><v>{value.written}</v></c>'
        case Formula():
            kept = "" if value.value is None else f"<v>{escape(value.value)}</v>"
            return f'<c r="{at}" t="str"><f>{escape(value.formula)}</f>{kept}</c>'
        case _ if shared is None:
            return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
        case _:
            return f'<c r="{at}" t="s"><v>{shared.setdefault(str(value), len(shared))}</v></c>'


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _book(names: Sequence[str], hidden: set[str], styled: bool, sharing: bool) -> dict[str, str | bytes]:
    numbered = list(enumerate(names, start=1))
    state = {name: ' state="hidden"' if name in hidden else "" for name in names}
    listed = "".join(f'<sheet name={quoteattr(n)} sheetId="{i}"{state[n]} r:id="rId{i}"/>' for i, n in numbered)
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number, _ in numbered]
    targets += [("styles", "styles.xml")] * styled + [("sharedStrings", "sharedStrings.xml")] * sharing
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    types = "".join(f'<Override PartName="/xl/{target}" ContentType="{TYPE}.{kind}+xml"/>' for kind, target in targets)
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
    }


SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(streams: Mapping[str, bytes]) -> bytes:
    """The container of old Office files: a header, one sector of chains, one of names, then the streams.

    Streams are filled up to 4,096 bytes, below which the format would keep them elsewhere; there is room for three.
    """
    chains, sectors, entries = [FAT, END], [], [_entry("Root Entry", 5, END, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        first, count = len(chains), len(padded) // SECTOR
        chains += [*range(first + 1, first + count), END]
        sectors.append(padded)
        entries.append(_entry(name, 2, first, len(padded), right=number + 1 if number < len(streams) else FREE))
    entries += [_entry("", 0, 0, 0)] * (4 - len(entries))
    fat = struct.pack("<128I", *chains, *[FREE] * (128 - len(chains)))
    return _container_header() + fat + b"".join(entries) + b"".join(sectors)


def _container_header() -> bytes:
    begin = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    places = struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return begin + places + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name: str, kind: int, first: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) if name else 0, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def xls(rows: Sequence[Sequence[object]], *, password: bool = False) -> bytes:
    """An XLS with one sheet of texts and numbers, or one that says it has a password."""
    cells = {(number, place): value for number, row in enumerate(rows) for place, value in enumerate(row)}
    return xls_at(cells, password=password)


def xls_at(cells: Mapping[tuple[int, int], object], *, password: bool = False) -> bytes:
    """An XLS of these cells by row and column, counted from 0 (BIFF8 records: [MS-XLS] 2.4)."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += _record(0x002F, struct.pack("<H", 1) + bytes(52)) if password else b""
    name = struct.pack("<BB", 6, 1) + "Sheet1".encode("utf-16-le")
    length = len(begin) + 4 + 6 + len(name) + 4
    book = begin + _record(0x0085, struct.pack("<IBB", length, 0, 0) + name) + _record(0x000A, b"")
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    page += b"".join(_xls_cell(*at, value) for at, value in cells.items() if value != "")
    return container({"Workbook": book + page + _record(0x000A, b"")})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _xls_cell(row: int, column: int, value: object) -> bytes:
    at = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _record(0x0203, at + struct.pack("<d", value))
    text = str(value)
    return _record(0x0204, at + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))
