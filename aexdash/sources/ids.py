"""Reads product ids from text, numbers and scientific notation; an id that is not exact is refused."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from aexdash.sources.cells import Cell

SMALLEST, LARGEST = 10**9, 2**63 - 1
"""Ids have 10 to 19 digits (reference sources.md §2.1); larger ones no file here could hold."""

EXACT_BELOW = 2**53
"""From here on a floating-point number does not hold every whole number exactly."""

_DIGITS = re.compile(r"\d{1,40}(?:[.,]0*)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'’])\d{3})(?:\1\d{3}){1,9}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d{1,3}(?:[.,]\d{0,40})?e\+?\d{1,3}", re.ASCII | re.IGNORECASE)
_LABELLED = re.compile(r"(?:(?<![a-z])id\s*:?\s*|/item/)(\d{10,19})(?!\w|[.,]\d)", re.ASCII | re.IGNORECASE)
_QUOTED = re.compile(r"""^(?:=\s*"(?P<formula>[^"]*)"|'(?P<quote>.*)|"(?P<quotes>[^"]*)")$""")


class NoProductId(ValueError):
    """The cell holds no product id, or one whose digits were lost; the text says which."""


def product_id_of(cell: Cell) -> int:
    """Read a product id from a cell; the id is the one that was written, digit for digit.

    Raises:
        NoProductId: the cell holds none, or not all its digits.
    """
    if isinstance(cell, bool):
        raise NoProductId(f"{cell} is no product id")
    number = _from_text(cell) if isinstance(cell, str) else _from_number(cell)
    if not SMALLEST <= number <= LARGEST:
        raise NoProductId(f"{str(cell)[:60]} is no product id: those have 10 to 19 digits")
    return number


def _from_number(number: float) -> int:
    if isinstance(number, int):
        return number
    if not number.is_integer():
        raise NoProductId(f"{number!r} is no product id")
    if abs(number) >= EXACT_BELOW:
        raise NoProductId(f"{number!r} has more digits than a number cell keeps; write the column as text")
    return int(number)


def _from_text(cell: str) -> int:
    text = _bare(cell)
    if _DIGITS.fullmatch(text):
        return int(re.split("[.,]", text)[0])
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if _SCIENTIFIC.fullmatch(text):
        return _from_scientific(text)
    labelled = set(_LABELLED.findall(text))
    if len(labelled) == 1:
        return int(labelled.pop())
    raise NoProductId(f"{cell[:60]!r} is no product id")


def _bare(cell: str) -> str:
    """The text without what spreadsheets and exports put around an id to keep it text."""
    text = unicodedata.normalize("NFKC", cell).strip().strip("\ufeff\u200b\u200e\u200f\u2060")
    quoted = _QUOTED.match(text)
    return (quoted[quoted.lastgroup or 0] if quoted else text).strip()


def _from_scientific(text: str) -> int:
    """A spreadsheet that shows 1.00501E+15 has written six digits of sixteen: the others are gone."""
    value = Decimal(text.replace(",", "."))
    mantissa = re.split("[eE]", text)[0]
    written = len(re.sub(r"\D", "", mantissa).lstrip("0"))
    if value != value.to_integral_value() or written < len(str(int(value))):
        raise NoProductId(f"{text} does not show all digits of the id; write the column as text")
    return int(value)
