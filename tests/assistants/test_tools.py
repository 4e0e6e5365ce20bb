"""What the five tools answer: the numbers of the pages with what they may claim, and texts of others apart."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from aexdash.assistants.resources import RESOURCES
from aexdash.assistants.tools import INSTRUCTIONS, TOOLS
from aexdash.cards import CARDS, values
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.assistants import clients
from tests.assistants.cost import MOST_TOKENS, listed, size_of, tokens_of
from tests.assistants.shop import ORDER, OTHER, refusal, told, with_two_stores
from tests.docs.writing import ROOT
from tests.storage.attacks import ATTACKS
from tests.ui.sample import FIRST, HOSTILE, IN_AUDIT, NOW, REJECTED, set_clock

CALLS = {
    "list_cards": {},
    "list_listings": {"view": {"store": "second"}, "limit": 3},
    "explain_listing": {"product_id": str(FIRST)},
    "causes": {"store": "second"},
}


def test_there_are_these_five_tools_and_all_only_read():
    tools = listed()
    assert [tool["name"] for tool in tools] == ["list_cards", "answer", "list_listings", "explain_listing", "causes"]
    assert {json.dumps(tool["annotations"], sort_keys=True) for tool in tools} == {
        '{"openWorldHint": false, "readOnlyHint": true}'
    }
    assert all(name in INSTRUCTIONS for name in TOOLS)


def test_their_schemas_cost_as_much_as_their_page_says_and_little():
    size = size_of(listed())
    assert tokens_of(size) <= MOST_TOKENS
    assert f": {size:,} bytes." in (ROOT / "docs/assistants.md").read_text(encoding="utf-8")


def test_their_page_says_how_many_attacks_are_tried():
    assert f"- {len(ATTACKS)} attacks, " in (ROOT / "docs/assistants.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CALLS)
def test_a_result_is_as_its_schema_says(shop, name):
    schema = next(tool for tool in listed() if tool["name"] == name)["outputSchema"]
    result = told(shop, name, CALLS[name])
    jsonschema.validate(result, schema)
    assert set(schema.get("properties", {})) | set(schema.get("required", [])) == set(result)
    assert result["statement"] == {
        "claim": "known",
        "says": result["statement"]["says"],
        "read_at": "2026-03-09T12:00:00.000Z",
    }
    assert re.fullmatch(r"Read (9 Mar 2026 12:00 UTC|then), (1 store|2 stores)\.", result["statement"]["says"])
    assert result["link"].startswith("http://localhost:8501/")


def test_cards_are_those_of_the_overview(shop):
    result = told(shop, "list_cards", {"store": "main"})
    snapshot = Snapshot(shop / "snapshot.db", shop / "desk.db", clock=lambda: NOW)
    shown = values(snapshot.measures(("main",), None))
    assert {card["key"]: card["value"] for card in result["cards"]} == {
        key: None if value.value is None else pytest.approx(value.value, abs=1e-4) for key, value in shown.items()
    }
    assert result["says"] == "5 listings are held."
    assert result["link"] == "http://localhost:8501/overview?store=main"


def test_both_stores_together_where_none_is_named(shop):
    result = told(shop, "list_cards")
    assert (result["says"], result["cards"][0]["value"]) == ("65 listings are held.", 65)
    assert result["statement"]["says"] == "Read 9 Mar 2026 12:00 UTC, 2 stores."


def test_what_is_not_known_is_null_and_never_zero(shop):
    cards = {card["key"]: card for card in told(shop, "list_cards")["cards"]}
    failing = cards["aex_listings_failing_feedonomics_validation"]
    assert (failing["value"], failing["claim"], failing["shown"]) == (None, "never read", "–")


def test_a_stale_reading_is_not_now(shop, tmp_path):
    home = with_two_stores(tmp_path)
    later = set_clock(home, NOW.replace(day=12))
    assert later.exists()

    async def ask():
        async with clients.of_server(home, lambda: NOW.replace(day=12)) as client:
            return (await client.call_tool("list_cards", {})).structured_content

    result = asyncio.run(ask())
    assert result["says"] == "65 listings are held when last read, 9 Mar 2026 12:00 UTC."
    assert result["statement"]["claim"] == "not read since"


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 3])
def test_a_card_says_the_number_that_its_question_answers_also_where_nobody_reads(tmp_path, days):
    """A zero that was read days ago is no number: it was one here, and null in an answer."""
    now = NOW + timedelta(days=days)
    home = with_two_stores(tmp_path)
    set_clock(home, now)

    async def ask():
        async with clients.of_server(home, lambda: now) as client:
            cards = (await client.call_tool("list_cards", {})).structured_content["cards"]
            asked = {
                one["key"]: (await client.call_tool("answer", {"words": f"card:{one['key']}"})).structured_content
                for one in cards
            }
            return cards, asked

    cards, asked = asyncio.run(ask())
    assert {one["key"]: one["value"] for one in cards} == {key: one["number"] for key, one in asked.items()}
    zeros = [one for one in cards if one["shown"] == "0"]
    assert all(one["claim"] == "known" for one in zeros)
    assert bool(zeros) is (days == 0)


def test_listings_are_the_first_of_the_view_and_say_how_many_are_left_out(shop):
    result = told(shop, "list_listings", {"view": {"store": "second", "order": "product_id"}, "limit": 3})
    assert (result["count"], result["truncated"], len(result["listings"])) == (60, True, 3)
    assert result["says"] == "60 listings now, the first 3 of them here."
    assert [row["product_id"] for row in result["listings"]] == [str(OTHER + number) for number in range(3)]
    assert result["link"] == "http://localhost:8501/worklist?store=second&order=product_id"
    whole = told(shop, "list_listings", {"view": {"store": "main"}})
    assert (whole["count"], whole["truncated"]) == (5, False)


def test_a_row_says_who_says_so_and_leads_to_its_listing(shop):
    view = {"reason": "attribute.brand_missing"}
    (row,) = told(shop, "list_listings", {"view": view})["listings"]
    assert {key: row[key] for key in ("store", "product_id", "status", "claim", "held_since", "reasons")} == {
        "store": "main",
        "product_id": str(IN_AUDIT),
        "status": "auditing",
        "claim": "known",
        "held_since": "2026-03-09T12:00:00.000Z",
        "reasons": ["attribute.brand_missing (check)"],
    }
    assert row["link"] == f"http://localhost:8501/worklist?store=main&listing=main%2F{IN_AUDIT}"


def test_a_listing_is_explained_by_what_was_measured(shop):
    result = told(shop, "explain_listing", {"product_id": str(REJECTED[0])})
    assert result["says"] == "Rejected: Main picture too small (now)."
    (reason,) = result["reasons"]
    assert reason["measured"] == {"width": 350, "height": 350, "minimum": 800}
    assert reason["what_to_do"].startswith("Main picture 350×350: upload at least 800×800")
    assert result["rejections"] == ["2026-03-09T12:00:00.000Z image.main_too_small, lasts"]
    assert result["certainty"] == "likely"
    assert result["edit_page"].endswith(f"productId={REJECTED[0]}")
    on_sale = told(shop, "explain_listing", {"product_id": str(FIRST + 20)})
    assert on_sale["says"] == "Active, and nothing is said or measured against it (now)."
    assert (on_sale["held_since"], on_sale["held_days"]) == ("", None)


def test_names_that_were_measured_are_texts_of_others(shop):
    (reason,) = told(shop, "explain_listing", {"product_id": str(IN_AUDIT)})["reasons"]
    assert reason["measured"] == {"choices": 14}
    assert reason["texts_of_others"] == {"measured": ["names: ['Brand Name']"]}
    assert "Brand Name" not in reason["what_to_do"]


def test_causes_are_said_with_their_evidence_and_without_the_words_of_others(shop):
    result = told(shop, "causes", {"store": "second"})
    assert (result["outcome"], result["moved"], result["of"]) == ("found", 60, 400)
    top = result["findings"][0]
    assert (top["k"], top["n"], top["rest_k"], top["rest_n"]) == (60, 60, 0, 340)
    assert top["texts_of_others"]["values"][0] in (ORDER.split()[0].lower(), " ".join(ORDER.split()[-2:]).lower())
    assert "caused" in result["says"]
    assert result["says"].startswith("60 listings came to be held after ")


def test_too_few_to_tell_is_an_answer(shop):
    result = told(shop, "causes", {"store": "main"})
    assert (result["outcome"], result["findings"], result["moved"]) == ("too few to tell", [], 5)
    assert result["counted"] == ["reason: image.main_too_small: 4 of 5", "reason: attribute.brand_missing: 1 of 5"]


def others_apart(value: Any, *, inside: bool = False) -> list[str]:
    """Every text of a result that is not within a field of texts of others."""
    if isinstance(value, dict):
        return [
            text for key, one in value.items() if key != "texts_of_others" for text in others_apart(one, inside=inside)
        ]
    if isinstance(value, list):
        return [text for one in value for text in others_apart(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("list_cards", {}),
        ("list_listings", {"limit": 100}),
        ("explain_listing", {"product_id": str(FIRST)}),
        ("explain_listing", {"product_id": str(OTHER)}),
        ("causes", {"store": "second"}),
        ("causes", {"after": "2026-03-08T12:00:00Z"}),
    ],
)
def test_orders_of_others_stand_in_fields_of_their_own(shop, name, arguments):
    """Neither the title that gives orders, nor the one with markup, nor a piece of either."""
    result = told(shop, name, arguments)
    ours = "\n".join(others_apart(result)).lower()
    for text in (HOSTILE, "javascript", "evil.example", ORDER, "ignore", "with delete", "desk lamp"):
        assert text.lower() not in ours
    if name != "list_cards":
        assert "texts_of_others" in json.dumps(result)


def test_the_resources_say_what_cards_and_reasons_mean():
    async def ask():
        async with clients.of_server() as client:
            listed = (await client.list_resources()).resources
            return {one.uri: (await client.read_resource(one.uri)).contents[0].text for one in listed}

    texts = asyncio.run(ask())
    assert list(texts) == list(RESOURCES) == ["aexdash://cards", "aexdash://reasons"]
    assert json.loads(texts["aexdash://cards"]).keys() == CARDS.keys()
    assert json.loads(texts["aexdash://reasons"])["codes"].keys() == load_taxonomy().codes.keys()


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("list_cards", {"store": "third"}, "There is no store 'third'; there is main, second."),
        ("list_cards", {"profile": "us"}, "There is no profile us; there is both, eu."),
        ("list_cards", {"as_of": "2030-01-01T00:00:00Z"}, "The moment 1 Jan 2030 00:00 UTC lies ahead: nobody has rea"),
        ("list_cards", {"shop": "main"}, "list_cards takes no 'shop'; it takes store, profile, as_of."),
        (
            "list_listings",
            {"view": {"statuz": "rejected"}},
            "'statuz' is no word of a view; near it: status, in_status, stage.",
        ),
        ("list_listings", {"view": {"reason": "image.smal"}}, "There is no reason 'image.smal'; near it: "),
        ("list_listings", {"limit": 101}, "limit of list_listings: input should be less than or equal to 100."),
        ("explain_listing", {}, "product_id of explain_listing: field required."),
        ("explain_listing", {"product_id": "x"}, "'x' is no id of a listing; it is digits alone"),
        ("explain_listing", {"product_id": "7"}, "There is no listing 7; ids are in what list_listings answers."),
        ("causes", {"after": "yesterday"}, "after is no moment; write it like 2026-03-09T12:00:00Z."),
        ("causes", {"after": "2026-03-09T12:00:00Z", "until": "2026-03-08T12:00:00Z"}, "The span ends before it beg"),
        ("answer", {}, "Give either words or question, as in words: how many are held?"),
        ("answer", {"words": "x" * 501}, "words of answer: string should have at most 500 characters."),
        ("answer", {"question": {"kind": "listings", "by": "colour"}}, "by can be store, reason, family, "),
        ("answer", {"question": {"kind": "card", "name": "held"}}, "name of a question of card can be aex_rejected_"),
        ("answer", {"question": {"kind": "moves", "name": "x"}}, "name of a question of moves can be rejected, ent"),
        ("answer", {"question": {"kind": "card", "where": {"x": "y"}}}, "'x' is no word of a view; "),
        ("delete_listing", {}, "There is no tool 'delete_listing'; there is list_cards, answer, "),
    ],
)
def test_what_cannot_be_answered_is_a_sentence_that_says_what_to_do(shop, name, arguments, sentence):
    said = refusal(shop, name, arguments)
    assert said.startswith(sentence)
    assert str(shop) not in said
    assert "\n" not in said


def test_without_a_snapshot_nothing_is_known(tmp_path):
    said = refusal(tmp_path, "list_cards")
    assert said.startswith("There is no snapshot at snapshot.db yet; ")
    assert said.endswith("Nothing is known until then; say so.")


def test_a_page_of_the_link_shows_the_same_view(shop):
    link = told(shop, "list_listings", {"view": {"status": "rejected", "store": "main"}})["link"]
    query = dict(part.split("=") for part in link.partition("?")[2].split("&"))
    assert View.from_query(query) == View.from_query({"status": "rejected", "store": "main"})
