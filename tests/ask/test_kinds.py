"""Kinds of questions that strangers asked and were refused, or answered wrongly: how they are read since."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.asked import expected_question
from tests.ask.made import NOW

READ = [
    # What listings are not, where all others are known.
    ("held listings that are not for picture problems", "listings without:image"),
    ("held, but not owned by Ana", 'listings owner:"Li Wei,-"'),
    ("held but not in audit", "listings status:rejected"),
    ("rejected listings not in Madrid", "listings status:rejected store:outlet"),
    ("отклонённые не из-за картинок", "listings status:rejected without:image"),
    ("retenidos excepto los de Ana", 'listings owner:"Li Wei,-"'),
    ("not assigned to anyone and to do", "listings lane:todo owner:-"),
    # Nothing but a reason.
    ("held only because of a missing brand", "listings only:attribute.brand_missing"),
    ("retenidos solo por falta de marca", "listings only:attribute.brand_missing"),
    # Several stores.
    ("rejected in Madrid vs Outlet", "listings status:rejected by:store"),
    ("rejections last week in Madrid and in Outlet", 'moves:rejected period:"last week" by:store'),
    ("quality score in Outlet versus Madrid", "@quality by:store"),
    ("Ana versus Li Wei, held listings", 'listings owner:"Ana,Li Wei" by:owner'),
    (
        "trademark vs missing brand, rejections last week",
        'moves:rejected reason:ip.trademark,attribute.brand_missing period:"last week" by:reason',
    ),
    (
        "rejections this week in Madrid and Outlet compared with last week",
        'moves:rejected period:"this week" by:store compare:"last week"',
    ),
    ("rejected from noon yesterday", 'moves:rejected period:"since 2026-11-25T12:00:00Z"'),
    ("rejected on the 5th of last month", "moves:rejected period:2026-10-05"),
    # Steps and histories.
    ("trend of rejections last month", 'moves:rejected period:"last month" by:day'),
    ("weekly trend of rejections since october", 'moves:rejected period:"since October" by:week'),
    ("how did held listings develop, month by month", None),
    ("rejections by category last week", 'moves:rejected period:"last week" by:category'),
    ("Dresses rejected last week", 'moves:rejected period:"last week" category:380230'),
    # Top N.
    ("three oldest in audit", "listings status:auditing limit:3"),
    ("the ten oldest rejected listings", "listings status:rejected limit:10"),
    ("被拒最久的5个商品", "listings status:rejected limit:5"),
    # Typing.
    ("how many are hled", "@held"),
    ("how many listings are rejectd now", "listings status:rejected"),
    # Money is of a day by itself.
    ("how much money do we lose per day", "@money"),
    ("money held back day by day", "@money by:day"),
]


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = read(text, home.workspace, lexicon, NOW)
    if words is None:
        assert told.refusal is not None
        return
    assert told.refusal is None, told.refusal.sentence
    assert blind.numbered(told.question) == blind.numbered(expected_question(words, home.workspace))


REFUSED = [
    # Whether the second is meant too, nobody knows.
    ("rejected but not for pictures and titles", Why.NOT_TOGETHER),
    ("held but not taken by Ana", Why.NOT_UNDERSTOOD),
    # Of these nobody knows all others.
    ("listings not rejected", Why.NOT_UNDERSTOOD),
    ("held not stuck", Why.NOT_UNDERSTOOD),
    ("not yesterday", Why.NOT_UNDERSTOOD),
    # A reason by itself, and not another one.
    ("los que no tienen certificado", Why.NOT_UNDERSTOOD),
    ("only Madrid rejected and only Outlet in audit", Why.NOT_TOGETHER),
    ("Madrid or rejected", Why.NOT_UNDERSTOOD),
    ("held or rejected in march", Why.AMBIGUOUS),
    ("held in Madrid and by Ana in Outlet", Why.NOT_TOGETHER),
    ("held by Ana and to do by Li Wei", Why.NOT_TOGETHER),
    ("the 3rd oldest", Why.NOT_UNDERSTOOD),
    ("held in all stores and in Madrid", Why.NOT_TOGETHER),
    # What people did, and alerts, stand elsewhere.
    ("what did Ana do today", Why.NOT_KNOWN),
    ("что вчера сделала Ana", Why.NOT_KNOWN),
    ("qué hizo Ana ayer", Why.NOT_KNOWN),
    ("are any alerts open", Why.NOT_KNOWN),
    ("held in the Madrid profile", Why.NOT_UNDERSTOOD),
    ("rejections last week compared with", Why.INCOMPLETE),
    ("held for 3 days and for more than 5 days and less than 2 days", None),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_refused(text, why, home, lexicon):
    refusal = read(text, home.workspace, lexicon, NOW).refusal
    assert refusal is not None
    assert why is None or refusal.why is why


def test_what_turns_a_meaning_round_is_said(home, lexicon):
    told = read("held listings except picture problems", home.workspace, lexicon, NOW)
    assert {one.words: one.meaning for one in told.question.read}["except picture problems"] == (
        "held by other reasons than Image"
    )


def test_only_before_a_reason_is_asked_about(home, lexicon):
    refusal = read("show only missing brand", home.workspace, lexicon, NOW).refusal
    assert [one.words for one in refusal.choices] == [
        "listings reason:attribute.brand_missing",
        "listings only:attribute.brand_missing",
    ]


def test_a_follow_up_may_name_several_stores_and_one_again(home, lexicon):
    first = read("rejections last week in Madrid", home.workspace, lexicon, NOW).question
    both = read("and in Madrid and Outlet?", home.workspace, lexicon, NOW, after=first)
    assert both.question == expected_question('moves:rejected period:"last week" by:store', home.workspace)
    one = read("only Outlet", home.workspace, lexicon, NOW, after=both.question)
    assert one.question.filters["store"] == ("outlet",)
