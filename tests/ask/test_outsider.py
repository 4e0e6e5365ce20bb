"""Kinds of failure of outsider.txt, in other words than there and in four languages."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.made import NOW

READ = [
    # Wrong at first: *longest waiting* says for how long, and not for whom.
    ("longest waiting rejected", "listings status:rejected"),
    ("rejected ones waiting the longest", "listings status:rejected"),
    ("longest waiting in audit", "listings status:auditing"),
    ("等得最久的被拒商品", "listings status:rejected"),
    ("отклонённые, которые дольше всего ждут", "listings status:rejected"),
    ("los rechazados que llevan más tiempo esperando", "listings status:rejected"),
    ("listings waiting longest for aliexpress", "listings lane:waiting"),
    # Wrong at first: *estaban rechazados* stood so, and nothing was done.
    ("cuántos había rechazados el 15 de noviembre", "listings status:rejected at:2026-11-15"),
    ("cuántos seguían rechazados el lunes", "listings status:rejected at:2026-11-23"),
    ("how many were still rejected on monday", "listings status:rejected at:2026-11-23"),
    ("how many were in rejected status on 15 november", "listings status:rejected at:2026-11-15"),
    ("сколько было отклонённых 15 ноября", "listings status:rejected at:2026-11-15"),
    ("сколько числилось отклонёнными 15 ноября", "listings status:rejected at:2026-11-15"),
    ("11月15日当天有多少处于被拒状态", "listings status:rejected at:2026-11-15"),
    ("how many were rejected on 15 november", "moves:rejected period:2026-11-15"),
    ("сколько было отклонено 15 ноября", "moves:rejected period:2026-11-15"),
    ("cuántos fueron rechazados el 15 de noviembre", "moves:rejected period:2026-11-15"),
    ("11月15日那天被拒多少", "moves:rejected period:2026-11-15"),
    # How many rows, before a clause or what they are.
    ("the 5 that have been rejected longest", "listings status:rejected limit:5"),
    ("list the 5 rejected the longest", "listings status:rejected limit:5"),
    ("los 7 rechazados que llevan más tiempo", "listings status:rejected limit:7"),
    ("被拒时间最长的5个", "listings status:rejected limit:5"),
    # How small it is says nothing more.
    ("la foto principal es demasiado pequeña", "listings reason:image.main_too_small"),
    ("the title is way too long", "listings reason:title.too_long"),
    ("главное фото очень маленькое", "listings reason:image.main_too_small"),
    ("主图很小的有几个", "listings reason:image.main_too_small"),
    # What is meant, said behind it.
    ("how many are held, madrid I mean", "@held store:madrid"),
    ("rechazados ayer, en madrid quiero decir", "moves:rejected store:madrid period:yesterday"),
    ("отклонено вчера, в смысле в madrid", "moves:rejected store:madrid period:yesterday"),
    ("被拒的，我是说madrid店的", "listings store:madrid status:rejected"),
    ("is the feed failing validation", "@feed"),
    # Money of both that are held.
    ("how much do rejected and in audit listings cost us per day", "@money"),
    ("сколько денег теряем из-за отклонённых и на проверке", "@money"),
    ("cuánto dinero perdemos por los rechazados y en revisión", "@money"),
    # A unit that is left out is that of the question before.
    ("сколько отклонили на прошлой неделе > а на этой по причинам?", 'moves:rejected period:"this week" by:reason'),
    ("сколько отклонили в этом месяце > а в прошлом?", 'moves:rejected period:"last month"'),
    ("сколько отклонили за эту неделю > а за позапрошлую?", 'moves:rejected period:"2026-11-09 to 2026-11-15"'),
    ("rejections last week > and this one?", 'moves:rejected period:"this week"'),
    ("rejections this month > and last?", 'moves:rejected period:"last month"'),
    ("rechazos la semana pasada > ¿y en esta?", 'moves:rejected period:"this week"'),
    ("rechazos este mes > ¿y el pasado?", 'moves:rejected period:"last month"'),
    ("rechazos el mes pasado > ¿y el anterior?", "moves:rejected period:September"),
    ("上周被拒多少 > 再上一周呢", 'moves:rejected period:"2026-11-09 to 2026-11-15"'),
    ("rejections this week > vs last", 'moves:rejected period:"this week" compare:previous'),
    # The other store, and what is listed already.
    ("held in madrid > and in the other store?", "@held store:outlet"),
    ("rechazados ayer en madrid > ¿y en la otra tienda?", "moves:rejected store:outlet period:yesterday"),
    ("сколько отклонено в madrid > а в другом магазине?", "listings store:outlet status:rejected"),
    ("madrid被拒多少 > 另一家店呢", "listings store:outlet status:rejected"),
    ("how many rejected > list them", "listings status:rejected"),
    ("how many held > which ones?", "listings"),
]


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert told.refusal is None
    assert blind.is_read_as(told.question, words, home.workspace)


REFUSED = [
    # Held the longest, or what waits for AliExpress: nothing says which.
    ("longest waiting listings", Why.AMBIGUOUS, ["listings", "listings lane:waiting"]),
    ("oldest waiting rejected ones", Why.AMBIGUOUS,
     ["listings status:rejected", "listings status:rejected lane:waiting"]),
    # In a longer time either may be meant, and so it may of *did we have*.
    ("estaban rechazados la semana pasada", Why.AMBIGUOUS,
     ["moves:rejected", "listings status:rejected at:2026-11-22T23:59:59.999Z"]),
    ("how many did we have rejected on 15 november", Why.AMBIGUOUS,
     ["moves:rejected", "listings status:rejected at:2026-11-15T23:59:59.999Z"]),
    # *Other* was taken for the family of reasons of that name.
    ("any other rejected listings?", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("in the other store how many rejected", Why.INCOMPLETE, []),
    # Over 10 is no number of rows.
    ("which stores have over 10 rejected", Why.NOT_UNDERSTOOD, None),
    # Behind moves *now* was left out, and a state had nothing to choose.
    ("rejected last week > now by reason", Why.AMBIGUOUS, ["listings status:rejected"]),
    ("rejected last week > and in audit?", Why.NOT_TOGETHER, ["moves:auditing", "listings status:auditing"]),
    # No unit of a month is feminine in Russian, so the word names none that was left out.
    ("сколько отклонили в прошлом месяце > а на этой?", Why.NOT_UNDERSTOOD, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_asked_about(text, why, choices, home, lexicon):
    found, offered = blind.refused(text, home.workspace, lexicon)
    assert found is why
    if choices is not None:
        assert offered == choices


def test_what_is_listed_already_goes_on_from_the_question_before(home, lexicon):
    first = read("how many rejected", home.workspace, lexicon, NOW).question
    told = read("list them", home.workspace, lexicon, NOW, after=first)
    assert told.question == first
    assert told.changed == ("the same, with its listings",)
