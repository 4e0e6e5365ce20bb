"""`aexdash shops` and what the doctor says of shops, before a simulated Shopify on a real port."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from aexdash.demo.shops.shopify import SimulatedShopify
from aexdash.doctor.examining import examine
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.matched.recording import due_stores
from tests.shops.goods import NOON, Pauses, goods, served
from tests.ui.sample import jumped, main_store, read, with_history
from tests.ui.sample_shop import drifted_home

PLAIN = "sku,title,price,stock,status\nA-1,Boots,59.90,3,active\n"


class Home:
    """A home with a Shopify shop and a table."""

    def __init__(self, folder, url, shopify):
        self.folder, self.shopify, self.now = folder, shopify, NOON
        (folder / "aexdash.toml").write_text(
            f'[store.main]\nmodel = "overseas"\n[shop.front]\nkind = "shopify"\naddress = "{url}"\ncurrency = "EUR"\n'
            '[shop.table]\nkind = "csv"\nfile = "shop.csv"\n'
        )
        (folder / "secrets.toml").write_text('[shop.front]\ntoken = "shpat_simulated"\n')
        (folder / "secrets.toml").chmod(0o600)
        (folder / "shop.csv").write_text(PLAIN)

    def run(self, *words):
        return CliRunner().invoke(main, ["shops", words[0], "--home", str(self.folder), *words[1:]])

    def doctor(self):
        return {one.name: one for one in examine(self.folder, lambda: self.now) if one.name.startswith("shop ")}


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "clock").write_text(to_text(NOON))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setattr("aexdash.shops.shopify.POLL_SECONDS", 0.01)
    simulated = SimulatedShopify(goods, clock=Pauses().clock)
    with served(simulated) as url:
        yield Home(tmp_path, url, simulated)


def test_before_the_first_reading(home):
    result = home.run("list")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "front: not read yet; `aexdash shops read front` reads it.",
        "table: not read yet; `aexdash shops read table` reads it.",
    ]


def test_reading_and_listing(home):
    result = home.run("read")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "front: 5 products with 6 variants, completely read.",
            "table: 1 product with 1 variant, completely read.",
        ],
    )
    assert home.run("list").output.splitlines() == [
        "front (Shopify, for main): 5 products with 6 variants, read 9 Mar 2026 12:00 UTC (0 s ago).",
        "table (table, for main): 1 product with 1 variant, read 9 Mar 2026 12:00 UTC (0 s ago).",
    ]
    told = json.loads(home.run("list", "--json").output.splitlines()[0])
    assert (told["shop"], told["currency"], told["complete"]["variants"]) == ("front", "EUR", 6)
    assert told["complete"]["ended_at"] == told["last"]["ended_at"] == to_text(NOON)


def test_listings_are_compared_with_the_shop_once_it_was_read(home):
    db = open_snapshot(home.folder / "snapshot.db")
    with closing(db.conn):
        main_store(db)
        read(db, 1, NOON, jumped(8))
        assert due_stores(db.conn) == {}
        home.run("read", "front")
        assert due_stores(db.conn) == {"main": False}


def test_a_reading_that_fails_ends_with_1_and_leaves_what_was_known(home):
    home.run("read", "front")
    home.shopify.faults.revoked = True
    result = home.run("read", "front")
    assert result.exit_code == 1
    assert result.output.startswith("front: not read. Shopify refused the token of the shop front: it was revoked")
    line, _ = reversed(home.run("list").output.splitlines())
    assert line.startswith("front (Shopify, for main): 5 products with 6 variants, read 9 Mar 2026 12:00 UTC")
    assert "The last reading, 9 Mar 2026 12:00 UTC, failed. Shopify refused the token" in line
    assert [one.split("reading ")[1].split(".")[0] for one in home.run("readings", "front").output.splitlines()] == [
        "failed",
        "was complete: 5 products with 6 variants, 12 changes",
    ]


def test_a_partial_reading_says_what_did_not_come(home):
    home.shopify.faults.partial = True
    result = home.run("read", "front", "--json")
    told = json.loads(result.output)
    assert (result.exit_code, told["outcome"], told["variants"]) == (1, "partial", 6)
    result = home.run("read", "front")
    assert result.output == (
        "front: partly read, 5 products with 6 variants. Shopify's bulk job ended early (INTERNAL_SERVER_ERROR): "
        "15 lines came of it. What did not come is as it was.\n"
    )
    assert "never completely read, so what is missing in it is not known" in home.run("list").output


def test_a_few_skus(home):
    assert home.run("read", "front", "--sku", "B-41").output == "front: 1 product with 1 variant read by these SKUs.\n"
    assert home.run("read", "front", "--sku", "no").output == "front: the shop has none of these SKUs.\n"
    assert home.run("read", "--sku", "B-41").exit_code == 2


def test_a_shop_that_is_not_there_is_bad_use(home):
    for words in (("read", "frnt"), ("readings", "frnt")):
        result = home.run(*words)
        assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
        assert "No shop 'frnt'" in result.output
        assert "did you mean 'front'" in result.output


def test_a_home_without_shops(tmp_path):
    for word, code in (("list", 0), ("read", 2)):
        result = CliRunner().invoke(main, ["shops", word, "--home", str(tmp_path)])
        assert result.exit_code == code
        assert "names no shop: add a [shop.front] to it" in result.stderr


def test_the_doctor(home):
    assert {name: (one.well, one.text) for name, one in home.doctor().items()} == {
        "shop front": (True, "Front answers; its prices are in EUR."),
        "shop table": (True, "it answers; its prices are in a currency that it does not tell."),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"currency": "USD"}, "Front answers; its prices are in USD, and its settings say EUR."),
        (
            {"scopes": ("read_products", "read_inventory")},
            "Front answers. On which channels a product is",
        ),
        (
            {"scopes": ("write_products", "read_inventory", "read_publications")},
            "Front answers; its token may also",
        ),
        ({"scopes": ("read_orders",)}, "The token of the shop front may not read products."),
        ({"tokens": {}}, "Shopify refused the token of the shop front"),
    ],
)
def test_the_doctor_finds(home, change, said):
    for name, value in change.items():
        setattr(home.shopify, name, value)
    found = home.doctor()["shop front"]
    assert (found.well, found.text[: len(said)]) == (False, said)
    assert found.advice


def test_the_doctor_finds_what_lies_in_the_home(home):
    (home.folder / "secrets.toml").write_text("")
    (home.folder / "shop.csv").unlink()
    found = home.doctor()
    assert found["shop front"].text.startswith("Shop front has no token: write one into ")
    assert "shop.csv cannot be read" in found["shop table"].text


def test_where_nothing_was_compared_with_a_shop_it_ends_with_one(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    for word, said in (("drifted", "Not known: no store"), ("unmatched", "No store that is looked at has a shop")):
        told = CliRunner().invoke(main, ["shops", word, "--home", str(tmp_path)])
        assert (told.exit_code, told.output[: len(said)]) == (1, said)


def test_what_is_not_matched_and_what_drifted_are_listed_and_written(tmp_path, monkeypatch):
    home = drifted_home(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))

    def run(*words: str):
        return CliRunner().invoke(main, ["shops", *words, "--home", str(home)])

    told = run("drifted")
    assert told.exit_code == 0, told.output
    first, *rows = told.output.splitlines()
    assert first == (
        "2 listings on sale that drifted from the shop, of 34. Shop last completely read 9 Mar 2026 12:00 UTC."
    )
    assert ["price drift" in rows[0], "out of stock" in rows[1]] == [True, True]
    facts = json.loads(run("drifted", "--json").output)
    assert [len(store["drifted"]) for store in facts["stores"]] == [store["listings"] for store in facts["stores"]]
    assert run("drifted", "--what", "nothing").exit_code == 2
    assert run("drifted", "-o", str(tmp_path / "d.csv")).exit_code == 0
    assert len((tmp_path / "d.csv").read_text(encoding="utf-8").splitlines()) == 3
    told = run("unmatched")
    assert told.output.splitlines()[1] == "Listings: 1 not known to the shop."
    assert run("unmatched", "-o", str(tmp_path / "u.txt")).exit_code == 2
    assert json.loads(run("unmatched", "--json").output)["rows"][0]["why"] == "alone"
