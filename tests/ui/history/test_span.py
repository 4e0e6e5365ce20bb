"""What the address of *history* asks for, the unreadable included."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aexdash.cards import CARDS
from aexdash.snapshot.history.series import Grain
from aexdash.ui.history.span import HERO, SIBLINGS, USUAL_CARDS, HistoryChoices, offered, read

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
        ({"span": "2d"}, date(2026, 2, 8), Grain.DAY, "span=2d is not known; it can be 7d, 30d, 90d, 1y, all, custom."),
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


def test_without_a_span_a_store_that_was_read_for_few_days_shows_all_of_them():
    assert read({}, NOW, known_from=date(2026, 2, 25)) == HistoryChoices(
        "all", date(2026, 2, 25), NOW, Grain.DAY, USUAL_CARDS, usual="all"
    )
    assert read({}, NOW, known_from=date(2026, 2, 7)) == read({}, NOW)
    assert read({"span": "30d"}, NOW, known_from=date(2026, 2, 25)).first == date(2026, 2, 8)
    assert read({"span": "all"}, NOW).first == date(2026, 2, 8)
    assert read({"span": "all"}, NOW, known_from=date(2020, 1, 1)).first == NOW.date() - timedelta(days=1095)


@pytest.mark.parametrize(
    ("query", "known_from", "words"),
    [
        ({}, date(2026, 3, 9), ["7 days", "The one day read", "Custom"]),
        ({}, date(2026, 2, 25), ["7 days", "All 13 days", "Custom"]),
        ({"span": "90d"}, date(2026, 2, 25), ["7 days", "90 days", "All 13 days", "Custom"]),
        ({}, date(2025, 11, 1), ["7 days", "30 days", "90 days", "All 129 days", "Custom"]),
        ({}, None, ["7 days", "30 days", "90 days", "1 year", "Custom"]),
    ],
)
def test_the_spans_to_choose_from_are_no_longer_than_what_was_read(query, known_from, words):
    assert list(offered(read(query, NOW, known_from=known_from), known_from, NOW).values()) == words
