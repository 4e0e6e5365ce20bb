"""The CSV of the rows that the validation of a feed rejected, with the listings they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import Cell, Column, page_of
from aexdash.snapshot.readmodels import KnownListing
from aexdash.snapshot.store_rows import StoreRow
from aexdash.snapshot.trade.feed_report import RejectedRow

COLUMNS = (
    Column("store", "Store", "word", 10),
    Column("sku", "SKU", "identifier", 20),
    Column("message", "Message", "text", 48),
    Column("code", "Code", "text", 14),
    Column("attribute", "Attribute", "text", 16),
    Column("severity", "Severity", "text", 12),
    Column("dated_at", "Date (UTC)", "time", 18),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 48),
    Column("status", "Status", "word", 10),
    Column("edit_link", "Edit page", "link", 44),
    Column("file", "File", "text", 30),
    Column("row", "Row of the file", "number", 10),
)

Known = Mapping[str, Sequence[KnownListing]]
"""Listings by SKU code, of every store."""


def listing_of(row: RejectedRow, known: Known) -> KnownListing | None:
    """Return the listing of the row's store with its SKU code; None where no or several listings have it."""
    matches = [listing for listing in known.get(row.sku, ()) if listing.store == row.store]
    return matches[0] if len(matches) == 1 else None


def csv_of_rows(rows: Sequence[RejectedRow], known: Known, stores: Sequence[StoreRow]) -> Iterator[bytes]:
    """Write rejected rows as CSV; texts of the file are made safe as in every export."""
    edit_urls = {store.key: store.edit_url for store in stores}
    return csv_of(COLUMNS, (_cells(row, listing_of(row, known), edit_urls) for row in rows))


def _cells(row: RejectedRow, listing: KnownListing | None, edit_urls: Mapping[str, str]) -> tuple[Cell, ...]:
    of_row = (row.store, row.sku, row.message, row.code, row.attribute, row.severity, row.dated_at)
    if listing is None:
        return (*of_row, None, None, None, None, row.file, row.row)
    product_id = str(listing.product_id)
    link = page_of(edit_urls, row.store, product_id)
    return (*of_row, product_id, listing.title, listing.status.value, link, row.file, row.row)
