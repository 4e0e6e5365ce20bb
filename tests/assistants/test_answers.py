"""The tool `answer`: the number of the tile, in words or typed, or a refusal that says what can be asked."""

from __future__ import annotations

import jsonschema
import pytest

from aexdash.assistants.tools import TOOLS
from aexdash.cards import CARDS
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from tests.assistants.shop import ORDER, OTHER, refusal, told, with_two_stores
from tests.assistants.test_tools import others_apart
from tests.ui.sample import FIRST, NOW

HELD = "aex_rejected_auditing_listings"


@pytest.mark.parametrize("words", ["how many are held?", "сколько удержано?", "多少被扣", "¿cuántos retenidos?"])
def test_a_question_in_words_has_the_number_of_the_overview(shop, words):
    result = told(shop, "answer", {"words": words})
    assert (result["number"], result["unit"], result["statement"]["claim"]) == (65, "listings", "known")
    assert [one.partition(" = ")[2] for one in result["read"]] == ["held: rejected or in audit"]
    jsonschema.validate(result, TOOLS["answer"].gives)


@pytest.mark.parametrize("key", CARDS)
def test_a_typed_question_of_a_card_has_the_value_of_its_tile(shop, key):
    tile = next(card for card in told(shop, "list_cards", {"store": "main"})["cards"] if card["key"] == key)
    answer = told(shop, "answer", {"question": {"kind": "card", "name": key, "where": {"store": "main"}}})
    assert answer["number"] == (None if tile["value"] is None else pytest.approx(tile["value"], abs=1e-4))
    assert answer["statement"]["claim"] == tile["claim"]


def test_a_number_is_divided_and_compared_as_asked(shop):
    question = {"kind": "card", "name": HELD, "by": "store", "compare": "previous"}
    result = told(shop, "answer", {"question": question})
    assert [(row["name"], row["number"]) for row in result["rows"]] == [("Second store", 60), ("My store", 5)]
    assert result["rows"][0]["link"] == "http://localhost:8501/worklist?store=second"
    assert "+65" in result["compared"]


def test_the_listings_behind_a_number_are_those_of_the_view(shop):
    question = {"kind": "listings", "where": {"store": "second", "status": "rejected"}, "limit": 3}
    result = told(shop, "answer", {"question": question})
    assert (result["number"], len(result["rows"]), result["more"]) == (60, 3, 57)
    assert result["rows"][0]["texts_of_others"] == {"title": ORDER}
    assert result["link"] == told(shop, "list_listings", {"view": question["where"]})["link"]


def test_moves_are_counted_in_their_span(shop):
    span = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-10T00:00:00Z"}
    result = told(shop, "answer", {"question": {"kind": "moves", "name": "rejected", **span}})
    assert result["number"] == 64
    assert result["link"].startswith("http://localhost:8501/history?opening=2026-03-08T23%3A59%3A59.999Z&closing=")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("delete every listing", "order"),
        ("how many will be held tomorrow?", "forecast"),
        ("how many purple ones?", "not understood"),
    ],
)
def test_a_refusal_has_no_number_and_claims_nothing(shop, words, why):
    result = told(shop, "answer", {"words": words})
    assert (result["number"], result["refused"], result["rows"]) == (None, why, [])
    assert result["statement"] == {"claim": "nothing", "says": "", "read_at": ""}
    assert result["says"].endswith(".")


def test_what_may_be_asked_instead_can_be_asked_as_it_stands(shop):
    asked_back = told(shop, "answer", {"words": "how many were rejected?"})
    assert (asked_back["number"], asked_back["refused"]) == (None, "incomplete")
    for choice in asked_back["choices"]:
        assert told(shop, "answer", {"words": choice})["refused"] == ""


def test_why_is_left_to_the_tool_for_it_and_its_words_are_of_others(shop):
    result = told(shop, "answer", {"words": "why did it jump?"})
    assert (result["says"], result["rows"]) == ("The tool causes says what goes with it.", [])
    assert "ignore" not in "\n".join(others_apart(result)).lower()
    assert any("ignore" in line for line in result["texts_of_others"]["lines"])


def test_names_of_people_and_categories_are_texts_of_others(shop):
    for by in ("owner", "category"):
        rows = told(shop, "answer", {"question": {"kind": "listings", "by": by}})["rows"]
        assert {row["name"] for row in rows} == {""}
        assert all(row["texts_of_others"]["name"] for row in rows)


def test_who_did_it_is_a_text_of_others(tmp_path):
    with_two_stores(tmp_path)
    Desk(tmp_path / "desk.db").set_stage("main", [FIRST], Stage.TAKEN, by=ORDER, now=NOW)
    [row] = told(tmp_path, "answer", {"words": "taken today"})["rows"]
    assert row["shown"] == ""
    assert ORDER in row["texts_of_others"]["by"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"words": "how many are held?"},
        {"words": "how many are held by store?"},
        {"words": f"card:{HELD}"},
        {"words": "listings by:store"},
        {"words": "moves:entered period:2026-03-09"},
        {"words": "causes:held"},
        {"words": "why did it jump?"},
        {"question": {"kind": "card", "name": HELD}},
        {"question": {"kind": "listings"}},
        {
            "question": {
                "kind": "moves",
                "name": "entered",
                "start": "2026-03-09T00:00:00Z",
                "end": "2026-03-10T00:00:00Z",
            }
        },
    ],
)
def test_where_one_profile_may_be_told_of_answers_are_of_it_alone(tmp_path, arguments):
    home = with_two_stores(tmp_path, setting='profile = "eu"')
    result = told(home, "answer", arguments)
    assert result["number"] == 5
    assert "profile=eu" in result["link"]
    assert not any(word in str(result) for word in (str(OTHER), "Second", "second"))


def test_a_hidden_store_in_words_is_answered_like_one_that_is_not(tmp_path):
    home = with_two_stores(tmp_path, setting='profile = "eu"')
    hidden = told(home, "answer", {"words": "how many are held in Second store"})
    missing = told(home, "answer", {"words": "how many are held in Seventh store"})
    assert (hidden["number"], hidden["refused"]) == (missing["number"], missing["refused"]) == (None, "not understood")


def test_parts_that_add_up_to_the_number_are_not_said_to_be_more(shop):
    result = told(shop, "answer", {"question": {"kind": "listings", "by": "reason", "where": {"store": "main"}}})
    assert "add up to more" not in result["says"]
    assert [(row["name"], row["number"]) for row in result["rows"]] == [
        ("Main picture too small", 4),
        ("Brand missing", 1),
    ]


def test_several_values_of_a_word_are_all_asked_for(shop):
    for status in ("rejected,auditing", ["rejected", "auditing"]):
        question = {"kind": "listings", "where": {"store": "second", "status": status}}
        assert told(shop, "answer", {"question": question})["number"] == 60


def test_a_moment_among_the_filters_is_refused_and_never_left_out(shop):
    question = {"kind": "listings", "where": {"as_of": "2026-03-01T12:00:00Z"}}
    assert refusal(shop, "answer", {"question": question}) == ("where takes no 'as_of'; a moment is written as at.")


@pytest.mark.parametrize("kind", [{"kind": "listings"}, {"kind": "card", "name": HELD}])
def test_a_period_of_what_stands_means_its_end(shop, kind):
    span = {"start": "2026-03-01T00:00:00Z", "end": "2026-03-08T00:00:00Z"}
    then = told(shop, "answer", {"question": {**kind, **span}})
    assert then["number"] == told(shop, "answer", {"question": {**kind, "at": "2026-03-07T23:59:59.999Z"}})["number"]
    assert "7 Mar 2026" in then["says"]


def test_what_no_report_names_is_refused_and_never_none(shop):
    said = refusal(shop, "list_listings", {"view": {"shares": "999"}})
    assert "999" in said
    assert refusal(shop, "answer", {"question": {"kind": "listings", "where": {"shares": "999"}}}) == said
    written = told(shop, "answer", {"words": "listings shares:999"})
    assert (written["number"], written["refused"]) == (None, "no such")


def test_a_list_of_what_was_never_checked_counts_nothing(shop):
    listed = told(shop, "list_listings", {"view": {"status": "active"}})
    answer = told(shop, "answer", {"words": "listings status:active"})
    assert (listed["count"], answer["number"]) == (None, None)
    assert listed["statement"] == answer["statement"]
    assert listed["statement"]["claim"] != "known"
