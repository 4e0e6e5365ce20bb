"""Words for times of day and for parts of a day, in four languages, on folded text.

A time is a tuple of all that it can be, each as hour and minute: *at 3* of a clock with twelve hours is two.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Times = tuple[tuple[int, int], ...]

NOON: Times = ((12, 0),)
MIDNIGHT: Times = ((0, 0), (24, 0))
"""The beginning of a day, or its end."""

_HAN = "㐀-鿿"
_BEGIN, _END = rf"(?<![^\W{_HAN}])", rf"(?![^\W{_HAN}])"
_HAN_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

_LATER = {"pm", "p.m.", "дня", "вечера", "de la tarde", "de la noche", "下午", "晚上", "傍晚"}
_EARLIER = {"am", "a.m.", "утра", "ночи", "de la manana", "de la madrugada", "上午", "早上", "早晨", "凌晨", "清晨"}


def _times(hour: int, minute: int, half: str, *, whole_day: bool = True) -> Times:
    """Return what a time can be; `half` says which half of the day, `whole_day` that hours are counted up to 24."""
    if hour > 24 or minute > 59 or (half and hour > 12):
        return ((99, 0),)
    if half in _LATER:
        return ((hour % 12 + 12, minute),)
    if half in _EARLIER:
        return ((hour % 12, minute),)
    if half == "中午":
        return ((hour if hour >= 11 else hour + 12, minute),)
    if whole_day or hour == 0 or hour > 12:
        return ((hour, minute),)
    return ((hour, minute), (hour % 12 + 12, minute)) if hour < 12 else ((12, 0),)


def _clock(found: re.Match[str]) -> Times:
    hour, minute = int(found["h"]), int(found["m"] or 0)
    half = (found["half"] or "").strip()
    return _times(hour, minute, half, whole_day=found["m"] is not None)


def _chinese(found: re.Match[str]) -> Times:
    text = found["h"]
    tens, ten, ones = text.rpartition("十")
    spelt = 10 * _HAN_DIGITS.get(tens, 1) * bool(ten) + _HAN_DIGITS.get(ones, 0)
    hour = int(text) if text.isdigit() else spelt
    minute = 30 if found["m"] == "半" else int((found["m"] or "0").rstrip("分") or 0)
    return _times(hour, minute, found["half"] or "", whole_day=found["m"] not in (None, "半"))


_HALVES = r"a\.?m\.?|p\.?m\.?|утра|вечера|ночи|de la (?:manana|tarde|noche|madrugada)"

_WRITTEN = r"(?<!\d)(?P<h>\d{1,2}):(?P<m>\d\d)(?!\d)"
_HALF_ZH = "(?P<half>上午|早上|早晨|凌晨|清晨|下午|晚上|傍晚|中午)"

TABLE: tuple[tuple[str, Callable[[re.Match[str]], Times]], ...] = (
    (rf"(?:a las? |las? )?{_WRITTEN}(?P<half> ?(?:{_HALVES}|дня){_END})?(?: ?(?:h|hrs|horas){_END})?", _clock),
    (rf"(?:a las? |las? )?(?<!\d)(?P<h>\d{{1,2}})(?P<m>(?!))?(?P<half> ?(?:{_HALVES})){_END}", _clock),
    (rf"(?<=в )(?P<h>\d{{1,2}})(?P<m>(?!))? час(?:ов|а)?(?P<half> (?:утра|дня|вечера|ночи))?{_END}", _clock),
    (rf"(?<=в )(?P<h>\d{{1,2}})(?P<m>(?!))?(?P<half> дня){_END}", _clock),
    (rf"{_BEGIN}(?:a las?|las) (?P<h>\d{{1,2}})(?P<m>(?!))?(?P<half>(?!))?(?: horas?)?{_END}", _clock),
    (rf"(?P<h>\d{{1,2}})(?P<m>(?!))?(?P<half>(?!))? o'?clock{_END}", _clock),
    (rf"{_HALF_ZH}(?P<h>\d{{1,2}}|[一两二三四五六七八九十]{{1,3}})点(?:整|(?P<m>半|\d{{1,2}}分?))?", _chinese),
    (r"(?P<half>(?!))?(?<!\d)(?P<h>\d{1,2})点(?:整|钟|(?P<m>半|\d{1,2}分?))?", _chinese),
    (rf"{_BEGIN}(?:noon|midday|полдень|полудн[яюе]|(?:al? )?mediodia){_END}|中午|正午", lambda _: NOON),
    (rf"{_BEGIN}(?:midnight|полночь|полуноч[иь]|(?:a )?medianoche){_END}|午夜|零点", lambda _: MIDNIGHT),
)

_MORNING = r"morning|утр(?:ом|а|о)|(?:por|de|en|a) la manana|(?<=esta )manana"

PARTS: tuple[tuple[str, tuple[int, int]], ...] = (
    (rf"{_BEGIN}(?:{_MORNING}){_END}|上午|早[上晨]|(?<=[今昨])早", (0, 12)),
    (rf"{_BEGIN}(?:afternoon|днем|(?:por|de|en|a) la tarde|(?<=esta )tarde){_END}|下午", (12, 18)),
    (rf"{_BEGIN}(?:evening|вечер(?:ом|а)){_END}|晚上|傍晚", (18, 24)),
)
"""Parts of a day by their first hour and the one after their last."""
