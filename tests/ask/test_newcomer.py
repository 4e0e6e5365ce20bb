"""Kinds of failure of newcomer.txt, in other words than there and in four languages."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.asked import expected_question
from tests.ask.made import NOW

READ = [
    # *Where* is by store, and no word of a clause is one that asks.
    ("how many rejected, and where", "listings status:rejected by:store"),
    ("rejected yesterday - how many, where", "moves:rejected period:yesterday by:store"),
    ("how many rejected and where last week", 'moves:rejected period:"last week" by:store'),
    ("cuántos rechazados y dónde", "listings status:rejected by:store"),
    ("¿dónde están los rechazados?", "listings status:rejected by:store"),
    ("сколько отклонено и где", "listings status:rejected by:store"),
    ("被拒的有多少，在哪里", "listings status:rejected by:store"),
    ("where do we have the most rejected", "listings status:rejected by:store"),
    ("how much money is held back and where", "@money by:store"),
    ("rejected listings where the title is too long", "listings status:rejected reason:title.too_long"),
    ("cuántos rechazados donde falta la marca", "listings status:rejected reason:attribute.brand_missing"),
    # *On our side* right beside fixed says who fixed it, and elsewhere whose move it is.
    ("fixed on our side", "listings stage:fixed"),
    ("done on our end, waiting for aliexpress", "listings stage:fixed lane:waiting"),
    ("fixed from our side, waiting for aliexpress", "listings stage:fixed lane:waiting"),
    ("arreglados por nuestra parte pero esperando a aliexpress", "listings stage:fixed lane:waiting"),
    ("исправлено с нашей стороны, ждут площадку", "listings stage:fixed lane:waiting"),
    ("исправлено на нашей стороне, ждут площадку", "listings stage:fixed lane:waiting"),
    ("我们这边改好了还在等平台", "listings stage:fixed lane:waiting"),
    ("held on our side", "listings lane:todo"),
    ("which fixed on our side are still to do", "listings stage:fixed lane:todo"),
    # Days of a week that is named are one time.
    ("rejections mon to wed this week", 'moves:rejected period:"2026-11-23 to 2026-11-25"'),
    ("rejections from monday to wednesday last week", 'moves:rejected period:"2026-11-16 to 2026-11-18"'),
    ("rejections tuesday of last week", "moves:rejected period:2026-11-17"),
    ("rejections monday and tuesday last week", 'moves:rejected period:"2026-11-16 to 2026-11-17"'),
    ("rejections wednesday this week vs wednesday last week", "moves:rejected period:2026-11-25 compare:2026-11-18"),
    ("rechazos de lunes a miércoles de esta semana", 'moves:rejected period:"2026-11-23 to 2026-11-25"'),
    ("rechazos de lunes a miércoles de la semana pasada", 'moves:rejected period:"2026-11-16 to 2026-11-18"'),
    ("本周一到周三被拒多少", 'moves:rejected period:"2026-11-23 to 2026-11-25"'),
    ("本周周一到周三被拒多少", 'moves:rejected period:"2026-11-23 to 2026-11-25"'),
    ("上周周一到周三被拒多少", 'moves:rejected period:"2026-11-16 to 2026-11-18"'),
    ("отклонения с понедельника по среду на этой неделе", 'moves:rejected period:"2026-11-23 to 2026-11-25"'),
    ("отклонения с понедельника по среду прошлой недели", 'moves:rejected period:"2026-11-16 to 2026-11-18"'),
    # Short Spanish.
    ("los de madrid q siguen en revision", "listings store:madrid status:auditing"),
    ("hoy hay mas rechazos q ayer", "moves:rejected period:today compare:yesterday"),
    ("xq subieron los rechazos ayer", "causes:rejected period:yesterday"),
    ("pq se rechazaron tantos ayer", "causes:rejected period:yesterday"),
    ("rechazados en madrid y tb en outlet", "listings stores:madrid,outlet status:rejected by:store"),
    # One question in two parts.
    ("hi? how many are held? thanks", "@held"),
    ("¿cuánto tardan en liberarse? mediana", "@med"),
    ("in outlet? how many rejected", "listings store:outlet status:rejected"),
    ("did rejections jump yesterday? why?", "causes:rejected period:yesterday"),
    ("how many rejected in madrid? which ones?", "listings store:madrid status:rejected"),
]


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.refusal is None
    assert blind.is_read_as(told.question, words, home.workspace)


REFUSED = [
    # Two questions have a button each, the second as it goes on from the first.
    ("is brand missing still a problem? and how many of those has ana", Why.NOT_TOGETHER,
     ["listings reason:attribute.brand_missing", "listings reason:attribute.brand_missing owner:Ana"]),
    ("how many rejected? and in audit?", Why.NOT_TOGETHER, ["listings status:rejected", "listings status:auditing"]),
    ("cuántos rechazados hay? y cuántos en revisión?", Why.NOT_TOGETHER,
     ["listings status:rejected", "listings status:auditing"]),
    ("сколько отклонено? а на проверке?", Why.NOT_TOGETHER, ["listings status:rejected", "listings status:auditing"]),
    ("被拒多少？审核中多少？", Why.NOT_TOGETHER, ["listings status:rejected", "listings status:auditing"]),
    ("how many rejected in madrid? how many in outlet?", Why.NOT_TOGETHER,
     ["listings store:madrid status:rejected", "listings store:outlet status:rejected"]),
    ("how many rejected and why and where", Why.NOT_TOGETHER, []),
    ("how many are rejected? resubmit them all", Why.ORDER, []),
    ("how many rejected? how many tomorrow?", Why.FUTURE, []),
    # Where in one store, and a clause of its own.
    ("rejected in madrid, how many and where", Why.AMBIGUOUS, ["listings store:madrid status:rejected"]),
    ("how many rejected and where is the brand missing", Why.NOT_TOGETHER, []),
    # *On our side* beside nothing that is fixed, and the Wednesday after last Monday.
    ("rejected from our side", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("上周一到周三被拒多少", Why.AMBIGUOUS,
     ['moves:rejected period:"2026-11-16 to 2026-11-18"', 'moves:rejected period:"2026-11-16 to 2026-11-25"']),
    ("rejections monday and thursday last week", Why.NOT_UNDERSTOOD, None),
    ("compare rejections monday and tuesday last week", Why.NOT_UNDERSTOOD, None),
    ("rejections mon to wed this week vs last week", Why.AMBIGUOUS,
     ['moves:rejected period:"2026-11-23 to 2026-11-25" compare:"2026-11-16 to 2026-11-22"',
      'moves:rejected period:"2026-11-23 to 2026-11-25" compare:"2026-11-16 to 2026-11-18"']),
    ("where?", Why.NOT_UNDERSTOOD, []),
    # Short names in other letters, and names without an apostrophe, are offered, and not guessed.
    ("сколько у ли вэя", Why.NOT_UNDERSTOOD, ['listings owner:"Li Wei"']),
    ("сколько у Аны", Why.NOT_UNDERSTOOD, ["listings owner:Ana"]),
    ("Li Weis list", Why.NOT_UNDERSTOOD, ['listings owner:"Li Wei"']),
    ("anas list", Why.NOT_UNDERSTOOD, ["listings owner:Ana"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_asked_about(text, why, choices, home, lexicon):
    refusal = read(text, home.workspace, lexicon, NOW).refusal
    assert refusal is not None
    assert refusal.why is why
    if choices is not None:
        assert [one.words for one in refusal.choices] == choices


def test_where_is_said_to_divide(home, lexicon):
    told = read("how many rejected and where", home.workspace, lexicon, NOW).question
    assert {one.words: one.meaning for one in told.read}["where"] == "divided by store"


def test_where_alone_goes_on_from_the_question_before(home, lexicon):
    first = read("how many rejected", home.workspace, lexicon, NOW).question
    told = read("and where?", home.workspace, lexicon, NOW, after=first).question
    assert blind.numbered(told) == blind.numbered(
        expected_question("listings status:rejected by:store", home.workspace)
    )
