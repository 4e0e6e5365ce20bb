"""Kinds of failure of guest.txt, in other words than there and in four languages, and what was found beside them."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from tests.ask import blind

READ = [
    # How long a listing has the status that is named; *held* is how long it is held.
    ("in audit more than 3 days", "listings status:auditing in_status:3d"),
    ("rejected >48h in madrid", "listings store:madrid status:rejected in_status:2d"),
    ("in audit since more than 4 days", "listings status:auditing in_status:4d"),
    ("in review 5 days", "listings status:auditing in_status:5d"),
    ("rejected for 3 to 7 days", "listings status:rejected in_status:3d-7d"),
    ("rejected ones, less than 24h", "listings status:rejected in_status:-1d"),
    ("rejected more than 3 days ago and still are", "listings status:rejected in_status:3d"),
    ("审核超过一周的", "listings status:auditing in_status:7d"),
    ("审核了三天的有几个", "listings status:auditing in_status:3d"),
    ("被拒两周了,按原因", "listings status:rejected in_status:14d by:reason"),
    ("被拒3到7天的", "listings status:rejected in_status:3d-7d"),
    ("被拒了三天以上还没处理的", "listings status:rejected in_status:3d"),
    ("на модерации больше 3х дней", "listings status:auditing in_status:3d"),
    ("на проверке 3 дня", "listings status:auditing in_status:3d"),
    ("отклонены больше 3 дней назад и до сих пор", "listings status:rejected in_status:3d"),
    ("lleva más de 5 días en revisión", "listings status:auditing in_status:5d"),
    ("rechazados hace más de 3 días y siguen", "listings status:rejected in_status:3d"),
    ("en revisión desde hace 5 días", "listings status:auditing in_status:5d"),
    ("rejected for more than a week, nobody took them", "listings status:rejected stage:new in_status:7d"),
    ("rejected for more than a week on 1 november", "listings status:rejected in_status:7d at:2026-11-01"),
    ("how many are in audit > for more than a week", "listings status:auditing in_status:7d"),
    ("rejected listings held for more than 5 days", "listings status:rejected age:5d"),
    ("held for more than a week", "listings age:7d"),
    ("недел и больше висят", "listings age:7d"),
    ("retenidos desde hace 2 semanas o más", "listings age:14d"),
    ("в аудите недели и больше", "listings status:auditing in_status:7d"),
    # Several reasons on one listing.
    ("trademark AND brand missing", "listings both:ip.trademark,attribute.brand_missing"),
    ("held with both trademark and brand missing", "listings both:ip.trademark,attribute.brand_missing"),
    ("brand missing and main picture too small at once", "listings both:attribute.brand_missing,image.main_too_small"),
    ("缺品牌而且主图太小", "listings both:attribute.brand_missing,image.main_too_small"),
    ("既缺品牌又主图太小", "listings both:attribute.brand_missing,image.main_too_small"),
    ("без бренда и с маленьким главным фото одновременно",
     "listings both:attribute.brand_missing,image.main_too_small"),
    ("falta marca y además imagen principal pequeña", "listings both:attribute.brand_missing,image.main_too_small"),
    ("brand missing or main picture too small", "listings reason:attribute.brand_missing,image.main_too_small"),
    ("缺品牌而且被拒超过5天", "listings status:rejected reason:attribute.brand_missing in_status:5d"),
    # One moment against now, without a word that compares.
    ("held on 1 november vs now", "@held compare:2026-11-01"),
    ("money held back on 1 nov compared with now", "@money compare:2026-11-01"),
    ("在售商品11月1日和现在", "@active compare:2026-11-01"),
    ("сколько было на удержании 1 ноября и сколько сейчас", "@held compare:2026-11-01"),
    ("activos el 1 de noviembre y hoy", "@active compare:2026-11-01"),
    ("held now vs 3 months ago", "@held compare:2026-08-26"),
    ("held as of noon yesterday", "@held at:2026-11-25T12:00:00Z"),
    # What stands beside.
    ("除了缺品牌的,其他被拒的按类目", "listings status:rejected without:attribute.brand_missing by:category"),
    ("уже снял с продажи сам алиэкспресс", "@down"),
    ("rechazo mas antigudo", "@oldrej"),
    ("被拒最久的top3", "listings status:rejected limit:3"),
    ("need the number of held listings for my 10am call", "@held"),
    # A follow-up that counts, and names only where or when.
    ("how many were rejected last week > how many in madrid", "moves:rejected store:madrid period:\"last week\""),
    ("how many were rejected last week > how many in october", "moves:rejected period:2026-10"),
    ("how many are held > how many does Ana have", "listings owner:Ana"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, words, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


REFUSED = [
    # What lasts is not the status, or may be another thing.
    ("stuck in audit for more than a week", Why.AMBIGUOUS,
     ["listings status:auditing in_status:7d", "listings in_status:7d mark:stuck"]),
    ("at risk for more than 3 days", Why.AMBIGUOUS, ["listings status:active in_status:3d"]),
    ("fixed more than 3 days ago and still rejected", Why.AMBIGUOUS,
     ["listings status:rejected stage:fixed in_status:3d", "listings status:rejected stage:fixed age:3d"]),
    ("rejected, nobody took them for 3 days", Why.AMBIGUOUS,
     ["listings status:rejected stage:new in_status:3d", "listings status:rejected stage:new age:3d"]),
    ("rejected and older than 30 days", Why.AMBIGUOUS,
     ["listings status:rejected in_status:30d", "listings status:rejected age:30d"]),
    ("rejections over 3 days", Why.AMBIGUOUS,
     ["listings status:rejected in_status:3d", "listings status:rejected age:3d", "moves:rejected"]),
    ("rejected a week", Why.AMBIGUOUS, ["listings status:rejected in_status:7d", "listings status:rejected by:week"]),
    ("in audit since monday", Why.AMBIGUOUS,
     ["moves:auditing", "listings status:auditing in_status:-82h", "listings status:auditing in_status:82h"]),
    ("rejected since monday and still rejected", Why.AMBIGUOUS,
     ["listings status:rejected in_status:-82h", "listings status:rejected in_status:82h", "listings status:rejected"]),
    # Any of them, or all at once.
    ("trademark and brand missing", Why.AMBIGUOUS,
     ["listings reason:ip.trademark,attribute.brand_missing", "listings both:ip.trademark,attribute.brand_missing"]),
    ("how many are both held and at risk", Why.NOT_UNDERSTOOD, None),
    ("both Ana and Li Wei", Why.NOT_UNDERSTOOD, None),
    # The same listings then and now are not counted, and *still* compares nothing.
    ("rejected yesterday and still rejected", Why.NOT_TOGETHER, None),
    # Who wrote a note, and a part of what is held, are no filter and no card.
    ("anything with notes from Ana", Why.NOT_KNOWN, None),
    ("share of madrid in held", Why.NOT_TOGETHER, None),
    ("rejected today, nobody took them", Why.NOT_TOGETHER, ["moves:rejected", "listings status:rejected stage:new"]),
    ("did rejections go up this week", Why.INCOMPLETE, ["moves:rejected"]),
    # Behind another, a count of its own or of those before.
    ("how many are rejected > how many for brand missing", Why.AMBIGUOUS,
     ["listings status:rejected reason:attribute.brand_missing", "listings reason:attribute.brand_missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_asked_about(text, why, choices, home, lexicon):
    found, offered = blind.refused(text, home.workspace, lexicon)
    assert found is why
    if choices is not None:
        assert offered == choices


def test_an_age_of_a_status_is_said_to_be_one(home, lexicon):
    told = blind.told("in audit more than 3 days", home.workspace, lexicon).question
    assert told is not None
    assert ("more than 3 days", "in this status at least 3 days") in [(one.words, one.meaning) for one in told.read]
