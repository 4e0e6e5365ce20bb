"""What all exports share: columns and cells, the file's name, and writing a file completely or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from aexdash.clock import to_text
from aexdash.view import View

FORMATS = (".csv", ".xlsx")

MOST_NAMED = 2
"""Reasons of a view that the name of its file names."""

Cell = str | int | float | datetime | None


class Shared:
    """Cells side by side that many rows share: a format that writes text writes them once, and keeps that in `text`."""

    __slots__ = ("cells", "text")

    def __init__(self, *cells: Cell) -> None:
        self.cells = cells
        self.text: str | None = None


Line = Sequence[Cell | Shared]
"""A row: its cells in order, in which a `Shared` stands for several; so in all rows of a table or in none."""


def cells_of(line: Line) -> tuple[Cell, ...]:
    """Return the cells of a row, each by itself."""
    return tuple(chain.from_iterable([one.cells if isinstance(one, Shared) else (one,) for one in line]))


PLAIN_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d+)?", re.ASCII)
"""Text of the platform that can be written as a number without losing a digit."""


class Column(NamedTuple):
    """A column: key, heading and kind (text, word, identifier, number, time, link, kept or fill).

    `word` is a text with few different values; `kept` a text that people may change and bring back; `fill` a cell for a
    person to fill in. `width` is in characters, for workbooks.
    """

    key: str
    title: str
    kind: str
    width: int = 14


LISTING = (
    Column("store", "Store", "word"),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 40),
)
"""The columns that say which listing a row is about."""


class ExportError(Exception):
    """An export that could not be written; the text says why and what to do."""


class NoSuchExport(ExportError):
    """What was asked for is no export: a file of another kind, or of no reason. Nothing was tried."""


def file_name(store: str | None, as_of: datetime | None, suffix: str = ".csv", what: str = "", claim: str = "") -> str:
    """Return a file name with what it is, the store and the moment, of characters that every file system takes.

    `claim` says in a word what the file does not speak for, as `not-read-since`; an empty list has no other place.
    """
    stamp = f"{to_text(as_of)[:19].replace('-', '').replace(':', '')}Z" if as_of else "no-data"
    words = [re.sub("[^a-z0-9_-]", "-", word) for word in (what, store or "all-stores") if word]
    return f"{'-'.join(['aexdash', *words, stamp, *filter(None, [claim])])}{suffix}"


def named_after(view: View, form: str = "") -> str:
    """Return what a view shows as words for a file's name, and the form of the file.

    It is its reasons, campaign, report, lanes and marks; of many reasons it says how many they are.
    """
    reasons = view.reasons if len(view.reasons) <= MOST_NAMED else (f"{len(view.reasons)}-reasons",)
    report = f"report-{view.shares}" if view.shares else ""
    return "-".join(filter(None, (*reasons, view.campaign, report, *view.lanes, *view.marks, form)))


def page_of(patterns: Mapping[str, str], store: str, product_id: str) -> str:
    """Return the URL of a listing's page, made from the pattern of its store; empty where the store has none."""
    return patterns.get(store, "").replace("{product_id}", product_id)


FOR_PEOPLE = 0o644
"""The mode of a file that somebody asked for by its name: a home is private, and this is to be passed on."""


def write_whole(path: Path, write: Callable[[IO[bytes], str], None]) -> None:
    """Write a .csv or .xlsx file completely or not at all; `write` gets the open file and its ending in lower case.

    Raises:
        ExportError: another ending, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise NoSuchExport(f"{path.name} ends in neither {' nor '.join(FORMATS)}: give the file one of these endings.")
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file, suffix)
            Path(beside).chmod(FOR_PEOPLE)
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written ({error.strerror}): check the folder, its permissions and the disk."
        ) from None
