"""The worklist and the panel say what a held listing holds back, and why where they cannot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.clock import DAY
from aexdash.platform_data import OrderLine
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import HeldBack, OrdersKnown
from aexdash.snapshot.trade.held_sales import refresh_held_sales
from aexdash.snapshot.trade.orders import OrderState, keep_order_state, record_order_lines
from aexdash.ui.overview.held_back import METHOD, NOT_READ_YET, SINCE_UNKNOWN, sales_words, why_unknown
from aexdash.view import View
from tests.ui.reading import ids_of, rows_of
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, NOW, REJECTED, home, jumped, main_store, read, with_history

SOLD = {FIRST + 1: (3, "10.00"), FIRST + 2: (30, "2.00"), FIRST + 3: (1, "500.00")}


def sold(folder: Path) -> Path:
    """The worked example, three of whose five listings sold once two days before; of the last nothing is in stock."""
    with_history(folder)
    db = open_snapshot(folder / "snapshot.db")
    lines = [
        OrderLine(str(number), "1", number, "", units, price, "USD", JUMP - 2 * DAY, None, "FINISH", "PAY_SUCCESS")
        for number, (units, price) in SOLD.items()
    ]
    record_order_lines(db, 1, lines)
    keep_order_state(db, 1, OrderState(True, JUMP - 90 * DAY, NOW, NOW))
    refresh_held_sales(db, 1, JUMP, NOW)
    db.execute(
        "UPDATE held_sales SET in_stock = (SELECT product_id <> ? FROM status_period WHERE id = period_id)",
        [FIRST + 3],
    )
    db.execute(
        "DELETE FROM held_sales WHERE period_id = (SELECT max(id) FROM status_period WHERE product_id = ?)", [IN_AUDIT]
    )
    db.close()
    return folder


def texts(page) -> list[str]:
    return [text.value for text in page.text]


def test_the_rows_say_it_and_the_most_money_comes_first(open_page, tmp_path):
    page = open_page(sold(tmp_path), "worklist", order="money")
    assert {row["Product id"]: row["Held back a day"] for row in rows_of(page)} == {
        str(FIRST + 2): "2.00–8.57 USD",
        str(FIRST + 1): "1.00–4.29 USD",
        str(FIRST): "sold nothing",
        str(FIRST + 3): "out of stock",
        str(IN_AUDIT): "not known",
    }
    assert ids_of(page)[:2] == [str(FIRST + 2), str(FIRST + 1)]
    assert ids_of(page)[-1] == str(IN_AUDIT)


def test_the_order_is_part_of_the_view_and_of_any_moment(tmp_path):
    snapshot = Snapshot(sold(tmp_path) / "snapshot.db", clock=lambda: NOW)
    view = View.from_query({"order": "money", "store": "main"})
    assert (view.to_query(), view.notes) == ({"order": "money", "store": "main"}, ())
    now = [row.product_id for row in snapshot.rows(view)]
    assert [row.product_id for row in snapshot.rows(view.replace(as_of=JUMP + timedelta(seconds=1)))] == now
    assert sorted(now) == [*REJECTED, IN_AUDIT]


def test_the_panel_shows_the_figures_and_the_method(open_page, tmp_path):
    page = open_page(sold(tmp_path), "worklist", listing=f"main/{FIRST + 1}")
    assert "0.10–0.43 units a day, 1.00–4.29 USD a day." in texts(page)
    assert METHOD in [caption.value for caption in page.caption]


def test_of_a_listing_held_before_we_looked_the_panel_says_that_too(open_page, tmp_path):
    home(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    read(db, main_store(db), JUMP, jumped())
    keep_order_state(db, 1, OrderState(True, JUMP - 90 * DAY, NOW, NOW))
    refresh_held_sales(db, 1, JUMP, NOW)
    db.close()
    page = open_page(tmp_path, "worklist", listing=f"main/{FIRST}")
    assert "It sold nothing in the 30 days before it was held." in texts(page)
    assert f"{METHOD} {SINCE_UNKNOWN}" in [caption.value for caption in page.caption]


def test_the_panel_says_why_there_are_no_figures(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{FIRST}")
    assert NOT_READ_YET in texts(page)


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (HeldBack(0, 0, 0, 0, None, False, True), "It sold nothing in the 30 days before it was held."),
        (HeldBack(1, 1, 9.5, 9.5, "EUR", True, True), "1.00 units a day, 9.50 EUR a day."),
        (
            HeldBack(1, 2, 9.5, 1234.5, "EUR", True, None),
            "1.00–2.00 units a day, 9.50–1,234.50 EUR a day. How much is in stock is not known.",
        ),
        (
            HeldBack(1, 1, 9.5, 9.5, "EUR", True, False),
            "1.00 units a day, 9.50 EUR a day. Nothing of it is in stock, so it holds nothing back now.",
        ),
    ],
)
def test_how_figures_are_told(money, words):
    assert sales_words(money) == words


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        (None, NOT_READ_YET),
        (OrdersKnown(False, None, None, ""), NOT_READ_YET),
        (OrdersKnown(False, None, None, "App 1 may not."), "Not connected: App 1 may not."),
        (
            OrdersKnown(True, JUMP - DAY, JUMP, ""),
            (
                "Not known: orders are read from 8 Mar 2026 12:00 UTC until 9 Mar 2026 12:00 UTC, "
                "which does not reach over the 30 days before it was held."
            ),
        ),
    ],
)
def test_why_there_are_none(orders, words):
    assert why_unknown(orders) == words
