"""`aexdash unsold` and `aexdash changed-again`, on the worked example."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.trade.orders import OrderState, keep_order_state, record_order_lines
from tests.snapshot.trade.test_held_sales import sale
from tests.ui.sample import IN_AUDIT, NOW, ON_SALE, jumped, main_store, quiet, read, with_history

DAY = timedelta(days=1)


@pytest.fixture
def run(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    return lambda command, *words: CliRunner().invoke(main, [command, "--home", str(tmp_path), *words])


def orders_read(folder) -> None:
    db = open_snapshot(folder / "snapshot.db")
    store = main_store(db)
    record_order_lines(db, store, [sale(ON_SALE, NOW - 20 * DAY), sale(ON_SALE + 1, NOW - DAY)])
    keep_order_state(db, store, OrderState(True, NOW - 60 * DAY, NOW, NOW))
    db.close()


def test_without_orders_it_is_not_known_what_sells_nothing(run):
    told = run("unsold")
    assert told.exit_code == 1
    assert told.output == "Not known which listings on sale sold nothing. Orders of main were not read.\n"
    assert json.loads(run("unsold", "--json").output)["stores"][0]["until"] is None


def test_what_sells_nothing_is_listed_and_written(run, tmp_path):
    orders_read(tmp_path)
    lines = run("unsold", "--days", "7").output.splitlines()
    assert lines[0].startswith(
        "33 of 34 listings on sale for 7 days sold nothing in the days up to 9 Mar 2026 12:01 UTC; 1"
    )
    assert f"  {ON_SALE} in main" in lines[1]
    assert "last sale 17 Feb 2026 12:01 UTC; 1 piece before" in lines[1]
    assert len(lines) == 34
    told = json.loads(run("unsold", "--days", "7", "--json").output)
    assert told["stores"][0]["listings"][0]["product_id"] == str(ON_SALE)
    assert run("unsold", "--days", "7", "-o", str(tmp_path / "u.csv")).exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "u.csv").read_text(encoding="utf-8-sig"))))
    assert (len(rows), rows[0]["Pieces sold before"], rows[0]["All days read"]) == (33, "1", "yes")
    assert run("unsold", "-o", str(tmp_path / "u.pdf")).exit_code == 2


def test_what_was_approved_and_went_into_audit_again_is_listed(run, tmp_path):
    assert run("changed-again").output.startswith("No listing approved after 7 Feb 2026 12:01 UTC")
    db = open_snapshot(tmp_path / "snapshot.db")
    store = main_store(db)
    read(db, store, NOW + timedelta(minutes=1), quiet())
    read(db, store, NOW + timedelta(minutes=2), jumped())
    db.close()
    (tmp_path / "clock.txt").write_text("2026-03-09T12:04:00.000Z")
    told = run("changed-again", "--days", "1", "-o", str(tmp_path / "c.csv"))
    assert told.output.splitlines()[0].startswith("1 listing approved after 8 Mar 2026 12:04 UTC and up to 9 Mar 2026")
    assert f"  {IN_AUDIT} in main" in told.output
    assert "Written to" in told.output
    [row] = csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text(encoding="utf-8-sig")))
    assert (row["Now"], row["Approved by (UTC)"][:16]) == ("in audit", "2026-03-09T12:02")
    [fact] = json.loads(run("changed-again", "--days", "1", "--json").output)["listings"]
    assert (fact["product_id"], fact["edited_at"]) == (str(IN_AUDIT), None)
