"""What the address of *history* asks for, the unreadable included."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aexdash.cards import CARDS
from aexdash.snapshot.history.series import Grain
from aexdash.ui.history.span import HERO, SIBLINGS, USUAL_CARDS, HistoryChoices, read

NOW = datetime(2026, 3, 9, 12, 1, tzinfo=UTC)


def test_an_empty_address_asks_for_thirty_days_with_the_usual_cards():
    assert read({}, NOW) == HistoryChoices("30d", date(2026, 2, 8), NOW, Grain.DAY, USUAL_CARDS)


def test_everything_is_in_the_address():
    query = {
        "span": "custom",
        "from": "2026-03-01",
        "to": "2026-03-07",
        "grain": "hour",
        "cards": "aex_total_listings,aexdash_taken_down",
    }
    last = datetime(2026, 3, 7, 23, 59, 59, 999_000, tzinfo=UTC)
    cards = ("aex_total_listings", "aexdash_taken_down")
    assert read(query, NOW) == HistoryChoices("custom", date(2026, 3, 1), last, Grain.HOUR, cards)
    assert read({"span": "1y", "grain": "week", "cards": "none"}, NOW) == HistoryChoices(
        "1y", date(2025, 3, 10), NOW, Grain.WEEK, ()
    )


def test_a_custom_span_ends_at_the_moment_of_the_page_at_the_latest():
    assert read({"span": "custom", "from": "2026-03-09", "to": "2027-01-01"}, NOW).until == NOW
    assert read({"span": "custom"}, NOW) == HistoryChoices("custom", date(2026, 2, 8), NOW, Grain.DAY, USUAL_CARDS)


@pytest.mark.parametrize(
    ("query", "first", "grain", "note"),
    [
        ({"span": "2d"}, date(2026, 2, 8), Grain.DAY, "span=2d is not known; it can be 7d, 30d, 90d, 1y, custom."),
        ({"grain": "minute"}, date(2026, 2, 8), Grain.DAY, "grain=minute is not known; it can be hour, day, week."),
        (
            {"span": "90d", "grain": "hour"},
            date(2025, 12, 10),
            Grain.DAY,
            "Hours are shown for up to 31 days; these are the days.",
        ),
        (
            {"span": "custom", "from": "9.3.26"},
            date(2026, 2, 8),
            Grain.DAY,
            "from=9.3.26 is not a day and was left out; write it like 2026-03-09.",
        ),
        (
            {"span": "custom", "from": "2026-03-09", "to": "2026-03-01"},
            date(2026, 3, 1),
            Grain.DAY,
            "The span would begin on 2026-03-09, after its last day 2026-03-01; the day 2026-03-01 is shown.",
        ),
        (
            {"span": "custom", "from": "0001-01-01"},
            NOW.date() - timedelta(days=1095),
            Grain.DAY,
            "1,096 days can be shown at once: from 2023-03-10 on.",
        ),
        ({"cards": "aex_wrong"}, date(2026, 2, 8), Grain.DAY, "cards=aex_wrong is not known and was left out."),
    ],
)
def test_what_cannot_be_followed_is_noted(query, first, grain, note):
    asked = read(query, NOW)
    assert (asked.first, asked.grain, asked.notes) == (first, grain, (note,))


def test_every_card_but_the_hero_can_stand_beside_it():
    assert {*SIBLINGS, HERO} == set(CARDS)
    assert read({"cards": HERO}, NOW).notes == (f"cards={HERO} is not known and was left out.",)
