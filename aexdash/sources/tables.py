"""A file that somebody brings, read as tables: CSV, XLS and XLSX, with the heading row found by its id column.

What is known of the real workbooks is reference sources.md §2.1: a sheet per category, `_hide` sheets of drop-down
values, group titles above the headings, English keys beside Chinese captions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aexdash.sources import delimited, workbooks
from aexdash.sources.cells import Cell, Row, Table
from aexdash.sources.errors import SourceError
from aexdash.sources.kinds import Kind, kind_of, size_within

__all__ = ["Cell", "Row", "SourceError", "Table", "read_tables"]


def read_tables(name: str, data: bytes | Path) -> list[Table]:
    """Read the tables of a file; `name` is what the person calls it, `data` its content or where it lies.

    At most 30 MB are read, 300 MB unpacked, 200,000 rows. Sheets without a heading row are left out;
    the note of the first table names them.

    Raises:
        SourceError: the file is empty, too large, of another kind, protected, damaged, or has no such table.
    """
    with _on_disk(name, data) as path:
        kind = kind_of(name, path)
        if kind is Kind.TEXT:
            return delimited.read(name, path)
        return workbooks.read(name, path, kind)


@contextmanager
def _on_disk(name: str, data: bytes | Path) -> Iterator[Path]:
    """Content that came over the wire is put into a file, so that the reader needs no second copy in memory."""
    size_within(name, data.stat().st_size if isinstance(data, Path) else len(data))
    if isinstance(data, Path):
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="aexdash-") as folder:
        path = Path(folder) / "brought"
        path.write_bytes(data)
        yield path
