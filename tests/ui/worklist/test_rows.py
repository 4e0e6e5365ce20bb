"""The rows of the list: their columns in the order of the work, and texts of AliExpress as they came."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.model import Mark, SnoozeUntil, Stage
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.ui.worklist import keys, table
from aexdash.words.listings.work import mark_words, stage_words
from tests.exports.test_worklist import row as work_row
from tests.ui.reading import list_of, rows_of, tick
from tests.ui.sample import FIRST, HOSTILE, NOW, REJECTED, with_history

WORK = ["Listing", "Why", "What to do", "Owner · stage", "Held for", "Resubmit"]


def labels(page):
    return [column["label"] for column in list_of(page)["columns"]]


def test_the_columns_come_in_the_order_of_the_work(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    assert labels(page) == [*WORK, *(column.label for column in table.REST)]


def test_the_store_is_a_column_where_several_are_shown(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    ensure_store(db, key="east", title="East", model="overseas", now=NOW)
    db.close()
    page = open_page(tmp_path, "worklist")
    assert labels(page)[: len(WORK) + 1] == [*WORK, "Store"]
    assert {row["store"] for row in list_of(page)["rows"]} == {"My store"}
    assert labels(open_page(tmp_path, "worklist", store="main"))[: len(WORK) + 1] == [*WORK, "Measured"]


def test_by_money_that_column_stands_beside_the_name(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="money")
    assert labels(page)[:3] == ["Listing", "Held back a day", "Why"]
    assert labels(page).count("Held back a day") == 1


def test_a_hostile_title_is_sent_as_the_text_it_is(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", q=str(FIRST))
    [row] = rows_of(page)
    assert row["Title"] == HOSTILE
    assert row["Edit"].startswith("https://")


@pytest.mark.parametrize("pattern", ["javascript:alert({product_id})", "data:text/html,{product_id}", "https://x"])
def test_a_link_that_is_no_web_address_of_the_listing_is_left_out(open_page, tmp_path, pattern):
    with sqlite3.connect(with_history(tmp_path) / "snapshot.db") as db:
        db.execute("UPDATE store SET edit_url = ?, item_url = ?", [pattern, pattern])
    db.close()
    page = open_page(tmp_path, "worklist", q=str(FIRST))
    [row] = rows_of(page)
    assert (row["Edit"], row["Public page"]) == ("", "")
    assert pattern not in json.dumps(list_of(page))


def test_owner_stage_and_note_are_in_the_row(open_page, tmp_path):
    desk = Desk(with_history(tmp_path) / "desk.db")
    desk.set_owner("main", [FIRST], "Smith, Jane", by="Olga", now=NOW)
    desk.set_stage("main", [FIRST], Stage.FIXED, by="Olga", now=NOW)
    desk.set_note("main", [FIRST], "<i>asked</i> the supplier", by="Olga", now=NOW)
    [row] = rows_of(open_page(tmp_path, "worklist", q=str(FIRST)))
    assert (row["Owner"], row["Stage"], row["Note"]) == (
        "Smith, Jane",
        "fixed 0 s ago by Olga · not read since",
        "<i>asked</i> the supplier",
    )


def test_ticks_belong_to_listings_and_outlast_another_order(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="product_id")
    tick(page, REJECTED[1], REJECTED[2])
    assert "**2 listings ticked**" in [element.value for element in page.markdown]
    page.selectbox(key="filter-order").set_value("title").run()
    assert "**2 listings ticked**" in [element.value for element in page.markdown]
    page.pills(key="filter-status").set_value(["auditing"]).run()
    assert ":gray[Nothing ticked]" in [element.value for element in page.markdown]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "snoozed "),
        ({"snoozed_until": datetime(2026, 3, 12, tzinfo=UTC)}, "snoozed until 12 Mar"),
        ({"snooze_event": SnoozeUntil.STATUS}, "snoozed until AliExpress changes it"),
        (
            {"snooze_event": SnoozeUntil.WORSE, "snoozed_until": datetime(2026, 3, 12, tzinfo=UTC)},
            "snoozed until 12 Mar or until it gets worse",
        ),
    ],
)
def test_a_snooze_says_what_it_waits_for(facts, words):
    row = work_row()._replace(stage=Stage.SNOOZED, snoozed_until=None)
    assert stage_words(row._replace(**facts), NOW, UTC) == words.strip()


def test_every_mark_has_words_and_a_regression_its_attempt():
    row = work_row()._replace(attempt=3)
    assert mark_words(Mark.REGRESSED, row) == "regressed, 3rd attempt"
    assert all(mark_words(mark, row) for mark in Mark)


def test_no_two_keys_are_the_same_and_none_is_kept_by_streamlit():
    written = [one for key in keys.KEYS for one in key.keys]
    assert len(written) == len(set(written))
    shortcuts = [key for key in keys.KEYS if "shortcut" in (key.in_list, key.in_panel)]
    assert {key.name: keys.shortcut(key.name) for key in shortcuts} == {key.name: key.keys[0] for key in shortcuts}
    assert not {"C", "R"} & {key.keys[0] for key in shortcuts}
    with pytest.raises(KeyError):
        keys.shortcut("copy")


def test_what_turns_the_direction_of_a_title_is_written_out_in_the_list_and_in_tables(open_page, tmp_path):
    with_history(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    db.execute("UPDATE listing SET title = ?", ["Lamp \u202egpj.exe"])
    db.close()
    titles = {row["title"] for row in list_of(open_page(tmp_path, "worklist"))["rows"]}
    assert titles == {"Lamp ‹U+202E›gpj.exe"}
    page = open_page(tmp_path, "reconcile")
    gone = next(table.value for table in page.dataframe if "Where to" in table.value)
    assert set(gone["Title"]) == {"Lamp ‹U+202E›gpj.exe"}
