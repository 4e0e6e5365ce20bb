"""The closed grammar of ages: how long something has been held, in four languages, as an address writes it.

`more than 14 days` and `for 14 days` are `14d`, `at least 36 hours` is `36h`, `less than a day` is `-1d`,
`between 3 and 7 days` is `3d-7d`. A month is 30 days, a year 365.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aexdash.address_words import read_age
from aexdash.ask.language.times.period_words import NUMBERS, NUMBERS_ZH

_WORDS = "|".join(spaced for number, spaced in NUMBERS.items() if number > 1)
_NUMBER = rf"(?:\d{{1,4}}(?:-?(?:х|ти))?|an?|one|un[ao]?|одн[ауио]\w*|{_WORDS})"

_UNITS = (
    (1, "h", r"h|hrs?|hours?|час[а-я]*|horas?", "小时"),
    (1, "d", r"d|days?|дн[а-я]*|день|сут[а-я]*|dias?", "[天日]"),
    (7, "d", r"w|weeks?|недел[а-я]*|semanas?", "周|星期|礼拜"),
    (30, "d", r"months?|месяц[а-я]*|mes(?:es)?", "月"),
    (365, "d", r"years?|год[а-я]*|лет|anos?", "年"),
)
_SPACED, _HAN = "|".join(words for _, _, words, _ in _UNITS), "|".join(words for *_, words in _UNITS)

_MORE = (
    r"more than|longer than|beyond|exceeding|upwards of|past the|over|at least"
    r"|older than|not less than|no less than|>=?|≥"
    r"|дольше(?: чем)?|более|больше|старше|не менее|свыше|минимум"
    r"|mas de|al menos|minimo|como minimo"
)
_LESS = r"less than|under|fewer than|younger than|shorter than|<|менее|меньше|младше|menos de"
_OR_MORE = r"or (?:more|longer|older)|old(?:er)?|and more|and older|plus|\+|и (?:более|больше|дольше)|o mas"

_ONE = "часа|дня|суток|недели|месяца|года"
"""*Больше недели* is of one week, without a number."""

_ACC = "час|день|сутки|недел[юия]?|месяц|год"
_HANGS = r"(?:висят|висит|висящ\w+|лежат|лежит|стоят|стоит)"
_ALREADY = r"(?:already |now |about |уже |там |целый |целую |ya )*"

_SO = "|".join(
    f"(?<={words} )"
    for words in ("in audit", "in review", "under review", "на проверке", "на модерации", "en revision", "en auditoria")
)
"""Right behind these a number of days is how long: *in audit 5 days*."""

_FORMS = (
    (
        rf"(?:between|между|от|entre|from) (?P<least>{_NUMBER})(?: ?(?P<unit1>{_SPACED}))? (?:and|to|и|до|y|a) "
        rf"(?P<below>{_NUMBER}) ?(?P<unit>{_SPACED})(?: old)?"
    ),
    (
        rf"(?:held )?(?:for |since )?(?:desde hace |hace |por )?(?:{_MORE}) ?(?P<least>{_NUMBER}) ?(?P<unit>{_SPACED})"
        r"(?: or (?:more|longer))?(?: old)?"
    ),
    rf"(?:held )?(?:for )?(?:desde hace |hace |por )?(?:{_LESS}) ?(?P<below>{_NUMBER}) ?(?P<unit>{_SPACED})(?: old)?",
    rf"(?:held )?(?:for )?(?:desde hace |hace |por )?(?P<least>{_NUMBER}) ?(?P<unit>{_SPACED}) ?(?:{_OR_MORE})",
    rf"(?:held )?(?:for )?(?P<least>\d{{1,4}}) ?\+ ?(?P<unit>{_SPACED})(?: old)?",
    (
        rf"(?:held )?(?:for |during |durante )(?P<least>{_NUMBER})(?: ?(?P<unit1>{_SPACED}))?(?: ?[-–] ?| (?:to|a) )"
        rf"(?P<below>{_NUMBER}) ?(?P<unit>{_SPACED})"
    ),
    rf"(?:{_SO}){_ALREADY}(?P<least>{_NUMBER}) (?P<unit>{_SPACED})(?: now| already)?",
    rf"(?:for|since|desde hace) {_ALREADY}(?P<least>{_NUMBER}) ?(?P<unit>{_SPACED})(?: now| already)?",
    rf"(?<=\bheld ){_ALREADY}(?P<least>{_NUMBER}) (?P<unit>{_SPACED})(?: now| already)?",
    rf"(?:{_HANGS} {_ALREADY}|уже )(?P<least>{_NUMBER}) ?(?P<unit>{_SPACED})(?: и (?:более|больше|дольше))?",
    rf"(?:{_HANGS} {_ALREADY}|уже |целую |целый )(?P<one>{_ACC})(?: и (?:более|больше|дольше))?",
    rf"(?P<one>{_ACC}) (?:и|или) (?:более|больше|дольше)",
    rf"llevan? {_ALREADY}(?P<least>{_NUMBER}) (?P<unit>{_SPACED})",
    rf"(?:{_MORE}) (?P<one>{_ONE})",
    rf"(?:{_LESS}) (?P<below_one>{_ONE})",
)
_EDGED = tuple(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for pattern in _FORMS)

_HAN_NUMBER = rf"(?:\d{{1,4}}|[{''.join(NUMBERS_ZH)}]{{1,3}})"
_CHINESE = (
    re.compile(
        rf"(?<![近去前月号日])(?P<least>{_HAN_NUMBER})(?:[到至~-])(?P<below>{_HAN_NUMBER})个?(?P<unit>天|周|星期|小时)"
    ),
    re.compile(rf"(?<=[核审拒回扣住])(?P<least>{_HAN_NUMBER})个?(?P<unit>{_HAN})了"),
    re.compile(rf"(?<=[核审拒回扣住])了(?P<least>{_HAN_NUMBER})个?(?P<unit>{_HAN})(?:了|的|以上|多)?"),
    re.compile(rf"(?:超过|至少|大于|多于|已满|满|已经)了?(?P<least>{_HAN_NUMBER})个?(?P<unit>{_HAN})(?:以上)?"),
    re.compile(rf"(?P<least>{_HAN_NUMBER})个?(?P<unit>{_HAN})(?:以上|多)"),
    re.compile(rf"(?:卡|压|扣|挂|拖|滞留|停)(?:住|着)?了(?P<least>{_HAN_NUMBER})个?(?P<unit>{_HAN})了?"),
    re.compile(rf"(?:不到|少于|小于|未满|不满)(?P<below>{_HAN_NUMBER})个?(?P<unit>{_HAN})"),
)

_AGO = re.compile(r"\s*(?:ago|назад|before|atras|之?前)(?!\w)")
"""Behind an age it makes of it a time: *rejected more than 3 days ago*."""


_STILL = re.compile(
    r"\band (?:\S+ ){0,2}still\b|\bstill (?:rejected|held|in|not|there|waiting)\b|\bare still\b"
    r"|\b(?:до сих пор|все еще)\b"
    r"|\bи еще\b|\by (?:siguen?|todavia|aun)\b|\bsiguen?\b|仍|还没|还在|还是|至今|到现在"
)
"""What makes of *rejected more than 3 days ago* how long it has been so: it is so still."""


@dataclass(frozen=True, slots=True)
class Age:
    """An age as it was said, from `start` to before `stop` of the text; `word` is as an address writes it."""

    start: int
    stop: int
    word: str


def find(folded: str) -> Iterator[Age]:
    """Yield the ages in a folded text; two of them do not overlap."""
    taken: list[tuple[int, int]] = []
    for pattern in (*_EDGED, *_CHINESE):
        for found in pattern.finditer(folded):
            inside = any(found.start() < stop and start < found.end() for start, stop in taken)
            word = _word(found)
            ago = _AGO.match(folded, found.end())
            if inside or not word or (ago and not _STILL.search(folded)):
                continue
            stop = ago.end() if ago else found.end()
            taken.append((found.start(), stop))
            yield Age(found.start(), stop, word)


def _word(found: re.Match[str]) -> str:
    """Write an age as an address does; empty where there is none such."""
    sides = found.groupdict()
    for side, of in (("one", "least"), ("below_one", "below")):
        if sides.get(side):
            sides |= {of: "1", "unit": sides[side]}
    least = _span(sides["least"], sides.get("unit1") or sides["unit"]) if sides.get("least") else ""
    below = _span(sides["below"], sides["unit"]) if sides.get("below") else ""
    try:
        return read_age(f"{least}-{below}" if below else least)
    except ValueError:
        return ""


def _span(number: str, unit: str) -> str:
    for times, letter, spaced, han in _UNITS:
        if re.fullmatch(f"{spaced}|{han}", unit):
            return f"{times * _count(number)}{letter}"
    raise AssertionError(unit)


def _count(number: str) -> int:
    if digits := re.match(r"\d+", number):
        return int(digits[0])
    if number[0] in NUMBERS_ZH:
        tens, ten, ones = number.rpartition("十")
        return 10 * NUMBERS_ZH.get(tens, 1) * bool(ten) + NUMBERS_ZH.get(ones, 0)
    return next((count for count, words in NUMBERS.items() if count > 1 and re.fullmatch(words, number)), 1)
