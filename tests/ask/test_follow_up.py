"""A follow-up changes the question before, and says what it changed."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask.asked import expected_question
from tests.ask.made import NOW

CHAINS = [
    ("rejections last week", "and last month?", 'moves:rejected period:"last month"', "time:"),
    ("rejections last week", "by store", 'moves:rejected period:"last week" by:store', "by: undivided → store"),
    ("rejections last week", "in Madrid", 'moves:rejected period:"last week" store:madrid', "store: any → madrid"),
    ("rejections last week", "compared with the week before",
     'moves:rejected period:"last week" compare:previous', "compared with before"),
    ("rejections last week", "why?", 'causes:rejected period:"last week"', "counted:"),
    ("how many are held", "only rejected", "listings status:rejected", "counted:"),
    ("how many are held", "and in audit?", "listings status:auditing", "status: any → in audit"),
    ("how many are held", "and yesterday?", "@held at:yesterday", "time: now →"),
    ("how many are held", "why?", "listings by:reason", "by:"),
    ("how many are held", "owned by Ana", "listings owner:Ana", "owner: any → Ana"),
    ("rejected listings in Madrid", "and in Outlet?", "listings status:rejected store:outlet", "store:"),
    ("how many are held in Europe", "in Outlet", "@held store:outlet", "profile: Europe → any"),
    ("how many are held in Outlet", "in Europe", "@held profile:europe", "store: outlet → any"),
    ("rejected listings in Madrid", "all stores", "listings status:rejected", "store: madrid → any"),
    ("rejected listings", "by category", "listings status:rejected by:category", "by:"),
    ("rejected listings", "top 3", "listings status:rejected limit:3", "rows: 10 → 3"),
    ("rejected listings", "newest first", "listings status:rejected order:newest", "order:"),
    ("被拒商品有多少", "那 Madrid 呢", "listings status:rejected store:madrid", "store:"),
    ("сколько отклонили вчера", "а на прошлой неделе?", 'moves:rejected period:"last week"', "time:"),
    ("cuántos fueron rechazados ayer", "¿y la semana pasada?", 'moves:rejected period:"last week"', "time:"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "expected", "change"), CHAINS, ids=[f"{a} / {b}" for a, b, *_ in CHAINS])
def test_a_follow_up_changes_the_question_before(first, then, expected, change, home, lexicon):
    before = read(first, home.workspace, lexicon, NOW).question
    told = read(then, home.workspace, lexicon, NOW, after=before)
    assert told.question == expected_question(expected, home.workspace), told.refusal
    assert any(change in one for one in told.changed), told.changed


def test_a_whole_question_is_asked_anew(home, lexicon):
    before = read("how many were rejected last week in Madrid", home.workspace, lexicon, NOW).question
    told = read("how many are held", home.workspace, lexicon, NOW, after=before)
    assert told.question == expected_question("@held", home.workspace)
    assert told.changed == ()


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ("quality score", "only rejected", Why.NOT_TOGETHER),
        ("quality score", "owned by Ana", Why.NOT_TOGETHER),
        ("rejections last week", "only those in audit", Why.NOT_TOGETHER),
        ("how many are held", "and the past week?", Why.AMBIGUOUS),
        ("how many are held", "and next week?", Why.FUTURE),
        ("how many are held", "and the green ones?", Why.NOT_UNDERSTOOD),
        ("how many are held", "now", Why.NOT_UNDERSTOOD),
    ],
)
def test_a_follow_up_that_cannot_be_is_refused(first, then, why, home, lexicon):
    before = read(first, home.workspace, lexicon, NOW).question
    told = read(then, home.workspace, lexicon, NOW, after=before)
    assert told.refusal is not None
    assert told.refusal.why is why
