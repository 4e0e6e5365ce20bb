"""What each reason's fix needs: the columns of what a listing has now, and those to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from aexdash.exports.table import Cell, Column
from aexdash.snapshot.readmodels import ReasonRow, WorkRow

DECISIONS = ("keep as it is", "change it", "delete it")


class FixKind(NamedTuple):
    """The columns that one kind of fix needs.

    `now` are the columns of what the listing has now, `cells` returns their cells. `fill` are the columns to fill in,
    with these `choices`, or any text where there are none.
    """

    now: tuple[Column, ...]
    cells: Callable[[WorkRow, ReasonRow], tuple[Cell, ...]]
    fill: tuple[Column, ...]
    choices: tuple[str, ...] = ()


def to_fill(key: str, title: str, width: int = 24) -> Column:
    """Return a column with cells to fill in."""
    return Column(key, title, "fill", width)


def _picture(row: WorkRow, reason: ReasonRow) -> tuple[Cell, ...]:
    facts = reason.measured
    size = f"{facts['width']}×{facts['height']}" if "width" in facts and "height" in facts else facts.get("smallest")
    return str(facts.get("url") or row.image_url or ""), str(size or ""), _measured(facts, "format")


def _price(row: WorkRow, reason: ReasonRow) -> tuple[Cell, ...]:
    return row.price_min, row.price_max, row.currency, _measured(reason.measured, "skus")


PICTURE = FixKind(
    (
        Column("picture_now", "Present picture", "link", 40),
        Column("size_now", "Present size (px)", "word", 14),
        Column("format_now", "Present format", "word", 12),
    ),
    _picture,
    (to_fill("picture_new", "New picture URL", 44),),
)
TITLE = FixKind(
    (Column("length_now", "Present length", "number", 10),),
    lambda row, _reason: (len(row.title),),
    (to_fill("title_new", "New title", 60),),
)
PRICE = FixKind(
    (
        Column("price_min", "Price from", "number", 10),
        Column("price_max", "Price to", "number", 10),
        Column("currency", "Currency", "word", 9),
        Column("skus", "SKUs", "identifier", 24),
    ),
    _price,
    (to_fill("price_new", "New price", 12),),
)
CATEGORY = FixKind(
    (
        Column("category_now", "Present category", "word", 24),
        Column("category_id_now", "Present category id", "identifier", 16),
    ),
    lambda row, _reason: (row.category, None if row.category_id is None else str(row.category_id)),
    (to_fill("category_new", "New category"),),
)
DUPLICATE = FixKind(
    (Column("others", "The same as", "identifier", 40),),
    lambda _row, reason: (_measured(reason.measured, "others"),),
    (to_fill("decision", "Keep, change or delete", 18),),
    DECISIONS,
)
MISSING_DOCUMENT = FixKind(
    (Column("missing", "Missing", "text", 30),),
    lambda _row, reason: (_measured(reason.measured, "names"),),
    (to_fill("document", "Certificate (file or number)", 30),),
)
ATTRIBUTE = FixKind(
    (Column("missing", "What is missing or wrong", "text", 30),),
    lambda _row, reason: (_measured(reason.measured, "names"),),
    (),
)
OTHER_KIND = FixKind((), lambda _row, _reason: (), (to_fill("changed", "What was changed", 30),))

KINDS: Mapping[str, FixKind] = {
    "image": PICTURE,
    "attribute": ATTRIBUTE,
    "title": TITLE,
    "category": CATEGORY,
    "duplicate": DUPLICATE,
    "price": PRICE,
    "qualification": MISSING_DOCUMENT,
    "prohibited.banned_word": TITLE,
    "prohibited.restricted_word": TITLE,
    "ip.brand_word": TITLE,
    "ip.infringing_word": TITLE,
    "price.weight_out_of_range": FixKind(
        (Column("weight_now", "Present weight (kg)", "number", 12),),
        lambda _row, reason: (_measured(reason.measured, "weight"),),
        (to_fill("weight_new", "New weight (kg)", 12),),
    ),
    "price.package_too_large": FixKind(
        (Column("sides_now", "Present sides (cm)", "text", 18),),
        lambda _row, reason: (_measured(reason.measured, "sides"),),
        (to_fill("sides_new", "New length × width × height (cm)", 28),),
    ),
    "qualification.eu_person_missing": FixKind(
        (), lambda _row, _reason: (), (to_fill("eu_person", "EU responsible person", 30),)
    ),
}
"""The kind of fix by reason code, or by family of codes; all other reasons have `OTHER_KIND`."""


def kind_of(code: str) -> FixKind:
    """Return the kind of fix of a reason code."""
    return KINDS.get(code) or KINDS.get(code.partition(".")[0]) or OTHER_KIND


def _measured(measured: Mapping[str, object], name: str) -> str:
    """Return a figure of a reason as text, several joined by commas; empty where it has none of this name."""
    value = measured.get(name)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
