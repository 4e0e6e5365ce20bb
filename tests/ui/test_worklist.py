from datetime import UTC, datetime

from aexdash.desk import Desk
from aexdash.model import Stage, Status
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.record import open_snapshot
from aexdash.view import View
from tests.ui.reading import heading, said
from tests.ui.sample import (
    FIRST,
    HOSTILE,
    IN_AUDIT,
    JUMP,
    NOW,
    REJECTED,
    home,
    main_store,
    quiet,
    read,
    shown,
    with_history,
)

HELD_NOW = " :gray[:small[held now]]"


def grid(page):
    return page.dataframe[0].value


def ids(page):
    return set(grid(page)["Product id"])


def test_the_count_comes_first_then_chips_with_their_counts_then_the_rows(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    assert not page.exception
    assert heading(page) == "5 listings" + HELD_NOW
    assert [option.content for option in page.pills(key="filter-reason").proto.options] == [
        "Main picture too small  **4**",
        "Brand missing  **1**",
    ]
    assert [option.content for option in page.pills(key="filter-status").proto.options] == [
        "rejected  **4**",
        "in audit  **1**",
        "taken down by AliExpress  **1**",
    ]
    assert ids(page) == {str(product_id) for product_id in (*REJECTED, IN_AUDIT)}


def test_a_row_says_what_is_held_why_who_says_so_and_what_to_do(open_page, tmp_path):
    row = grid(open_page(with_history(tmp_path), "worklist", q=str(FIRST))).iloc[0]
    shown = {
        name: row[name] for name in ("Title", "Why", "Status", "Held for", "Says who", "Rejections", "Price", "SKUs")
    }
    assert shown == {
        "Title": HOSTILE,
        "Why": "Main picture too small",
        "Status": "rejected",
        "Held for": "60 s",
        "Says who": "measured",
        "Rejections": 1,
        "Price": "12.50–14.00 USD",
        "SKUs": "SKU-1",
    }
    assert row["Product id"] == str(FIRST)
    assert row["Public page"] == f"https://www.aliexpress.com/item/{FIRST}.html"
    assert row["Edit"].endswith(f"?productId={FIRST}")


def test_the_address_filters(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="attribute.brand_missing")
    assert ids(page) == {str(IN_AUDIT)}
    assert page.pills(key="filter-reason").value == ["attribute.brand_missing"]


def test_a_chip_writes_the_address_and_filters_the_rows(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    page.pills(key="filter-reason").set_value(["image.main_too_small"]).run()
    assert page.query_params["reason"] == "image.main_too_small"
    assert heading(page) == "4 listings :gray[:small[held now, filtered]]"
    assert ids(page) == {str(product_id) for product_id in REJECTED}


def test_export_links_carry_the_same_view(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="image.main_too_small", status="rejected")
    assert [link.url for link in page.link_button] == [
        "/export.csv?status=rejected&reason=image.main_too_small",
        "/export.xlsx?status=rejected&reason=image.main_too_small",
    ]


def test_clearing_the_filters_shows_everything_held_again(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="attribute.brand_missing", age="30d")
    assert heading(page).startswith("0 listings")
    page.button(key="clear-filters").click().run()
    assert heading(page) == "5 listings" + HELD_NOW
    assert "reason" not in page.query_params


def test_a_reason_that_no_listing_has_stays_chosen_and_shows_nothing(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="price.retail_price_refused")
    assert page.pills(key="filter-reason").value == ["price.retail_price_refused"]
    assert page.info[0].value == "No listing matches these filters."


def test_the_text_search_takes_a_title_an_id_or_a_sku(open_page, tmp_path):
    folder = with_history(tmp_path)
    for text in ("lamp 2", str(FIRST + 1), "SKU-2"):
        assert ids(open_page(folder, "worklist", q=text)) == {str(FIRST + 1)}, text


def test_a_past_moment_shows_what_was_held_then(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", as_of="2026-03-09T11:00:00Z")
    assert heading(page) == "0 listings :gray[:small[held then]]"
    assert page.success[0].value == "No listing was held then."


def test_the_address_opens_a_listing_with_all_that_is_known_of_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{FIRST}")
    assert not page.exception
    texts = [element.value for element in page.text]
    assert HOSTILE in texts
    assert any(text.startswith("What to do: ") for text in texts)
    tables = [frame.value for frame in page.dataframe]
    assert any(list(table.get("Status", [])) == ["rejected", "active"] for table in tables[1:])
    assert any("Brass | *solid*" in table.to_string() for table in tables)
    assert not any(HOSTILE in text for text in said(page))


def test_a_listing_that_is_not_known_is_said_to_be_so(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing="main/42")
    assert page.info[0].value.startswith("This listing is not in the snapshot")


def test_people_take_fix_and_snooze_ticked_listings(open_page, tmp_path):
    folder = with_history(tmp_path)
    page = open_page(folder, "worklist", q=str(FIRST))
    key = next(key for key in page.session_state if str(key).startswith("rows-"))
    tick = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.session_state[key] = tick
    page.run()
    page.button(key="stage-taken").click().run()
    assert not page.exception
    snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: NOW)
    [row] = snapshot.page(View(text=str(FIRST)), 10)
    assert row.stage is Stage.TAKEN
    assert row.owner
    page.button(key="stage-fixed").click().run()
    page.button(key="snooze").click().run()
    [row] = snapshot.page(View(text=str(FIRST)), 10)
    assert (row.stage, row.snoozed_until) == (Stage.SNOOZED, datetime(2026, 3, 12, tzinfo=UTC))
    assert [entry.after for entry in Desk(folder / "desk.db").log("main", FIRST) if entry.field == "stage"] == [
        "snoozed",
        "fixed",
        "taken",
    ]


def test_the_browser_gets_a_page_of_rows_and_the_address_says_which(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    walks = quiet(20)
    many = [shown(FIRST + 100 + number, Status.REJECTED) for number in range(230)]
    read(db, main_store(db), JUMP, walks | {Status.REJECTED: many})
    db.close()
    page = open_page(tmp_path, "worklist", order="product_id", page="3")
    assert heading(page) == "230 listings" + HELD_NOW
    assert sorted(ids(page)) == [str(FIRST + 300 + number) for number in range(30)]
    assert "rows 201 to 230 of 230" in [caption.value for caption in page.caption]
    page.get("pagination")[0].set_value(2).run()
    assert page.query_params["page"] == "2"
    assert len(ids(page)) == 100
