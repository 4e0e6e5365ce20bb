"""Reads product ids and SKU codes from cells; what has lost digits on its way through a spreadsheet is refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from aexdash.sources.cells import Cell, code_of

SMALLEST, LARGEST = 10**9, 2**63 - 1
"""Ids have 10 to 19 digits (reference sources.md §2.1); larger ones no file here could hold."""

EXACT_BELOW = 2**53
"""From here on a floating-point number does not hold every whole number exactly."""

KEPT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number and writes zeros for the others."""

MOST_DIGITS = 18
"""Of longer ids so many digits are lost that any listing fits."""

LOOKS_ROUNDED = "looks rounded by a spreadsheet"

FEWEST = 3
"""One id of ten ends in 0 by itself; so many different ones, and no other in the file, do not."""

_DIGITS = re.compile(r"\d{1,40}(?:[.,]0*)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'’])\d{3})(?:\1\d{3}){1,9}|\d{4}(?: \d{4}){2,3}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d{1,3}(?:[.,]\d{0,40})?e\+?\d{1,3}", re.ASCII | re.IGNORECASE)
_SHORTENED = re.compile(r"\d(?:[.,]\d{1,40})?E\+\d{2,3}", re.ASCII)
"""As spreadsheets write a long number; a SKU code such as 12E3 is written otherwise."""

_LABELLED = re.compile(r"(?:(?<![a-z])id\s*:?\s*|/item/)(\d{10,19})(?!\w|[.,]\d)", re.ASCII | re.IGNORECASE)
_LISTED = re.compile(r"[\s,;|/、]+(?:and\s+)?(\d{10,19})(?!\w|[.,]\d)", re.ASCII)
"""A further id behind a labelled one; what is written otherwise is normal by then."""

_FORMULA = re.compile(r'=\s*"([^"]*)"')
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks of the direction of writing, which nobody sees: pages in Arabic or Hebrew put them around numbers."""

_AROUND = f" \t\r\n\"'`´‘’‚‛“”„‟«»‹›*#№\ufeff\u00ad\u200b\u200c\u200d\u2060{_DIRECTIONS}"
"""What people and programs put around an id."""


class NoProductId(ValueError):
    """The cell holds no product id, or one whose digits were lost; the text says which."""


class NoSkuCode(ValueError):
    """The cell holds a SKU code of which something was lost; the text says what."""


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
    labelled = {one[1]: one.end() for one in _LABELLED.finditer(text)}
    if len(labelled) == 1:
        (digits, end), *_ = labelled.items()
        further = _LISTED.match(text, end)
        if further and further[1] != digits and len(further[1]) == len(digits):
            raise NoProductId(f"{cell[:60]!r} names several ids; write each on a line of its own")
        return int(digits)
    raise NoProductId(f"{cell[:60]!r} is no product id")


def _bare(cell: str) -> str:
    """The text without what spreadsheets, exports and people put around an id to keep it text."""
    text = unicodedata.normalize("NFKC", cell.strip(_AROUND)).strip(_AROUND)
    formula = _FORMULA.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    return (formula[1] if formula else text).strip(_AROUND)


def names_itself(text: str) -> bool:
    """Tell whether a text says of one number in it that it is an id, as *Garden lamp ID: 1005006123456789* does."""
    return len(set(_LABELLED.findall(_bare(text)))) == 1


def sku_code_of(cell: Cell) -> str:
    """Read a SKU code from a cell; one of digits alone may stand in a number cell.

    Raises:
        NoSkuCode: digits or a letter of it were lost before the file came here.
    """
    if isinstance(cell, float) and (abs(cell) >= EXACT_BELOW or not math.isfinite(cell)):
        raise NoSkuCode(f"{cell!r} has more digits than a number cell keeps; write the column as text")
    text = code_of(cell)
    formula = _FORMULA.fullmatch(text)
    text = formula[1].strip() if formula else text.removeprefix("'").strip()
    if _SHORTENED.fullmatch(text):
        raise NoSkuCode(f"{text} does not show all digits of the code; write the column as text")
    if "\ufffd" in text:
        raise NoSkuCode(f"{text} holds a character that was cut; export the file again")
    return text


def _from_scientific(text: str) -> int:
    """A spreadsheet that shows 1.00501E+15 has written six digits of sixteen: the others are gone."""
    value = Decimal(text.replace(",", "."))
    mantissa = re.split("[eE]", text)[0]
    written = len(re.sub(r"\D", "", mantissa).lstrip("0"))
    if value != value.to_integral_value() or written < len(str(int(value))):
        raise NoProductId(f"{text} does not show all digits of the id; write the column as text")
    return int(value)


def looks_rounded(product_id: int) -> bool:
    """Tell whether the digits that a spreadsheet loses are all zeros."""
    lost = len(str(product_id)) - KEPT_DIGITS
    return 0 < lost <= MOST_DIGITS - KEPT_DIGITS and product_id % 10**lost == 0


def all_look_rounded(ids: Collection[int]) -> bool:
    """Tell whether all ids of a file look rounded, and are enough not to do so by chance."""
    return len(set(ids)) >= FEWEST and all(map(looks_rounded, ids))


def fitting(product_id: int) -> range:
    """Return the ids of which a spreadsheet would have made this one, by cutting or by rounding."""
    less = 10 ** (len(str(product_id)) - KEPT_DIGITS) - 1
    return range(product_id - less, product_id + less + 1)
