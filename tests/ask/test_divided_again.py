"""Parts of parts: by store and day, by reason and owner. Each is the number of its own question."""

from __future__ import annotations

from collections import Counter

import pytest

from aexdash.ask.answers.answering import answer
from aexdash.ask.question import By
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.made import NOW

READ = {
    "rejections per store per day last week": 'moves:rejected period:"last week" by:store,day',
    "show rejections per day for last week, split by store": 'moves:rejected period:"last week" by:store,day',
    "rejected listings by reason and owner": "listings status:rejected by:reason,owner",
    "held by status and by day": "listings by:status,day",
    "quality score by store and week": "card:aex_listing_quality_score by:store,week",
    "各店铺每天的被拒数，上周": 'moves:rejected period:"last week" by:store,day',
    "отклонённые за прошлую неделю по магазинам и дням": 'moves:rejected period:"last week" by:store,day',
    "rechazos de la semana pasada por tienda y día": 'moves:rejected period:"last week" by:store,day',
    # A month by month is one part.
    "october rejections month total, split by category": "moves:rejected period:2026-10 by:category",
}


@pytest.mark.parametrize(("text", "words"), READ.items())
def test_two_divisions_are_read_and_the_time_is_the_second(home, lexicon, text, words):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


def test_a_follow_up_divides_by_one_thing_instead(home, lexicon):
    steps = "rejections per store per day last week > by category"
    told = blind.told(steps, home.workspace, lexicon).question
    assert (told.by, told.then_by) == (By.CATEGORY, None)


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("listings by:{} limit:50", "store", "status"),
        ("listings by:{} limit:50", "reason", "owner"),
        ("listings status:rejected by:{} limit:50", "owner", "category"),
        ('moves:entered period:"last week" by:{} limit:50', "store", "day"),
        ('moves:rejected period:"last week" by:{} limit:50', "category", "store"),
    ],
)
def test_each_part_is_the_number_of_its_own_question(home, lexicon, words, first, second):
    def asked(typed: str):
        return answer(typed, home.workspace, NOW, lexicon=lexicon)

    told = asked(words.format(f"{first},{second}"))
    parts = {row.key: row for row in told.rows}
    alone = {row.key: row.number for row in asked(words.format(first)).rows}
    wanted = {}
    for key in alone:
        of_part = asked(f'{words.format(second)} {first}:"{key}"')
        wanted |= {f"{key}/{row.key}": row.number for row in of_part.rows}
    assert {key: row.number for key, row in parts.items()} == wanted
    assert len(wanted) > len(alone)


def test_what_is_held_is_divided_into_its_two_statuses_alone(home, lexicon):
    """Listings on sale and taken down, which are not held, once stood among the parts of what is."""
    told = answer("listings by:status", home.workspace, NOW, lexicon=lexicon)
    whole = home.workspace.snapshot.count(told.question.view)
    assert {row.key for row in told.rows} == {"rejected", "auditing"}
    assert sum(row.number for row in told.rows) == whole


def test_parts_of_parts_that_do_not_overlap_add_up(home, lexicon):
    told = answer("listings by:store,status limit:50", home.workspace, NOW, lexicon=lexicon)
    of_store = Counter()
    for row in told.rows:
        of_store[row.key.partition("/")[0]] += row.number
    alone = answer("listings by:store", home.workspace, NOW, lexicon=lexicon)
    assert of_store == {row.key: row.number for row in alone.rows}
    assert sum(of_store.values()) == home.workspace.snapshot.count(told.question.view)
    statuses = ("in audit", "rejected")
    assert {row.whole_name for row in told.rows} == {f"{key} · {one}" for key in of_store for one in statuses}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("listings by:day,store", "one thing at a time"),
        ("listings by:store,store", "one thing at a time"),
        ("listings by:reason,day", "only all held listings"),
        ("listings by:store,reason,owner", "two things at most"),
        ('moves:rejected period:"last week" by:store,owner', "divided by store, reason, category or time"),
        ('moves:rejected period:"last week" by:store,day compare:previous', "not compared"),
        ('moves:rejected period:"2026-01-01 to 2026-11-25" by:store,day', "too many"),
        ('done:fixed period:"last week" by:owner,store', "one thing at a time"),
    ],
)
def test_what_is_not_known_so_is_refused(home, lexicon, words, said):
    refusal = answer(words, home.workspace, NOW, lexicon=lexicon).refusal
    assert refusal is not None
    assert said in refusal.sentence
