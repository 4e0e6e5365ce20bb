"""The page *Ask* and the box of the overview: answers, readings to choose, follow-ups, and what was asked before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.ask.reading import read
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import open_workspace
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.ui.ask.page import EXAMPLES
from tests.ask.made import NOW, make
from tests.snapshot.store import ACTIVE, Store
from tests.ui.reading import read_aloud


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = make(tmp_path_factory.mktemp("home"))
    (home.folder / "clock.txt").write_text(to_text(NOW))
    return home.folder


def said(page):
    return [read_aloud(one.value) for one in (*page.markdown, *page.caption)]


def type_into(page, words):
    [box] = [one for one in page.text_input if one.key.startswith("ask-words")]
    return box.set_value(words).run()


def test_an_answer_stands_with_its_statement_and_what_it_was_read_as(open_page, folder) -> None:
    page = open_page(folder, "ask", q="rejected listings in Madrid")
    assert not page.exception
    told = said(page)
    assert any("listings rejected in store madrid now" in text for text in told)
    assert any(text.startswith("Read 26 Nov 2026 10:00 UTC, 1 store") for text in told)
    assert any("*rejected* = rejected" in text for text in told)
    [link] = [one for one in page.page_link if one.value == "Open the page with this number ›"]
    assert (link.proto.page, link.proto.query_string) == ("worklist", "store=madrid&status=rejected")


def test_moves_lead_to_the_books_of_their_span_which_tell_them_apart_otherwise(open_page, folder) -> None:
    page = open_page(folder, "ask", q="how many were rejected yesterday")
    leading = [one.value for one in page.page_link if "opening=" in one.proto.query_string]
    assert leading == ["Open the books of this span ›"]


@pytest.mark.slow
def test_two_stores_of_three_stand_beside_each_other_and_lead_to_a_page_each(open_page, tmp_path) -> None:
    home = make(tmp_path)
    Store(home.folder, "berlin", now=NOW - timedelta(seconds=30)).sweep({1: ACTIVE})
    (home.folder / "clock.txt").write_text(to_text(NOW))
    page = open_page(home.folder, "ask", q="rejected in madrid vs outlet")
    assert not page.exception
    assert any("listings rejected in stores madrid and outlet now" in text for text in said(page))
    links = {one.proto.query_string for one in page.page_link if one.proto.page == "worklist"}
    assert {"store=madrid&status=rejected", "store=outlet&status=rejected"} <= links
    assert not [one for one in page.page_link if one.value == "Open the page with this number ›"]


def test_two_readings_are_two_buttons_and_a_press_answers(open_page, folder) -> None:
    page = open_page(folder, "ask", q="rejected listings last week")
    buttons = [one for one in page.button if (one.key or "").startswith("ask-choice")]
    assert len(buttons) == 2
    assert [text for text in said(page) if text.startswith("### ")] == ["### 48", "### 9"]
    assert [text for text in said(page) if text.startswith("Read then")] == ["Read then, 2 stores."] * 2
    buttons[0].click().run()
    assert not page.exception
    assert page.query_params["q"] == 'moves:rejected period:"2026-11-16 to 2026-11-22"'
    assert any("listings were rejected from Mon 16 to Sun 22 Nov 2026" in text for text in said(page))


def test_what_a_link_asks_for_is_no_markdown_on_a_button(open_page, folder) -> None:
    hostile = "[free](http://evil.example)"
    page = open_page(folder, "ask", q=f'rejected listings last week with "{hostile}"')
    buttons = [one for one in page.button if (one.key or "").startswith("ask-choice")]
    assert buttons
    for one in buttons:
        assert hostile not in one.label
        assert hostile not in one.help
        assert hostile in read_aloud(one.label)


def test_a_follow_up_goes_into_the_address_and_says_what_it_changed(open_page, folder) -> None:
    page = type_into(open_page(folder, "ask", q="how many were rejected last week"), "by store")
    assert not page.exception
    assert (page.query_params["q"], page.query_params["then"]) == ("how many were rejected last week", "by store")
    assert any("by: undivided → store" in text for text in said(page))
    page = type_into(page, "how many are held")
    assert (page.query_params["q"], "then" in page.query_params) == ("how many are held", False)


def test_what_is_not_understood_is_named_and_not_answered(open_page, folder) -> None:
    page = open_page(folder, "ask", q="how many blue <b>listings</b> are held")
    assert not page.exception
    [warning] = page.warning
    assert "blue" in warning.value
    assert "<b>" not in warning.value


def test_without_a_question_there_are_examples_and_of_the_past_none_is_answered(open_page, folder) -> None:
    page = open_page(folder, "ask")
    assert any(one.value.startswith("How many listings are held?") for one in page.page_link)
    past = open_page(folder, "ask", q="how many are held", as_of="2026-11-20T12:00:00Z")
    assert any("answered as of now" in one.value for one in past.info)
    assert not [one for one in past.page_link if one.value.startswith("Open the page")]


def test_the_examples_are_all_answered(folder) -> None:
    workspace = open_workspace(load_settings(folder), lambda: NOW)
    assert [one for one in EXAMPLES if read(one, workspace, build(workspace), NOW).question is None] == []


@pytest.mark.slow
def test_the_overview_has_the_box(open_page, folder) -> None:
    page = open_page(folder)
    assert not page.exception
    assert [one.placeholder for one in page.text_input if one.key.startswith("ask-words")] == [
        "Ask: how many were rejected last week?   ( / )"
    ]
    past = open_page(folder, as_of="2026-11-20T12:00:00Z")
    assert not [one for one in past.text_input if one.key.startswith("ask-words")]


def test_where_no_point_is_known_no_chart_is_drawn(open_page, folder) -> None:
    drawn, empty = (
        open_page(folder, "ask", q=words)
        for words in ("how many were rejected last week", "how many were rejected from 5 to 9 october 2026")
    )
    assert any("from Mon 5 to Fri 9 Oct 2026 is not read yet" in text for text in said(empty))
    assert [len(page.image) for page in (drawn, empty)] == [1, 0]
