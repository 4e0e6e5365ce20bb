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
    # Somebody has something, and words that stand within a phrase.
    ("Ana's rejected listings", "listings status:rejected owner:Ana"),
    ("Madrid's oldest rejection", "@oldrej store:madrid"),
    ("held because the main picture is too small", "listings reason:image.main_too_small"),
    ("rejected because the brand is missing", "listings status:rejected reason:attribute.brand_missing"),
    # How long it is held, said beside its status.
    ("rejected listings held longer than a week", "listings status:rejected age:7d"),
    # Reasons for rejection are of what is rejected, beside a time of what was.
    ("top 3 reasons for rejection", "listings status:rejected by:reason limit:3"),
    ("main rejection reasons last week", 'moves:rejected period:"last week" by:reason'),
    ("сколько отклонено", "listings status:rejected"),
    # Two reasons, and a division by them.
    ("rejected for trademark or copyright", "listings status:rejected reason:ip.trademark,ip.copyright"),
    (
        "rejected for trademark and copyright by reason",
        "listings status:rejected reason:ip.trademark,ip.copyright by:reason",
    ),
    # A family beside one of its reasons says nothing more.
    ("listings with a watermark on pictures", "listings reason:image.text_or_watermark"),
    ("图片有水印的", "listings reason:image.text_or_watermark"),
    ("brand missing, trademark or copyright", "listings reason:attribute.brand_missing,ip.trademark,ip.copyright"),
    # All of them, and all there are.
    ("show me all rejected listings", "listings status:rejected"),
    ("all listings owned by Ana", "listings owner:Ana"),
    ("how many listings do we have in total", "@total"),
    ("cuántos productos tenemos en total en Madrid", "@total store:madrid"),
    # Words that only look like others.
    ("which reasons account for most of the held listings", "listings by:reason"),
    ("listings whose title is too long", "listings reason:title.too_long"),
    ("compare Madrid and Outlet, rejections in October", "moves:rejected period:October by:store"),
    ("对比Madrid和Outlet十月份被拒", "moves:rejected period:October by:store"),
    ("задержанные больше недели", "listings age:7d"),
    # What was taken down for something is not held.
    ("taken down: penalty", "listings status:offline reason:other.taken_down_punishment"),
    # Times.
    ("rejections since the start of the month", 'moves:rejected period:"since 2026-11-01"'),
    ("rejections year to date", 'moves:rejected period:"since 2026-01-01"'),
    ("отклонения с начала месяца", 'moves:rejected period:"since 2026-11-01"'),
    ("rechazos en lo que va de mes", 'moves:rejected period:"since 2026-11-01"'),
    ("rejections this past weekend", 'moves:rejected period:"2026-11-21 to 2026-11-22"'),
    ("今早新增被拒", 'moves:rejected period:"2026-11-26T00:00:00.000Z to 2026-11-26T12:00:00.000Z"'),
    ("rejections last week versus the previous week", 'moves:rejected period:"last week" compare:previous'),
    ("rejections in november vs same period last year", "moves:rejected period:November compare:same_last_year"),
    ("rejected and owned by Ana or Li Wei", 'listings status:rejected owner:"Ana,Li Wei"'),
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
    assert blind.is_read_as(told.question, words, home.workspace)


REFUSED = [
    # A share of the held ones that are all of them.
    ("what % of held is rejected or in audit", Why.NOT_TOGETHER),
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
    ("what did Ana do today", Why.NOT_TOGETHER),
    ("что вчера сделала Ana", Why.NOT_TOGETHER),
    ("qué hizo Ana ayer", Why.NOT_TOGETHER),
    ("how many alert rules are there", Why.AMBIGUOUS),
    ("held in the Madrid profile", Why.NOT_UNDERSTOOD),
    ("rejections last week compared with", Why.INCOMPLETE),
    ("held for 3 days and for more than 5 days and less than 2 days", None),
    # Listings of a store may be all of them: these were answered with those that are held.
    ("how many listings in Madrid", Why.INCOMPLETE),
    ("what did outlet look like on 1 november", Why.INCOMPLETE),
    ("how many dresses", Why.INCOMPLETE),
    ("Madrid有多少商品", Why.INCOMPLETE),
    # Words that were left out in silence.
    ("are rejections up", Why.INCOMPLETE),
    ("rejections up to yesterday", Why.INCOMPLETE),
    ("when were they rejected", Why.NOT_KNOWN),
    ("who is rejected", Why.INCOMPLETE),
    ("currently rejected since october", Why.AMBIGUOUS),
    ("rejected divided by total", Why.INCOMPLETE),
    # What listings have is no reason.
    ("price of rejected listings", Why.NOT_KNOWN),
    ("titles of the rejected listings", Why.NOT_KNOWN),
    ("被拒商品的价格", Why.NOT_KNOWN),
    ("цена отклонённых товаров", Why.NOT_KNOWN),
    ("rejections by price last week", Why.NOT_TOGETHER),
    ("rejections per listing last week", Why.NOT_TOGETHER),
    # Either or both, and two things in two times.
    ("rejected for trademark and copyright", Why.AMBIGUOUS),
    ("trademark rejections last week vs copyright this week", Why.NOT_TOGETHER),
    ("trademark in titles", Why.AMBIGUOUS),
    # Rejected then, held now: the same listings or not, nobody counts.
    ("сколько из отклонённых вчера ещё задержано", Why.NOT_TOGETHER),
    # Everything, in Spanish, is not what is to do.
    ("todo menos Madrid", None),
    ("are all rejected", Why.NOT_TOGETHER),
    # A share is no number of listings, and money of a day is not that of a week.
    ("how many listings are suppressed", Why.AMBIGUOUS),
    ("share of active listings", Why.NOT_TOGETHER),
    ("how much money did we lose last week", Why.NOT_TOGETHER),
    # Times without a beginning; a day that was or 24 hours; every day, or at its end.
    ("rejected more than 2 days ago", Why.NOT_UNDERSTOOD),
    ("rejections in the last day", Why.AMBIGUOUS),
    ("rejected per day", Why.AMBIGUOUS),
    # Events that nobody counts, and listings that nobody holds.
    ("今天上架了多少", Why.NOT_TOGETHER),
    ("cuántos se activaron ayer", Why.NOT_UNDERSTOOD),
    ("expired listings", Why.NOT_KNOWN),
    ("what happened yesterday", Why.AMBIGUOUS),
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
