"""How current a shop is, in words: read, stale, never read, and ahead of the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome, ReadingRow, ShopRow
from aexdash.words.shops import freshness_words, is_stale
from tests.reaches import NOON

HOURS = 3600.0

AHEAD = "Front: its last reading is stamped 2 h ahead of this clock, so its age is not known"


def shop(ago: timedelta | None) -> ShopRow:
    at = None if ago is None else NOON - ago
    read = at and ReadingRow(1, "front", "catalogue", at, at, ReadingOutcome.COMPLETE, 1, 1, 0, None, "")
    return ShopRow("front", "csv", "Front", Matching.SKU, "EUR", ("main",), watched=True, complete=read, last=read)


@pytest.mark.parametrize(
    ("ago", "words", "stale"),
    [
        (timedelta(hours=3), "Front read 3 h ago", False),
        (timedelta(hours=3, seconds=1), "Front read 3 h ago, 9 Mar 2026 08:59 UTC: stale", True),
        (timedelta(days=11), "Front read 11 d ago, 26 Feb 2026 12:00 UTC: stale", True),
        (None, "Front was never completely read, so what is missing in it is not known", True),
        (
            -timedelta(hours=2),
            "Front: its last reading is stamped 2 h ahead of this clock, so its age is not known",
            True,
        ),
    ],
)
def test_how_current_a_shop_is(ago, words, stale):
    told = shop(ago)
    assert freshness_words(told, NOON, 3 * HOURS) == words
    assert is_stale(told, NOON, 3 * HOURS) is stale
