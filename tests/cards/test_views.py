"""Each card knows the worklist behind it: its key is a card's wherever it stands, and its view lists what it counts."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aexdash.cards import CARDS, values
from aexdash.model import Provenance, Reason
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store, shown

SOURCE = Path(__file__).parents[2]
KEY = re.compile(r"(aex|aexdash)_[a-z0-9_]+")
NAMES_OF_ALERTS = {card.sentiment_key for card in CARDS.values()}

COUNTED = {"aex_rejected_auditing_listings": 5, "aexdash_taken_down": 2, "aexdash_at_risk": 3}
"""Cards whose listings are all that their view shows, with what they say of the store below."""

OF_A_SHOP = {"aexdash_fixed_in_shop"}
"""Cards that need a shop, which the store below has not; tests/cards/test_shops.py compares them with their views."""

METRICS = {"metrics.py", "page_time.py"}
"""Where metrics are named, which begin as the keys of cards do."""

PART_OF_VIEW = {"aex_rejected_listings_24h", "aexdash_stuck_in_audit"}
"""Cards that count only some of the listings that their view shows; those come first, or are told by their age."""


def texts(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.slow
def test_every_key_of_a_card_that_stands_anywhere_is_that_of_a_card():
    files = [SOURCE / "app.py", *(SOURCE / "pages").glob("*.py"), *(SOURCE / "aexdash").rglob("*.py")]
    files = [file for file in files if file.name not in METRICS]
    found = {(path.name, text) for path in files for text in texts(path) if KEY.fullmatch(text)}
    assert {(name, text) for name, text in found if text not in CARDS and text not in NAMES_OF_ALERTS} == set()
    assert {text for _, text in found} >= set(COUNTED)


@pytest.fixture
def store(tmp_path):
    """Three rejected, two in audit, four on sale, of which three are at risk, two taken down and one taken off sale."""
    made = Store(tmp_path)
    made.now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    places = dict.fromkeys((1, 2, 3), REJECTED) | dict.fromkeys((4, 5), AUDITING) | dict.fromkeys((6, 7, 8, 9), ACTIVE)
    made.sweep(
        places
        | {
            10: shown(10, OFFLINE, cause="violate_offline"),
            11: shown(11, OFFLINE, cause="punish_offline"),
            12: shown(12, OFFLINE, cause="user_offline"),
        }
    )
    small = Reason("image.main_too_small", Provenance.CHECK)
    for period in open_period_ids(made.db, made.id, [6, 7, 8]).values():
        record_reasons(made.db, period, [small], {Provenance.CHECK}, made.now)
    yield made
    made.db.close()


def test_the_view_of_a_card_lists_as_many_listings_as_the_card_counts(store):
    said = {key: value.value for key, value in values(store.snapshot.measures(None)).items()}
    assert {key: said[key] for key in COUNTED} == COUNTED
    assert {key: store.snapshot.count(CARDS[key].view) for key in COUNTED} == COUNTED
    assert {key: len(list(store.snapshot.rows(CARDS[key].view))) for key in COUNTED} == COUNTED


def test_every_card_that_counts_listings_of_the_worklist_has_a_view():
    counts = {key for key, card in CARDS.items() if card.unit == "listings" and card.view is not None}
    assert counts == COUNTED.keys() | PART_OF_VIEW | OF_A_SHOP


def test_the_view_of_a_card_is_of_every_store_and_can_be_written_into_an_address():
    for view in (card.view for card in CARDS.values() if card.view is not None):
        assert view.unfiltered() == View()
        assert View.from_query(view.to_query()) == view
        assert not View.from_query(view.to_query()).notes
