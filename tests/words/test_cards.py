"""What stands beside a card's value: words of values, changes, coverage, and the little line."""

import re
from dataclasses import replace

import pytest

from aexdash.cards import CARDS, Band, CardValue, Comparison, Direction
from aexdash.ui.overview import card_line
from aexdash.words.cards import (
    change,
    claim_of,
    coverage_words,
    definition_of,
    earlier_words,
    value_words,
    verdict,
)
from tests import reaches

HELD = CARDS["aex_rejected_auditing_listings"]
SHARE = CARDS["aex_listing_suppressed_pct"]
SCORE = CARDS["aex_listing_quality_score"]
OLDEST = CARDS["aexdash_oldest_rejected_days"]
MONEY = CARDS["aexdash_money_held_back"]
COMPLETE = CARDS["aex_required_attribute_completeness"]
RISK = CARDS["aexdash_at_risk"]


@pytest.mark.parametrize(
    ("card", "told", "words"),
    [
        (HELD, CardValue(None), "–"),
        (HELD, CardValue(4310), "4,310"),
        (SHARE, CardValue(0.1037, 5, 4820), "0.1 %"),
        (SCORE, CardValue(81.0), "81 of 100"),
        (OLDEST, CardValue(3.25), "3.2 days"),
        (MONEY, CardValue(1352.5, low=1204.5, high=1500.5, currency="USD"), "1,204.50–1,500.50 USD a day"),
        (MONEY, CardValue(0.0, low=0.0, high=0.0), "0.00 a day"),
        (
            MONEY,
            CardValue(20.0, coverage=(3, 5), low=15.0, high=25.0, currency="USD", only_adds=True),
            "at least 15.00–25.00 USD a day",
        ),
        (COMPLETE, CardValue(99.4, 4742, 4771, coverage=(855, 4771), low=99.213, high=99.58), "99.2–99.6 %"),
        (COMPLETE, CardValue(99.4, 4742, 4771, coverage=(4770, 4771), low=99.38, high=99.4), "99.38–99.40 %"),
        (SCORE, CardValue(81.0, 405, 5, coverage=(4, 5), low=80.0, high=82.0), "80.0–82.0 of 100"),
        (RISK, CardValue(160, coverage=(855, 4771), low=131, high=1194), "131–1,194"),
        (RISK, CardValue(3, coverage=(0, 4771), low=3), "at least 3"),
    ],
)
def test_a_value_is_written_in_the_unit_of_its_card(card, told, words):
    assert value_words(card, told) == words


@pytest.mark.parametrize(
    ("card", "now", "before", "words"),
    [
        (HELD, 5, 0, "+5"),
        (HELD, 0, 38, "−38"),
        (HELD, 5, 5, "±0"),
        (SHARE, 12.5, 12.52, "±0"),
        (SHARE, 12.5, 2.5, "+10.0 points"),
        (MONEY, 10, 12.5, "−2.50"),
        (HELD, None, 5, ""),
        (HELD, 5, None, ""),
    ],
)
def test_a_change_is_signed_and_unknown_where_one_side_is(card, now, before, words):
    assert change(card, Comparison(CardValue(now), CardValue(before), ("main",))) == words
    assert change(card, None) == ""


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ((7.84, 29.74), (14.37, 61.16), ""),
        ((7.84, 14.37), (14.37, 61.16), ""),
        ((7.84, 14.0), (15.0, 61.16), "−27.16"),
        ((5.0, 5.0), (7.0, 7.0), "−2.00"),
        ((0.0, 0.0), (0.0, 0.0), "±0"),
    ],
)
def test_of_two_ranges_of_money_that_overlap_nobody_says_which_is_more(now, before, words):
    one, other = (CardValue((low + high) / 2, low=low, high=high) for low, high in (now, before))
    assert change(MONEY, Comparison(one, other, ("main",))) == words


@pytest.mark.parametrize(
    ("card", "value", "reach", "badge"),
    [
        (HELD, 0, reaches.WHOLE, ":green-badge[✓ Performing]"),
        (HELD, 5, reaches.WHOLE, ":red-badge[▲ Needs attention]"),
        (HELD, 0, reaches.STALE, ":gray-badge[? Not confirmed]"),
        (HELD, 5, reaches.STALE, ":gray-badge[? Not confirmed]"),
        (HELD, 0, reaches.ONE_BEHIND, ":gray-badge[? Not confirmed]"),
        (HELD, 0, reaches.PART, ":gray-badge[? Not confirmed]"),
        (HELD, 0, reaches.AT_LEAST, ":gray-badge[? Not confirmed]"),
        (HELD, None, reaches.NEVER, ":gray-badge[○ No data]"),
        (OLDEST, 2, reaches.WHOLE, ":gray-badge[● Stable]"),
    ],
)
def test_only_a_number_that_speaks_for_everything_asked_is_judged(card, value, reach, badge):
    assert verdict(CardValue(value, reach=reach), card.band).badge == badge


def test_a_difference_between_some_of_the_stores_says_so():
    both = Comparison(CardValue(5), CardValue(3), ("main",), whole=False)
    assert change(HELD, both) == "+2"
    assert earlier_words(HELD, both) == "in 24 hours, 1 store known at both ends"
    assert earlier_words(HELD, replace(both, whole=True)) == "in 24 hours"


def test_a_count_of_a_window_that_was_partly_read_is_at_least_so_many():
    assert value_words(HELD, CardValue(5, reach=reaches.AT_LEAST)) == "at least 5"
    assert claim_of(HELD, CardValue(5, reach=reaches.AT_LEAST)) == "22 h of 24 h read"


def partly(value: float, low: float | None, high: float | None, **told) -> CardValue:
    return CardValue(value, coverage=(855, 4771), low=low, high=high, reach=reaches.WHOLE, **told)


@pytest.mark.parametrize(
    ("card", "told", "word"),
    [
        (COMPLETE, partly(99.4, 99.2, 99.6), "Performing"),
        (COMPLETE, partly(95.4, 94.9, 95.9), "Still reading"),
        (COMPLETE, partly(92.5, 91.5, 94.9), "Stable"),
        (COMPLETE, partly(92.5, 89.9, 94.9), "Still reading"),
        (COMPLETE, partly(80.0, 75.0, 85.0), "Needs attention"),
        (COMPLETE, partly(100.0, None, None), "Still reading"),  # stored before intervals were
        (RISK, partly(0, 0, 1), "Still reading"),
        (RISK, partly(30, 26, 4000), "Needs attention"),
        (RISK, partly(30, 30, None), "Needs attention"),
        (RISK, partly(3, 3, None), "Still reading"),
        (MONEY, partly(20, 15, 25, only_adds=True), "Still reading"),
        (MONEY, partly(150, 120, 180, only_adds=True), "Needs attention"),
        (MONEY, CardValue(95, coverage=(5, 5), low=70, high=120, reach=reaches.WHOLE, only_adds=True), "Stable"),
    ],
)
def test_while_listings_are_read_a_state_needs_the_whole_interval(card, told, word):
    assert verdict(told, card.band).word == word


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (partly(99.4, 99.2, 99.6), partly(92.1, 85.0, 97.0), ""),  # smaller than both intervals together
        (partly(99.4, 99.2, 99.6), partly(92.1, 90.0, 94.0), "+7.3 points"),
        (partly(99.4, 99.2, 99.6), partly(98.4, 98.1, 98.7), ""),  # they do not overlap, but together are as wide
        (CardValue(99.4, coverage=(9, 9)), partly(92.1, None, None), ""),
        (CardValue(99.4, coverage=(9, 9)), CardValue(92.1, coverage=(9, 9)), "+7.3 points"),
    ],
)
def test_better_reading_is_no_difference(now, before, words):
    assert change(COMPLETE, Comparison(now, before, ("main",))) == words


def test_coverage_names_what_is_known_of_how_many():
    partly = coverage_words(SCORE, CardValue(81, coverage=(4120, 4310)))
    assert partly == "details known for 4,120 of 4,310, still reading"
    assert coverage_words(SCORE, CardValue(81, coverage=(4310, 4310))) == "details known for 4,310 of 4,310"
    assert coverage_words(HELD, CardValue(5)) == ""


def test_every_card_that_may_be_partly_known_has_the_words_for_it():
    partly = {card.key for card in CARDS.values() if card.covers}
    assert partly == {
        "aex_required_attribute_completeness",
        "aex_listing_quality_score",
        "aexdash_at_risk",
        "aexdash_money_held_back",
        "aexdash_shop_drift",
        "aexdash_fixed_in_shop",
    }


def test_a_band_that_people_set_is_not_explained_by_the_default():
    own = definition_of(HELD, Band(Direction.LOWER, 3, 9), "Two *new*.")
    assert HELD.why_band.rstrip(".") in definition_of(HELD, HELD.band)
    assert HELD.why_band.rstrip(".") not in own
    assert "needs attention above 9 listings (set on the Sensitivity page)" in own
    assert own.endswith(r"**Note** Two \*new\*\.")


def test_a_line_is_broken_where_a_day_is_not_known():
    drawn = card_line.picture(SCORE, [70.0, 80.0, None, 75.0], "light")
    assert re.findall(r'points="([^"]+)"', drawn) == ["37.5,23.0 112.5,3.0", "225.0,13.0 262.5,13.0 300.0,13.0"]


def test_a_line_joins_no_values_of_different_numbers_of_stores_and_a_part_is_pale():
    """The second store joins on the second day and is not read on the third."""
    drawn = card_line.picture(SCORE, [70.0, 80.0, 70.0, 80.0], "light", [1, 2, 1, 2])
    assert drawn.count("<polyline") == 4
    assert re.findall(r'points="([\d.]+),[^"]*"[^>]* opacity', drawn) == ["150.0"]
    assert card_line.in_words(SCORE, [70.0, 80.0, 70.0, 80.0], [1, 2, 1, 2]).endswith(" On 1 day not of all stores.")


def test_bars_stand_on_zero_and_a_gap_has_none():
    drawn = card_line.picture(CARDS["aex_rejected_listings_24h"], [2, None, 0, 4], "dark")
    assert re.findall(r'height="([\d.]+)" fill', drawn) == ["12.5", "25.0"]


def test_a_line_is_told_in_words():
    assert card_line.in_words(SCORE, [70.0, 80.0, None, 75.0]) == (
        "Listing quality score, 4 days: lowest 70 of 100, highest 80 of 100, last 75 of 100. Not known on 1 day."
    )
    assert card_line.in_words(SCORE, [None, None]) == "Listing quality score: nothing is known of the last 2 days."
