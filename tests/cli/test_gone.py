"""`aexdash gone`, on the five of the worked example."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE
from tests.ui.sample import FIRST, IN_AUDIT, REJECTED, with_history


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
    assert run("--days", "1", "--as-of", "2026-03-09T11:00:00Z").output.startswith("No listing was seen to leave sale")


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
    assert told.output == "Not known: AliExpress tells no end date of the 34 listings on sale.\n"
    facts = json.loads(CliRunner().invoke(main, ["expiring", "--home", str(tmp_path), "--json"]).output)
    assert (facts["on_sale"], facts["date_known"], facts["expiring"]) == (34, 0, [])
