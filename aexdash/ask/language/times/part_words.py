"""Words for a part of a longer time by its place: *the last day* of October, *the first week* of November, 上旬."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COUNTS = {
    **dict.fromkeys(("two", "два", "две", "dos", "两", "二"), 2),
    **dict.fromkeys(("three", "три", "tres", "三"), 3),
    **dict.fromkeys(("four", "четыре", "cuatro", "四"), 4),
    **dict.fromkeys(("five", "пять", "cinco", "五"), 5),
    **dict.fromkeys(("ten", "десять", "diez", "十"), 10),
    "一": 1,
}
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(_COUNTS)})"

_PLACES = (
    (1, "first|1st|перв[а-я]+|primer[oa]?s?|第一|首|头|前"),
    (2, "second|2nd|втор[а-я]+|segund[oa]|第二"),
    (3, "third|3rd|треть[а-я]+|tercer[oa]?|第三"),
    (4, "fourth|4th|четверт[а-я]+|cuart[oa]|第四"),
    (-1, "last|final|последн[а-я]+|ultim[oa]s?|最后|末"),
)
_UNITS = (("day", "days?|день|дня|дней|дни|dias?|天"), ("week", "weeks?|недел[а-я]+|semanas?|周|个?星期"))
_PLACE, _UNIT = ("|".join(words for _, words in table) for table in (_PLACES, _UNITS))

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек"
    r"|ene|abr|ago|dic)[a-zа-я]*|septiembre|q[1-4]"
)
_BEHIND = (
    rf"(?= (?:(?:of|in) (?:the |this |last )?(?:month|quarter|year|{_MONTH})(?!\w)"
    rf"|(?:этого|прошлого|текущего) (?:месяца|квартала|года)(?!\w)|(?:{_MONTH})(?!\w)"
    rf"|del? (?:este |el )?(?:mes|trimestre|ano|{_MONTH})(?!\w)))"
)
"""The longer time behind a part: *last week in Madrid* is none of Madrid."""

PARTS = (
    rf"(?<!\w)(?:the |el |la |los |las )?(?:{_PLACE}) (?:{_COUNT} )?(?:{_UNIT})(?!\w){_BEHIND}"
    rf"|(?<=[月年度周])的?(?:{_PLACE}){_COUNT}?(?:{_UNIT})"
)
"""What says which part; the longer time stands behind it, in Chinese before it."""

DECADES = (
    "上旬|перв[а-я]+ декад[а-я]+",
    "中旬|втор[а-я]+ декад[а-я]+",
    "下旬|(?:треть[а-я]+|последн[а-я]+) декад[а-я]+",
)
"""Ten days of a month each, but for the last, which has what is left."""


@dataclass(frozen=True, slots=True)
class Part:
    """The `place`-th of some `unit`, -1 the last; `count` of them; a `decade` has no count."""

    place: int
    unit: str
    count: int = 1


def part_of(said: str) -> Part:
    """Read which part is meant."""
    place = next(number for number, words in _PLACES if re.search(rf"(?:{words})", said))
    unit = next(name for name, words in _UNITS if re.search(rf"(?:{words})$", said))
    counted = re.search(rf"({_COUNT})(?= |个?(?:天|周|星期|日))", re.sub(f"^的?(?:{_PLACE})", "", said))
    count = 1 if counted is None else int(counted[1]) if counted[1].isdigit() else _COUNTS[counted[1]]
    return Part(place, unit, count)
