"""Assistants are told of the stores that the settings name, and of no others, not even that they are there."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from aexdash.assistants.scope import CannotAnswerError, open_scope
from aexdash.config.settings import load_settings
from aexdash.model import Status
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import KnownListing
from tests.assistants.shop import OTHER, refusal, told, with_two_stores
from tests.ui.sample import FIRST, NOW


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    return with_two_stores(tmp_path_factory.mktemp("narrow"), setting='profile = "eu"')


def test_only_the_stores_of_the_profile_are_counted(narrow):
    assert told(narrow, "list_cards")["says"] == "5 listings are held."
    assert told(narrow, "list_listings")["count"] == 5
    assert told(narrow, "causes")["moved"] == 5
    assert told(narrow, "list_cards")["link"] == "http://localhost:8501/overview?profile=eu"


@pytest.mark.parametrize(
    ("name", "hidden", "missing"),
    [
        ("list_cards", {"store": "second"}, {"store": "absent"}),
        ("list_cards", {"profile": "both"}, {"profile": "none"}),
        ("list_listings", {"view": {"store": "second"}}, {"view": {"store": "absent"}}),
        ("explain_listing", {"product_id": str(OTHER)}, {"product_id": "1005006000099999"}),
        (
            "explain_listing",
            {"product_id": str(FIRST), "store": "second"},
            {"product_id": str(FIRST), "store": "absent"},
        ),
        ("causes", {"store": "second"}, {"store": "absent"}),
        ("causes", {"listings": [str(OTHER)]}, {"listings": ["1005006000099999"]}),
        ("answer", {"question": {"kind": "listings", "where": {"store": "second"}}}, None),
    ],
)
def test_a_hidden_store_is_answered_like_one_that_is_not(narrow, name, hidden, missing):
    said = refusal(narrow, name, hidden)
    for word in ("second", "both", str(OTHER)):
        said = said.replace(f"{word}", "?")
    if missing is None:
        assert said == "There is no store '?'; there is main."
        return
    other = refusal(narrow, name, missing)
    for word in ("absent", "none", "1005006000099999"):
        other = other.replace(word, "?")
    assert said == other


def test_where_the_profile_is_gone_nothing_is_told(tmp_path):
    home = with_two_stores(tmp_path, setting='profile = "gone"')
    assert refusal(home, "list_cards").startswith("Assistants are told of one profile alone, and it is gone")


def test_a_listing_is_found_in_its_own_store_alone(shop):
    assert told(shop, "explain_listing", {"product_id": str(OTHER), "store": "second"})["store"] == "second"
    said = refusal(shop, "explain_listing", {"product_id": str(OTHER), "store": "main"})
    assert said == f"There is no listing {OTHER} in store main; ids are in what list_listings answers."


def test_an_id_that_two_stores_have_is_asked_back_and_named_once(shop):
    scope = open_scope(load_settings(shop), lambda: NOW)
    both = {FIRST: [KnownListing(key, FIRST, "", Status.ACTIVE) for key in ("main", "second")]}
    with patch.object(Snapshot, "known_ids", return_value=both):
        with pytest.raises(CannotAnswerError, match=f"Listing {FIRST} is in main, second; name one of them as store"):
            scope.keys_of("", [str(FIRST)])
        assert scope.keys_of("second", [str(FIRST)] * 2) == (("second", FIRST),)
