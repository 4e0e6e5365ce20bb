"""Everyday words for what leads ask: things, to clear, to wait for the platform, more or fewer, slips in times."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask.asked import expected_question
from tests.ask.blind import numbered
from tests.ask.made import NOW

SINCE_THE_16TH = 'moves:rejected period:"2026-11-16T00:00:00.000Z to 2026-11-26T10:00:30.001Z"'

READ = [
    # What listings are called.
    ("which things are rejected right now", "listings status:rejected"),
    ("how many ads are rejected", "listings status:rejected"),
    ("list rejected product cards in Madrid", "listings status:rejected store:madrid"),
    ("count of SKUs in review by store", "listings status:auditing by:store"),
    ("how many links are rejected for watermark", "listings status:rejected reason:image.text_or_watermark"),
    ("oldest item still in review", "@oldaud"),
    ("货品被拒多少", "listings status:rejected"),
    ("сколько артикулов отклонено", "listings status:rejected"),
    ("cuántas fichas están rechazadas ahora", "listings status:rejected"),
    # To clear, to come back, to reject, to enter, to leave.
    ("how many have come back on sale today", "moves:cleared period:today"),
    ("did fewer leave this week than last week", 'moves:left period:"this week" compare:"last week"'),
    ("how many did we clear yesterday", "moves:cleared period:yesterday"),
    ("did they clear more this week than last week", 'moves:cleared period:"this week" compare:"last week"'),
    ("number of approvals this week so far", 'moves:cleared period:"this week"'),
    ("昨天恢复了多少", "moves:cleared period:yesterday"),
    ("сколько вернули на продажу вчера", "moves:cleared period:yesterday"),
    ("cuántos vuelven a la venta esta semana", 'moves:cleared period:"this week"'),
    ("how many does AliExpress reject per day this week", 'moves:rejected period:"this week" by:day'),
    ("平台昨天拒了多少", "moves:rejected period:yesterday"),
    ("сколько AliExpress отклоняет в день в этом месяце", 'moves:rejected period:"this month" by:day'),
    ("cuántos rechazó AliExpress ayer", "moves:rejected period:yesterday"),
    ("how many new ones entered review today", "moves:auditing period:today"),
    ("今天新进审核的有几个", "moves:auditing period:today"),
    ("сколько карточек попало на проверку вчера", "moves:auditing period:yesterday"),
    ("cuántos nuevos entraron en revisión hoy", "moves:auditing period:today"),
    ("сколько карточек вышло из удержания вчера", "moves:left period:yesterday"),
    ("cuántos salieron de la retención ayer", "moves:left period:yesterday"),
    # To wait, to fix, to take.
    ("how many wait for the platform", "listings lane:waiting"),
    ("等待平台审核的商品", "listings lane:waiting"),
    ("покажи что ждёт ответа площадки", "listings lane:waiting"),
    ("cuántos esperan a la plataforma", "listings lane:waiting"),
    ("what still needs to be fixed in Madrid", "listings lane:todo store:madrid"),
    ("что надо починить", "listings lane:todo"),
    ("сколько никто ещё не взял в работу", "listings stage:new"),
    ("没人接手的有多少", "listings stage:new"),
    ("nadie ha cogido todavía", "listings stage:new"),
    # What is lacking is a reason.
    ("how many have no certificate in Madrid", "listings reason:qualification.certificate_missing store:madrid"),
    ("没有证书的商品有多少", "listings reason:qualification.certificate_missing"),
    ("productos sin certificado", "listings reason:qualification.certificate_missing"),
    ("rejected listings without image problems", "listings status:rejected without:image"),
    ("缺图片的有几个", "listings reason:image.none"),
    # Unresolved for a time is held so long.
    ("unresolved for more than a week", "listings age:7d"),
    ("не решено больше недели", "listings age:7d"),
    ("unresolved and rejected in Outlet", "listings status:rejected store:outlet"),
    # More or fewer, beside a second time; months and weeks in the instrumental case are with, and not since.
    ("本周被拒的比上周多了还是少了", 'moves:rejected period:"this week" compare:"last week"'),
    ("did rejections go up or down this week compared with last week",
     'moves:rejected period:"this week" compare:"last week"'),
    ("отклонений стало больше или меньше на этой неделе чем на прошлой",
     'moves:rejected period:"this week" compare:previous'),
    ("han subido o bajado los rechazos esta semana frente a la anterior",
     'moves:rejected period:"this week" compare:previous'),
    ("отклонения на этой неделе по сравнению с прошлой неделей",
     'moves:rejected period:"this week" compare:"last week"'),
    ("сравни отклонения за октябрь с сентябрём", "moves:rejected period:2026-10 compare:2026-09"),
    ("отклонения с прошлой недели", SINCE_THE_16TH),
    ("октябрьские отклонения", "moves:rejected period:2026-10"),
    ("сколько отклонили неделю назад", "moves:rejected period:2026-11-19"),
    ("retenidos hace una semana", "@held at:2026-11-19"),
    # Shares.
    ("доля отклонённых и на проверке", "@supp"),
    ("qué porcentaje está rechazado o en revisión", "@supp"),
    ("抑制率是多少", "@supp"),
    ("qué porcentaje vuelve a ser rechazado", "@again"),
    # Words that say nothing, and all stores.
    ("Morning! how many are held across all of our stores", "@held"),
    ("麻烦帮我查一下现在到底卡了多少呀", "@held"),
    ("ребята, подскажите, сколько сейчас на проверке", "listings status:auditing"),
    ("oye, dime cuántas fichas hay rechazadas a día de hoy, porfa", "listings status:rejected"),
    # Slips in words for times.
    ("how many were rejected yesteday", "moves:rejected period:yesterday"),
    ("rejections in septmber", "moves:rejected period:2026-09"),
    ("отклонения в сентебре", "moves:rejected period:2026-09"),
    ("rechazos la semna pasada", 'moves:rejected period:"last week"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_what_is_read(text, expected, home, lexicon):
    told = read(text, home.workspace, lexicon, NOW)
    assert numbered(told.question) == numbered(expected_question(expected, home.workspace)), told.refusal


REFUSED = [
    # What may be two things is asked about, with all that was said beside it.
    ("how many trademark listings came back yesterday", Why.AMBIGUOUS,
     ["moves:cleared reason:ip.trademark period:2026-11-25",
      "listings reason:ip.trademark mark:regressed at:2026-11-25T23:59:59.999Z"]),
    ("сколько вернулось вчера", Why.AMBIGUOUS,
     ["moves:cleared period:2026-11-25", "listings mark:regressed at:2026-11-25T23:59:59.999Z"]),
    ("unresolved in Madrid by reason", Why.AMBIGUOUS,
     ["listings store:madrid by:reason", "listings store:madrid lane:todo by:reason"]),
    ("how many were rejected a month ago", Why.AMBIGUOUS,
     ["moves:rejected period:2026-10-26", 'moves:rejected period:"2026-10-01 to 2026-10-31"']),
    # A choice keeps its own time: the second was the first once more.
    ("rejections this month vs 3 months ago", Why.AMBIGUOUS,
     ['moves:rejected period:"2026-11-01 to 2026-11-30" compare:2026-08-26',
      'moves:rejected period:"2026-11-01 to 2026-11-30" compare:"2026-08-01 to 2026-08-31"']),
    ("what is waiting for the decision of Ana", Why.AMBIGUOUS,
     ["listings owner:Ana lane:todo", "listings owner:Ana lane:waiting"]),
    ("被抑制的有多少", Why.AMBIGUOUS,
     ["card:aex_rejected_auditing_listings", "card:aex_listing_suppressed_pct"]),
    ("被拒的多了还是少了", Why.INCOMPLETE, []),
    # Rejected again in a time was answered with those that are so now.
    ("Ana 昨天又被拒的", Why.NOT_TOGETHER, ["listings owner:Ana mark:regressed at:2026-11-25T23:59:59.999Z"]),
    # What has to be done by a day was answered with what was to do on that day of last week.
    ("what do we have to fix by Friday", Why.NOT_KNOWN, []),
    ("hay que arreglar para el viernes", Why.NOT_KNOWN, []),
    # Listings of each store were taken for the held ones.
    ("how many listings per store", Why.INCOMPLETE,
     ["card:aex_rejected_auditing_listings by:store", "card:aex_active_listings by:store",
      "card:aex_total_listings by:store"]),
    ("products by category", Why.INCOMPLETE, ["listings by:category", "listings status:active by:category"]),
    # With a brand is not without one.
    ("held listings without brand problems", Why.NOT_UNDERSTOOD, []),
    ("no certificate issues in Madrid", Why.NOT_UNDERSTOOD, []),
    # Sales and advertising are not known; ads are listings only where AliExpress judges them.
    ("how much did we spend on ads", Why.NOT_KNOWN, []),
    ("how many active ads", Why.NOT_KNOWN, []),
    ("上个月营业额多少", Why.NOT_KNOWN, []),
    ("сколько мы продали в октябре", Why.NOT_KNOWN, []),
    ("cuánto facturamos este mes", Why.NOT_KNOWN, []),
    # Orders, and what people did.
    ("clear all rejected listings", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("把Ana的商品都改好", Why.ORDER, None),
    ("сколько мы исправили", Why.INCOMPLETE, ["done:fixed period:2026-11-26", "listings stage:fixed"]),
    # Words that say nothing at the beginning say something elsewhere; names are no slips.
    ("how many were rejected in the morning", Why.NOT_UNDERSTOOD, None),
    ("how quickly did listings clear last week", Why.NOT_TOGETHER,
     ["card:aexdash_time_to_clear_median_days", "card:aexdash_time_to_clear_median_days at:2026-11-22T23:59:59.999Z"]),
    ("held listings that are ok", Why.NOT_UNDERSTOOD, None),
    ("rejected listings of Sundry", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("各平台被拒多少", Why.NOT_KNOWN, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_refused_or_asked_back(text, why, choices, home, lexicon):
    refusal = read(text, home.workspace, lexicon, NOW).refusal
    assert refusal is not None
    assert refusal.why is why
    assert choices is None or [one.words for one in refusal.choices] == choices


FILLERS = [
    ("rejections in Madrid yesterday", ["hey team, ", "please could you tell me ", "quick one: ", "so, "]),
    ("昨天新增被拒多少", ["请问一下,", "麻烦帮我查一下", "能不能告诉我", "其实"]),
    ("сколько отклонили вчера", ["слушай, ", "не подскажете, ", "ну вообще ", "коллеги, хочу узнать, "]),
    ("cuántos se rechazaron ayer", ["oye, ", "necesito saber ", "a ver, ", "una pregunta: "]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fillers"), FILLERS, ids=[text for text, _ in FILLERS])
def test_what_says_nothing_changes_nothing(text, fillers, home, lexicon):
    plain = read(text, home.workspace, lexicon, NOW).question
    assert plain is not None
    for filler in fillers:
        told = read(filler + text, home.workspace, lexicon, NOW)
        assert told.question == plain, (filler, told.refusal)


def test_a_mended_time_says_what_it_was_read_as(home, lexicon):
    told = read("ok, rejections since munday", home.workspace, lexicon, NOW).question
    assert {one.words: one.meaning for one in told.read}["munday"] == "monday"
    assert told.ignored == ("ok",)
