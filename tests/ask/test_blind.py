"""Questions whose author had seen no rule: what was wrong or refused at first, by kind, and is read so since."""

from __future__ import annotations

from collections import Counter

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.answers.answering import answer
from aexdash.ask.reading import read
from tests.ask import blind
from tests.ask.asked import WRONG
from tests.ask.made import NOW


@pytest.mark.parametrize("name", blind.FIRST)
def test_each_question_of_a_file_has_a_first_outcome(name):
    first = {language: sum(count.values()) for language, count in blind.FIRST[name].items()}
    assert Counter(one.language for one in blind.questions(name)) == first


@pytest.mark.slow
@pytest.mark.parametrize("name", blind.FIRST)
def test_none_of_them_is_wrong_any_more(name, home, lexicon):
    wrong = [one.text for one in blind.questions(name) if blind.outcome(one, home.workspace, lexicon) == WRONG]
    assert wrong == []


READ = [
    # *In total* beside one number chooses nothing, with stores and divisions joined by *and* too.
    ("in total, how many listings are rejected", "listings status:rejected"),
    ("how many listings are rejected and in audit in total", "@held"),
    ("total listings in Madrid and Outlet", "@total by:store"),
    # A time right before asks for its own number; only *compared with* asks for both.
    ("rejections last week > and the week before?", 'moves:rejected period:"2026-11-09 to 2026-11-15"'),
    ("rejections yesterday > and the day before?", "moves:rejected period:2026-11-24"),
    ("rejections last week > and a year ago?", 'moves:rejected period:"2025-11-16 to 2025-11-22"'),
    ("held at the end of last week > and the week before?", "@held at:2026-11-15"),
    ("rejections last week > compared with the week before", 'moves:rejected period:"last week" compare:previous'),
    # *Compare A with B*: the first is counted.
    ("compare rejections this week with last week", 'moves:rejected period:"this week" compare:"last week"'),
    ("сравни отклонения этой недели с прошлой", 'moves:rejected period:"this week" compare:previous'),
    ("compara los rechazos de esta semana con la pasada", 'moves:rejected period:"this week" compare:previous'),
    ("本周新增被拒环比", 'moves:rejected period:"this week" compare:previous'),
    ("were there fewer rejections this week than last", 'moves:rejected period:"this week" compare:previous'),
    # Stopped is held by itself.
    ("how many are blocked", "@held"),
    ("审核中卡住的有多少", "listings mark:stuck/@stuck"),
    # Times.
    ("rejections per day for the last 14 days", 'moves:rejected period:"last 14 days" by:day'),
    ("rejections the week before last", 'moves:rejected period:"2026-11-09 to 2026-11-15"'),
    ("上上周新增被拒", 'moves:rejected period:"2026-11-09 to 2026-11-15"'),
    ("сколько отклонили в позапрошлом месяце", "moves:rejected period:2026-09"),
    ("rejections in October last year", "moves:rejected period:2025-10"),
    ("去年10月新增被拒", "moves:rejected period:2025-10"),
    ("rechazos del 9 de marzo de este año", "moves:rejected period:2026-03-09"),
    # *Newly* apart from its state, present and past of verbs, what they may be said with.
    ("昨天新增多少被拒", "moves:rejected period:yesterday"),
    ("сколько сейчас отклонено", "listings status:rejected"),
    ("how many did they reject yesterday", "moves:rejected period:yesterday"),
    ("cuántos rechazaron ayer", "moves:rejected period:yesterday"),
    ("сколько ушло на проверку вчера", "moves:auditing period:yesterday"),
    ("everything Ana has to fix", "listings owner:Ana lane:todo"),
    ("покажи самые старые отклонённые", "listings status:rejected order:oldest"),
    ("rejected with the most money at stake", "listings status:rejected order:money"),
    ("how long does it usually take until a listing clears", "@med"),
    # Kinds of failure of fresh.txt, in other words than there. Verbs of what stops listings, words drawn together:
    ("which reasons are blocking listings", "listings by:reason"),
    ("what's the number of held listings", "@held"),
    ("whats behind the jump yesterday", "causes:held period:yesterday"),
    # Words that say nothing: pronouns, *issue*, *one*.
    ("what is on his plate, Li Wei", 'listings owner:"Li Wei"'),
    ("held with a title issue", "listings reason:title"),
    ("the newest one rejected", "listings status:rejected order:newest limit:1"),
    # What a card is of, beside it; a phrase with two meanings beside one of them.
    ("on sale and at risk", "@risk"),
    ("median time to clear", "@med"),
    ("time to clear p90", "@p90"),
    ("mean quality score in Madrid", "@quality store:madrid"),
    ("how much are we losing in Madrid", "@money store:madrid"),
    ("how many products failed the feed", "@feed"),
    # What can be done is no order to do it; nor is what was done before.
    ("what can we resubmit in Madrid", "listings resubmit:ready store:madrid"),
    ("which came back rejected after fixing", "listings mark:regressed"),
    ("how many were rejected after we fixed them", "listings mark:regressed"),
    ("how many returned to sale yesterday", "moves:cleared period:yesterday"),
    # Chinese: what was done in a time, as in English; *and* between two times that are compared.
    ("昨天被驳回了几个", "moves:rejected period:yesterday"),
    ("上个月每天被拒绝多少", 'moves:rejected period:"last month" by:day'),
    ("为什么昨天被拒突然增多", "causes:rejected period:yesterday"),
    ("compare rejections in October and September", "moves:rejected period:October compare:September"),
    ("9月和10月新增被拒对比", "moves:rejected period:September compare:October"),
    ("rejections between 9 and 12 November compared with the week before last",
     'moves:rejected period:"9-12 November 2026" compare:"2026-11-09 to 2026-11-15"'),
    # Kinds of failure of last.txt: what asks for the reason, for how long, for the most of something.
    ("what is stopping our listings", "listings by:reason"),
    ("how long has the oldest listing been rejected", "@oldrej"),
    ("oldest rejection in Madrid", "@oldrej store:madrid"),
    ("snoozed, held for more than 5 days", "listings stage:snoozed age:5d"),
    ("审核最久的多久了", "@oldaud"),
    ("top 4 reasons of rejected listings", "listings status:rejected by:reason limit:4"),
    ("rejected for no known reason", "listings status:rejected reason:unknown"),
    ("which store has the most held listings", "@held by:store"),
    # Kinds of failure of visitor.txt, in other words than there: how long clearing takes, its unit, who took none,
    ("how long do rejections normally take to clear", "@med"),
    ("how many days does it usually take to get back on sale", "@med"),
    ("cuánto solemos tardar en recuperar un rechazo", "@med"),
    ("за сколько обычно возвращаем в продажу", "@med"),
    ("通常几天能恢复上架", "@med"),
    ("oldest audit in days", "@oldaud"),
    ("antigüedad del rechazo más viejo", "@oldrej"),
    ("最久的驳回几天了", "@oldrej"),
    ("rejections no one has picked up so far", "listings status:rejected stage:new"),
    ("отклонения, которые никто не взял", "listings status:rejected stage:new"),
    ("rechazos que nadie ha tocado", "listings status:rejected mark:untouched"),
    # what somebody marked, what came back, what the shop has already,
    ("how many has Ana marked as fixed", "listings owner:Ana stage:fixed"),
    ("сколько Li Wei отметил исправленными", 'listings owner:"Li Wei" stage:fixed'),
    ("li wei标记已修复的", 'listings owner:"Li Wei" stage:fixed'),
    ("which bounced back rejected twice", "listings mark:regressed"),
    ("改好了又被驳回的有多少", "listings mark:regressed"),
    ("corrected in our shop but not synced yet", "listings source:fixed"),
    ("исправлено в магазине, но не выгружено", "listings source:fixed"),
    ("arreglados en la tienda pero sin subir", "listings source:fixed"),
    ("源店已改但没同步的", "listings source:fixed"),
    # what is compared with so many before, or with yesterday, what is pending with somebody, and off the list.
    ("отклонено сегодня в сравнении со вчерашним днём", "moves:rejected period:today compare:yesterday"),
    ("hoy más rechazos que ayer", "moves:rejected period:today compare:yesterday"),
    ("hay más rechazados que ayer", "listings status:rejected compare:yesterday"),
    ("rejections in the last 7 days vs the 7 days before that", 'moves:rejected period:"last 7 days" compare:previous'),
    ("近7天驳回和前7天比", 'moves:rejected period:"last 7 days" compare:previous'),
    ("отказы за последние 7 дней против предыдущих 7", 'moves:rejected period:"last 7 days" compare:previous'),
    ("held compared with 7 days before", "@held compare:2026-11-19"),
    ("what is pending with Ana", "listings owner:Ana lane:todo"),
    ("dropped off the worklist last week", 'moves:left period:"last week"'),
    ("сколько выбыло из списка на прошлой неделе", 'moves:left period:"last week"'),
    ("отклоненых сколько", "listings status:rejected"),
    # Found wrong by hurry.txt: one word of two was left out.
    ("how long has the oldest one been in audit", "@oldaud"),
    ("how complete are our attributes", "@attr"),
    ("daily money held back", "@money"),
    ("which are still to be picked up", "listings stage:new"),
    ("за что отклонены", "listings status:rejected by:reason"),
    # Found wrong by hunting: what runs up to now was its first day, *all but* was those, and so on.
    ("rejections Monday until now", 'moves:rejected period:"since Monday"'),
    ("周一到现在被拒多少", 'moves:rejected period:"since Monday"'),
    ("rejections today up to now", "moves:rejected period:today"),
    ("everything rejected but Ana's", 'listings status:rejected owner:"Li Wei,-"'),
    ("all rejected listings but trademark", "listings status:rejected without:ip.trademark"),
    ("平台要处理多少", "listings lane:waiting"),
    ("retirados por infracción", "@down"),
    ("sort held by age", "listings order:oldest"),
    ('with title "red dress"', 'listings q:"red dress"'),
    ("which ones has Ana not fixed yet", "listings owner:Ana stage:new,taken,snoozed"),
    ("Ana's listings, fixed and rejected again", "listings owner:Ana mark:regressed"),
    ("rejections in October and November", 'moves:rejected period:"2026-10-01 to 2026-11-30"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_what_is_read_now(text, expected, home, lexicon):
    told = blind.told(text, home.workspace, lexicon)
    assert any(blind.is_read_as(told.question, one, home.workspace) for one in expected.split("/")), (
        told.question,
        told.refusal,
    )


REFUSED = [
    # Events that nobody counts were answered with what stood so at the end of the time.
    ("how many were taken down last week", Why.NOT_TOGETHER, ["card:aexdash_taken_down at:2026-11-22T23:59:59.999Z"]),
    ("昨天被下架多少", Why.NOT_TOGETHER, ["card:aexdash_taken_down at:2026-11-25T23:59:59.999Z"]),
    ("rejected listings fixed yesterday", Why.NOT_TOGETHER,
     ["done:fixed", "listings status:rejected stage:fixed at:2026-11-25T23:59:59.999Z"]),
    ("resubmitted yesterday", Why.NOT_TOGETHER, ["listings audit:resubmitted at:2026-11-25T23:59:59.999Z"]),
    ("how many got stuck yesterday", Why.NOT_TOGETHER, ["card:aexdash_stuck_in_audit at:2026-11-25T23:59:59.999Z"]),
    # The month before a week was the week before it.
    ("rejections last week compared with the month before", Why.AMBIGUOUS, []),
    ("rejections last week > and the month before?", Why.AMBIGUOUS, []),
    ("how many are held compared with the week before", Why.AMBIGUOUS, []),
    # Stopped in audit was all that is in audit.
    ("how many are blocked in review", Why.AMBIGUOUS, ["listings mark:stuck", "listings status:auditing"]),
    ("detenidos en revisión", Why.AMBIGUOUS, ["listings mark:stuck", "listings status:auditing"]),
    # How long it is was answered with how many there are.
    ("what's the longest anything has been in audit", Why.AMBIGUOUS,
     ["card:aexdash_oldest_auditing_days", "listings status:auditing limit:1"]),
    ("how long does it take until a listing clears", Why.AMBIGUOUS,
     ["card:aexdash_time_to_clear_median_days", "card:aexdash_time_to_clear_p90_days"]),
    # Why something else moved was answered with what goes with held listings.
    ("why were so many taken down yesterday", Why.NOT_TOGETHER, []),
    ("why did the quality score jump yesterday", Why.NOT_TOGETHER, []),
    ("why were there fewer rejections last week", Why.NOT_TOGETHER, []),
    ("were there fewer rejections this week", Why.INCOMPLETE, []),
    ("环比上周新增被拒", Why.INCOMPLETE, None),
    ("cuántos rechazarán", Why.FORECAST, []),
    # *The most* was left out in silence, and so was for whom it is that something waits.
    ("how many were rejected the most yesterday", Why.INCOMPLETE, []),
    ("is every one of all listings on sale", Why.NOT_UNDERSTOOD,
     ["card:aex_total_listings", "card:aex_active_listings"]),
    ("are all products rejected", Why.NOT_TOGETHER, ["card:aex_total_listings", "listings status:rejected"]),
    ("the worst rejected listings", Why.INCOMPLETE, []),
    # Rejected and in audit at once was all that is held; so was *we are reviewing the rejected ones*.
    ("rejected listings now in audit", Why.AMBIGUOUS, ["listings status:auditing audit:resubmitted",
     "listings status:rejected", "listings status:auditing", "listings"]),
    ("we are reviewing the rejected listings, how many", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    # *After the fix* is not *rejected after the fix*, and what should be done by a day was not done then.
    ("how many are held after the fix", Why.ORDER, []),
    ("después de corregir, cuántos siguen retenidos", Why.NOT_UNDERSTOOD, ["card:aex_rejected_auditing_listings"]),
    ("should be fixed by Friday", Why.NOT_UNDERSTOOD, []),
    ("what is waiting for Ana", Why.AMBIGUOUS, ["listings owner:Ana lane:todo", "listings owner:Ana lane:waiting"]),
    # What can mean two things keeps asking, and what is offered has the store and the division that were said.
    ("昨天被拒的商品", Why.AMBIGUOUS, ["moves:rejected", "listings status:rejected at:2026-11-25T23:59:59.999Z"]),
    ("what's the longest anything in Madrid has been rejected", Why.AMBIGUOUS,
     ["card:aexdash_oldest_rejected_days store:madrid", "listings store:madrid status:rejected limit:1"]),
    ("rejections by category", Why.INCOMPLETE,
     ["moves:rejected", "card:aex_rejected_listings_24h", "listings status:rejected by:category"]),
    ("which of them can I not resubmit", Why.ORDER, []),
    ("resubmit what can be resubmitted", Why.ORDER, []),
    ("how many were held on Black Friday", Why.NOT_UNDERSTOOD,
     ["card:aex_rejected_auditing_listings at:2026-11-20T23:59:59.999Z"]),
    ("сколько ещё отклонят", Why.FORECAST, []),
    # Found beside the questions of stranger.txt. Money of the listings that are stuck was that of all that are held,
    ("money held back by stuck listings", Why.NOT_TOGETHER, ["card:aexdash_money_held_back", "listings mark:stuck"]),
    ("how much money is in stuck listings", Why.NOT_TOGETHER, ["card:aexdash_money_held_back", "listings mark:stuck"]),
    ("dinero retenido en productos atascados", Why.NOT_TOGETHER,
     ["card:aexdash_money_held_back", "listings mark:stuck"]),
    # how long a listing is held was told as how long it is snoozed, stuck or taken,
    ("snoozed for more than 5 days", Why.AMBIGUOUS, ["listings stage:snoozed age:5d"]),
    ("stuck for more than 5 days", Why.AMBIGUOUS,
     ["listings status:auditing in_status:5d", "listings in_status:5d mark:stuck"]),
    ("taken longer than a week", Why.AMBIGUOUS, ["listings stage:taken age:7d"]),
    # and the age of one listing was answered with how many there are.
    ("oldest rejection owned by Ana", Why.AMBIGUOUS,
     ["listings status:rejected owner:Ana limit:1", "card:aexdash_oldest_rejected_days"]),
    ("show the oldest rejection owned by Ana", Why.AMBIGUOUS,
     ["listings status:rejected owner:Ana limit:1", "card:aexdash_oldest_rejected_days"]),
    ("who has the oldest rejection", Why.NOT_TOGETHER, ["card:aexdash_oldest_rejected_days"]),
    ("oldest in audit by owner", Why.NOT_TOGETHER, ["card:aexdash_oldest_auditing_days"]),
    ("审核最久的商标商品", Why.AMBIGUOUS,
     ["listings status:auditing reason:ip.trademark limit:1", "card:aexdash_oldest_auditing_days"]),
    ("el rechazo más antiguo de Ana", Why.AMBIGUOUS,
     ["listings status:rejected owner:Ana limit:1", "card:aexdash_oldest_rejected_days"]),
    # The wrong one of passerby.txt: two numbers, of which one was taken to say nothing beside the other.
    ("total and active listings", Why.AMBIGUOUS, ["card:aex_total_listings", "card:aex_active_listings"]),
    ("在售商品数和总商品数", Why.AMBIGUOUS, ["card:aex_total_listings", "card:aex_active_listings"]),
    ("total listings and rejected listings", Why.AMBIGUOUS, ["card:aex_total_listings", "listings status:rejected"]),
    ("сколько всего товаров и сколько в продаже", Why.AMBIGUOUS,
     ["card:aex_total_listings", "card:aex_active_listings"]),
    ("cuántos productos hay en total y cuántos a la venta", Why.AMBIGUOUS,
     ["card:aex_total_listings", "card:aex_active_listings"]),
    ("held listings and money held back", Why.AMBIGUOUS,
     ["card:aexdash_money_held_back", "card:aex_rejected_auditing_listings"]),
    # Two numbers, or two times, are offered each.
    ("entered vs left last week", Why.NOT_TOGETHER, ["moves:entered", "moves:left"]),
    ("rejected vs cleared last week", Why.NOT_TOGETHER, ["moves:rejected", "moves:cleared"]),
    ("cuántos entraron ayer y cuántos salieron", Why.NOT_TOGETHER, ["moves:entered", "moves:left"]),
    ("上周新增和恢复各多少", Why.NOT_TOGETHER, ["moves:entered", "moves:cleared"]),
    ("rejections in October, and in September", Why.AMBIGUOUS, ["moves:rejected", "moves:rejected"]),
    ("rejections compared with last week", Why.INCOMPLETE,
     ["moves:rejected", 'card:aex_rejected_listings_24h compare:"2026-11-16 to 2026-11-22"',
      'listings status:rejected compare:"2026-11-16 to 2026-11-22"']),
    ("pendientes", Why.AMBIGUOUS, ["listings lane:todo", "listings lane:waiting", "listings status:auditing"]),
    # What a word means depends on others that are not there; a name may be another's.
    ("clear the oldest rejected ones", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("usually rejected", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("rejected but not pushed", Why.NOT_UNDERSTOOD, ["listings status:rejected"]),
    ("rejections last week in days", Why.NOT_UNDERSTOOD, []),
    ("rejections last week compared with the 5 before", Why.AMBIGUOUS, []),
    ("anas listings", Why.NOT_UNDERSTOOD, ["listings owner:Ana"]),
    ("how many did Ana resubmit", Why.NOT_KNOWN, []),
    ("把被拒的分给Ana", Why.ORDER, []),
    # Found by hunting: two times that do not follow one another were all between them, *by Monday* was on that day.
    ("rejections in March and October", Why.AMBIGUOUS, ["moves:rejected", "moves:rejected"]),
    ("rechazos en marzo y octubre", Why.AMBIGUOUS, ["moves:rejected", "moves:rejected"]),
    ("rejections 9 and 12 November", Why.NOT_UNDERSTOOD, None),
    ("rejections by Monday", Why.NOT_UNDERSTOOD, []),
    ("not fixed by Ana", Why.NOT_UNDERSTOOD, []),
    ("how many listings have complete attributes", Why.AMBIGUOUS, ["card:aex_required_attribute_completeness"]),
    ("rejected listings by store, reason and owner", Why.NOT_TOGETHER,
     ["listings status:rejected by:store", "listings status:rejected by:reason", "listings status:rejected by:owner"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why", "choices"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_is_refused_now(text, why, choices, home, lexicon):
    found, offered = blind.refused(text, home.workspace, lexicon)
    assert found is why
    if choices is not None:
        assert offered == choices


MEANT = [
    # Where the money is stuck, no listing is chosen by it.
    ("how much money is stuck in held listings", "stuck", "held back"),
    ("how much money do we have stuck", "stuck", "held back"),
    # Waiting for 5 days is not known, and held for 5 days is what was counted.
    ("waiting for AliExpress longer than 5 days", "longer than 5 days", "held at least 5 days"),
    ("等待速卖通超过5天", "超过5天", "held at least 5 days"),
    # What was not divided by day, and no total, were said to be.
    ("how much money are we losing a day", "a day", "of a day, as it is"),
    ("сколько всего товаров в продаже", "всего товаров", "all of them"),
    # What divides, orders and compares says so too.
    ("rejected listings by reason", "by reason", "divided by reason"),
    ("отклонённые по категориям", "по категориям", "divided by category"),
    ("rejected listings now, oldest first", "oldest first", "longest held first"),
    ("rejected listings now, oldest first", "now", "now"),
    ("oldest rejected listings", "oldest rejected", "rejected, longest held first"),
    ("show the oldest rejected", "oldest rejected", "rejected"),
    ("rejections last week compared with the week before", "the week before", "compared with before"),
    ("rejections last 7 days vs the 7 before", "the 7 before", "compared with before"),
    ("oldest rejection in days", "in days", "in days, as it is told"),
    ("why are they held", "why are they held", "divided by reason"),
]


@pytest.mark.parametrize(("text", "words", "meaning"), MEANT, ids=[text for text, *_ in MEANT])
def test_a_word_is_said_to_be_what_it_counted(text, words, meaning, home, lexicon):
    told = {one.words: one.meaning for one in blind.told(text, home.workspace, lexicon).question.read}
    assert told[words] == meaning


def test_no_choice_is_offered_that_would_be_refused(home, lexicon):
    told = read("held listings owned by Ana last week", home.workspace, lexicon, NOW)
    assert [one.words.split()[0] for one in told.refusal.choices] == ["listings"]


def test_a_word_that_is_known_only_beside_others_offers_these(home, lexicon):
    told = read("rejected until Friday", home.workspace, lexicon, NOW)
    assert told.refusal.nearest
    assert all("until" in one and one != "until" for one in told.refusal.nearest)


@pytest.mark.slow
def test_an_answer_about_causes_leads_to_the_page_of_the_movement(home, lexicon):
    told = read("why so many rejections in Madrid last week", home.workspace, lexicon, NOW)
    given = answer(told.question, home.workspace, NOW)
    assert given.link == (
        "causes?store=madrid&what=rejected&after=2026-11-15T23%3A59%3A59.999Z&until=2026-11-22T23%3A59%3A59.999Z"
        "&about=card"
    )


def test_what_is_not_understood_is_named_and_the_rest_is_offered_and_not_answered(home, lexicon):
    told = read("rejected listings in Madrid cheaper than 5", home.workspace, lexicon, NOW)
    assert told.question is None
    assert "'cheaper'" in told.refusal.sentence
    assert told.refusal.sentence.endswith("Without them this can be asked.") or not told.refusal.choices
    without = read("rejected listings in Madrid of the flibber kind", home.workspace, lexicon, NOW)
    assert [one.words for one in without.refusal.choices] == ["listings store:madrid status:rejected"]
