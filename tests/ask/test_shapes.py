"""Kinds of failure of shapes.txt and of what was found beside them, in four languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from aexdash.ask.vocabulary import build
from tests.ask import blind
from tests.ask.made import NOW

READ = [
    # Each of several owners, reasons or states, and not all of them together.
    ("Ana and Li Wei each", 'listings owner:"Ana,Li Wei" by:owner'),
    ("сколько у Ana и Li Wei по отдельности", 'listings owner:"Ana,Li Wei" by:owner'),
    ("Ana y Li Wei, cada uno", 'listings owner:"Ana,Li Wei" by:owner'),
    ("Ana和Li Wei分别有多少", 'listings owner:"Ana,Li Wei" by:owner'),
    ("how many rejected and in audit each", "listings by:status"),
    ("被拒和审核中各多少", "listings by:status"),
    ("rechazados y en revisión, cuántos de cada uno", "listings by:status"),
    # For so long is an age, and no division by week.
    ("held for a week", "listings age:7d"),
    ("held a week", "listings age:7d"),
    ("held for 5 days", "listings age:5d"),
    ("висят неделю и больше", "listings age:7d"),
    ("висят уже 5 дней", "listings age:5d"),
    ("llevan una semana", "listings age:7d"),
    ("卡了3天的", "listings age:3d"),
    ("held each week", "@held by:week"),
    # Whether there are any.
    ("有没有被拒的", "listings status:rejected"),
    ("hay algo atascado", "@stuck"),
    ("есть что-нибудь отклонённое", "listings status:rejected"),
    # Which day it was.
    ("哪天被拒最多，本月", 'moves:rejected period:"this month" by:day'),
    ("in which week of october were the most rejections", "moves:rejected period:October by:week"),
    ("в какой день отклонили больше всего на прошлой неделе", 'moves:rejected period:"last week" by:day'),
    # Days with a dot: in Chinese the month comes first, elsewhere the day.
    ("11.15到11.20被拒多少", 'moves:rejected period:"2026-11-15 to 2026-11-20"'),
    ("在3.11被拒多少", "moves:rejected period:2026-03-11"),
    ("从11.3到11.9被拒多少", 'moves:rejected period:"2026-11-03 to 2026-11-09"'),
    ("отказы 15.11", "moves:rejected period:2026-11-15"),
    ("отказы с 3.11 по 9.11", 'moves:rejected period:"2026-11-03 to 2026-11-09"'),
    # What gives no reason, and *no por*.
    ("平台没说原因的被拒", "listings status:rejected reason:unknown"),
    ("rejected, aliexpress gave no reason", "listings status:rejected reason:unknown"),
    ("rechazados que no son por la imagen", "listings status:rejected without:image"),
    ("main reasons for rejection", "listings status:rejected by:reason"),
    ("principales motivos de rechazo", "listings status:rejected by:reason"),
    ("主要的被拒原因", "listings status:rejected by:reason"),
    # Both of two stores.
    ("rejected in both stores by reason", "listings status:rejected by:reason"),
    ("两个店铺哪个被拒更多", "listings status:rejected by:store"),
    ("отклонено в обоих магазинах", "listings status:rejected"),
    ("rechazados en ambas tiendas", "listings status:rejected"),
    # In short.
    ("img probs", "listings reason:image"),
    ("quick update on rejected pls", "listings status:rejected"),
]


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.refusal is None
    assert blind.is_read_as(told.question, words, home.workspace)


REFUSED = [
    # Of what is on sale only what is at risk is listed, so that no other part of it was counted rightly.
    ("how many dresses are on sale", Why.NOT_TOGETHER, ["listings status:active category:380230"]),
    ("is 1005000000000001 live?", Why.NOT_TOGETHER, ["listings status:active q:1005000000000001"]),
    ("в продаже Dresses", Why.NOT_TOGETHER, ["listings status:active category:380230"]),
    ("在售的Dresses有多少", Why.NOT_TOGETHER, ["listings status:active category:380230"]),
    # A number with a dot may be no day.
    ("rejections 4.5", Why.NOT_UNDERSTOOD, None),
    ("rejected 12.5 days", Why.NOT_UNDERSTOOD, None),
]


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_asked_about(text, why, choices, home, lexicon):
    refusal = read(text, home.workspace, lexicon, NOW).refusal
    assert refusal is not None
    assert refusal.why is why
    if choices is not None:
        assert [one.words for one in refusal.choices] == choices


def test_both_stores_are_asked_about_where_there_are_three(home):
    third = replace(home.workspace.stores[0], id=3, key="third", title="Third")
    workspace = replace(home.workspace, stores=(*home.workspace.stores, third))
    refusal = read("rejected in both stores", workspace, build(workspace), NOW).refusal
    assert refusal.why is Why.INCOMPLETE
    assert refusal.sentence == "Which two stores? Name them."
