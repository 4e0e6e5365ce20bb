"""Kinds of failure of neighbour.txt, in other words than there."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.made import NOW

READ = {
    # 全部 beside what is rejected is all of that, and beside nothing all listings.
    "缺品牌的占所有被拒商品的百分之几": "listings status:rejected reason:attribute.brand_missing part:reason",
    "缺品牌的占全部审核中的多少": "listings status:auditing reason:attribute.brand_missing part:reason",
    "被拒的占全部商品的百分之几": "listings status:rejected part:all",
    # The one that is stuck the longest, and not how many are stuck.
    "which listing is stuck in audit the longest": "listings mark:stuck order:in_status limit:1",
    "the longest stuck listing in Madrid": "listings store:madrid mark:stuck order:in_status limit:1",
    "oldest stuck listings": "listings mark:stuck order:in_status",
    # What has no note.
    "held listings with no notes": "listings note:no",
    "lo de Ana sin notas": "listings owner:Ana note:no",
    "отклонённые без заметок": "listings status:rejected note:no",
    "没有备注的被拒商品": "listings status:rejected note:no",
    # What orders a list, and what only says why it is asked.
    "马上要开会了,帮我看下上周各店铺被拒数量,从多到少排": 'moves:rejected period:"last week" by:store',
    "审核超过7天的,最久的排前面": "listings status:auditing in_status:7d",
    "rechazos por motivo de este mes, de mayor a menor": 'moves:rejected period:"this month" by:reason',
    "rejected more than once": "listings mark:regressed",
    # A verb of what happened stays what happened.
    "cuántos rechazados hoy": "moves:rejected period:today",
    "how many listings have been rejected today": "moves:rejected period:today",
    "how many are in audit today": "listings status:auditing",
}

ASKED_BACK = [
    ("how many rejected does Madrid have today", Why.AMBIGUOUS,
     ["moves:rejected store:madrid", "listings store:madrid status:rejected"]),
    ("rejected in all three stores", Why.INCOMPLETE, []),
    ("cuántos rechazados hay hoy", Why.AMBIGUOUS, ["moves:rejected", "listings status:rejected"]),
    ("今天有多少被拒的", Why.AMBIGUOUS, ["moves:rejected", "listings status:rejected"]),
    ("why is 1005000000000001 held and who has it", Why.NOT_TOGETHER,
     ["listings q:1005000000000001 by:reason", "listings q:1005000000000001 by:owner"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), READ.items())
def test_what_is_read_now(home, lexicon, text, words):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


@pytest.mark.parametrize(("text", "why", "choices"), ASKED_BACK)
def test_what_is_asked_back_now(home, lexicon, text, why, choices):
    assert blind.refused(text, home.workspace, lexicon) == (why, choices)


def test_which_of_two_reasons_is_meant_is_asked_with_the_share_of_each(home, lexicon):
    why, choices = blind.refused("侵权的占全部被拒商品的多少", home.workspace, lexicon)
    assert why is Why.AMBIGUOUS
    assert all(words.endswith("part:reason") for words in choices)
