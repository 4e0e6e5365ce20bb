"""Product ids that a spreadsheet has rounded: it keeps 15 digits of a number and writes zeros for the others."""

from __future__ import annotations

from collections.abc import Collection

KEPT_DIGITS = 15
MOST_DIGITS = 18
"""Of longer ids so many digits are lost that any listing fits."""

FEWEST = 3
"""One id of ten ends in 0 by itself; so many different ones, and no other in the file, do not."""


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
