"""How long something has been held, in words, as an address writes it."""

from __future__ import annotations

import pytest

from aexdash.ask.language.text import fold, tidy
from aexdash.ask.language.times.ages import find

AGES = [
    ("held for more than 14 days", "14d"),
    ("held longer than 36 hours", "36h"),
    ("older than two weeks", "14d"),
    ("at least a month old", "30d"),
    ("held 10 days or more", "10d"),
    ("less than a day old", "-1d"),
    ("under 6 hours", "-6h"),
    ("between 3 and 7 days", "3d-7d"),
    ("between 12 hours and 2 days", "12h-2d"),
    ("дольше 10 дней", "10d"),
    ("больше 36 часов", "36h"),
    ("меньше суток", "-1d"),
    ("больше недели", "7d"),
    ("менее двух дней", "-2d"),
    ("от 3 до 7 дней", "3d-7d"),
    ("más de 10 días", "10d"),
    ("menos de 3 días", "-3d"),
    ("超过14天", "14d"),
    ("十四天以上", "14d"),
    ("不到3天", "-3d"),
]


@pytest.mark.parametrize(("text", "word"), AGES, ids=[one[0] for one in AGES])
def test_an_age_is_read_as_an_address_writes_it(text, word):
    assert [one.word for one in find(fold(tidy(text)))] == ([word] if word else [])


@pytest.mark.parametrize(
    "text", ["rejected more than 3 days ago", "more than 3 rejected", "over the last 3 days", "between 7 and 3 days"]
)
def test_what_is_no_age_is_left_alone(text):
    assert list(find(fold(tidy(text)))) == []
