"""Tells by its values which column holds product ids: a heading such as *ID* may stand over a running number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from aexdash.sources.cells import Cell
from aexdash.sources.columns.ids import NoProductId, names_itself, product_id_of

LOOKED_AT = 200
"""Rows that are looked at."""

USUAL_DIGITS = 16
"""How many digits the ids of AliExpress have nowadays (reference sources.md §2.1)."""

FEWEST_DIGITS = 13

LESS_LIKELY = 0.6
"""How much an id of another length counts: under a heading that says nothing, a GTIN or a moment looks the same."""


def id_column(headings: Sequence[str], rows: Iterable[Sequence[Cell]], named: Sequence[str]) -> str | None:
    """Return the heading of the column that holds product ids; `named` are those whose heading says so.

    Of several the one with most values like product ids. Where none has any, a column that is not named is taken
    when most of its values are such ids, or contain one behind the word *ID*.
    """
    sample = list(islice(rows, LOOKED_AT))
    likeness = {heading: _likeness(row[place] for row in sample) for place, heading in enumerate(headings)}
    best = max(named, key=likeness.__getitem__, default=None)
    if best is not None and likeness[best] > 0:
        return best
    others = [heading for heading in headings if heading not in named and likeness[heading] > LESS_LIKELY]
    return max(others, key=likeness.__getitem__, default=best)


def holds_ids(cells: Iterable[Cell]) -> bool:
    """Whether most of these cells, under any heading, are product ids or contain one behind the word *ID*."""
    return _likeness(cells) > LESS_LIKELY


def _likeness(cells: Iterable[Cell]) -> float:
    """How much a column looks like product ids, from 0 to 1; the usual number of digits counts most."""
    filled = [cell for cell in cells if cell != ""]
    return sum(map(_weight, filled)) / len(filled) if filled else 0.0


def _weight(cell: Cell) -> float:
    try:
        digits = len(str(product_id_of(cell)))
    except NoProductId:
        return 0.0
    if digits == USUAL_DIGITS or (isinstance(cell, str) and names_itself(cell)):
        return 1.0
    return LESS_LIKELY if digits >= FEWEST_DIGITS else 0.2
