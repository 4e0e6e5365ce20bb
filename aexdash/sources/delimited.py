"""Reads CSV in the encodings and with the separators that spreadsheets write."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aexdash.sources.cells import Table
from aexdash.sources.errors import SourceError
from aexdash.sources.headings import names_listing
from aexdash.sources.kinds import SAVE_AS
from aexdash.sources.layout import HEADINGS_WITHIN, table_of

SEPARATORS = (",", ";", "\t", "|")
PIECE = 1 << 20

ASCII = bytes(range(0x80))
LETTERS_OF_CP1251 = bytes(range(0xC0, 0x100))
LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read(name: str, path: Path) -> list[Table]:
    """Read a CSV as one table.

    Raises:
        SourceError: it is no text, or has no heading row with product ids.
    """
    encoding = encoding_of(name, path)
    try:
        table = table_of(name, "", enumerate(_records(path, encoding, _separator(path, encoding)), start=1))
    except (csv.Error, UnicodeError) as error:
        raise SourceError(f"{name} is no CSV that can be read ({error}): {SAVE_AS}") from error
    if table is None:
        raise SourceError(
            f"{name} has no heading row with product ids or SKU codes in its first {HEADINGS_WITHIN} rows: "
            "name that column Product ID or SKU."
        )
    return [table]


def _records(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=separator)


def _separator(path: Path, encoding: str) -> str:
    """The separator that gives a heading row with a listing id, and the most columns."""
    return max(SEPARATORS, key=lambda separator: _headings_found(path, encoding, separator))


def _headings_found(path: Path, encoding: str, separator: str) -> tuple[bool, int]:
    top = list(islice(_records(path, encoding, separator), HEADINGS_WITHIN))
    headings = [row for row in top if any(map(names_listing, row))]
    return bool(headings), max(map(len, headings or top), default=0)


def encoding_of(name: str, path: Path) -> str:
    """Tell the encoding of a text from its bytes: UTF-8, UTF-16, GBK, or the Windows one of Russian or of Spanish.

    Raises:
        SourceError: these are not the bytes of a text.
    """
    with path.open("rb") as file:
        beginning = file.read(PIECE)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if beginning.startswith(mark):
            return encoding
    if b"\0" in beginning:
        return _wide_encoding(name, beginning)
    if _decodes(path, "utf-8"):
        return "utf-8"
    return _narrow_encoding(path)


def _wide_encoding(name: str, beginning: bytes) -> str:
    """Recognise UTF-16 without a byte order mark: ASCII characters have a zero byte, always on the same side."""
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    for encoding, more, fewer in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if more > len(beginning) / 20 and fewer == 0:
            return encoding
    raise SourceError(f"{name} is neither a workbook nor a text: {SAVE_AS}")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _narrow_encoding(path: Path) -> str:
    """Tell one-byte encodings and GBK apart by the bytes above ASCII.

    Spanish accents stand alone among ASCII; Russian letters are above 0xC0, a third of Chinese bytes are below.
    """
    high = lone = below = 0
    for piece in _pieces(path):
        high += len(piece.translate(None, ASCII))
        below += len(piece.translate(None, ASCII + LETTERS_OF_CP1251))
        lone += sum(1 for _ in LONE.finditer(piece))
    if lone > high * 0.8:
        return "cp1252"
    if below > high * 0.1 and _decodes(path, "gb18030"):
        return "gb18030"
    return "cp1251"
