from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.runtime.state.query_params import QueryParams

from aexdash.desk.decisions.work import Desk
from aexdash.model import Status
from aexdash.people.names import NoName, named
from aexdash.snapshot.store_rows import StoreRow
from aexdash.ui.frame import address, nav
from aexdash.view import FILTERS, View
from tests.ui.reading import captions, heading, read_aloud
from tests.ui.sample import FIRST, NOW, with_history

STORES = [StoreRow(1, key, key, "overseas", None, "", "", watched=True) for key in ("main", "other")]


@st.composite
def names(draw):
    """A name as people give it: of any characters that `named` lets through, those that addresses use among them."""
    text = draw(st.text(st.one_of(st.sampled_from(',"-&=+%#/;\\ '), st.characters()), min_size=1, max_size=20))
    try:
        return named(text + draw(st.sampled_from(["a", "7", "\u00e9", "\u674e"]))).name
    except NoName:
        return "Smith, Ann"


class Tab:
    """A browser tab: only the text of its address outlasts a run of the page."""

    def __init__(self, query: str = "") -> None:
        self.session_state: dict[str, object] = {}
        self.query_params = QueryParams()
        self.go(query)

    def go(self, query: str) -> None:
        self.query_params.from_dict(parse_qs(query, keep_blank_values=True))

    def reload(self) -> View:
        written = {name: self.query_params.get_all(name) for name in self.query_params}
        self.go(urlencode(written, doseq=True))
        return address.resolved(STORES, ()).view


@pytest.fixture
def tab(monkeypatch):
    return lambda query="": opened(monkeypatch, query)


def opened(monkeypatch, query):
    tab = Tab(query)
    monkeypatch.setattr(address, "st", tab)
    return tab


@dataclass
class Run:
    """What Streamlit says of the run that is under way."""

    fragment_ids_this_run: tuple[str, ...] = ()
    has_script_started: bool = True
    is_history_navigation: bool = False
    page_script_hash: str = "worklist"


IN_PART, IN_CALLBACK = Run(fragment_ids_this_run=("part",)), Run(has_script_started=False)


@pytest.fixture
def ask_as(monkeypatch):
    """Draw the worklist at an address, then ask again for something at another, in another kind of run."""

    def ask(tab: Tab, run: Run, query: str) -> View:
        monkeypatch.setattr(address, "get_script_run_ctx", lambda: run)
        tab.go(query)
        return address.resolved(STORES, ()).view

    return ask


@pytest.mark.parametrize("run", [IN_PART, IN_CALLBACK])
def test_what_was_asked_before_the_browser_heard_of_an_address_is_answered_at_the_new_one(tab, ask_as, run):
    old = tab("reason=image")
    ask_as(old, Run(), "reason=image")
    address.enter("worklist")
    for text in ("dress", "lamp"):
        address.show(View(text=text))
    for late in ("reason=image", "q=dress"):
        assert ask_as(old, run, late) == View(text="lamp")
        address.change("page", "2")
        assert (old.query_params["q"], old.query_params["page"]) == ("lamp", "2")


def test_a_part_that_is_drawn_goes_by_the_link_that_was_followed_to_its_page(tab, ask_as):
    followed = tab("reason=image")
    ask_as(followed, Run(), "reason=image")
    address.enter("worklist")
    ask_as(followed, Run(), "status=rejected")
    address.enter("worklist")
    assert ask_as(followed, IN_PART, "reason=image") == View(statuses=(Status.REJECTED,))


LEADS_ANYWHERE = {
    "a link to an address that was left": (Run(), "reason=image"),
    "back": (Run(has_script_started=False, is_history_navigation=True), "reason=image"),
    "another page": (Run(has_script_started=False, page_script_hash="history"), "reason=image"),
    "an address never seen": (IN_CALLBACK, "reason=image&page=3"),
}


@pytest.mark.parametrize("what", LEADS_ANYWHERE)
def test_a_page_as_a_whole_is_drawn_at_the_address_that_it_is_asked_for_at(tab, ask_as, what):
    run, query = LEADS_ANYWHERE[what]
    shown = tab("reason=image")
    ask_as(shown, Run(), "reason=image")
    address.enter("worklist")
    address.show(View(text="lamp"))
    assert ask_as(shown, run, query).reasons == ("image",)


@given(st.lists(names(), min_size=1, max_size=4, unique=True), st.permutations(range(6)))
def test_owners_of_any_characters_come_through_every_change_of_an_address(owners, order):
    with pytest.MonkeyPatch.context() as patch:
        tab = opened(patch, urlencode(View(store="main", owners=tuple(owners)).to_query()))
        changes = [
            lambda: address.open_("main", 7),
            lambda: address.turn_to(3),
            address.close,
            lambda: address.change("order", "title"),
            lambda: address.pick(store="other"),
            address.back_to_now,
        ]
        for number in order:
            changes[number]()
            assert tab.reload().owners == tuple(owners)
        address.show(tab.reload())
        assert tab.reload().owners == tuple(owners)


@given(st.lists(names(), min_size=1, max_size=4, unique=True))
def test_owners_that_stand_in_words_of_their_own_stay_apart(owners):
    quoted = [View(owners=(owner,)).to_query()["owner"] for owner in owners]
    with pytest.MonkeyPatch.context() as patch:
        tab = opened(patch, urlencode({"owner": quoted}, doseq=True))
        address.turn_to(2)
        assert tab.reload().owners == tuple(owners)


def test_a_quote_that_one_word_opens_is_not_closed_by_the_next(tab):
    shown = tab('owner="Ann&owner=Ben"')
    before = shown.reload().owners
    address.turn_to(2)
    assert shown.reload().owners == before == ('"Ann', 'Ben"')


def test_a_word_that_is_no_filter_is_named_with_the_one_that_was_meant():
    assert address.unknown(["stauts", "owner", "page", "xyz", "Reason"], address.OF_ROWS) == (
        "stauts is no filter and was left out; near it: status.",
        "xyz is no filter and was left out.",
        "Reason is no filter and was left out; near it: reason.",
    )
    assert address.unknown([one.name for one in FILTERS]) == ()


def test_the_worklist_says_which_words_of_its_address_it_left_out(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", stauts="rejected", listing="")
    assert [read_aloud(words) for words in captions(page) if "Address" in words] == [
        ":orange-badge[Address] stauts is no filter and was left out; near it: status."
    ]
    assert heading(page).startswith("5 listings")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/export.csv?stauts=rejected&page=2", "/export.xlsx?stauts=rejected"])
def test_a_download_says_which_words_of_its_address_it_left_out(ask, tmp_path, path):
    with_history(tmp_path)
    assert unquote(ask(path).headers["X-Aexdash-Notes"]) == "stauts is no filter and was left out; near it: status."


def test_the_words_of_moves_are_no_unknown_filters(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/moves.csv?opening=2026-03-09T11:00:00Z&closing=2026-03-09T12:00:30Z&moves=rejected")
    assert (answer.status_code, "X-Aexdash-Notes" in answer.headers) == (200, False)


def way_to_the_worklist(page):
    return parse_qs(next(link for link in page.page_link if link.value == "Worklist").proto.query_string)


def test_the_filters_of_the_worklist_survive_a_change_of_page_and_back(open_page, tmp_path):
    with_history(tmp_path)
    Desk(tmp_path / "desk.db").set_owner("main", [FIRST], "Smith, Ann", by="Ann", now=NOW)
    page = open_page(tmp_path, "worklist", owner='"Smith, Ann"', order="title", page="1", listing=f"main/{FIRST}")
    page.switch_page("../../../pages/health.py")
    page.query_params.clear()
    page.run()
    assert way_to_the_worklist(page) == {"owner": ['"Smith, Ann"'], "order": ["title"]}


def test_what_was_filtered_in_a_part_of_the_page_survives_too(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    page.pills(key="filter-status").select("rejected").run()
    page.switch_page("../../../pages/health.py")
    page.query_params.clear()
    page.query_params["store"] = "main"
    page.run()
    assert way_to_the_worklist(page) == {"status": ["rejected"], "store": ["main"]}


def test_a_worklist_without_filters_is_led_back_to_as_it_was_too(open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(nav, "FIRST_LOOK", {"order": "newest"})
    page = open_page(with_history(tmp_path))
    assert way_to_the_worklist(page) == {"order": ["newest"]}
    page.switch_page("../../../pages/worklist.py").run()
    page.switch_page("../../../pages/health.py").run()
    assert way_to_the_worklist(page) == {}


def test_another_tab_begins_without_those_filters(open_page, tmp_path):
    open_page(with_history(tmp_path), "worklist", status="rejected")
    assert way_to_the_worklist(open_page(tmp_path)) == {"lane": ["todo"], "order": ["urgent"]}


def test_the_step_of_the_tour_stays_in_the_address_whatever_is_changed_on_the_page(tab):
    page = tab("tour=4&store=main&reason=image")
    address.show(View(store="main", text="dress"))
    address.pick("other")
    address.turn_to(2)
    assert {name: page.query_params[name] for name in page.query_params} == {
        "tour": "4",
        "store": "other",
        "q": "dress",
        "page": "2",
    }
