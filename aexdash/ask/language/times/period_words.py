"""The words for times in English, Chinese, Russian and Spanish, and which letter stands for each in `periods.py`.

Patterns are regular expressions on folded text (`text.fold`): lower case, no accents on Latin letters, `е` for `ё`.
Those of languages that write spaces begin and end where words do, those of Chinese anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from aexdash.ask.language.times import part_words, times_of_day

_HAN = "㐀-鿿"
_BEGIN, _END = rf"(?<![^\W{_HAN}])", rf"(?![^\W{_HAN}])"

NUMBERS = {
    1: r"one|одн[уаио]\w*|an?(?= (?:day|week|month|year) ago)|(?<=hace )una?",
    2: "two|дв(?:а|е|ух)|dos",
    3: "three|тр(?:и|ех)|tres",
    4: "four|четыр(?:е|ех)|cuatro",
    5: "five|пят[ьи]|cinco",
    6: "six|шест[ьи]|seis",
    7: "seven|сем[ьи]|siete",
    8: "eight|вос(?:емь|ьми)|ocho",
    9: "nine|девят[ьи]|nueve",
    10: "ten|десят[ьи]|diez",
    12: "twelve|двенадцать|doce",
    14: "fourteen|четырнадцать|catorce",
    30: "thirty|тридцать|treinta",
}

NUMBERS_ZH = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

MONTHS = (
    r"january|jan|январ(?:[ьяею]|ем)|январск\w+|янв|enero|ene",
    r"february|feb|феврал(?:[ьяею]|ем)|февральск\w+|фев|febrero",
    r"march|март(?:[аеу]|ом)?|мартовск\w+|marzo",
    r"april|apr|апрел(?:[ьяею]|ем)|апрельск\w+|апр|abril|abr",
    r"ма(?:[йяею]|ем)|майск\w+|mayo",
    r"june|jun|июн(?:[ьяею]|ем)|июньск\w+|junio",
    r"july|jul|июл(?:[ьяею]|ем)|июльск\w+|julio",
    r"august|aug|август(?:[аеу]|ом)?|августовск\w+|авг|agosto",
    r"september|sept|сентябр(?:[ьяею]|ем)|сентябрьск\w+|сент|sep|septiembre|setiembre",
    r"october|октябр(?:[ьяею]|ем)|октябрьск\w+|окт|oct|octubre",
    r"november|nov|ноябр(?:[ьяею]|ем)|ноябрьск\w+|ноя|noviembre",
    r"december|декабр(?:[ьяею]|ем)|декабрьск\w+|дек|dec|diciembre|dic",
)

WEAK_MONTHS = {3: "mar|мар", 5: "may"}
"""Words that are a month only beside a day or a year, or behind such a word as *in*: `how many may sell`."""

WEEKDAYS = (
    "monday|mon|понедельник(?:[ауе]|ом)?|lunes",
    "tuesday|tues?|вторник(?:[ауе]|ом)?|martes",
    "wednesday|wed|сред(?:[ауые]|ой)|miercoles",
    "thursday|thurs?|четверг(?:[ауе]|ом)?|jueves",
    "friday|fri|пятниц(?:[ауые]|ей)|viernes",
    "saturday|суббот(?:[ауые]|ой)|sabado",
    "sunday|воскресень(?:[еяю]|ем)|domingo",
)

UNITS = {
    "hour": ("hours?|hrs?|h|час(?:а|ов|ам|ами|ах)?|horas?", "个?小时"),
    "day": ("days?|день|дня|дней|днями|дням|днях|сутки|суток|dias?", "天"),
    "week": ("weeks?|wks?|недел(?:[яьюие]|ей|ям|ями|ях)|semanas?", "周|个?星期|个?礼拜"),
    "month": ("months?|mths?|mnths?|месяц(?:а|ев|е|ем|у|ам|ами|ах)?|mes(?:es)?", "个?月"),
    "quarter": ("quarters?|квартал(?:а|ов|е|ом|у|ам|ами|ах)?|trimestres?", "个?季度"),
    "year": ("years?|год(?:а|у|ом|е)?|anos?", "年"),
}

_BEHIND_UNIT = f"(?:{'|'.join(f'(?<={unit} )' for unit in ('week', 'month', 'quarter', 'year'))})"
"""*the week before last* is one time; *before last week* is whatever was earlier than another."""

TO_DATE = {
    "week": r"\b(?:wtd|week to date)\b|\ben lo que va de (?:la )?semana\b|周初(?:至今|以来|到现在)",
    "month": r"\b(?:mtd|month to date)\b|\ben lo que va del? mes\b|月初(?:至今|以来|到现在)",
    "quarter": r"\b(?:qtd|quarter to date)\b|\ben lo que va del? trimestre\b|季度初(?:至今|以来|到现在)",
    "year": r"\b(?:ytd|year to date)\b|\ben lo que va del? ano\b|年初(?:至今|以来|到现在)",
}
"""A unit from its beginning up to now."""

_UP_TO_NOW = (
    r"onwards?|(?:up )?(?:to|until|till|through) (?:now|date|the present)|по (?:сейчас|сей день|сегодня)"
    r"|до (?:сих пор|сейчас|настоящего момента)|hasta (?:ahora|hoy|el momento|la fecha)|a la fecha"
)
"""What says behind a time that it runs up to now: *Monday until now*."""

_WITH = (
    r"(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр|ма)ем|мартом|августом|годом|месяцем|кварталом|недел(?:ей|ями)"
    r"|понедельником|вторником|средой|четвергом|пятницей|субботой|воскресеньем|выходными|днем"
)
_NOT_WITH = (
    r"(?<!сравнению с)(?<!сравнению со)(?<!сравнении с)(?<!сравнении со)"
    rf"(?! (?:(?:\d+|[а-я]+(?:[иы]м|[ое]й)) ){{0,2}}(?:{_WITH})(?!\w))"
)
"""What *с* stands before where it is *since*: in *сравни с октябрём* it is *with*."""

_OF_UNIT = "(?=周|星期|礼拜|月|季度|年)"

QUARTERS = {
    1: ("q1|first quarter|1st quarter|перв(?:ый|ом) квартале?|1(?:-[йм])? квартале?|primer trimestre", "第?一季度"),
    2: ("q2|second quarter|2nd quarter|втор(?:ой|ом) квартале?|2(?:-[йм])? квартале?|segundo trimestre", "第?二季度"),
    3: ("q3|third quarter|3rd quarter|трет(?:ий|ьем) квартале?|3(?:-[йм])? квартале?|tercer trimestre", "第?三季度"),
    4: (
        "q4|fourth quarter|4th quarter|четверт(?:ый|ом) квартале?|4(?:-[йм])? квартале?|cuarto trimestre",
        "第?四季度",
    ),
}


HALVES = (
    r"(?:the )?(?:first|1st) half|перв(?:ая|ой|ую) половин[аеуы]|(?:la )?primera (?:mitad|quincena)|上半月",
    r"(?:the )?(?:second|2nd|last) half|втор(?:ая|ой|ую) половин[аеуы]|(?:la )?segunda (?:mitad|quincena)|下半月",
)
"""The two halves of a month."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A word for a time: its letter, value, place in the text, itself, and the words such as *in* that lead it."""

    code: str
    value: object
    start: int
    stop: int
    led: bool = False
    said: str = ""
    lead: str = ""


AND = "and"
"""The value of a word between two times that may also name them one by one: *compare October and November*."""

_MEASURED = r"days?\b|hours?\b|h\b|weeks?\b|дн|час|недел|проц|dias?\b|horas?\b|天|小时|倍|万|个|分|k\b|usd|eur|[$€¥]"
"""Behind a number with a dot it says that it is no day: *12.5 days*."""

Value = Callable[[re.Match[str]], object]


def _spaced(pattern: str) -> str:
    """Return a pattern of whole words; *yesterday's* is *yesterday*."""
    return rf"{_BEGIN}(?:{pattern})(?:['’]s)?{_END}"


def _table() -> Iterator[tuple[str, str, Value]]:
    """Yield the letter, the pattern and the value of every word; of two that fit at a place the first is taken."""
    yield "K", r"(?:19|20)\d\d-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?", lambda m: m[0]
    yield "I", r"(?:19|20)\d\d[-/]\d\d?[-/]\d\d?(?!\d)", lambda m: tuple(map(int, re.split("[-/]", m[0])))
    yield "J", r"(?:19|20)\d\d-\d\d(?![-\d])", lambda m: tuple(map(int, m[0].split("-")))
    yield "X", r"(?<!\d)\d{1,2}/\d{1,2}(?:/(?:19|20)\d\d)?(?!\d)", lambda m: tuple(map(int, m[0].split("/")))
    yield (
        "V",
        rf"(?<![\d.])\d{{1,2}}\.\d{{1,2}}(?:\.(?:19|20)\d\d)?(?!\d|\.\d| ?(?:%|{_MEASURED}))",
        lambda m: tuple(map(int, m[0].split("."))),
    )
    yield (
        "X",
        r"双(?:11|十一)(?!月)|双(?:12|十二)(?!月)",
        lambda m: (11, 11) if m[0][1:] in ("11", "十一") else (12, 12),
    )
    for pattern, times in times_of_day.TABLE:
        yield "H", pattern, times
    yield "Y", rf"(?<!\d)(?:19|20)\d\d(?!\d)(?:\s*(?:年|(?:года|году|год|г){_END}))?", lambda m: int(m[0][:4])
    for number, (spaced, han) in QUARTERS.items():
        yield "Q", f"{_spaced(spaced)}|{han}", lambda _, number=number: number  # type: ignore[misc]
    for pattern, part in times_of_day.PARTS:
        yield "p", pattern, lambda _, part=part: part  # type: ignore[misc]
    yield "k", part_words.PARTS, lambda m: part_words.part_of(m[0])
    for third, pattern in enumerate(part_words.DECADES, 1):
        yield "k", pattern, lambda _, third=third: part_words.Part(third, "decade")  # type: ignore[misc]
    for half, pattern in enumerate(HALVES, 1):
        yield "h", pattern, lambda _, half=half: half  # type: ignore[misc]
    yield "w", f"{_spaced('weekend|выходны[ехм][а-я]*|fin de semana')}|周末", _none
    yield "M", r"(?:(?<!\d)\d{1,2}|十[一二]?|[一二三四五六七八九])月份?", lambda m: _zh_number(m[0].rstrip("月份"))
    yield (
        "F",
        _spaced(
            "tomorrow|tmrw|tomorow|tonight|next|upcoming|coming|завтра|послезавтра|следующ\\w+|ближайш\\w+|будущ\\w+|manana|proxim\\w+"
            "|que viene|через(?= \\d)|dentro de(?= \\d)|in(?= \\d+ (?:days?|weeks?|months?|hours?)\\b)"
        )
        + f"|明天|后天|明年|未来|接下来|下个?{_OF_UNIT}",
        lambda _: None,
    )
    for days, spaced, han in (
        (
            0,
            "today|todays|сегодня|сегодняшн\\w+(?: (?:день|дня|дню|днем))?|(?<!dia de )(?<!por )hoy(?! por hoy)",
            "今天|今日|今儿|当天",
        ),
        (-1, "yesterday|yesterdays|yday|ystrday|вчера|вчерашн\\w+(?: (?:день|дня|дню|днем))?|ayer", "昨天|昨日|昨儿"),
        (-2, "(?:the )?day before yesterday|позавчера|anteayer|antier", "(?<!大)前天"),
        (-3, "three days ago(?!\\w)", "大前天"),
    ):
        yield "D", f"{_spaced(spaced)}|{han}", lambda _, days=days: days  # type: ignore[misc]
    yield (
        "z",
        _spaced("(?:by |at )?(?:the )?end of|as of|на конец|в конце|к концу|al? final(?:es)? del?|al cierre del?"),
        lambda _: "end",
    )
    yield (
        "a",
        _spaced("(?:at )?(?:the )?(?:beginning|start) of|на начало|в начале|al? (?:principio|inicio|comienzo)s? del?"),
        lambda _: "start",
    )
    yield "a", _spaced("начала|(?:el |la )?(?:principios?|inicio|comienzo) del?"), lambda _: "start"
    for unit, to_date in TO_DATE.items():
        yield "t", to_date, lambda _, unit=unit: unit  # type: ignore[misc]
    yield "z", "底|月末|年末", lambda _: "end"
    yield "a", "(?<=月)初|(?<=年)初", lambda _: "start"
    yield (
        "T",
        f"{_spaced('this|current|эт(?:от|а|у|ой|ом)|текущ[а-я]+|est[ea]')}|本{_OF_UNIT}|这一?个?{_OF_UNIT}|今(?=年|早上?|晚上?)",
        _none,
    )
    yield (
        "P",
        "上一?个?(?:周|星期|礼拜)[一二三四五六日天]",
        lambda m: "一二三四五六日".index(m[0][-1].replace("天", "日")),
    )
    yield "G", f"{_spaced(f'{_BEHIND_UNIT}before last|позапрошл[а-я]+|antepasad[oa]s?')}|上上一?个?{_OF_UNIT}", _none
    yield (
        "L",
        f"{_spaced('last|previous|prev|prior|прошл[а-я]+|предыдущ[а-я]+|pasad[oa]s?|anterior(?:es)?')}|上一?个?{_OF_UNIT}|去(?=年)",
        _none,
    )
    yield "R", f"{_spaced('past|последн[а-я]+|ultim[oa]s?')}|最近|过去|近|(?<=[天时周月])(?:以内|之内|内)", _none
    yield "S", f"{_spaced(rf'since|starting|начиная с|со?{_NOT_WITH}|desde')}|自从?|从", _none
    yield "f", _spaced("from"), _none
    yield "B", f"{_spaced('between|между|entre')}", _none
    yield "g", f"{_spaced(_UP_TO_NOW)}|以来|至今|起|到(?:现在|目前|此刻|当前|如今)", _none
    yield "A", _spaced("ago|назад|hace"), _none
    yield "b", "之?前", _none
    for number, spaced in NUMBERS.items():
        yield "N", _spaced(spaced), lambda _, number=number: number  # type: ignore[misc]
    yield "E", f"{_spaced('and|и|y')}|和|与|跟", lambda _: AND
    yield "E", f"{_spaced('to|until|till|through|по|до|al?|hasta')}|到|至|[-–—~]|\\.\\.", _none
    for number, spaced in enumerate(WEEKDAYS):
        yield "W", _spaced(spaced), lambda _, number=number: number  # type: ignore[misc]
    yield "W", "(?:周|星期|礼拜)[一二三四五六日天]", lambda m: "一二三四五六日".index(m[0][-1].replace("天", "日"))
    for number, spaced in enumerate(MONTHS, 1):
        yield "M", _spaced(spaced), lambda _, number=number: number  # type: ignore[misc]
    for number, spaced in WEAK_MONTHS.items():
        yield "m", _spaced(spaced), lambda _, number=number: number  # type: ignore[misc]
    yield (
        "N",
        rf"(?:{_BEGIN}dia )?(?<!\d)\d{{1,3}}(?:st|nd|rd|th|日|号|-?го|-?е{_END})?(?: числа)?(?=[^\d]|$)",
        lambda m: int(re.sub(r"\D", "", m[0])),
    )
    yield "N", f"[{''.join(NUMBERS_ZH)}](?=个?(?:小时|天|周|星期|礼拜|月|季度|年))", lambda m: NUMBERS_ZH[m[0]]
    for unit, (spaced, han) in UNITS.items():
        yield "U", f"{_spaced(spaced)}|{han}|(?<=\\d){_UNIT_LETTERS.get(unit, '(?!)')}{_END}", lambda _, unit=unit: unit  # type: ignore[misc]
    yield "o", _spaced(r"(?:the )?month of(?= \w)|(?:el )?mes de(?= \w)"), _none
    yield "o", _spaced("the|of|in|on|for|during|within|over|at|в|во|за|на|el|la|los|las|del?|en|durante"), _none
    yield "o", "的|在|于|份|期间", _none


_UNIT_LETTERS = {"hour": "(?:h|ч)", "day": "(?:d|д|дн)"}


def _none(_: re.Match[str]) -> None:
    return None


def _zh_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return sum(NUMBERS_ZH[letter] for letter in text)


TABLE = tuple((code, re.compile(pattern), value) for code, pattern, value in _table())

_ANY = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+|\S")


_LEADING = "SfBE"
"""Words such as *since* and *to*, behind which a number with a dot is a day."""


def atoms(text: str) -> list[Atom]:
    """Cut a folded text into words for times; every other word has the letter `.`.

    A word such as *in* belongs to the word for a time behind it, and is `.` where none follows.
    """
    found: list[Atom] = []
    place, led_from = 0, -1
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        code, value, stop = _at(text, place)
        if code == "o":
            led_from = place if led_from < 0 else led_from
        else:
            led = led_from >= 0 and code != "."
            atom = Atom(code, value, led_from if led else place, stop, led, text[place:stop], text[led_from:place])
            if code == "V" and not led and found and found[-1].code in _LEADING:
                atom = replace(atom, led=True, lead=found[-1].said)  # с 3.11 по 9.11
            found.append(atom)
            led_from = -1
        place = stop
    return found


def _at(text: str, place: int) -> tuple[str, object, int]:
    for code, pattern, value in TABLE:
        if found := pattern.match(text, place):
            return code, value(found), found.end()
    other = _ANY.match(text, place)
    return ".", None, other.end() if other else place + 1
