"""Every form of a period in four languages, from a Thursday: half-open spans of the zone, and the words they took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aexdash.ask.language.text import fold, tidy
from aexdash.ask.language.times.periods import earlier, find, phrase, year_before
from aexdash.ask.question import Period
from aexdash.clock import TICK

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
"""The Thursday on which the date libraries of others were tried."""


def said(text, now=NOW, zone=UTC):
    return find(fold(tidy(text)), now, zone)


def days(first, last):
    """The half-open span from the begin of a day to the end of another."""
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
    return Period(start, end + timedelta(days=1))


def spans(text, **given):
    return [[(one.start, one.end) for one in found.readings] for found in said(text, **given)]


ONE_READING = [
    ("last week", "2026-03-02", "2026-03-08"),
    ("on the 10th", "2026-03-10", "2026-03-10"),
    ("on the 20th", "2026-02-20", "2026-02-20"),
    ("20-го числа", "2026-02-20", "2026-02-20"),
    ("el dia 20", "2026-02-20", "2026-02-20"),
    ("20号", "2026-02-20", "2026-02-20"),
    ("from the 2nd to the 9th", "2026-03-02", "2026-03-09"),
    ("in the first half of February", "2026-02-01", "2026-02-15"),
    ("second half of February 2026", "2026-02-16", "2026-02-28"),
    ("в первой половине февраля", "2026-02-01", "2026-02-15"),
    ("primera quincena de febrero", "2026-02-01", "2026-02-15"),
    ("2月下半月", "2026-02-16", "2026-02-28"),
    ("over the weekend", "2026-03-07", "2026-03-08"),
    ("на выходных", "2026-03-07", "2026-03-08"),
    ("yesterday's", "2026-03-11", "2026-03-11"),
    ("last week's", "2026-03-02", "2026-03-08"),
    ("the previous week", "2026-03-02", "2026-03-08"),
    ("last 7 days", "2026-03-05", "2026-03-11"),
    ("past seven days", "2026-03-05", "2026-03-11"),
    ("last 2 weeks", "2026-02-23", "2026-03-08"),
    ("last month", "2026-02-01", "2026-02-28"),
    ("last 3 months", "2025-12-01", "2026-02-28"),
    ("this week", "2026-03-09", "2026-03-15"),
    ("this quarter", "2026-01-01", "2026-03-31"),
    ("last quarter", "2025-10-01", "2025-12-31"),
    ("last year", "2025-01-01", "2025-12-31"),
    ("today", "2026-03-12", "2026-03-12"),
    ("yesterday", "2026-03-11", "2026-03-11"),
    ("the day before yesterday", "2026-03-10", "2026-03-10"),
    ("3 days ago", "2026-03-09", "2026-03-09"),
    ("a week ago", "2026-03-05", "2026-03-05"),
    ("on Monday", "2026-03-09", "2026-03-09"),
    ("friday", "2026-03-06", "2026-03-06"),
    ("9-11 March 2026", "2026-03-09", "2026-03-11"),
    ("9 to 11 March", "2026-03-09", "2026-03-11"),
    ("March 9–11, 2026".replace(",", ""), "2026-03-09", "2026-03-11"),
    ("from 9 March to 11 March", "2026-03-09", "2026-03-11"),
    ("between 2026-03-01 and 2026-03-05", "2026-03-01", "2026-03-05"),
    ("from february 20 to march 3 2026", "2026-02-20", "2026-03-03"),
    ("Monday to Wednesday", "2026-03-09", "2026-03-11"),
    ("9 March", "2026-03-09", "2026-03-09"),
    ("March 9th", "2026-03-09", "2026-03-09"),
    ("9 april", "2025-04-09", "2025-04-09"),
    ("march 2026", "2026-03-01", "2026-03-31"),
    ("in december", "2025-12-01", "2025-12-31"),
    ("in may", "2025-05-01", "2025-05-31"),
    ("Q4 2025", "2025-10-01", "2025-12-31"),
    ("q1", "2026-01-01", "2026-03-31"),
    ("in 2025", "2025-01-01", "2025-12-31"),
    ("2026-03-09", "2026-03-09", "2026-03-09"),
    ("2026-02", "2026-02-01", "2026-02-28"),
    ("on 13/02/2026", "2026-02-13", "2026-02-13"),
    ("09.03.2026", "2026-03-09", "2026-03-09"),
    ("on 9.03", "2026-03-09", "2026-03-09"),
    ("13.02", "2026-02-13", "2026-02-13"),
    ("2.13", "2026-02-13", "2026-02-13"),
    ("the last day of february", "2026-02-28", "2026-02-28"),
    ("on the first day of this month", "2026-03-01", "2026-03-01"),
    ("the last 3 days of february", "2026-02-26", "2026-02-28"),
    ("в последний день февраля", "2026-02-28", "2026-02-28"),
    ("во второй декаде февраля", "2026-02-11", "2026-02-20"),
    ("los últimos 3 días de febrero", "2026-02-26", "2026-02-28"),
    ("上个月最后一天", "2026-02-28", "2026-02-28"),
    ("2月下旬", "2026-02-21", "2026-02-28"),
    ("本月前3天", "2026-03-01", "2026-03-03"),
    ("这一周", "2026-03-09", "2026-03-15"),
    ("双十一", "2025-11-11", "2025-11-11"),
    ("上周", "2026-03-02", "2026-03-08"),
    ("上个星期", "2026-03-02", "2026-03-08"),
    ("过去7天", "2026-03-05", "2026-03-11"),
    ("最近三天", "2026-03-09", "2026-03-11"),
    ("上个月", "2026-02-01", "2026-02-28"),
    ("本月", "2026-03-01", "2026-03-31"),
    ("昨天", "2026-03-11", "2026-03-11"),
    ("前天", "2026-03-10", "2026-03-10"),
    ("三天前", "2026-03-09", "2026-03-09"),
    ("3月9日", "2026-03-09", "2026-03-09"),
    ("2026年3月9日至11日", "2026-03-09", "2026-03-11"),
    ("2026年2月", "2026-02-01", "2026-02-28"),
    ("上周一", "2026-03-02", "2026-03-02"),
    ("周一到周三", "2026-03-09", "2026-03-11"),
    ("去年", "2025-01-01", "2025-12-31"),
    ("第四季度", "2025-10-01", "2025-12-31"),
    ("上季度", "2025-10-01", "2025-12-31"),
    ("на прошлой неделе", "2026-03-02", "2026-03-08"),
    ("за последние 7 дней", "2026-03-05", "2026-03-11"),
    ("в прошлом месяце", "2026-02-01", "2026-02-28"),
    ("на этой неделе", "2026-03-09", "2026-03-15"),
    ("вчера", "2026-03-11", "2026-03-11"),
    ("с 9 по 11 марта 2026 года", "2026-03-09", "2026-03-11"),
    ("9 марта", "2026-03-09", "2026-03-09"),
    ("в феврале", "2026-02-01", "2026-02-28"),
    ("в понедельник", "2026-03-09", "2026-03-09"),
    ("3 дня назад", "2026-03-09", "2026-03-09"),
    ("в четвертом квартале 2025", "2025-10-01", "2025-12-31"),
    ("la semana pasada", "2026-03-02", "2026-03-08"),
    ("los últimos 7 días", "2026-03-05", "2026-03-11"),
    ("el mes pasado", "2026-02-01", "2026-02-28"),
    ("este mes", "2026-03-01", "2026-03-31"),
    ("ayer", "2026-03-11", "2026-03-11"),
    ("del 9 al 11 de marzo de 2026", "2026-03-09", "2026-03-11"),
    ("el 9 de marzo", "2026-03-09", "2026-03-09"),
    ("hace 3 días", "2026-03-09", "2026-03-09"),
    ("en febrero de 2026", "2026-02-01", "2026-02-28"),
    ("el lunes", "2026-03-09", "2026-03-09"),
]


@pytest.mark.parametrize(("text", "first", "last"), ONE_READING, ids=[one[0] for one in ONE_READING])
def test_a_period_is_a_half_open_span(text, first, last):
    found = said(f"how many were rejected {text}?")
    assert [(one.start, one.end) for one in found[0].readings] == [(days(first, last).start, days(first, last).end)]
    assert len(found) == 1


@pytest.mark.parametrize(
    "text", ["since Monday", "с понедельника", "desde el lunes", "自周一以来", "周一至今", "since 9 march"]
)
def test_since_runs_up_to_now(text):
    assert spans(text) == [[(datetime(2026, 3, 9, tzinfo=UTC), NOW + TICK)]]


@pytest.mark.parametrize("text", ["last 24 hours", "24h", "за последние 24 часа", "últimas 24 horas", "最近24小时"])
def test_hours_end_now(text):
    assert spans(text) == [[(NOW - timedelta(hours=24), NOW + TICK)]]


TWO_READINGS = [
    ("09/03", [days("2026-03-09", "2026-03-09"), days("2025-09-03", "2025-09-03")]),
    ("09/03/2025", [days("2025-03-09", "2025-03-09"), days("2025-09-03", "2025-09-03")]),
    ("02/01 - 03/01", [days("2026-01-02", "2026-01-03"), days("2026-02-01", "2026-03-01")]),
    ("the first week of february", [days("2026-02-01", "2026-02-07"), days("2026-02-02", "2026-02-08")]),
    ("in the last week of february", [days("2026-02-22", "2026-02-28"), days("2026-02-16", "2026-02-22")]),
    ("past week", [days("2026-03-02", "2026-03-08"), days("2026-03-05", "2026-03-11")]),
    ("за последнюю неделю", [days("2026-03-02", "2026-03-08"), days("2026-03-05", "2026-03-11")]),
    ("la última semana", [days("2026-03-02", "2026-03-08"), days("2026-03-05", "2026-03-11")]),
    ("最近一周", [days("2026-03-02", "2026-03-08"), days("2026-03-05", "2026-03-11")]),
    ("last Monday", [days("2026-03-09", "2026-03-09"), days("2026-03-02", "2026-03-02")]),
    ("on thursday", [days("2026-03-12", "2026-03-12"), days("2026-03-05", "2026-03-05")]),
]


@pytest.mark.parametrize(("text", "readings"), TWO_READINGS, ids=[one[0] for one in TWO_READINGS])
def test_what_nobody_can_know_has_two_readings(text, readings):
    assert spans(text) == [[(one.start, one.end) for one in readings]]


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "next week", "9 April 2027", "in 3 days", "明天", "下周", "завтра", "на следующей неделе", "mañana"],
)
def test_a_future_period_is_known_as_one(text):
    assert [found.future for found in said(text)] == [True]
    assert said(text)[0].readings == ()


@pytest.mark.parametrize(
    "text",
    ["how many may sell", "the second listing", "80 % of 45", "top 10", "30 February", "32/13", "с фото", "以上"],
)
def test_other_words_are_no_period(text):
    assert said(text) == []


def test_a_moment_and_the_edges_of_a_period():
    assert [(one.edge, one.readings[0].start) for one in said("on 9 March at 12:30")] == [
        ("moment", datetime(2026, 3, 9, 12, 30, tzinfo=UTC))
    ]
    assert [one.edge for one in said("at the end of last week")] == ["end"]
    assert [one.edge for one in said("上月底")] == ["end"]
    assert [one.edge for one in said("at the beginning of March")] == ["start"]


def test_two_periods_stand_beside_each_other():
    assert [one.readings[0].label for one in said("last week compared with last month")] == ["last week", "last month"]


def test_days_are_those_of_the_zone():
    shanghai = ZoneInfo("Asia/Shanghai")
    late = datetime(2026, 3, 11, 20, tzinfo=UTC)  # 12 March 04:00 there
    assert spans("yesterday", now=late, zone=shanghai) == [
        [(datetime(2026, 3, 10, 16, tzinfo=UTC), datetime(2026, 3, 11, 16, tzinfo=UTC))]
    ]


def test_a_day_without_an_hour_is_that_long():
    madrid = ZoneInfo("Europe/Madrid")
    ((start, end),) = spans("29 march 2026", now=datetime(2026, 5, 1, tzinfo=UTC), zone=madrid)[0]
    assert end - start == timedelta(hours=23)


def test_the_span_before():
    assert earlier(days("2026-03-01", "2026-03-31"), UTC) == days("2026-02-01", "2026-02-28")
    assert earlier(days("2026-03-02", "2026-03-08"), UTC) == days("2026-02-23", "2026-03-01")
    assert year_before(datetime(2024, 2, 29, 5, tzinfo=UTC), UTC) == datetime(2023, 2, 28, 5, tzinfo=UTC)


@pytest.mark.parametrize(("text", "first", "last"), ONE_READING[::7], ids=[one[0] for one in ONE_READING[::7]])
def test_a_period_is_written_so_that_it_is_read_as_itself(text, first, last):
    period = days(first, last)
    later = NOW + timedelta(days=400)
    assert spans(phrase(period, UTC), now=later) == [[(period.start, period.end)]]
    hours = Period(NOW - timedelta(hours=24), NOW)
    assert spans(phrase(hours, UTC), now=later) == [[(hours.start, hours.end)]]


MOMENTS = [
    ("at noon yesterday", "2026-03-11T12:00"),
    ("yesterday at 14:30", "2026-03-11T14:30"),
    ("at 2 pm on Monday", "2026-03-09T14:00"),
    ("8am today", "2026-03-12T08:00"),
    ("at noon", "2026-03-11T12:00"),
    ("at 9:15", "2026-03-12T09:15"),
    ("6 hours ago", "2026-03-12T04:00"),
    ("вчера в полдень", "2026-03-11T12:00"),
    ("вчера в 15 часов", "2026-03-11T15:00"),
    ("в 9 утра в понедельник", "2026-03-09T09:00"),
    ("в 3 часа дня вчера", "2026-03-11T15:00"),
    ("ayer a mediodía", "2026-03-11T12:00"),
    ("ayer a las 14:30", "2026-03-11T14:30"),
    ("ayer a las 3 de la tarde", "2026-03-11T15:00"),
    ("昨天中午", "2026-03-11T12:00"),
    ("前天下午3点", "2026-03-10T15:00"),
    ("昨天上午九点半", "2026-03-11T09:30"),
]


@pytest.mark.parametrize(("text", "at"), MOMENTS, ids=[one[0] for one in MOMENTS])
def test_a_time_of_day_is_a_moment(text, at):
    (found,) = said(f"how many were held {text}?")
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert [(one.start, one.end) for one in found.readings] == [(moment, moment + TICK)]
    assert found.edge == "moment"


HOURS = [
    ("this morning", "2026-03-12T00:00", "2026-03-12T12:00"),
    ("yesterday morning", "2026-03-11T00:00", "2026-03-11T12:00"),
    ("on Monday afternoon", "2026-03-09T12:00", "2026-03-09T18:00"),
    ("between 9:00 and 17:00 yesterday", "2026-03-11T09:00", "2026-03-11T17:00"),
    ("yesterday from 9am to 5pm", "2026-03-11T09:00", "2026-03-11T17:00"),
    ("from 9 March 9:00 to 10 March 17:00", "2026-03-09T09:00", "2026-03-10T17:00"),
    ("since noon yesterday", "2026-03-11T12:00", "2026-03-12T10:00:00.001"),
    ("since 8:30", "2026-03-12T08:30", "2026-03-12T10:00:00.001"),
    ("сегодня утром", "2026-03-12T00:00", "2026-03-12T12:00"),
    ("с полудня вчера", "2026-03-11T12:00", "2026-03-12T10:00:00.001"),
    ("esta mañana", "2026-03-12T00:00", "2026-03-12T12:00"),
    ("ayer por la tarde", "2026-03-11T12:00", "2026-03-11T18:00"),
    ("今天上午", "2026-03-12T00:00", "2026-03-12T12:00"),
]


@pytest.mark.parametrize(("text", "first", "after"), HOURS, ids=[one[0] for one in HOURS])
def test_hours_of_a_day_are_a_span(text, first, after):
    (found,) = said(f"how many were rejected {text}?")
    start, end = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (first, after))
    assert [(one.start, one.end) for one in found.readings] == [(start, end)]
    assert found.edge == ""


def test_midnight_of_a_day_and_an_hour_of_a_short_clock_are_two_moments():
    midnight = [one.start for one in said("held at midnight on Monday")[0].readings]
    assert midnight == [datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)]
    three = [one.start.hour for one in said("cuántos había ayer a las 3")[0].readings]
    assert three == [3, 15]


@pytest.mark.parametrize("text", ["90th percentile", "the 31st of", "16:9", "25:00", "top 20", "近3日", "3 of 20"])
def test_a_number_is_no_time(text):
    assert said(text) == [] or text == "the 31st of"


def test_hours_are_those_of_the_zone():
    (found,) = said("at noon yesterday", zone=ZoneInfo("Europe/Madrid"))
    assert found.readings[0].start == datetime(2026, 3, 11, 11, tzinfo=UTC)


def test_the_other_half_is_of_the_month_that_was_named():
    first, second = said("first half of february against the second half")
    assert (first.readings[0].end, second.readings[0].end) == (
        datetime(2026, 2, 16, tzinfo=UTC),
        datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
def test_before_last_week_is_before_that_week_and_not_a_week_of_its_own(unit):
    (last,) = said(f"last {unit}")
    (named,) = said(f"before last {unit}")
    (earlier_one,) = said(f"the {unit} before last")
    assert named.readings == last.readings
    assert earlier_one.readings[0].end == last.readings[0].start
