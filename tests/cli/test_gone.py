"""`aexdash gone`, on the five of the worked example."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE
from tests.snapshot.shops.shop import ShopStory
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, REJECTED, with_history
from tests.ui.sample_shop import with_shop


@pytest.fixture
def run(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    return lambda *words: CliRunner().invoke(main, ["gone", "--home", str(tmp_path), *words])


def test_what_left_sale_is_listed_with_the_reach_of_the_readings(run):
    lines = run().output.splitlines()
    assert lines[0] == (
        "5 listings seen to leave sale after 2 Mar 2026 12:01 UTC and up to 9 Mar 2026 12:01 UTC: "
        "4 rejected, 1 in audit."
    )
    assert lines[1].startswith("What is on sale was last read 9 Mar 2026 12:00 UTC")
    assert len(lines) == 7
    none = run("--days", "1", "--as-of", "2026-03-09T11:00:00Z")
    assert (none.exit_code, none.output[:33]) == (0, "No listing was seen to leave sale")


def test_a_span_that_nobody_read_ends_with_one(run):
    told = run("--as-of", "2025-03-09T11:00:00Z")
    assert (told.exit_code, told.output[:9]) == (1, "Not known")


def test_json_and_a_file_hold_the_same(run, tmp_path):
    told = json.loads(run("--json").output)
    assert {one["product_id"] for one in told["gone"]} == {str(one) for one in (*REJECTED, IN_AUDIT)}
    assert run("-o", str(tmp_path / "gone.csv")).exit_code == 0
    rows = (tmp_path / "gone.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 6
    assert str(FIRST) in rows[1]
    assert run("-o", str(tmp_path / "gone.pdf")).exit_code == 2


def test_what_expires_soon_is_not_known_where_no_list_tells_a_date(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    told = CliRunner().invoke(main, ["expiring", "--home", str(tmp_path)])
    assert told.exit_code == 1
    assert told.output == "Not known: AliExpress tells no end date of the 34 listings on sale.\n"
    facts = json.loads(CliRunner().invoke(main, ["expiring", "--home", str(tmp_path), "--json"]).output)
    assert (facts["on_sale"], facts["date_known"], facts["expiring"]) == (34, 0, [])


def test_what_stock_the_shop_had_then_is_told_with_its_reading_and_not_known_without(tmp_path, monkeypatch):
    with_shop(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    shop = ShopStory(tmp_path, now=JUMP)
    shop.db.execute("UPDATE shop_stock SET stock = 0 WHERE variant_id IN ('v2', 'v3')")
    shop.db.execute("UPDATE shop_stock SET stock = NULL WHERE variant_id = 'v4'")
    shop.db.close()
    told = CliRunner().invoke(main, ["gone", "--home", str(tmp_path)]).output.splitlines()
    assert told[2] == "Out of stock in the shop at that time: 2 of 3 of which that is known."
    by_id = {line.split()[0]: line for line in told[3:]}
    assert "; in the shop 5, shop read 9 Mar 2026 12:00 UTC" in by_id[str(FIRST)]
    assert "; in the shop 0, shop read 9 Mar 2026 12:00 UTC" in by_id[str(REJECTED[1])]
    assert "; in the shop not known, shop read 9 Mar 2026 12:00 UTC" in by_id[str(REJECTED[3])]
    facts = json.loads(CliRunner().invoke(main, ["gone", "--home", str(tmp_path), "--json"]).output)
    stock = {one["product_id"]: (one["shop_stock"], one["shop_read_at"]) for one in facts["gone"]}
    assert stock[str(REJECTED[1])] == (0, "2026-03-09T12:00:00.000Z")
    assert stock[str(IN_AUDIT)] == (None, None)  # not in the shop by then


def test_what_expires_soon_is_written_to_a_file(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    target = tmp_path / "expiring.csv"
    told = CliRunner().invoke(main, ["expiring", "--home", str(tmp_path), "-o", str(target)])
    assert told.exit_code == 1, told.output  # of none on sale is the date known
    assert len(target.read_text("utf-8").splitlines()) == 1
    assert CliRunner().invoke(main, ["expiring", "--home", str(tmp_path), "-o", "x.pdf"]).exit_code == 2
