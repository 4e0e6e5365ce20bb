"""Rows of a file as the values they stand for: one that is damaged is left out, and the others are read.

What is left out is not hidden: `aexdash doctor` and the page Health look at every row of the desk and name those.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

UNUSABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a row raises where a value in it cannot be what it should be: no moment, no JSON, a word of no list."""


class Replaced(str):
    """A stored text with bytes that are no UTF-8 any more, and U+FFFD where they stand."""

    __slots__ = ()


def sound(rows: Iterable[Any], make: Callable[[Any], T]) -> Iterator[T]:
    """Yield what `make` makes of each row, without those that it cannot use."""
    for row in rows:
        try:
            value = make(whole(row))
        except UNUSABLE:
            continue
        yield value


def whole(row: Any) -> Any:
    """Return a row whose texts are all as they were written.

    Raises:
        ValueError: one is not, as where a disk lost some of it.
    """
    if any(type(value) is Replaced for value in row):
        raise ValueError("a text is no UTF-8")
    return row


def replaced(content: bytes) -> str:
    """Read the bytes of a stored text; what is no UTF-8 any more becomes U+FFFD, and the rest of it can be read."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return Replaced(content.decode("utf-8", "replace"))


def let_sql_ask(connection: sqlite3.Connection) -> None:
    """Let SQL call `is_utf8(CAST(… AS BLOB))`: SQLite takes any bytes for a text, Python does not."""
    connection.create_function("is_utf8", 1, _is_utf8, deterministic=True)


def _is_utf8(content: bytes | None) -> bool:
    return type(replaced(content or b"")) is str
