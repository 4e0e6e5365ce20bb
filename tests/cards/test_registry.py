"""Every card is defined whole, and the page that says so is the registry's."""

from __future__ import annotations

from pathlib import Path

import pytest

from aexdash.cards import CARDS, Direction
from aexdash.cards.reference_page import page
from aexdash.snapshot.measures.on_sale import AT_RISK, KEPT

ROLES = {"owner", "operations", "engineering", "catalogue", "finance"}

PUBLISHED = {
    "aex_rejected_auditing_listings": "aex_rejected_listings",
    "aex_rejected_listings_24h": "aex_alert_listing_rejection_spike",
    "aex_listings_failing_feedonomics_validation": "aex_xc_feed_rejection_vs_listings",
}


def test_the_page_of_the_docs_is_written_from_the_registry():
    committed = Path(__file__).parents[2] / "docs" / "reference" / "card-definitions.md"
    assert committed.read_text(encoding="utf-8") == page(CARDS.values()), "run make docs"


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_every_card_says_all_that_has_to_be_said(card):
    sentences = (card.title, card.formula, card.why_band, card.alert, card.source, card.lag)
    assert all(sentences)
    assert card.formula.endswith(".")
    assert card.needs
    assert set(card.roles) <= ROLES
    assert {"owner", "operations"} <= set(card.roles)
    assert card.key.startswith("aex_" if card.kind != "ours" else "aexdash_")


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_no_default_band_contradicts_its_direction(card):
    good, bad = card.band.good, card.band.bad
    fits = {Direction.LOWER: good <= bad, Direction.HIGHER: good >= bad, Direction.NONE: good == bad == 0}
    assert fits[card.band.direction]


def test_the_hero_comes_first_and_published_keys_are_kept():
    assert next(iter(CARDS)) == "aex_rejected_auditing_listings"
    assert {key: CARDS[key].sentiment_key for key in PUBLISHED} == PUBLISHED


def test_what_is_kept_beside_belongs_to_a_card():
    assert {key.partition("/")[0] for key in (*KEPT, AT_RISK)} <= CARDS.keys()


def test_what_happened_within_a_window_is_drawn_as_bars_and_all_else_as_a_line():
    assert {key for key, card in CARDS.items() if card.chart == "bar"} == {"aex_rejected_listings_24h"}
    assert {card.chart for card in CARDS.values()} == {"bar", "line"}
