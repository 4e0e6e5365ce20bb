"""The CSV of listings that became held, stopped being held, or differ between two moments; one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import Cell, Column, page_of
from aexdash.exports.worklist.worklist import ExportContext
from aexdash.snapshot.history.facts import Moved

COLUMNS = (
    Column("store", "Store", "word"),
    Column("product_id", "Product id", "identifier"),
    Column("title", "Title", "text"),
    Column("at", "When (UTC)", "time"),
    Column("from", "From", "word"),
    Column("to", "To", "word"),
    Column("attempts", "Rejections seen", "number"),
    Column("reasons", "Reasons", "word"),
    Column("held_at", "Held at (UTC)", "time"),
    Column("edit_link", "Edit page", "link"),
    Column("read_at", "Last read (UTC)", "time"),
)


def csv_moves(
    moves: Iterable[Moved], context: ExportContext, read_at: Mapping[str, datetime | None]
) -> Iterator[bytes]:
    """Write moves as CSV; as in every export, no cell is a formula and product ids are text.

    `read_at` is the last complete reading of each store by the end of the span: what is listed is of then.
    """
    return csv_of(COLUMNS, (_cells(move, context, read_at.get(move.store)) for move in moves))


def _cells(move: Moved, context: ExportContext, read_at: datetime | None) -> tuple[Cell, ...]:
    product_id = str(move.product_id)
    return (
        move.store,
        product_id,
        move.title,
        move.at,
        move.status_from.value if move.status_from else "",
        move.status_to.value if move.status_to else "",
        move.attempt,
        " | ".join([context.taxonomy.label(code) for code in move.codes]),
        move.held_at,
        page_of(context.edit_urls, move.store, product_id),
        read_at or "",
    )
