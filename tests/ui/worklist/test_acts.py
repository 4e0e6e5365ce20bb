"""Acts of the list: each is taken once, however often it is sent, and what is no act is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.desk.decisions.items import Seen
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.ui.worklist import acts
from tests.exports.test_worklist import row as work_row
from tests.ui.reading import act, list_of
from tests.ui.sample import FIRST, with_history

SHOWN = ["main/1005", "7|2026-03-09T12:00:00.000Z|2|image.none,title.empty|taken"]
SEEN = Seen("main", 1005, 7, datetime(2026, 3, 9, 12, 0, tzinfo=UTC), 2, ("image.none", "title.empty"), Stage.TAKEN)


def message(*sent, name="a1"):
    return {"list": name, "acts": list(sent)}


def test_an_act_says_what_to_do_with_which_listings_as_they_were_shown():
    snooze = {"n": 4, "do": "snooze", "rows": [SHOWN], "more": "3d"}
    found, done = acts.read(message(snooze), {})
    assert found == [acts.Act("snooze", (SEEN,), "3d", "a1-4")]
    assert found[0].keys == [("main", 1005)]
    assert done == {"a1": 4}


def test_what_a_row_shows_comes_back_as_it_was_sent():
    row = work_row()
    number, more = acts.id_of(row.store, row.product_id), acts.shown_as(row)
    [found], _ = acts.read(message({"n": 1, "do": "take", "rows": [[number, more]]}), {})
    assert found.seen == (Seen.of(row),)


def test_an_act_is_taken_once_however_often_it_is_sent():
    first, second, third = [{"n": n, "do": "fix", "rows": [[f"main/{n}", SHOWN[1]]]} for n in (1, 2, 3)]
    taken, done = [], {}
    for sent in ([first], [first, second], [first, second, third], [third], [first, second, third]):
        found, done = acts.read(message(*sent), done)
        taken += [act.request for act in found]
    assert taken == ["a1-1", "a1-2", "a1-3"]


def test_two_lists_count_for_themselves():
    fix = {"n": 1, "do": "fix", "rows": [SHOWN]}
    _, done = acts.read(message(fix), {})
    found, done = acts.read(message(fix, name="b2"), done)
    assert [act.request for act in found] == ["b2-1"]
    assert done == {"a1": 1, "b2": 1}


sends = st.lists(st.lists(st.integers(1, 8), max_size=8).map(sorted), max_size=8)


@given(sends)
def test_whatever_arrives_in_whatever_packets_is_taken_once_and_in_order(packets):
    taken, done, highest = [], {}, 0
    for packet in packets:
        found, done = acts.read(message(*({"n": n, "do": "fix", "rows": [SHOWN]} for n in packet)), done)
        taken += [int(act.request.removeprefix("a1-")) for act in found]
        highest = max([highest, *packet])
    assert taken == sorted(set(taken))
    assert done.get("a1", 0) == highest


NONSENSE = [
    None,
    "fix",
    {},
    {"list": "a1"},
    {"list": 7, "acts": []},
    {"list": "a-1", "acts": []},
    message("fix"),
    message({"do": "fix", "rows": [SHOWN]}),
    message({"n": "1", "do": "fix", "rows": [SHOWN]}),
    message({"n": 1, "do": "delete", "rows": [SHOWN]}),
    message({"n": 1, "do": ["fix"], "rows": [SHOWN]}),
    message({"n": 1, "do": "fix", "rows": "all"}),
    message({"n": 1, "do": "fix", "rows": [["main/1005", "7|yesterday|2||"]]}),
    message({"n": 1, "do": "fix", "rows": [["main/1005", "7|2026-03-09T12:00:00Z|2||gone"]]}),
    message({"n": 1, "do": "fix", "rows": [["1005", SHOWN[1]], ["main/x", SHOWN[1]], ["main/1005"]]}),
    message({"n": 1, "do": "fix", "rows": [SHOWN], "more": 3}),
]


def test_what_is_no_act_is_left_out():
    assert [acts.read(told, {})[0] for told in NONSENSE] == [[]] * len(NONSENSE)


@pytest.mark.slow
def test_an_act_that_comes_twice_is_written_once(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    row = next(row for row in list_of(page)["rows"] if row["pid"] == str(FIRST))
    take = {"n": 1, "do": "take", "rows": [[row["id"], row["v"]]]}
    for _ in range(3):
        act(page, [take])
        assert not page.exception
    stages = [entry.after for entry in Desk(tmp_path / "desk.db").log("main", FIRST) if entry.field == "stage"]
    assert stages == ["taken"]
    assert list_of(page)["done"] == {"browser": 1}


def test_nothing_is_done_to_a_list_of_the_past_and_it_says_so(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", as_of="2026-03-09T12:00:30Z")
    told = list_of(page)
    assert told["locked"].startswith("This is the worklist of a moment of the past.")
    act(page, [{"n": 1, "do": "take", "rows": [[told["rows"][0]["id"], told["rows"][0]["v"]]]}])
    assert not page.exception
    assert not (tmp_path / "desk.db").exists()


def test_opening_writes_the_listing_into_the_address(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    row = list_of(page)["rows"][2]
    act(page, [{"n": 1, "do": "open", "rows": [[row["id"], row["v"]]]}])
    assert page.query_params["listing"] == row["id"]
    assert list_of(page)["opened"] == row["id"]


def test_a_refusal_stands_at_its_row_until_somebody_acts_on_it_again(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="product_id")
    first, second = list_of(page)["rows"][:2]
    said = "Olga took it at 12:03, after you read it."
    page.session_state["_acts-refused"] = {("main", FIRST): said, ("main", FIRST + 1): said}
    page.run()
    assert list_of(page)["refused"] == {first["id"]: said, second["id"]: said}
    act(page, [{"n": 1, "do": "take", "rows": [[first["id"], first["v"]]]}])
    assert list_of(page)["refused"] == {second["id"]: said}


def test_what_the_list_itself_answers_is_not_handed_on():
    [opened], _ = acts.read(message({"n": 1, "do": "open", "rows": [SHOWN]}), {})
    [shown], _ = acts.read(message({"n": 1, "do": "show", "rows": []}), {})
    assert {opened.do, shown.do} == set(acts.OF_THE_LIST)
    assert (opened.keys, shown.keys) == ([("main", 1005)], [])
