"""Kinds of failure of colleague.txt, in other words than there and in four languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.ask import typed
from aexdash.ask.answer import Why
from aexdash.ask.answers.answering import answer
from aexdash.ask.telling import lines_of, to_facts
from tests.ask import blind
from tests.ask.made import NOW

OF_REJECTED = "listings status:rejected reason:{} part:reason"
BRAND, PICTURE = OF_REJECTED.format("attribute.brand_missing"), OF_REJECTED.format("image.main_too_small")

SHARES = [
    # Behind *share of* stands the whole, but for what is named behind *among* and *in*.
    ("what share of the rejected is missing a brand", BRAND),
    ("what percentage of rejected listings has main picture too small", PICTURE),
    ("whats the share of brand missing among the rejected, in %", BRAND),
    ("share of main picture too small in the rejected", PICTURE),
    ("what % of rejected listings nobody has taken", "listings status:rejected stage:new part:stage"),
    ("what proportion of in audit listings is resubmitted", "listings status:auditing audit:resubmitted part:audit"),
    ("share of rejected held more than 7 days", "listings status:rejected age:7d part:age"),
    (
        "what share of the rejected in Madrid is brand missing",
        BRAND.replace("listings", "listings store:madrid"),
    ),
    ("what percentage of Ana's listings is rejected", "listings status:rejected owner:Ana part:status"),
    ("what share of brand missing is rejected", "listings status:rejected reason:attribute.brand_missing part:status"),
    ("какая доля отклонённых без бренда", BRAND),
    ("какой процент отклонённых без бренда", BRAND),
    ("доля IP среди отклонённых", OF_REJECTED.format("ip")),
    ("qué porcentaje de los rechazados no tiene marca", BRAND),
    ("qué porcentaje de productos rechazados no tiene marca", BRAND),
    ("proporción de rechazados con imagen principal pequeña", PICTURE),
    ("被拒的里缺品牌占多少", BRAND),
    ("被拒的商品中品牌缺失占比", BRAND),
    ("缺品牌的占被拒的多少", BRAND),
    ("商标占被拒的多少", OF_REJECTED.format("ip.trademark")),
    ("какая часть отклонённых без бренда", BRAND),
    ("审核中的有百分之几是被拒后重新提交的", "listings status:auditing audit:resubmitted part:audit"),
    ("审核中的有百分之几是重新提交的", "listings status:auditing audit:resubmitted part:audit"),
    # Of all listings that there are.
    ("what percentage of our listings is rejected", "listings status:rejected part:all"),
    ("what percentage of our listings are rejected for IP", "listings status:rejected reason:ip part:all"),
    ("what % of all products is in audit in Madrid", "listings store:madrid status:auditing part:all"),
    ("share of rejected listings with IP out of all listings", "listings status:rejected reason:ip part:all"),
    ("какой процент товаров отклонён", "listings status:rejected part:all"),
    ("какая доля наших товаров отклонена", "listings status:rejected part:all"),
    ("被拒的占所有商品的百分之几", "listings status:rejected part:all"),
    ("所有商品里被拒且IP的占多少", "listings status:rejected reason:ip part:all"),
    ("qué porcentaje de nuestros productos está rechazado", "listings status:rejected part:all"),
    # Of what is held, whichever of the two stands first.
    ("what % of held is rejected", "listings status:rejected part:status"),
    ("qué porcentaje de lo retenido está en revisión", "listings status:auditing part:status"),
    ("share of held that are IP", "listings reason:ip part:reason"),
    ("what fraction of what is held has been held over 30 days", "listings age:30d part:age"),
]


@pytest.mark.parametrize(("text", "words"), SHARES, ids=[text for text, _ in SHARES])
def test_a_share_is_read_with_what_it_is_of(text, words, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


OF_WHICH = ["listings status:rejected part:all", "listings status:rejected part:status"]

ASKED = [
    # All listings, or what is held?
    ("what percentage is rejected", Why.AMBIGUOUS, OF_WHICH),
    ("доля отклонённых", Why.AMBIGUOUS, OF_WHICH),
    ("被拒占比", Why.AMBIGUOUS, OF_WHICH),
    ("qué porcentaje está rechazado", Why.AMBIGUOUS, OF_WHICH),
    ("share of listings owned by Ana", Why.AMBIGUOUS,
     ["listings owner:Ana part:all", "listings owner:Ana part:owner"]),
    ("share of madrid in rejected", Why.NOT_TOGETHER, None),
    # Nothing says of what.
    ("share of brand missing", Why.AMBIGUOUS,
     ["listings reason:attribute.brand_missing part:reason", BRAND]),
    ("IP and rejected, as a percentage", Why.AMBIGUOUS,
     [OF_REJECTED.format("ip"), "listings status:rejected reason:ip part:status"]),
    ("what share of the rejected is missing a brand, by store", Why.NOT_TOGETHER, None),
    ("what share of the rejections last week was IP", Why.NOT_TOGETHER, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), ASKED, ids=[text for text, *_ in ASKED])
def test_a_share_of_nobody_knows_what_is_asked_back(text, why, choices, home, lexicon):
    found, offered = blind.refused(text, home.workspace, lexicon)
    assert found is why
    if choices is not None:
        assert offered == choices


def test_a_share_is_told_with_both_numbers_and_the_way_to_each(home, lexicon):
    told = answer("what % of held is rejected", home.workspace, NOW, lexicon=lexicon)
    part, whole = told.rows
    assert told.number == pytest.approx(100 * part.number / whole.number)
    assert told.unit == "percent"
    assert told.sentence == f"Of listings held, those rejected: {told.text} now."
    assert told.text == f"{part.number} of {whole.number} ({told.number:.1f} %)"
    assert (part.name, part.link) == ("listings rejected", "worklist?status=rejected")
    assert (whole.name, whole.link) == ("listings held", "worklist")
    assert told.link == ""
    assert to_facts(told, home.workspace.zone)["question"] == {"status": "rejected", "part": "status"}
    assert "Read as: the share of listings held, those rejected" in list(lines_of(told))


def test_a_share_of_all_listings_is_told_with_their_number(home, lexicon):
    told = answer("what percentage of our listings in Madrid is rejected", home.workspace, NOW, lexicon=lexicon)
    part, whole = told.rows
    total = answer("card:aex_total_listings store:madrid", home.workspace, NOW, lexicon=lexicon)
    rejected = answer("listings status:rejected store:madrid", home.workspace, NOW, lexicon=lexicon)
    assert (part.number, whole.number) == (rejected.number, total.number)
    assert told.text == f"{part.number} of {whole.number} ({told.number:g} %)"
    assert told.sentence == f"Of all listings in store madrid, those rejected: {told.text} now."
    assert (part.link, whole.link) == (rejected.link, total.link)
    assert whole.name == "all listings in store madrid"
    assert typed.read(typed.write(told.question, home.workspace.zone), home.workspace, NOW) == told.question


def test_a_share_of_what_nobody_read_has_no_percentage(home, lexicon):
    before = f"part:status status:rejected at:{(NOW - timedelta(days=40)).isoformat()}"
    told = answer(f"listings {before}", home.workspace, NOW, lexicon=lexicon)
    assert told.number is None
    assert told.text == "not read yet"


def test_follow_ups_keep_the_share_and_what_it_is_a_part_of(home, lexicon):
    first = answer("what % of held is rejected", home.workspace, NOW, lexicon=lexicon)
    told = answer("and in Madrid", home.workspace, NOW, lexicon=lexicon, after=first.question)
    assert typed.write(told.question, home.workspace.zone) == {
        "store": "madrid", "status": "rejected", "part": "status",
    }  # fmt: skip


WRONG = [
    "listings status:rejected part:reason",
    "listings part:status",
    "listings store:madrid part:store",
    "listings status:active part:status",
    "listings status:rejected part:status by:store",
    "listings status:rejected part:nothing",
    "listings part:all",
    "listings store:madrid part:all",
    "listings status:rejected part:all,status",
    "card:aex_active_listings part:status",
]


@pytest.mark.parametrize("words", WRONG)
def test_a_share_of_no_part_is_refused_in_a_sentence(words, home, lexicon):
    refusal = answer(words, home.workspace, NOW, lexicon=lexicon).refusal
    assert refusal is not None
    assert refusal.sentence


def test_both_sides_of_a_comparison_are_told_of_each_store(home, lexicon):
    told = answer("rejections last week vs the week before by store", home.workspace, NOW, lexicon=lexicon)
    assert [row.key for row in told.rows] == ["madrid", "outlet"]
    for row in told.rows:
        words = f'moves:rejected store:{row.key} period:"2026-11-09 to 2026-11-15"'
        of_store = answer(words, home.workspace, NOW, lexicon=lexicon)
        change = int(row.number - of_store.number)
        sign = "+" if change > 0 else "−"
        assert row.text == f"{row.number} (compared with {of_store.text}, {sign}{abs(change)})"


def test_parts_beside_a_comparison_are_said_to_be_of_the_first_number(home, lexicon):
    told = answer("rejections last week vs the week before by reason", home.workspace, NOW, lexicon=lexicon)
    assert told.rows_note.endswith("not of the one that it is compared with.")
    alone = answer("rejections last week by reason", home.workspace, NOW, lexicon=lexicon)
    assert "first number" not in alone.rows_note


OCCASIONS = [
    ("Ana was off sick, so what of hers is still to do?", "Ana was off sick", "listings owner:Ana lane:todo"),
    ("since we were closed on Monday, how many were rejected yesterday", "since we were closed on Monday",
     "moves:rejected period:yesterday"),
    ("my boss is asking, how many are in audit", "my boss is asking", "listings status:auditing"),
    ("just got back from vacation - what was rejected last week by reason", "just got back from vacation",
     'moves:rejected period:"last week" by:reason'),
    ("国庆我们放假,10月1号到7号madrid店被拒了多少", "国庆我们放假",
     'moves:rejected store:madrid period:"2026-10-01 to 2026-10-07"'),
    ("老板在问，现在扣了多少", "老板在问", "@held"),
    ("шеф спрашивает: сколько отклонили вчера", "шеф спрашивает", "moves:rejected period:yesterday"),
    ("мы не работали, сколько отклонили на прошлой неделе", "мы не работали", 'moves:rejected period:"last week"'),
    ("estuvimos de vacaciones, cuántos fueron rechazados la semana pasada", "estuvimos de vacaciones",
     'moves:rejected period:"last week"'),
    ("el jefe pregunta, cuántos rechazados hay en Madrid", "el jefe pregunta",
     "listings store:madrid status:rejected"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "occasion", "words"), OCCASIONS, ids=[text for text, *_ in OCCASIONS])
def test_what_only_says_why_it_is_asked_is_ignored_and_shown(text, occasion, words, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)
    assert occasion in told.question.ignored


MAY_CHOOSE = [
    ("Ana was off sick, so how many are rejected", ["listings status:rejected", "listings status:rejected owner:Ana"]),
    ("Ana was off sick, so how many are held", ["card:aex_rejected_auditing_listings", "listings owner:Ana"]),
    ("Madrid was down, how many were rejected yesterday", ["moves:rejected", "moves:rejected store:madrid"]),
    ("国庆我们放假,被拒的有多少", ["listings status:rejected"]),
]


@pytest.mark.parametrize(("text", "choices"), MAY_CHOOSE, ids=[text for text, _ in MAY_CHOOSE])
def test_an_occasion_that_names_what_could_choose_is_asked_about(text, choices, home, lexicon):
    assert blind.refused(text, home.workspace, lexicon) == (Why.AMBIGUOUS, choices)


def test_what_is_no_occasion_is_never_set_apart(home, lexicon):
    for text in ("for red shoes, how many are held", "summer stuff, how many are rejected", "vip ones, 被拒的有多少"):
        assert blind.refused(text, home.workspace, lexicon)[0] is Why.NOT_UNDERSTOOD


BESIDE = [
    # The present and another time in one question; a time without a beginning; what only orders the worklist.
    ("rejected now last week", Why.NOT_TOGETHER, ["listings status:rejected", "moves:rejected"]),
    ("rejected more than 3 days ago", Why.NOT_UNDERSTOOD, ["listings status:rejected in_status:3d"]),
    ("отклонены больше 3 дней назад", Why.NOT_UNDERSTOOD, ["listings status:rejected in_status:3d"]),
    ("rejected with more than 2 attempts", Why.NOT_TOGETHER, ["listings status:rejected order:attempts"]),
    ("сколько попыток у отклонённых", Why.NOT_TOGETHER, ["listings status:rejected order:attempts"]),
    ("is Ana done yet", Why.AMBIGUOUS, ["listings owner:Ana lane:todo", "listings stage:fixed owner:Ana"]),
    ("are there more than 10 held by reason", Why.NOT_UNDERSTOOD, None),
    ("which stores have more than 10 held", Why.NOT_UNDERSTOOD, None),
    ("is the price over 50 rejected?", Why.NOT_UNDERSTOOD, None),
    ("价格超过50被拒的吗", Why.NOT_UNDERSTOOD, None),
    ("hay más de 3 motivos?", Why.NOT_UNDERSTOOD, None),
    ("are there more than 3 main reasons", Why.NOT_UNDERSTOOD, None),
    ("is less than 5% rejected?", Why.NOT_UNDERSTOOD, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), BESIDE, ids=[text for text, *_ in BESIDE])
def test_what_stands_beside_a_number_is_asked_back(text, why, choices, home, lexicon):
    found, offered = blind.refused(text, home.workspace, lexicon)
    assert found is why
    if choices is not None:
        assert offered == choices


SO_FAR = 'moves:rejected period:"this week" compare:"last week"'

READ = [
    ("in audit only first reviews", "listings status:auditing audit:first_review"),
    ("初次审核的有多少在审核中", "listings status:auditing audit:first_review"),
    ("rejections this week vs same days last week", SO_FAR),
    ("отклонения на этой неделе против тех же дней прошлой недели", SO_FAR),
    ("rechazos esta semana vs los mismos días de la semana pasada", SO_FAR),
    ("are there more than 10 held?", "@held"),
    ("¿hay más de 10 retenidos?", "@held"),
    ("сейчас больше 10 на проверке?", "listings status:auditing"),
    ("被拒的超过10个吗", "listings status:rejected"),
    ("held more than 5 days?", "listings age:5d"),
    ("did we have more held on 1 november than now", "@held compare:2026-11-01"),
    ("pospuestos que ya han despertado", "listings mark:woken"),
    ("что на проверке > только то что дольше 3 дней", "listings status:auditing in_status:3d"),
]

OF_SITTER = [
    # Kinds of failure of sitter.txt, in other words than there: each of two numbers is told, and not their sum.
    ("how many are rejected and how many in audit", "listings by:status"),
    ("how many listings do we have rejected in madrid and how many in audit?", "listings store:madrid by:status"),
    ("¿cuántos hay rechazados y cuántos en revisión?", "listings by:status"),
    ("сколько отклонено и сколько на проверке", "listings by:status"),
    ("被拒的有多少,审核中的有多少", "listings by:status"),
    ("what is still left to do in madrid", "listings store:madrid lane:todo"),
    ("rejected last week, split it by reason", 'moves:rejected period:"last week" by:reason'),
    ("what share of the rejected is down to brand missing", BRAND),
    ("rechazados, los más antiguos primero", "listings status:rejected order:oldest"),
    ("is our quality score any better than on 1 november", "@quality compare:2026-11-01"),
    ("the single worst day last week for rejections", 'moves:rejected period:"last week" by:day'),
    ("审核超过三天还没结果的", "listings status:auditing in_status:3d"),
    ("被拒原因占比最高的是什么", "listings status:rejected by:reason"),
]


@pytest.mark.parametrize(("text", "words"), [*READ, *OF_SITTER], ids=[text for text, _ in (*READ, *OF_SITTER)])
def test_other_kinds_are_read(text, words, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


def test_a_threshold_is_answered_beside_the_number(home, lexicon):
    held = answer("how many are held", home.workspace, NOW, lexicon=lexicon)
    for count, words in ((held.number - 1, "Yes: {} is more than"), (held.number, "No: {} is not more than")):
        told = answer(f"are there more than {count:.0f} held?", home.workspace, NOW, lexicon=lexicon)
        assert told.number == held.number
        assert told.lines[0] == f"{words.format(held.text)} {count:.0f}."
    below = answer(f"are there fewer than {held.number:.0f} held?", home.workspace, NOW, lexicon=lexicon)
    assert below.lines[0].startswith("No:")
    after = answer("and in Madrid", home.workspace, NOW, lexicon=lexicon, after=below.question)
    assert not any("fewer than" in line for line in after.lines)


def test_a_threshold_of_what_nobody_read_is_not_known(home, lexicon):
    told = answer("were there more than 10 held on 1 March?", home.workspace, NOW, lexicon=lexicon)
    assert told.number is None
    assert told.lines[0] == "Whether that is more than 10 is not known."


def test_a_net_change_is_no_order_to_change_something(home, lexicon):
    refusal = blind.told("net change in held listings last week", home.workspace, lexicon).refusal
    assert refusal is not None
    assert refusal.why is Why.INCOMPLETE
