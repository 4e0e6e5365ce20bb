"""A CSV or workbook of any shop: the columns `sku,title,price,stock,status`, and some more that it may have.

The file is read anew at each reading; whoever writes it replaces it in one step. A row is a variant of its own product.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import ClassVar

from aexdash.shops.account import ShopAccount
from aexdash.shops.calling import money, said, text, web_address, when
from aexdash.shops.errors import PartlyRead, ShopMisset, ShopUnreadable
from aexdash.shops.records import Part, ShopFacts, ShopProduct, ShopVariant, SourceState
from aexdash.shops.shop import Stopped
from aexdash.sources.cells import Cell, Table, code_of
from aexdash.sources.errors import SourceError
from aexdash.sources.tables import read_tables

NEEDED = ("sku", "title", "price", "stock", "status")
MORE = ("currency", "picture", "product", "updated_at")
"""Columns that a file may have besides: the currency of the row, an address, what product it is of, a moment in UTC."""

WORDS = {
    SourceState.ACTIVE: (
        "active",
        "published",
        "enabled",
        "live",
        "visible",
        "available",
        "on sale",
        "1",
        "true",
        "yes",
    ),
    SourceState.DRAFT: ("draft", "unpublished", "new"),
    SourceState.ARCHIVED: ("archived", "deleted", "discontinued"),
    SourceState.UNLISTED: ("unlisted",),
    SourceState.HIDDEN: ("hidden", "invisible", "not visible"),
    SourceState.DISABLED: ("disabled", "inactive", "0", "false", "no"),
}
"""What a status may be called; any other word is shown as it came."""

A_FEW = 10
"""Rows that are read to see whether they can be."""

_WHOLE = re.compile(r"-?[0-9]{1,15}(\.0+)?")


class CsvTable:
    """The table of a shop; reads only."""

    kind: ClassVar[str] = "csv"

    def __init__(self, account: ShopAccount) -> None:
        self._account = account

    def facts(self) -> ShopFacts:
        """Read the headings, and the currency where the rows name one.

        Raises:
            ShopError: the file cannot be used.
        """
        table = self._table()
        currencies = {str(row["currency"]).strip().upper() for row in _rows(table)} - {""}
        if len(currencies) > 1:
            raise ShopMisset(
                f"{self._name} has prices in {' and '.join(sorted(currencies))}.",
                advice="Give each currency its own shop.",
            )
        return ShopFacts(currency=next(iter(currencies), None))

    def catalogue(self, stopped: Stopped = lambda: False) -> Iterator[Part]:
        """Read every row.

        Raises:
            PartlyRead: the reader left some of it out.
            ShopError: the file cannot be used.
        """
        del stopped  # it takes seconds
        table = self._table()
        yield from self._parts(table, None)
        if table.note:
            raise PartlyRead(table.note)

    def some(self, skus: Collection[str]) -> Iterator[Part]:
        """Read the rows of a few SKUs.

        Raises:
            ShopError: the file cannot be used.
        """
        yield from self._parts(self._table(), set(skus))

    def first(self) -> Iterator[Part]:
        """Read the first rows.

        Raises:
            ShopError: the file cannot be used.
        """
        yield from islice(self._parts(self._table(), None), 2 * A_FEW)

    def close(self) -> None:
        """There is nothing to close."""

    @property
    def _name(self) -> str:
        return self._account.file.name if self._account.file else "the file"

    def _table(self) -> Table:
        path = self._account.file
        if path is None:
            raise ShopMisset(f"The shop {self._account.key} names no file.", advice="Add file to its settings.")
        try:
            tables = read_tables(path.name, path)
        except SourceError as error:
            raise ShopUnreadable(str(error)) from error
        except OSError as error:
            advice = "Check the path, its owner and permissions."
            raise ShopUnreadable(f"{path} cannot be read ({error.strerror}).", advice=advice) from error
        table = tables[0]
        named = {_plain(heading) for heading in table.headings}
        lacking = [name for name in (*NEEDED, *filter(None, [self._account.match_field])) if _plain(name) not in named]
        if lacking:
            raise ShopUnreadable(
                f"{path.name} has no column {' and no column '.join(lacking)}.",
                advice=f"Its headings must be {', '.join(NEEDED)}; it may also have {', '.join(MORE)}.",
            )
        return table

    def _parts(self, table: Table, wanted: Collection[str] | None) -> Iterator[Part]:
        seen: dict[str, int] = {}
        for row in _rows(table):
            sku = code_of(row["sku"])
            # A SKU may stand in several rows, and a row may have none: each is a variant, and none is dropped.
            name = sku or f"without SKU: {row['title']}"
            seen[name] = seen.get(name, 0) + 1
            number = name if seen[name] == 1 else f"{name} ({seen[name]})"
            if wanted is None or sku in wanted:
                yield from self._row(number, sku, row)

    def _row(self, number: str, sku: str, row: Mapping[str, Cell]) -> Iterator[Part]:
        status = said(str(row["status"]))
        stock = str(row["stock"]).strip()
        product = code_of(row["product"]) or number
        yield ShopProduct(
            product_id=product,
            title=str(row["title"]),
            state=_STATES.get(status.lower(), SourceState.OTHER),
            platform_state=status,
            picture_url=web_address(row["picture"]),
            updated_at=when(row["updated_at"]),
            match_key=text(code_of(row[_plain(self._account.match_field)])) if self._account.match_field else None,
        )
        yield ShopVariant(
            variant_id=number,
            product_id=product,
            sku=sku or None,
            price=money(str(row["price"]).strip() or None),
            stock=int(float(stock)) if _WHOLE.fullmatch(stock) else None,
            tracked=True if _WHOLE.fullmatch(stock) else None,
            match_key=text(code_of(row[_plain(self._account.match_field)])) if self._account.match_field else None,
        )


def _plain(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_")


def _rows(table: Table) -> Iterator[dict[str, Cell]]:
    """Each row by its plain headings; a column that the file may have and has not is empty."""
    headings = [_plain(heading) for heading in table.headings]
    for row in table.rows:
        yield {**dict.fromkeys(MORE, ""), **dict(zip(headings, row.cells, strict=False))}


_STATES = {word: state for state, words in WORDS.items() for word in words}
