"""Reading that cannot write: what SQLite itself refuses, whatever the code that asks is told or tricked into.

`mode=ro` alone does not hold: a connection may attach or copy into new files, and `query_only` can be switched off by a
statement. So within `only_reading()` every connection that our files are read by has an authorizer too, and no file of
ours can be opened for writing. Pages do without: it costs a call into Python for each column of each statement.

What is left is SQLite's own: a reader of a file in WAL mode marks in its `-shm` what it reads, and makes that file and
an empty `-wal` where nobody has the file open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aexdash.storage.errors import StorageNotWritable

_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)

_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})

_PRAGMAS = frozenset({"database_list", "table_info", "quick_check", "data_version"})
"""Those that only tell something; each of the others may be one that sets something. An index of texts asks for the
last whenever it is searched."""

_FUNCTIONS = frozenset({"load_extension", "zeroblob", "randomblob", "writefile", "readfile", "edit", "fts3_tokenizer"})
"""Functions that no query of ours calls, and that reach files, code or any amount of memory."""

_TRANSACTIONS = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})


@contextmanager
def only_reading() -> Iterator[None]:
    """Let nothing within the block write to a file of ours, in this thread or in one that has its context."""
    before = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(before)


def reads_only() -> bool:
    """Whether this is within `only_reading()`."""
    return _reads_only.get()


def refuse_writing(what: str) -> None:
    """Refuse to open a file, named by `what`, for writing within `only_reading()`.

    Raises:
        StorageNotWritable: this is within such a block.
    """
    if _reads_only.get():
        raise StorageNotWritable(f"The {what} is only read here; change it on the pages or by a command.")


def hold(connection: sqlite3.Connection, *virtual_tables: str) -> None:
    """Hold an open connection to reading within `only_reading()`; elsewhere it stays as it is.

    What is attached must have been attached before. `virtual_tables` are those that its queries ask.
    """
    if _reads_only.get():
        # SQLite makes table functions and virtual tables as if they were tables, once a connection: now, while it may.
        made = ", ".join(("json_each('[]')", "json_tree('[]')", *virtual_tables))
        connection.execute(f"SELECT 1 FROM {made} LIMIT 0").fetchall()  # noqa: S608  names of our own tables
        connection.set_authorizer(_may)


def _may(action: int, first: str | None, second: str | None, _file: str | None, _source: str | None) -> int:
    """Say whether a statement that is being prepared may do something; SQLite calls it for each thing it would do."""
    allowed = (
        action in _ALLOWED
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FUNCTIONS)
        or (action == sqlite3.SQLITE_TRANSACTION and first in _TRANSACTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS)
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
