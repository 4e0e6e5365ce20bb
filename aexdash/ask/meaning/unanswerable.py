"""Questions that no number of ours answers, told by their wording: they are refused, or asked back, before all else."""

from __future__ import annotations

import re

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times import ages
from aexdash.ask.meaning.asker import Asker, base, listings_of
from aexdash.ask.question import Kind
from aexdash.ask.typed import refuse
from aexdash.model import Lane, Stage


def refuse_unanswerable(pieces: Pieces) -> None:
    """Refuse a question that asks for no number of ours, though each of its words may be known.

    Raises:
        Refused: it does.
    """
    _refuse_what_is_no_number(pieces)
    _refuse_open_time(pieces)
    _refuse_whose_note(pieces)
    _refuse_division(pieces)
    _refuse_each_monday(pieces)
    if "ever" in pieces.plain:
        words = "Since when? Name the first day, such as *since 2026-01-01*: before it was connected no store was read"
        raise refuse(Why.INCOMPLETE, f"{words}.")
    if found := _GIVE.search(fold(pieces.text)):
        raise refuse(Why.ORDER, f"Nothing is changed from here: {found[0]!r} is done on the worklist.")


_GIVE = re.compile(
    r"把.*(?:分给|派给|交给|转给|归|标记|标成|标为|设为|改成|改为|改好)"
    r"|\b(?:give|hand) (?:it|them|these|those|all|everything)\b.*\bto\b"
)
"""*把被拒的分给 Ana* gives them to her, and 分给 Ana 的 are hers."""


_OF = (
    r"\b(?:price|title|picture|image|photo|brand|attribute|certificate|categor(?:y|ie)|id|sku)s? of\b"
    r"|(?<!最多)(?<!最少)(?<!最高)(?<!最大)的(?:价格|标题|图片|主图|照片|品牌|属性|类目)(?:是什么|是多少|有哪些)?$"
    r"|^(?:(?:какая|какие|какой|покажи\w*) )?(?:цен[аы]|заголов[а-я]+|картинк[аи]|фото|бренды?) "
    r"(?:отклон|задерж|удерж|товар)"
    r"|\b(?:precio|titulo|foto|imagen|imagene|marca|atributo)s? de (?:los|las|l[ao])\b"
)
_FACT = re.compile(_OF)
"""*The price of rejected listings* asks for what the listings have, and no reason."""

_WHEN = re.compile(
    r"^(?:and |so |\W)*(?:when|since when|at what time|cuando|desde cuando|когда|с каких пор)\b|什么时候|何时|几点"
)


def _refuse_what_is_no_number(pieces: Pieces) -> None:
    """Refuse *when was it rejected* and *the price of rejected listings*: rows have it, and no number does.

    Raises:
        Refused: that was asked.
    """
    text = fold(pieces.text)
    if found := _WHEN.search(text):
        words = "asks for a time, and numbers are told here: the worklist has since when each listing is held"
        raise refuse(Why.NOT_KNOWN, f"{found[0].strip()!r} {words}, health when each store was read.")
    if found := _FACT.search(text):
        words = "asks for what listings have, and how many there are is told here: the worklist shows each"
        raise refuse(Why.NOT_KNOWN, f"{found[0].strip()!r} {words}. As a reason write *price problems*.")


_NOTES_OF = re.compile(
    r"\b(?:notes?|comments?) (?:\S+ )?(?:from|by|of|written by|left by)\b"
    r"|\b(?:заметк|примечани|комментари)\w* (?:от )?[\w ]+$"
    r"|\b(?:notas?|comentarios?) (?:de|escrit\w+ por)\b|的(?:备注|注释|笔记)"
)


def _refuse_whose_note(pieces: Pieces) -> None:
    """Refuse *with notes from Ana*: who wrote a note is in the log, and whose a listing is, is something else.

    Raises:
        Refused: that was asked.
    """
    if not (pieces.where.get("note") and pieces.where.get("owner")):
        return
    if found := _NOTES_OF.search(fold(pieces.text)):
        words = "asks who wrote a note, which the log of each listing has: ask for listings with a note, or for hers"
        raise refuse(Why.NOT_KNOWN, f"{found[0]!r} {words}.")


_OPEN_TIME = re.compile(
    r"\b(?:more|less|longer|earlier|fewer) than [^,.?]{1,20} ago\b"
    r"|\b(?:более|больше|раньше|менее) (?:чем )?[^,.?]{1,20} назад\b"
    r"|(?:超过|早于|不到).{1,6}前|\bmas de [^,.?]{1,20} atras\b"
)


def _refuse_open_time(pieces: Pieces) -> None:
    """Refuse *rejected more than 2 days ago*: a time without a beginning is no span that can be counted.

    Raises:
        Refused: that was asked.
    """
    if (found := _OPEN_TIME.search(fold(pieces.text))) and not pieces.ages:
        words = "has no beginning, or no end: name a span of time, or ask for what is held at least so long"
        raise refuse(Why.NOT_UNDERSTOOD, f"{found[0]!r} {words}.")


_PER_LISTING = re.compile(
    r"\b(?:per|for each|by) (?:listing|product|item|sku)s?\b"
    r"|每个?(?:商品|产品|链接)|\bна (?:каждый )?товар\b|\bpor (?:cada )?producto\b"
)


def _refuse_division(pieces: Pieces) -> None:
    """Refuse *rejections per listing* and *by price*: neither divides a number, and the second is no reason here.

    Raises:
        Refused: that was asked.
    """
    text = fold(pieces.text)
    by_reason = (
        re.search(rf"\b(?:by|per) {re.escape(fold(said))}\b(?! (?:problem|issue|reason))", text)
        for name, _, said in pieces.named
        if name == "reason" and " " not in said
    )
    found = _PER_LISTING.search(text) or next(filter(None, by_reason), None)
    if found:
        words = "is no way to divide a number: by reason, store, category, owner, day and the like it is told"
        raise refuse(Why.NOT_TOGETHER, f"{found[0]!r} {words}.")


_EACH_MONDAY = re.compile(
    r"\b(?:every|each) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweekends\b"
    r"|\bкажд(?:ый|ую|ое) (?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)\b"
    r"|\bпо (?:понедельникам|вторникам|средам|четвергам|пятницам|субботам|воскресеньям|выходным|будням)\b"
    r"|\b(?:cada|todos los|los) (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)\b|\blos fines de semana\b"
    r"|每个?(?:周|星期|礼拜)[一二三四五六日天末]"
)
"""A day of each week, which is no day that can be counted."""

_OF_WEEK = re.compile(
    r"\bdays? of (?:the )?week\b|\bweekdays?\b|\b(?:by|per) week days?\b|\b(?:hours?|time|times) of (?:the )?day\b"
    r"|\b(?:день|дни|дням|дню) недели\b|\b(?:часам|часу|времени) суток\b"
    r"|\bdias? de la semana\b(?! pasada)|\b(?:hora|horas) del dia\b|星期几|周几|礼拜几|按时段"
)


def _refuse_each_monday(pieces: Pieces) -> None:
    """Refuse *rejections on Mondays* and *by day of the week*: one day is counted, or each day of a time.

    Raises:
        Refused: that was asked.
    """
    text = fold(pieces.text)
    if found := _EACH_MONDAY.search(text) or _OF_WEEK.search(text):
        words = "asks for such days together, and days are told one by one: name a time, and write *by day*"
        raise refuse(Why.NOT_TOGETHER, f"{found[0]!r} {words}, or *by hour*.")


_OF_TIME = re.compile(
    r"\b(?:more|longer|less) than [^,.?]{1,20} ago\b|\b(?:больше|более|менее) (?:чем )?[^,.?]{1,20} назад\b"
)
_ATTEMPTS = re.compile(r"\b(?:attempts?|tries)\b|\bпопыт\w+|\bintentos?\b|尝试|提交次数|被拒次数(?!最多)")
_DONE_YET = re.compile(
    r"^\W*(?:is|has|are|have) (?:\S+ ){1,2}?(?:done|finished|ready|through)(?: yet| already| with\b.*)?\W*$"
)


def ask_back(pieces: Pieces, asker: Asker) -> None:
    """Ask back what stands beside a number, or is only an order of the worklist, with what can be asked instead.

    Raises:
        Refused: the question is one of these.
    """
    if pieces.typed:
        return
    text = fold(pieces.text)
    where = {name: tuple(values) for name, values in pieces.where.items() if values}
    if (found := _OF_TIME.search(text)) and not pieces.ages and not pieces.unknown:
        long = list(ages.find(re.sub(r" ago$| назад$", "", found[0])))
        states = {*pieces.states, *pieces.moves} - {"held"}
        if len(long) == 1 and len(states) == 1 and states <= {"rejected", "auditing"}:
            since = listings_of(where | {"in_status": (long[0].word,)}, states.pop(), asker)
            words = f"{found[0]!r} has no beginning, so what moved then is not counted; what has stood so as long is"
            raise asker.ask(f"{words}: choose.", [since], Why.NOT_UNDERSTOOD)
    if _ATTEMPTS.search(text) and "attempts" not in pieces.orders:
        words = "How often a listing was rejected is no number here; the worklist can be ordered by it: choose"
        raise asker.ask(f"{words}.", [listings_of(where, "rejected", asker, order="attempts")], Why.NOT_TOGETHER)
    if _DONE_YET.search(text) and where.get("owner"):
        left, fixed = (
            base(Kind.LISTINGS, "", {"owner": where["owner"], **more}, asker)
            for more in ({"lane": (Lane.TODO.value,)}, {"stage": (Stage.FIXED.value,)})
        )
        raise asker.ask("What is left to do, or what is marked fixed? Choose.", [left, fixed])
