"""A file that somebody brings, read as tables: CSV, XLS and XLSX, with the heading row found by its id column.

What is known of the real workbooks is reference sources.md §2.1: a sheet per category, `_hide` sheets of drop-down
values, group titles above the headings, English keys beside Chinese captions.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from aexdash.sources.cells import Cell, Row, Table
from aexdash.sources.errors import SourceError
from aexdash.sources.formats import delimited, workbooks
from aexdash.sources.formats.kinds import FileKind, kind_of, size_within
from aexdash.sources.own_exports import without_ours

__all__ = ["Cell", "Row", "SourceError", "Table", "every_table", "read_tables"]


def read_tables(name: str, data: bytes | Path, code_page: str | None = None) -> list[Table]:
    """Read the tables of a file; `name` is what the person calls it, `data` its content or where it lies.

    At most 30 MB are read, 300 MB unpacked, 200,000 rows and 10,000,000 cells. Sheets without a heading row, and
    exports of aexdash, are left out; the note of the first table names them. `code_page` is what a person chose for a
    text.

    Raises:
        CodePageUnclear: several code pages fit a text, and none was chosen.
        SourceError: the file is empty, too large, of another kind, protected, damaged, has no such table, or is an
            export of aexdash.
    """
    return without_ours(name, every_table(name, data, code_page))


def every_table(name: str, data: bytes | Path, code_page: str | None = None) -> list[Table]:
    """Read the tables of a file as `read_tables` does, those that aexdash exported among them.

    Raises:
        CodePageUnclear: several code pages fit a text, and none was chosen.
        SourceError: the file is empty, too large, of another kind, protected, damaged, or has no such table.
    """
    size_within(name, data.stat().st_size if isinstance(data, Path) else len(data))
    with tempfile.TemporaryDirectory(prefix="aexdash-") as folder:
        path = data if isinstance(data, Path) else _written(Path(folder) / "brought", data)
        kind = kind_of(name, path)
        if kind is FileKind.TEXT:
            return delimited.read(name, path, code_page)
        return workbooks.read(name, _named_rightly(path, kind, Path(folder)), kind)


def _written(path: Path, content: bytes) -> Path:
    """Write uploaded content to a temporary file, so that no reader needs a second copy in memory."""
    path.write_bytes(content)
    return path


def _named_rightly(path: Path, kind: FileKind, folder: Path) -> Path:
    """Return a path with the ending of the kind, by which the workbook reader chooses; names are wrong too often."""
    ending = f".{kind.value}"
    return path if path.suffix.lower() == ending else Path(shutil.copyfile(path, folder / f"named{ending}"))
