"""The tabs of the worklist: each counts what it lists, other filters stay, a kept bare address means what it meant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.cards import CARDS
from aexdash.desk.decisions.items import Assign, Fix, Snooze, Take
from aexdash.model import Lane, Mark, SourceWord, Status
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.version import bump_version
from aexdash.ui.worklist import tabs
from aexdash.ui.worklist.tabs import Tab
from aexdash.view import View
from tests.ui.reading import captions, heading, ids_of, read_aloud, said
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, NOW, REJECTED, home, main_store, quiet, read, set_clock, with_history
from tests.ui.sample_shop import fixed_home, with_shop
from tests.ui.worklist.acting import decide

COUNTS = {"To do": 2, "Mine": 1, "Waiting": 2, "Snoozed": 1, "Regressed": 0, "All held": 5}


def row_of_tabs(page):
    return next(one for one in page.segmented_control if one.label == "Lane")


def counted(page) -> dict[str, int | None]:
    """The tabs with their counts; None where none is told."""
    parts = [option.partition(" **") for option in row_of_tabs(page).options]
    return {name: int(count.strip("*")) if count else None for name, _, count in parts}


def choose(page, tab: Tab):
    return row_of_tabs(page).set_value(tab).run()


@pytest.fixture
def folder(tmp_path):
    """Five held: one is Lead's, one nobody's, one fixed, one snoozed; the one in audit waits for AliExpress."""
    with_history(tmp_path)
    decide(tmp_path, Take(), REJECTED[0], by="Lead")
    decide(tmp_path, Fix(), REJECTED[1])
    decide(tmp_path, Snooze(until=NOW + timedelta(days=2)), REJECTED[2])
    return tmp_path


@pytest.mark.parametrize("tab", [tab for tab in Tab if tab is not Tab.FIXED_THERE])
def test_every_tab_lists_as_many_as_it_counts(open_page, folder, tab):
    page = choose(open_page(folder, "worklist"), tab)
    assert not page.exception
    assert counted(page) == COUNTS
    assert row_of_tabs(page).value is tab
    count = COUNTS[tabs.WORDS[tab]]
    assert len(ids_of(page)) == count
    assert heading(page).startswith(f"{count} listing")


@pytest.mark.slow
def test_the_tabs_are_addresses(open_page, folder):
    page = choose(open_page(folder, "worklist"), Tab.TODO)
    assert page.query_params == {"lane": "todo", "order": "urgent"}
    assert heading(page) == "2 listings :gray[:small[to do, held now]]"
    choose(page, Tab.MINE)
    assert page.query_params == {"lane": "todo", "owner": "Lead", "order": "urgent"}
    assert ids_of(page) == [str(REJECTED[0])]
    choose(page, Tab.WAITING)
    assert page.query_params == {"lane": "waiting"}
    assert set(ids_of(page)) == {str(REJECTED[1]), str(IN_AUDIT)}
    choose(page, Tab.REGRESSED)
    assert page.query_params == {"lane": "todo", "mark": "regressed", "order": "urgent"}
    choose(page, Tab.ALL)
    assert page.query_params == {}


def test_a_kept_bare_address_lists_what_it_listed(open_page, folder):
    page = open_page(folder, "worklist")
    assert set(ids_of(page)) == {str(one) for one in (*REJECTED, IN_AUDIT)}
    assert row_of_tabs(page).value is Tab.ALL
    assert heading(page) == "5 listings :gray[:small[held now]]"


def test_other_filters_stay_when_a_tab_is_chosen_and_count_in_it(open_page, folder):
    page = choose(open_page(folder, "worklist", status="rejected", order="title"), Tab.WAITING)
    assert page.query_params == {"lane": "waiting", "status": "rejected", "order": "title"}
    assert counted(page) == COUNTS | {"Waiting": 1, "All held": 4}
    page.button(key="clear-filters").click().run()
    assert page.query_params == {"lane": "waiting", "order": "title"}


def test_a_click_on_the_chosen_tab_leaves_it_chosen(open_page, folder):
    page = choose(open_page(folder, "worklist"), Tab.SNOOZED)
    row_of_tabs(page).set_value(None).run()
    assert row_of_tabs(page).value is Tab.SNOOZED
    assert page.query_params == {"lane": "snoozed"}


@pytest.mark.slow
def test_mine_asks_who_i_am_and_then_shows_mine(open_page, folder):
    page = open_page(folder, "worklist", person="")
    assert counted(page)["Mine"] is None
    choose(page, Tab.MINE)
    assert "owner" not in page.query_params
    page.run()
    page.text_input(key="name-answer").set_value("Lead")
    page.button(key="go-on").click().run()
    assert page.query_params["owner"] == "Lead"
    assert ids_of(page) == [str(REJECTED[0])]


def test_listings_that_are_not_held_have_no_lane_and_none_is_counted(open_page, folder):
    page = open_page(folder, "worklist", status="active")
    assert row_of_tabs(page).value is None
    assert set(counted(page).values()) == {None}
    choose(page, Tab.TODO)
    assert page.query_params == {"lane": "todo", "order": "urgent"}


def test_a_tab_shows_no_zero_that_nobody_has_read(open_page, tmp_path):
    home(tmp_path, now=NOW + timedelta(days=3))
    db = open_snapshot(tmp_path / "snapshot.db")
    read(db, main_store(db), JUMP, quiet())
    db.close()
    page = open_page(tmp_path, "worklist", lane="todo")
    assert set(counted(page).values()) == {None}
    assert page.info[0].value == "Nothing was to do when the store was last fully read; that is not confirmed."


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"lane": "todo"}, "Nothing is to do."),
        ({"lane": "todo", "owner": "Lead"}, "Nothing of yours is to do."),
        ({"lane": "waiting"}, "Nothing waits for AliExpress."),
        ({"lane": "snoozed"}, "Nothing is snoozed."),
        ({"lane": "todo", "mark": "regressed"}, "Nothing is to do that was rejected again."),
        ({}, "No listing is held."),
        ({"lane": "todo", "as_of": "2026-03-09T12:00:30Z"}, "Nothing was to do then."),
    ],
)
def test_an_empty_tab_says_what_there_is_none_of(open_page, tmp_path, query, words):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    read(db, main_store(db), JUMP, quiet())
    db.close()
    page = open_page(tmp_path, "worklist", **query)
    assert [one.value for one in page.success] == [words]


def test_an_empty_tab_of_a_store_that_nobody_reads_any_more_is_no_good_news(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    read(db, main_store(db), JUMP, quiet())
    main_store(db, watched=False)
    db.close()
    set_clock(tmp_path, JUMP + timedelta(days=30))
    page = open_page(tmp_path, "worklist", lane="todo")
    assert [one.value for one in page.success] == []
    assert any(
        "Nothing was to do when the store was last fully read; that is not confirmed." in one.value for one in page.info
    )


VIEWS = st.builds(
    View,
    lanes=st.sampled_from([(), (Lane.TODO,), (Lane.WAITING,), (Lane.TODO, Lane.SNOOZED)]),
    marks=st.sampled_from([(), (Mark.REGRESSED,), (Mark.UNTOUCHED,)]),
    owners=st.sampled_from([(), ("Lead",), ("Olga",), ("Lead", "Olga")]),
    statuses=st.sampled_from([(), (Status.REJECTED,), (Status.ACTIVE,)]),
    reasons=st.sampled_from([(), ("image",)]),
    sources=st.sampled_from([(), (SourceWord.FIXED,), (SourceWord.DRAFT,)]),
    order=st.sampled_from(["oldest", "urgent", "title"]),
)


APART = VIEWS.filter(lambda view: not (view.lanes and view.sources == (SourceWord.FIXED,)))


@given(APART, st.sampled_from([tab for tab in Tab if tab is not Tab.MINE]), st.sampled_from(list(Tab)))
def test_a_tab_is_found_again_in_its_address_and_the_way_there_does_not_matter(view, first, then):
    there = tabs.view_of(then, view, "Lead")
    assert tabs.tab_of(there, "Lead") is then
    mark = () if first is Tab.REGRESSED else view.marks  # that tab asks for its own mark instead
    sources = () if first is Tab.FIXED_THERE else view.sources
    asks = {Tab.REGRESSED: {"sources": sources}, Tab.FIXED_THERE: {"marks": mark}}
    changes = asks.get(then, {"marks": mark, "sources": sources})
    expected = tabs.view_of(then, view.replace(**changes), "Lead")
    assert tabs.view_of(then, tabs.view_of(first, view, "Lead"), "Lead") == expected
    assert there.reasons == view.reasons


def test_a_mark_that_is_no_tab_stays_when_a_tab_is_chosen_so_that_count_and_list_agree():
    untouched = View(lanes=(Lane.TODO,), marks=(Mark.UNTOUCHED,))
    assert tabs.view_of(Tab.WAITING, untouched, "Lead").marks == (Mark.UNTOUCHED,)
    assert tabs.base(untouched, "Lead").marks == (Mark.UNTOUCHED,)
    assert tabs.base(View(lanes=(Lane.TODO,), marks=(Mark.REGRESSED,)), "Lead") == View()


def test_the_hero_says_whose_move_it_is_and_opens_the_lane(open_page, folder):
    page = open_page(folder)
    lanes = [(one.value, one.proto.query_string) for one in page.page_link if "**" in one.value]
    assert lanes[:5] == [
        ("**4** rejected", "status=rejected"),
        ("**1** in audit", "status=auditing"),
        ("To fix now **2**", "lane=todo&order=urgent"),
        ("waiting for AliExpress **2**", "lane=waiting"),
        ("snoozed **1**", "lane=snoozed"),
    ]


def test_the_hero_of_a_store_that_is_behind_does_not_say_now(open_page, tmp_path):
    with_history(tmp_path, now=NOW + timedelta(days=3))
    decide(tmp_path, Assign("Olga"), FIRST)
    page = open_page(tmp_path)
    assert [one.value for one in page.page_link if "**" in one.value][2].startswith("To fix **")
    assert not any("To fix now" in text for text in said(page))


def test_what_is_fixed_in_the_shop_is_a_tab_across_the_lanes_with_its_clock(open_page, tmp_path):
    fixed_home(tmp_path, 2, 3)
    decide(tmp_path, Fix(), REJECTED[1])
    page = open_page(tmp_path, "worklist", lane="todo")
    assert counted(page) == {
        "To do": 3,
        "Mine": 0,
        "Waiting": 2,
        "Snoozed": 0,
        "Regressed": 0,
        "Fixed in the shop": 2,
        "All held": 5,
    }
    page = choose(page, Tab.FIXED_THERE)
    assert counted(page)["To do"] == 3  # a listing stays in its lane, and the tab counts it too
    assert ids_of(page) == list(map(str, REJECTED[1:3]))
    assert "fixed in the shop and not here, held" in heading(page)
    told = next(text for text in map(read_aloud, captions(page)) if text.startswith("Changed in the shop"))
    assert "push it to AliExpress again from the shop" in told
    assert told.endswith("The first waits since 9 Mar 2026 12:00 UTC.")
    assert tabs.tab_of(View(sources=(SourceWord.FIXED,)), "Lead") is Tab.FIXED_THERE
    assert CARDS["aexdash_fixed_in_shop"].view == View(sources=(SourceWord.FIXED,))


def test_without_a_shop_there_is_no_such_tab_but_an_address_of_it_is_answered(open_page, folder):
    assert "Fixed in the shop" not in counted(open_page(folder, "worklist"))
    page = open_page(folder, "worklist", source="fixed")
    assert counted(page)["Fixed in the shop"] == 0
    assert not ids_of(page)


def test_another_filter_on_the_shop_does_not_change_how_many_are_fixed_there(open_page, tmp_path):
    page = open_page(fixed_home(tmp_path, 2, 3), "worklist", source="missing")
    assert (counted(page)["Fixed in the shop"], counted(page)["All held"]) == (2, 1)
    assert ids_of(choose(page, Tab.FIXED_THERE)) == list(map(str, REJECTED[1:3]))


def test_within_a_lane_it_is_a_filter_and_each_tab_counts_what_it_would_list(open_page, tmp_path):
    fixed_home(tmp_path, 2, 3)
    decide(tmp_path, Fix(), REJECTED[1])
    page = open_page(tmp_path, "worklist", source="fixed", lane="todo")
    assert {name: counted(page)[name] for name in ("To do", "Waiting", "Fixed in the shop", "All held")} == {
        "To do": 1,
        "Waiting": 1,
        "Fixed in the shop": 2,
        "All held": 2,
    }
    assert ids_of(page) == [str(REJECTED[2])]
    assert ids_of(choose(page, Tab.WAITING)) == [str(REJECTED[1])]


def test_a_zero_that_nobody_could_compare_is_not_shown(open_page, tmp_path):
    with_shop(tmp_path)
    page = open_page(tmp_path, "worklist", source="fixed")
    assert counted(page)["Fixed in the shop"] == 0
    assert [one.value for one in page.success] == ["Nothing is fixed in the shop that waits for a push."]
    db = open_snapshot(tmp_path / "snapshot.db")
    db.execute("UPDATE listing_source SET words = '|not_known|' WHERE product_id = ?", [FIRST])
    bump_version(db.conn)
    db.close()
    page = open_page(tmp_path, "worklist", source="fixed")
    assert counted(page)["Fixed in the shop"] is None
    assert any("Of 1 listing it is not known" in text for text in map(read_aloud, captions(page)))
    assert any("Nothing fixed waited for a push, of what could be compared" in one.value for one in page.info)
