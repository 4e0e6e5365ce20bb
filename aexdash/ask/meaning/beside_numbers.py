"""What asks for no number of listings, but for what stands beside them: readings, alerts, and what people did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.lexicon import Lexicon, Tag
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold, tidy
from aexdash.ask.meaning.asker import STATE_WHERE, Asker, base, day_so_far, listings_of
from aexdash.ask.meaning.cutting import cut
from aexdash.ask.question import DONE_NAMES, LAST, OPEN, OPENED, PLACES, By, Kind, Period, Question
from aexdash.ask.typed import Refused

_DATA = r"(?:data|numbers?|figures?|dashboard|snapshot)"
_BETWEEN = (
    r"(?:\W+(?:was|were|is|did|have|has|been|you|we|they|it|the|all|our|my|this|that|these|stores?|everything|last|latest"
    rf"|time|{_DATA}))*\W+"
)
_BETWEEN_RU = r"(?:\W+(?:последн\w+|раз|был[аио]?|вы|мы|е[её]|его|эти|вс[её]|наши|магазин\w*|данные|цифры))*\W+"
_BETWEEN_ES = r"(?:\W+(?:fue|fueron|la|ultima|vez|que|se|han|ha|sido|los|las|datos|cifras|numeros|tiendas?|por))*\W+"
_FRESH = re.compile(
    rf"\b(?:(?:is|are)\W+(?:(?:the|that|this|these|our|my)\W+)?)?{_DATA}\W+(?:(?:is|are|still|that)\W+)*"
    r"(?:up to date|fresh|current|outdated|stale|old)\b"
    rf"|\bhow (?:fresh|old|recent|current) (?:is|are) (?:(?:the|these|this|our|my) )?{_DATA}\b"
    rf"|\b(?:when|how long ago){_BETWEEN}(?:read|refreshed|updated|synced|sync|refresh)\b"
    r"|\blast (?:reading|refresh|update|sync)\b"
    r"|\b(?:данные|цифры)\W+(?:(?:еще|сейчас|у нас)\W+)*(?:свеж\w+|актуальн\w+|устарел\w+)"
    r"|\b(?:свеж\w+|актуальн\w+) (?:ли )?(?:данные|цифры)"
    rf"|\b(?:когда|как давно){_BETWEEN_RU}(?:обновл|прочита|считан|читал|синхрониз)\w+(?: данные| цифры| магазин\w*)?"
    r"|\b(?:estan )?(?:los |las )?(?:datos|cifras|numeros)\W+(?:(?:estan|son)\W+)*"
    r"(?:al dia|actualizad[oa]s|frescos|viejos)"
    rf"|\bcuando{_BETWEEN_ES}(?:ley|actualiz|leid|sincroniz)\w+(?: (?:los |las )?(?:datos|cifras|numeros|tiendas?))?"
    r"(?:\W+por ultima vez)?"
    r"|数据(?:是|还|够|都|现在)*(?:最新|新鲜|过期|旧)的?|(?:数据)?(?:是|都)?(?:最后|上次|最近)?(?:什么时候|何时|多久|几点)"
    r"(?:前|之前)?(?:最后|上次)?(?:更新|读取|刷新|同步)的?|(?:数据)?(?:最后|上次)(?:一次)?(?:更新|读取|刷新|同步)"
)
"""What asks how current the data is."""

_RULES = re.compile(r"\brules?\b|规则|правил|\breglas?\b")
"""Rules are no alerts."""

_DID = re.compile(
    r"\b(?:what|how much) (?:did|has|have|had) .{1,30}?\b(?:do|done|achieved?|accomplish(?:ed)?|work(?:ed)? on)\b"
    r"|\bчто\b.{0,20}\b(?:сдела|дела|успел)|做了(?:什么|哪些)|\bque (?:hizo|hice|ha hecho|han hecho)\b"
)
"""What asks for all that somebody did."""


def beside_numbers(text: str, pieces: Pieces, asker: Asker, lexicon: Lexicon) -> Question | None:
    """Read *is the data fresh*, *any alerts open*, *what did Ana fix this week*; None where nothing of it is asked.

    `text` is the question as it was written, `pieces` what was made of it.

    Raises:
        Refused: it is asked, and some of the words say more; what can be answered is offered.
    """
    if pieces.typed:
        return None
    return _readings(text, pieces, asker, lexicon) or _alerts(pieces, asker) or _done(pieces, asker)


def _readings(text: str, pieces: Pieces, asker: Asker, lexicon: Lexicon) -> Question | None:
    """Read what asks how current the data is; its words are taken out, and what is left may only name stores."""
    written = fold(tidy(text))
    for name, _, said in pieces.named:
        written = written.replace(fold(said), " ") if name in PLACES else written
    rest = _FRESH.sub(" ", written)
    if rest == written or pieces.subject or pieces.by or pieces.dimensions:
        return None
    question = base(Kind.READINGS, LAST, _places(pieces), asker)
    left = cut(rest, lexicon, asker.now, asker.workspace.zone)
    strange = left.unknown or left.subject or left.negated or left.refused or "noun" in pieces.plain
    if strange or pieces.periods or _others(left, PLACES):
        words = "When each store was last read is known, and of no single listing or time: ask for that"
        raise asker.ask(f"{words}.", [question], Why.NOT_KNOWN)
    return question


def _alerts(pieces: Pieces, asker: Asker) -> Question | None:
    said = pieces.refused.get(Tag.ALERTS.value)
    if not said:
        return None
    period = _one_period(pieces)
    question = base(Kind.ALERTS, OPENED if period else OPEN, _places(pieces), asker, period=period)
    more = (
        pieces.unknown
        or pieces.subject
        or pieces.negated
        or _others(pieces, PLACES)
        or pieces.refused.keys() != {Tag.ALERTS.value}
    )
    if more or _RULES.search(fold(pieces.text)) or len(pieces.periods) > bool(period) or pieces.compared:
        today = base(Kind.ALERTS, OPENED, _places(pieces), asker, period=day_so_far(asker))
        words = f"Of alerts ({said!r}) it is told which are open, and which were opened in a time, by store alone"
        raise asker.ask(f"{words}; rules stand on Sensitivity.", [question if period else today, _open(pieces, asker)])
    return question


def _open(pieces: Pieces, asker: Asker) -> Question:
    return base(Kind.ALERTS, OPEN, _places(pieces), asker)


def _done(pieces: Pieces, asker: Asker) -> Question | None:
    if _DID.search(fold(pieces.text)) and (pieces.where.get("owner") or "who" in pieces.plain):
        raise _all_that_was_done(pieces, asker)
    stages = list(dict.fromkeys([*pieces.done, *pieces.where.get("stage", ())]))
    period = _one_period(pieces)
    if pieces.done and period and pieces.subject and len(stages) == 1:
        raise _both(stages[0], period, pieces, asker)
    if len(stages) != 1 or stages[0] not in DONE_NAMES or pieces.subject or pieces.unknown or pieces.negated:
        return None
    known = pieces.refused.keys() <= {Tag.DONE.value} and not pieces.compared and pieces.previous is None
    if not known or _others(pieces, (*PLACES, "owner", "stage")) or pieces.plain & {"stood", "now", "share", "why"}:
        return None
    if period is None:
        return _ask_when(stages[0], pieces, asker) if pieces.done else None
    by = _by(pieces)
    if by is None:
        return None
    where = _places(pieces) | {"owner": tuple(dict.fromkeys(pieces.where.get("owner", ())))}
    question = base(Kind.DONE, stages[0], {name: values for name, values in where.items() if values}, asker)
    limit = pieces.limit if pieces.limit is not None else question.limit
    return replace(question, period=period, by=By(by) if by else None, limit=limit)


def _both(stage: str, period: Period, pieces: Pieces, asker: Asker) -> Refused:
    """Return the refusal of *which of those Ana took this week are still rejected*, which tells each by itself."""
    owner = {"owner": tuple(pieces.where["owner"])} if pieces.where.get("owner") else {}
    offered = [base(Kind.DONE, stage, _places(pieces) | owner, asker, period=period)]
    offered += [listings_of(_places(pieces) | owner, one, asker) for one in pieces.states if one in STATE_WHERE]
    words = "What somebody did in a time is counted, and what is so now, but not what is both: each is told by itself"
    return asker.ask(f"{words}.", offered, Why.NOT_TOGETHER)


def _by(pieces: Pieces) -> str | None:
    """Return what it is divided by, empty for nothing; None where it cannot be."""
    named = dict.fromkeys([*pieces.by, *pieces.dimensions, *(["owner"] if "who" in pieces.plain else [])])
    if len(named) > 1 or not named.keys() <= {"owner", "store"}:
        return None
    return next(iter(named), "")


def _ask_when(stage: str, pieces: Pieces, asker: Asker) -> Question:
    """Ask in which time people did something: since ever is no time.

    Raises:
        Refused: always.
    """
    where = _places(pieces) | {"owner": tuple(pieces.where.get("owner", ()))}
    stands = base(Kind.LISTINGS, "", {**where, "stage": (stage,)}, asker)
    today = base(Kind.DONE, stage, {name: values for name, values in where.items() if values}, asker)
    offered = [replace(today, period=day_so_far(asker)), stands]
    raise asker.ask("In which time? Name one, such as *this week*, or choose.", offered, Why.INCOMPLETE)


def _all_that_was_done(pieces: Pieces, asker: Asker) -> Refused:
    """Return the refusal of *what did Ana do today*, which tells each thing that people do by itself."""
    where: dict[str, tuple[str, ...]] = _places(pieces) | {"owner": tuple(pieces.where.get("owner", ()))}
    where = {name: values for name, values in where.items() if values}
    by = None if "owner" in where else By.OWNER
    period = _one_period(pieces) or day_so_far(asker)
    each = [base(Kind.DONE, name, where, asker, period=period, by=by) for name in DONE_NAMES]
    words = "Taken, marked fixed and snoozed are told, each by itself; the log of each listing has all of it"
    return asker.ask(f"{words}.", each, Why.NOT_TOGETHER)


def _places(pieces: Pieces) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in pieces.where.items() if name in PLACES and values}


def _others(pieces: Pieces, known: Sequence[str]) -> bool:
    """Whether the words choose by more than what is known."""
    where: Mapping[str, Sequence[str]] = pieces.where
    told = pieces.ages or pieces.orders or pieces.doubts or pieces.stores
    return bool(told or [name for name, values in where.items() if values and name not in known])


def _one_period(pieces: Pieces) -> Period | None:
    """Return the one time that is named, if it is a span with one reading that has begun."""
    if len(pieces.periods) != 1:
        return None
    [said] = pieces.periods
    return None if said.future or said.edge or len(said.readings) != 1 else said.readings[0]
