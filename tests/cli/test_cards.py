"""What `aexdash cards` prints of values that are known, not known, shares, ranges and partly known."""

from datetime import UTC, datetime

from aexdash.cards import CARDS, CardValue
from aexdash.cli.cards import card_facts, card_lines
from aexdash.desk.bands import Standing
from aexdash.model import Outcome
from aexdash.snapshot.store_rows import Freshness
from aexdash.snapshot.tallies import Hero
from tests.reaches import WHOLE

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FRESH = Freshness("fresh", NOON, None, Outcome.COMPLETE)
STANDING = {key: Standing(card.band) for key, card in CARDS.items()}
NOT_READ = dict.fromkeys(CARDS, CardValue(None, note="No complete read yet."))
HERO, MONEY = "aex_rejected_auditing_listings", "aexdash_money_held_back"
TOLD = NOT_READ | {
    HERO: CardValue(5, reach=WHOLE),
    "aex_listing_suppressed_pct": CardValue(100 * 5 / 4820, 5, 4820),
    "aex_required_attribute_completeness": CardValue(
        96.0, 4137, 4310, coverage=(4120, 4310), low=95.81, high=96.17, note="Well filled.", reach=WHOLE
    ),
    MONEY: CardValue(22.5, coverage=(5, 5), low=15.0, high=30.0, currency="US\u202eD", reach=WHOLE),
}


def test_cards_without_a_complete_run_have_no_value_and_say_so():
    lines = list(card_lines(NOT_READ, STANDING, Hero(None, None, None, None), Freshness("never", None, None, None)))
    assert lines[0] == (
        "aex_rejected_auditing_listings               Rejected / Auditing Listings               –  No data"
        "          RT   No complete read yet."
    )
    assert lines[-1] == "No complete read so far (never)."
    assert len(lines) == len(CARDS) + 1


def test_a_line_says_title_value_state_window_coverage_and_note():
    lines = dict(line.split(maxsplit=1) for line in card_lines(TOLD, STANDING, Hero(4, 1, NOON, NOON), FRESH))
    words = {key: " ".join(line.split()) for key, line in lines.items()}
    assert words[HERO] == "Rejected / Auditing Listings 5 Needs attention RT"
    assert words["aex_required_attribute_completeness"] == (
        "Required attributes complete 95.8–96.2 % Performing RT details known for 4,120 of 4,310, still reading; "
        "Well filled."
    )
    assert words[MONEY] == "Money held back 15.00–30.00 US‹U+202E›D a day Stable RT sales known for 5 of 5"
    assert words["As"] == "of 2026-03-09T12:00:00.000Z (fresh)."


def test_json_has_every_card_with_the_parts_of_its_value():
    facts = card_facts(TOLD, STANDING, Hero(4, 1, NOON, NOON), FRESH)
    assert list(facts) == list(CARDS)
    hero = facts[HERO]
    assert (hero["value"], hero["rejected"], hero["auditing"], hero["since"], hero["state"]) == (5, 4, 1, NOON, "fresh")
    assert facts["aex_listing_suppressed_pct"]["value"] == 0.1037
    complete = facts["aex_required_attribute_completeness"]
    assert (complete["known"], complete["of"], complete["sentiment"]) == (4120, 4310, "Performing")
    assert (complete["low"], complete["high"], complete["still_reading"]) == (95.81, 96.17, True)
    money = facts[MONEY]
    assert (money["low"], money["high"], money["value"], money["unit"]) == (15.0, 30.0, 22.5, "money a day")
