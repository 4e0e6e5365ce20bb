"""`aexdash reconcile --funnel` on the worked example with its shop; its five listings traced from shop to sale."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE
from aexdash.reconcile.funnel import Lost, Step, lost_by, of_stores
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.trade.feed_files import record_file
from aexdash.sources.validation import FeedLine, Validation
from tests.cli.test_on_sale import orders_read
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, NOW, REJECTED, main_store, with_history
from tests.ui.sample_shop import with_shop


@pytest.fixture
def run(tmp_path, monkeypatch):
    with_shop(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    return lambda *words: CliRunner().invoke(main, ["reconcile", "--home", str(tmp_path), "--funnel", *words])


def feed_read(folder, *refused: str) -> None:
    db = open_snapshot(folder / "snapshot.db")
    lines = tuple(
        FeedLine(row, sku, "No brand", "E1", "brand", "Error", rejected=True, dated_at=None)
        for row, sku in enumerate(refused, 2)
    )
    record_file(db, main_store(db), "feed.csv", "d1", read=Validation(40, len(lines), lines), now=JUMP)
    db.close()


def test_what_was_not_read_is_not_known_and_the_rest_at_most(run):
    told = run()
    assert told.exit_code == 0, told.output
    assert told.output.splitlines() == [
        "Of main.",
        "  in the shop: 41  (shop: 9 Mar 2026 12:00 UTC)",
        "    − not for sale in the shop: 1",
        "    − without a SKU code or key: 1",
        "  fit for the feed: not known  (validation file: not read)",
        "    − not at AliExpress: at most 1",
        "  AliExpress knows it: at most 38  (AliExpress, every status: 9 Mar 2026 12:00 UTC)",
        "    − rejected: at most 3",
        "  passed the audit: at most 35  (AliExpress, what is held: 9 Mar 2026 12:00 UTC)",
        "    − taken down by AliExpress: at most 1",
        "  on sale: at most 34  (AliExpress, what is on sale: 9 Mar 2026 12:00 UTC)",
        "  sold in 30 days: not known  (orders: not read)",
        "AliExpress has 40 listings, read 9 Mar 2026 12:00 UTC; 1 of them the shop does not know.",
        "    in the shop too: 39",
        "    not known to the shop: 1",
        "Counted in SKUs of the shop, each once a store; what AliExpress has is counted in listings.",
    ]


def test_with_all_read_each_number_is_exact_and_the_books_balance(run, tmp_path):
    orders_read(tmp_path)
    feed_read(tmp_path, "SKU-7", "SKU-98")
    told = json.loads(run("--json").output)
    steps = {one["step"]: one for one in told["steps"]}
    assert {name: one["passed"] for name, one in steps.items()} == {
        "shop": 41,
        "feed": 38,
        "known": 37,
        "audit": 34,
        "on_sale": 33,
        "sold": 2,
    }
    assert {one["bound"] for one in told["steps"]} == {"exactly"}
    assert [(one["why"], one["number"], one["skus"]) for one in steps["feed"]["lost"]] == [
        ("not_for_sale", 1, ["SKU-1"]),
        ("no_key", 1, ["v98"]),
        ("refused", 1, ["SKU-7"]),
    ]
    came = 41
    for one in told["steps"]:
        assert came == one["passed"] + sum(lost["number"] for lost in one["lost"])
        came = one["passed"]
    assert told["aliexpress"]["by_match"]["alone"]["product_ids"] == [str(IN_AUDIT)]


def test_the_five_of_the_worked_example_are_traced_from_shop_to_sale(tmp_path):
    with_shop(tmp_path)
    found = of_stores(Snapshot(tmp_path / "snapshot.db", clock=lambda: NOW))
    five = {unit.listing: lost_by(unit) for unit in found.step(Step.SHOP).passed.units if unit.listing in REJECTED}
    assert five == {FIRST: Lost.NOT_FOR_SALE, **dict.fromkeys(REJECTED[1:], Lost.REJECTED)}
    at_audit = found.step(Step.AUDIT).lost
    assert {unit.listing for unit in at_audit[Lost.REJECTED].units} == set(REJECTED[1:])
    [unknown] = [one for fate, several in found.reverse.of.items() if fate == "alone" for one in several]
    assert unknown.product_id == IN_AUDIT


def test_the_csv_has_every_sku_and_every_listing_with_how_far_it_got(run, tmp_path):
    assert run("-o", str(tmp_path / "f.csv")).exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "f.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == 41 + 40
    first = next(row for row in rows if row["SKU"].strip() == "SKU-1")
    assert (first["Got as far as"], first["Why no further"]) == ("in the shop", "not for sale in the shop")
    assert run("-o", str(tmp_path / "f.md")).exit_code == 2


def test_without_a_shop_it_says_so(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    told = CliRunner().invoke(main, ["reconcile", "--home", str(tmp_path), "--funnel"])
    assert told.output == "No store that is looked at has a shop.\n"
    both = CliRunner().invoke(main, ["reconcile", "--home", str(tmp_path), "--funnel", "--count", "held=1"])
    assert both.exit_code == 2


def test_orders_of_a_part_of_the_days_find_at_least_so_many(run, tmp_path):
    orders_read(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    db.execute("UPDATE order_state SET read_from = ?", [(NOW - timedelta(days=5)).isoformat()[:19] + ".000Z"])
    db.close()
    feed_read(tmp_path)
    assert "  sold in 30 days: at least 2  (orders: 9 Mar 2026 12:01 UTC, in part)" in run().output.splitlines()
