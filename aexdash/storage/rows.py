"""Rows of a file as the values they stand for: one that is damaged is left out, and the others are read.

What is left out is not hidden: `aexdash doctor` and the page Health look at every row of the desk and name those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

UNUSABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a row raises where a value in it cannot be what it should be: no moment, no JSON, a word of no list."""


def sound(rows: Iterable[Any], make: Callable[[Any], T]) -> Iterator[T]:
    """Yield what `make` makes of each row, without those that it cannot use."""
    for row in rows:
        try:
            value = make(row)
        except UNUSABLE:
            continue
        yield value


def replaced(content: bytes) -> str:
    """Read the bytes of a stored text; what is no UTF-8 any more becomes U+FFFD, and the rest of it can be read."""
    return content.decode("utf-8", "replace")
