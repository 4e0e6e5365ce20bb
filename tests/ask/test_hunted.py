"""Questions that were answered wrongly, or were shapes of their own, found by hunting and in no file of questions."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.asked import expected_question
from tests.ask.made import NOW

READ = [
    # A name is turned round from behind, which told the very store that was not meant.
    ("madrid以外的店被拒多少", "listings store:outlet status:rejected"),
    ("除madrid外被拒多少", "listings store:outlet status:rejected"),
    ("商标以外的被拒商品", "listings status:rejected without:ip.trademark"),
    ("madrid excluded, how many rejected", "listings store:outlet status:rejected"),
    ("rechazados excluyendo madrid", "listings store:outlet status:rejected"),
    ("отклонено, не считая madrid", "listings store:outlet status:rejected"),
    ("отклонено везде кроме madrid", "listings store:outlet status:rejected"),
    ("rechazados en todas partes menos madrid", "listings store:outlet status:rejected"),
    # One Monday is a day.
    ("rechazos el lunes", "moves:rejected period:2026-11-23"),
    ("отказы в понедельник", "moves:rejected period:2026-11-23"),
    ("rejections last week day by day", 'moves:rejected period:"last week" by:day'),
    # Parts of a longer time.
    ("rejected on the last day of last month", "moves:rejected period:2026-10-31"),
    ("rejections the first 10 days of november", 'moves:rejected period:"2026-11-01 to 2026-11-10"'),
    ("how many were rejected last week in Madrid", 'moves:rejected store:madrid period:"last week"'),
    ("双十一那天被拒多少", "moves:rejected period:2026-11-11"),
]


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.refusal is None
    assert blind.numbered(told.question) == blind.numbered(expected_question(words, home.workspace))


REFUSED = [
    # Every Monday was the last Monday.
    ("每周一被拒多少", Why.NOT_TOGETHER, []),
    ("отказы каждый понедельник", Why.NOT_TOGETHER, []),
    ("rechazos los lunes", Why.NOT_TOGETHER, []),
    ("rejections every monday", Why.NOT_TOGETHER, []),
    ("rejections last month by day of the week", Why.NOT_TOGETHER, []),
    ("отказы по дням недели за октябрь", Why.NOT_TOGETHER, []),
    # All time has no beginning.
    ("全部历史被拒", Why.INCOMPLETE, []),
    ("all rejections ever", Why.INCOMPLETE, []),
    ("отказы за всё время", Why.INCOMPLETE, []),
    ("rechazos de siempre", Why.INCOMPLETE, []),
    # A share was told as a number, and whether it is the first as how many there are.
    ("商标占被拒的多少", Why.NOT_TOGETHER, None),
    ("is trademark the top reason", Why.INCOMPLETE, []),
    # Two reasons each are no two rows.
    ("rechazados con dos motivos", Why.NOT_UNDERSTOOD, None),
    # The beginning of a month is no moment in which something was rejected.
    ("11月初被拒多少", Why.AMBIGUOUS, ["listings status:rejected at:2026-11-01T00:00:00.000Z"]),
    ("去年同期被拒", Why.AMBIGUOUS, None),
    # How many stores there are is told by the stores.
    ("how many stores have rejected listings", Why.INCOMPLETE, ["listings status:rejected by:store"]),
    ("多少个类目有被拒", Why.INCOMPLETE, ["listings status:rejected by:category"]),
]


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_asked_about(text, why, choices, home, lexicon):
    refusal = read(text, home.workspace, lexicon, NOW).refusal
    assert refusal is not None
    assert refusal.why is why
    if choices is not None:
        assert [one.words for one in refusal.choices] == choices
