"""What is said of a listing beside its shop; each word of the filter has its words and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import SourceWord
from aexdash.snapshot.readmodels import SourceTold
from aexdash.words.common import SOURCE_WORDS
from aexdash.words.reconcile.source import COMPARED, TO_DO, chip, clocks, to_do
from tests.reaches import NOON

HOUR = timedelta(hours=1)


def test_every_word_is_said_and_has_something_to_do():
    assert set(SOURCE_WORDS) == set(TO_DO) == set(SourceWord)
    assert set(COMPARED) == set(SourceWord) - {SourceWord.SAME}
    assert len(set(SOURCE_WORDS.values())) == len(SOURCE_WORDS)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (SourceTold(SourceWord.DRAFT, "f", "DRAFT", "", NOON - HOUR, NOON), "draft in Front since 12:00"),
        (SourceTold(SourceWord.DRAFT, "f", "DRAFT", "", None, NOON - 30 * HOUR), "draft in Front since before 8 Mar"),
        (
            SourceTold(SourceWord.DRAFT, "f", "", "", NOON, NOON, figures={"many": 1, "of": 3}),
            "draft in Front (1 of 3 variants) since 12:00",
        ),
        (
            SourceTold(SourceWord.PRICE, "f", "10.00 EUR", "12.00 EUR", NOON, NOON, figures={"percent": "+20 %"}),
            "price drift in Front +20 % since 12:00",
        ),
        (SourceTold(SourceWord.MISSING, "f", "", "A-1"), "not in Front"),
        (SourceTold(SourceWord.NOT_KNOWN, "other", "", "A-1"), "not known: other not read"),
        (SourceTold(SourceWord.FIXED, "f", "", "", NOON, NOON), "fixed in Front since 12:00: push again"),
    ],
)
def test_a_chip_says_the_shop_and_since_when(told, words):
    assert chip(told, {"f": "Front"}, NOON) == words


def test_both_ends_of_since_when_are_said_and_what_was_so_when_first_read():
    told = SourceTold(SourceWord.DRAFT, "f", "", "", NOON - HOUR, NOON)
    assert clocks(told) == "after 9 Mar 2026 11:00 UTC, by 9 Mar 2026 12:00 UTC"
    assert clocks(SourceTold(SourceWord.DRAFT, "f", "", "", None, NOON)) == "so when first read, 9 Mar 2026 12:00 UTC"
    assert clocks(SourceTold(SourceWord.MISSING, "f", "", "")) == ""
    assert to_do([told, told]) == ["draft: publish it in the shop, or take the listing off sale"]
