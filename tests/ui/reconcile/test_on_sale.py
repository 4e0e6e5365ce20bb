"""On the page Reconcile: what sells nothing, and what was changed after its approval."""

from __future__ import annotations

from datetime import timedelta

from aexdash.clock import to_text
from aexdash.snapshot.file import open_snapshot
from tests.cli.test_on_sale import orders_read
from tests.ui.reading import read_aloud, said
from tests.ui.sample import NOW, ON_SALE, with_history


def test_what_sells_nothing_says_that_it_is_not_known_or_lists_those(open_page, ask, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile")
    texts = [read_aloud(text) for text in said(page)]
    assert "Not known which listings on sale sold nothing. Orders of My store were not read." in texts
    orders_read(tmp_path)
    page = open_page(tmp_path, "reconcile", unsold="7")
    assert not page.exception
    [rows] = [one.value for one in page.dataframe if "Last sale" in one.value]
    assert (len(rows), rows["Product id"][0]) == (33, str(ON_SALE))
    assert len(ask("/unsold.csv?unsold=7").text.splitlines()) == 34
    assert ask("/unsold.csv?unsold=181").status_code == 404


def test_changes_after_approval_are_of_now_alone(open_page, ask, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile")
    assert any(read_aloud(text).startswith("No listing approved after") for text in said(page))
    past = open_page(tmp_path, "reconcile", as_of="2026-03-09T11:00:00.000Z")
    assert not any("approved" in text or "sold nothing" in text for text in said(past))
    assert len(ask("/changed-again.csv?changed=7").text.splitlines()) == 1
    assert ask("/changed-again.csv?changed=x").status_code == 404


def test_what_expires_soon_has_a_csv_on_the_page_and_by_the_command(open_page, ask, tmp_path):
    with_history(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    ends = NOW + timedelta(days=3)
    db.execute("UPDATE listing SET offline_at = ?, offline_raw = 'soon' WHERE product_id = ?", [to_text(ends), ON_SALE])
    db.close()
    page = open_page(tmp_path, "reconcile")
    assert any("Expires" in table.value for table in page.dataframe)
    lines = ask("/expiring.csv").text.splitlines()
    assert [str(ON_SALE) in line for line in lines] == [False, True]
    assert len(ask("/expiring.csv?expiring=2").text.splitlines()) == 1
    assert ask("/expiring.csv?expiring=0").status_code == 404
