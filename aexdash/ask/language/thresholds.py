"""*Are there more than 10 held?*: a number that is asked for, and whether it is beyond another one."""

from __future__ import annotations

import re

from aexdash.ask.language.text import fold
from aexdash.ask.language.times import ages
from aexdash.ask.question import Beyond

_N = r"(?P<count>\d{1,6})"
_NO_TIME = (
    r"(?![\d.,:/%-]\d|\d| ?(?:%|percent|процент\w*|por ciento|h\b|d\b|hours?|hrs?"
    r"|days?|weeks?|months?|years?|times?|am\b|pm\b|час\w*|дн\w+|день"
    r"|сут\w+|недел\w+|месяц\w*|год\w*|лет|раз\w*|попыт\w*|horas?|dias?|semanas?|mes(?:es)?|anos?|veces|intentos?|attempts?|tries|小时|天|日|周|星期|月|年|次|%))"
)
_NUMBER = rf"{_N}{_NO_TIME}"
_MORE = (
    rf"\b(?:more than|over|above|больше|более|свыше|mas de) {_NUMBER}",
    rf"(?:超过|多于){_NUMBER}[个条]",
)
_FEWER = (
    rf"\b(?:fewer than|less than|under|below|меньше|менее|menos de) {_NUMBER}",
    rf"(?:少于|不到){_NUMBER}[个条]",
)
_FORMS = tuple((form, way) for way, forms in (("more", _MORE), ("fewer", _FEWER)) for form in forms)
_BEFORE = re.compile(
    r"(?:^|\b(?:there|have|had|has|are|is|was|were|did|got|now|currently|already|still|hay|tenemos|ahora|есть|ли|нас"
    r"|сейчас|было|были|уже|всего)|[㐀-鿿])\W*$"
)
"""What may stand right before it: behind *the price* it would be of the price."""

_ASKS = re.compile(
    r"^\W*(?:are|is|do|did|were|was|have|has|hay|есть ли|есть|у нас|tenemos|больше|более|меньше)\b|\?|？|吗|\bли\b"
)
_COUNTS = re.compile(
    r"\b(?:how many|number of|which|what|who|price|owners?|stores?|categor\w+|reasons?"
    r"|сколько|как\w+|кто|магазин\w*|причин\w*"
    r""
    r"|cuant\w*|cual\w*|quien\w*|tiendas?|motivos?|by|per|top)\b|多少|几|哪|谁|店|原因|类目"
)
"""Beside these the number may be of each part, or of something else than what is counted."""


def threshold(text: str) -> tuple[str, Beyond | None]:
    """Return a yes-or-no question without its threshold, and the threshold; None where it has none."""
    folded = fold(text)
    if not _ASKS.search(folded) or _COUNTS.search(folded):
        return text, None
    found = [(one, way) for pattern, way in _FORMS for one in re.finditer(_named(pattern), folded)]
    found = [(one, way) for one, way in found if _BEFORE.search(folded[: one.start()])]
    if len(found) != 1 or any(
        age.start < found[0][0].end() and found[0][0].start() < age.stop for age in ages.find(folded)
    ):
        return text, None
    [(one, way)] = found
    count = next(int(said) for name, said in one.groupdict().items() if said and name.startswith("count"))
    rest = f"{text[: one.start()]} {text[one.end() :]}".replace("吗", " ")
    return rest, Beyond(count, more=way == "more", words=text[one.start() : one.end()])


def _named(pattern: str) -> str:
    """Give each group of a pattern a name of its own."""
    parts = pattern.split("(?P<count>")
    return parts[0] + "".join(f"(?P<count{index}>{part}" for index, part in enumerate(parts[1:]))
