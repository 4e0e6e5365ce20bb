"""A table of any shop: its columns, its words for a status, and what is odd in it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aexdash.shops.account import ShopAccount, ShopKind
from aexdash.shops.errors import ShopMisset, ShopUnreadable
from aexdash.shops.kinds import open_shop
from aexdash.shops.records import SourceState
from tests.shops.goods import NOON, by_id

PLAIN = "sku,title,price,stock,status\nA-1,Boots,59.90,3,active\nA-2,Hat,19,,Draft\n"


@pytest.fixture
def table(tmp_path):
    def opened(text, **more):
        path = tmp_path / "shop.csv"
        path.write_text(text, encoding="utf-8")
        return open_shop(ShopAccount("table", ShopKind.CSV, file=path, **more))

    return opened


def test_a_row_is_a_variant(table):
    products, variants, _ = by_id(list(table(PLAIN).catalogue()))
    assert [(one.title, one.state, one.channels, one.feedback) for one in products.values()] == [
        ("Boots", SourceState.ACTIVE, None, None),
        ("Hat", SourceState.DRAFT, None, None),
    ]
    assert [(one.sku, one.price, one.stock, one.tracked) for one in variants.values()] == [
        ("A-1", Decimal("59.90"), 3, True),
        ("A-2", Decimal(19), None, None),
    ]


def test_columns_that_it_may_have(table):
    text = (
        "SKU;Title;Price;Stock;Status;Currency;Picture;Product;Updated at;AliExpress ID\n"
        "A-1;Boots 40;59.90;3;published;EUR;https://cdn.example/b.jpg;boots;2026-03-09T12:00:00Z;1005001234567890\n"
        "A-2;Boots 41;59.90;0;published;eur;javascript:alert(1);boots;yesterday;\n"
    )
    shop = table(text, match_field="AliExpress ID")
    assert shop.facts().currency == "EUR"
    products, variants, _ = by_id(list(shop.catalogue()))
    assert set(products) == {"boots"}
    assert {one.product_id for one in variants.values()} == {"boots"}
    assert (variants["A-1"].match_key, variants["A-2"].match_key) == ("1005001234567890", None)
    (boots,) = products.values()
    assert (boots.picture_url, boots.updated_at) == (None, None), "the last row of a product counts"
    first, _ = shop.some(["A-1"])
    assert (first.picture_url, first.updated_at) == ("https://cdn.example/b.jpg", NOON)


def test_skus_twice_and_rows_without_one_are_all_kept(table):
    text = PLAIN + "A-1,Boots again,61,1,active\n,No code,5,1,active\n,No code,6,1,active\n"
    _, variants, _ = by_id(list(table(text).catalogue()))
    assert [(one.variant_id, one.sku) for one in variants.values()] == [
        ("A-1", "A-1"),
        ("A-2", "A-2"),
        ("A-1 (2)", "A-1"),
        ("without SKU: No code", None),
        ("without SKU: No code (2)", None),
    ]


def test_a_status_that_we_do_not_know_is_shown_as_it_came(table):
    products, _, _ = by_id(list(table(PLAIN.replace("Draft", "on hold")).catalogue()))
    assert (products["A-2"].state, products["A-2"].platform_state) == (SourceState.OTHER, "on hold")


def test_a_stock_or_price_that_is_no_number_is_not_zero(table):
    _, variants, _ = by_id(list(table(PLAIN.replace("59.90,3", "on request,many")).catalogue()))
    assert (variants["A-1"].price, variants["A-1"].stock, variants["A-1"].tracked) == (None, None, None)


def test_a_column_that_is_missing_is_named(table):
    with pytest.raises(ShopUnreadable, match=r"shop.csv has no column stock and no column status") as error:
        list(table("sku,title,price\nA-1,Boots,3\n").catalogue())
    assert "sku, title, price, stock, status" in error.value.advice


def test_prices_in_two_currencies_are_two_shops(table):
    text = "sku,title,price,stock,status,currency\nA,Boots,3,1,active,EUR\nB,Hat,3,1,active,USD\n"
    with pytest.raises(ShopMisset, match="has prices in EUR and USD"):
        table(text).facts()


def test_a_file_that_is_not_there_has_its_sentence(tmp_path):
    shop = open_shop(ShopAccount("table", ShopKind.CSV, file=tmp_path / "gone.csv"))
    with pytest.raises(ShopUnreadable, match=r"gone\.csv cannot be read \(No such file or directory\)"):
        shop.facts()
    with pytest.raises(ShopMisset, match="The shop table names no file"):
        open_shop(ShopAccount("table", ShopKind.CSV)).facts()


def test_an_empty_file_is_no_empty_shop(table):
    with pytest.raises(ShopUnreadable, match="is empty"):
        list(table("").catalogue())
