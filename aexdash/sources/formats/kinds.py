"""Tells the kind of a file by its first bytes, because names are wrong too often."""

from __future__ import annotations

import mmap
from enum import StrEnum
from pathlib import Path

from aexdash.sources.errors import SourceError

MEGABYTE = 1_000_000
MOST_MEGABYTES = 30

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which a password-protected workbook lies, as its container names it."""

SAVE_AS = "save the table as .xlsx or .csv and choose that file."

BEGINNINGS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"Rar!": "an archive (RAR)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"\x1f\x8b": "an archive (gzip)",
    b"{\\rtf": "a text document (RTF)",
    b"SQLite format 3": "a database (SQLite)",
}

WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<table", b"<?xml", b"<meta", b"<body")


class FileKind(StrEnum):
    """How a file is read."""

    TEXT = "csv"
    XLSX = "xlsx"
    XLS = "xls"


def size_within(name: str, size: int) -> None:
    """Refuse a file of the wrong size before anything of it is read.

    Raises:
        SourceError: it is empty, or larger than 30 MB.
    """
    if size == 0:
        raise SourceError(f"{name} is empty: nothing was exported into it; export it again.")
    if size > MOST_MEGABYTES * MEGABYTE:
        raise SourceError(
            f"{name} has {size / MEGABYTE:,.0f} MB and at most {MOST_MEGABYTES} MB are read: "
            "export fewer columns or fewer listings at a time."
        )


def kind_of(name: str, path: Path) -> FileKind:
    """Tell how to read a file.

    Raises:
        SourceError: it is no table of a kind we read, or protected by a password.
    """
    with path.open("rb") as file:
        beginning = file.read(512)
    if beginning.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse_protected(name, path)
        return FileKind.XLS
    for mark, what in BEGINNINGS.items():
        if beginning.startswith(mark):
            raise SourceError(f"{name} is {what}, not a table: {SAVE_AS}")
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(WEB_PAGE):
        raise SourceError(f"{name} is a web page, whatever its name says: open it in a spreadsheet, {SAVE_AS}")
    return FileKind.TEXT


def _refuse_protected(name: str, path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED) >= 0:
            raise SourceError(protected(name))


def protected(name: str) -> str:
    """What to say of a workbook that only opens with a password."""
    return f"{name} is protected by a password: open it, save it without one, and choose it again."
