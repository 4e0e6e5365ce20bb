"""Numbers that are neither times nor ages, in four languages: how many are to be shown, and *the 7 before*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aexdash.ask.language.times.period_words import NUMBERS, NUMBERS_ZH

_FEW = "|".join(f"(?:{spaced})" for count, spaced in NUMBERS.items() if count > 1)
_N = rf"(\d{{1,3}}|{_FEW})"
_ANY = rf"(?:\d{{1,3}}|{_FEW})"
_HAN_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,2})"
_ORDERED = r"oldest|newest|longest|latest|biggest|largest|worst"

_THINGS = "(?:listings|products|items|ones|skus|things)"
_KINDS = r"(?:main|leading|primary|главн\w+|основн\w+|motivos|razones|causas|categorias|principales)(?!\w)"
_TIMES = r"(?:days?|weeks?|months?|hours?|дн\w+|недел\w+|месяц\w*|час\w*|dias?|semanas?|horas?|meses)\b"
_NAMED = r"(?:listings|products|items|ones|reasons|causes|categories|товар\w*|причин\w*|категори\w*|карточ\w*)"
_LEADS = (
    "show",
    "list",
    "me",
    "the",
    "los",
    "las",
    "покажи",
    "список",
    "дай",
    "выведи",
    "dame",
    "muestra",
    "muestrame",
)
_HELD = r"(?:rejected|held|refused|отклоненн\w+|задержанн\w+|удержанн\w+|rechazad[oa]s|retenid[oa]s)"
_NO_BOUND = "".join(
    rf"(?<!\b{words} )"
    for words in (
        "mas de",
        "menos de",
        "more than",
        "less than",
        "fewer than",
        "over",
        "under",
        "больше",
        "меньше",
        "более",
    )
)
"""*More than 3 reasons* asks how many there are, and for no three of them."""

_LED = "(?:^|" + "|".join(rf"(?<=\b{one} )" for one in _LEADS) + ")"
"""What a number of rows stands behind: *over 5 rejected* is none."""

LIMIT = re.compile(
    rf"(?<![^\W㐀-鿿])(?:the )?(?:top|first|топ|первы[ех]|primer[oa]s?)[ -]?{_N}(?!\d|[^\W㐀-鿿]| (?:{_TIMES}))"
    rf"|(?<!\w)l[oa]s {_N} (?:primer[oa]s|(?=\w+ mas )|(?=mas ))"
    r"|(?<![目之以当先])前(\d{1,3}|[一二两三四五六七八九十]{1,2})(?!\d|个?(?:小时|天|日|周|星期|礼拜|月|季|年))(?:个|名|条|位|大)?"
    rf"|(?<!\w)(?:the )?{_N} (?=(?:{_ORDERED})(?!\w)|most |самых |mas )"
    rf"|(?<!\w)(?:the )?{_N} (?={_THINGS} (?:that|which|with|held|rejected|on hold)(?!\w))"
    rf"|(?<!\w)(?<!\bwith )(?<!\bcon )(?<!\bс ){_NO_BOUND}(?:the |l[oa]s )?{_N} (?={_KINDS})"
    rf"|(?<=\bwhich ){_N} (?={_NAMED}(?!\w))|(?<=\bкакие ){_N} (?={_NAMED}(?!\w))"
    rf"|{_LED}{_N},? (?=(?:que|that|which|котор\w+|{_HELD})(?!\w))"
    rf"|(?<=oldest |newest |latest )(?:one|{_N})(?!\w)|(?<=longest )(?:one|{_N})(?!\w)"
    r"|(?<=[久早新老贵多长])的?(\d{1,3}|[一二两三四五六七八九十]{1,2})[个条件款]"
)
"""How many are to be shown: the number stands in one of the groups; *one* in none."""

LAST = re.compile(r"(?<=\w), *(\d{1,3})(?= *(?:(?:please|pls|rows|items|of them|por favor|пожалуйста)\W*)?$)")
"""How many, at the end of what is to be listed or ordered."""

LISTED = re.compile(r"\b(?:first|oldest|newest|list|show|самые|antigu\w+|lista|покажи|список)\b")
"""What says that rows are meant."""

_UNITS = (
    ("hour", "hours?|hrs?|час(?:а|ов|ами)?|horas?", "个?小时"),
    ("day", "days?|d|дн[а-я]+|день|сут[а-я]+|dias?", "[天日]"),
    ("week", "weeks?|wks?|недел[а-я]*|semanas?", "周|个?星期|个?礼拜"),
    ("month", "months?|месяц[а-я]*|mes(?:es)?", "个?月"),
)
_UNIT, _HAN_UNIT = "|".join(spaced for _, spaced, _ in _UNITS), "|".join(han for *_, han in _UNITS)
_EARLIER = (
    r"before(?: that| those| them| it)?|prior(?: to that)?|earlier|preceding|de antes|до этого|до того|перед этим"
)
_FORMER = r"previous|prior|preceding|prev|предыдущ[а-я]+|прошл[а-я]+|anteriores|previ[oa]s"
_BEFORE = re.compile(
    rf"(?<!\w)(?:the |los |las )?(?P<first>{_ANY}) (?:(?P<unit>{_UNIT}) )?(?:{_EARLIER})(?!\w)"
    rf"|(?<!\w)(?:the |los |las )?(?:{_FORMER}) (?P<second>{_ANY})(?!\w)(?! (?:{_UNIT})(?!\w))"
    rf"|(?<!\w)(?:los |las )(?P<third>{_ANY}) (?:anteriores|previ[oa]s|de antes)(?!\w)"
    rf"|(?:之前|前面|前)的?(?P<fourth>{_HAN_N})(?P<unit4>{_HAN_UNIT})"
)
"""Where a unit stands beside *previous*, it is a time of its own: *the previous 7 days*."""

_THAN = re.compile(
    r"(?:^|[^\w])(?:vs\.?|versus|against|than|with|w/|to|frente a|contra|con|respecto a|que|против|с|со|чем|к"
    r"|относительно)\s*$|[比和与跟较]\s*$"
)
"""What stands before it, so that it is compared with."""


@dataclass(frozen=True, slots=True)
class Before:
    """So many before, from `start` to before `stop` of a text; `unit` is empty where none was said."""

    start: int
    stop: int
    count: int
    unit: str


def befores(folded: str) -> Iterator[Before]:
    """Yield *the 7 before* and *the previous 7 days*, which say a time only beside another one."""
    for found in _BEFORE.finditer(folded):
        if not _THAN.search(folded[: found.start()]):
            continue
        said = found["first"] or found["second"] or found["third"] or found["fourth"]
        written = found["unit"] or found["unit4"] or ""
        units = (unit for unit, spaced, han in _UNITS if re.fullmatch(f"{spaced}|{han}", written))
        yield Before(found.start(), found.end(), count_of(said), next(units, ""))


def count_of(word: str) -> int:
    """Return the number that a word stands for."""
    if word.isdigit():
        return int(word)
    if word[0] in NUMBERS_ZH:
        tens, ten, ones = word.rpartition("十")
        return 10 * NUMBERS_ZH.get(tens, 1) * bool(ten) + NUMBERS_ZH.get(ones, 0)
    return next((count for count, spaced in NUMBERS.items() if count > 1 and re.fullmatch(spaced, word)), 1)
