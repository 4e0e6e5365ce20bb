"""What asks for no number of listings, but for what stands beside them: readings, alerts, and what people did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from aexdash.ask.answer import Why
from aexdash.ask.language.lexicon import Lexicon, Tag
from aexdash.ask.language.pieces import Pieces, joined
from aexdash.ask.language.text import fold, tidy
from aexdash.ask.meaning.asker import STATE_WHERE, Asker, base, day_so_far, listings_of
from aexdash.ask.meaning.choosing import SO_MANY_STORES, several_stores, so_many_stores
from aexdash.ask.meaning.cutting import cut
from aexdash.ask.question import DONE_NAMES, LAST, OPEN, OPENED, PLACES, By, Kind, Period, Question
from aexdash.ask.typed import Refused
from aexdash.view import NOBODY

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
    rf"|\bcuando{_BETWEEN_ES}(?!\w+r(?:a|an|emos)\b)(?:ley|actualiz|leid|sincroniz)\w+"
    r"(?: (?:los |las )?(?:datos|cifras|numeros|tiendas?))?"
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

_SHAPES = {"all_stores", *SO_MANY_STORES, "by", "count", "either", "follow", "list", "new", "newest", "now", "stop"}
"""Words of any question that change none of these. Others compare, ask why or how long, or set apart."""

_SHAPES_DONE = _SHAPES - {"now"} | {"noun", "who"}

_OPEN_THEN = re.compile(
    r"\b(?:open|active|current|standing|ongoing|firing)\b|открыт|активн|текущ|abiert|activ[oa]s|未关闭|打开|当前"
)
"""Alerts that stood open in a time are others than those that were opened in it."""

_EVERYTHING = re.compile(
    r"\beverything\b|^(?:fix|take|snooze) all\b|\ball\b(?! (?:the )?(?:stores|shops))|都.*吗|\bвсё?\b|\btodo\b"
)
"""*Was everything fixed* is answered by no number."""

_PLATFORM = re.compile(
    r"\bali(?:express)?\b|\bали(?:экспресс\w*)?\b|\b(?:the platform|marketplace|moderat\w+)\b|площадк|платформ"
    r"|маркетплейс|平台|速卖通|官方|plataforma"
)
"""Of what people did AliExpress did nothing."""

_UNTIL = re.compile(r"\b(?:by|before|up to|up until|hasta(?: el)?|antes del?|к|до|перед) *$")
"""What makes an end of a time that is named: *fixed by Friday*."""

_OF_TIME = re.compile(r"['’]s\b|的(?!时候|时间)")
"""Behind a time: what is of it, as *how many of Monday's did Ana fix*."""

_WHOSE = re.compile(
    r"\b(?:who owns|whose|responsib\w+|looks? after)\b|\bчь[иеяй]|закреплен|назначен|de quien|负责|谁的|名下"
)
"""Whose it is, and not who did it."""

_NAME = "\0"
_OWNS = re.compile(
    rf"\b(?:owned by|held by|assigned to|belong\w* to|of|from|for|to) {_NAME}|{_NAME}['’]s?\b"
    rf"|\b(?:у|для|от|из|за) {_NAME}|\b(?:de|del|para|a) {_NAME}|{_NAME} ?(?:的|负责|名下)|[给从] ?{_NAME}"
)
"""Beside a name: whose a listing is, or who had it before. Of what was done it is known who did it."""


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
    question = _asked(Kind.READINGS, LAST, pieces, asker)
    left = cut(rest, lexicon, asker.now, asker.workspace.zone)
    strange = left.unknown or left.subject or left.negated or left.refused or "noun" in pieces.plain
    if strange or pieces.periods or _others(left, PLACES) or left.plain - _SHAPES:
        words = "When each store was last read is known, and of no single listing or time: ask for that"
        raise asker.ask(f"{words}.", [question], Why.NOT_KNOWN)
    return question


def _alerts(pieces: Pieces, asker: Asker) -> Question | None:
    said = pieces.refused.get(Tag.ALERTS.value)
    if not said:
        return None
    period, by = _one_period(pieces), _by(pieces)
    opened = _asked(Kind.ALERTS, OPENED, pieces, asker, period=period or day_so_far(asker))
    is_open = _asked(Kind.ALERTS, OPEN, pieces, asker)
    more = (
        pieces.unknown
        or pieces.subject
        or any(name != "store" for name, *_ in pieces.negated)
        or _others(pieces, PLACES)
        or pieces.refused.keys() != {Tag.ALERTS.value}
        or _compares(pieces)
        or pieces.plain - _SHAPES - ({"superlative"} if by else set())
        or by not in ("", By.STORE)
    )
    then = period and ("now" in pieces.plain or _OPEN_THEN.search(fold(said)))
    if more or then or _RULES.search(fold(pieces.text)) or len(pieces.periods) > bool(period):
        words = f"Of alerts ({said!r}) it is told which are open, and which were opened in a time, by store alone"
        raise asker.ask(f"{words}; rules stand on Sensitivity.", [opened, is_open])
    limit = pieces.limit if pieces.limit is not None else opened.limit
    return replace(opened if period else is_open, by=By.STORE if by else None, limit=limit)


def _done(pieces: Pieces, asker: Asker) -> Question | None:
    if _DID.search(fold(pieces.text)) and (pieces.where.get("owner") or "who" in pieces.plain):
        raise _all_that_was_done(pieces, asker)
    stages = list(dict.fromkeys([*pieces.done, *pieces.where.get("stage", ())]))
    period = _one_period(pieces)
    if pieces.done and period and pieces.subject and len(stages) == 1:
        raise _both(stages[0], period, pieces, asker)
    if len(stages) != 1 or stages[0] not in DONE_NAMES or pieces.subject or pieces.unknown or pieces.negated:
        return None
    known = pieces.refused.keys() <= {Tag.DONE.value} and not _compares(pieces)
    if not known or _others(pieces, (*PLACES, "owner", "stage")) or pieces.plain & {"stood", "now", "share", "why"}:
        return None
    if period is None:
        return _ask_when(stages[0], pieces, asker) if pieces.done else None
    by, owner = _by(pieces), _owners(pieces)
    if by is None or NOBODY in owner.get("owner", ()):
        return None
    question = _asked(Kind.DONE, stages[0], pieces, asker, owner, period=period)
    limit = pieces.limit if pieces.limit is not None else question.limit
    question = replace(question, by=By(by) if by else None, limit=limit)
    if said := _says_more(pieces, by):
        words = f"What people did within a time is counted, by who did it, and by nothing else ({said!r}): choose"
        raise asker.ask(f"{words}.", [question, _stand(stages[0], pieces, asker)])
    return question


def _says_more(pieces: Pieces, by: str) -> str:
    """Return words that ask for something else than what people did in a time, and who did it; empty: there are none.

    *How many of Monday's did Ana fix*, *those owned by Ana that were fixed*, *was everything fixed*, *fixed by Friday*.
    """
    text, [said] = fold(pieces.text), pieces.periods
    shapes = pieces.plain - _SHAPES_DONE - ({"superlative"} if by else set())
    found = [words for value, words in pieces.shaped if value in shapes or _EVERYTHING.search(fold(words))]
    if shapes or found:
        return found[0] if found else next(iter(sorted(shapes)))
    named = text
    people = dict.fromkeys(words for name, _, words in pieces.named if name == "owner")
    for words in people:
        owned = _OF_TIME.search(fold(words))
        named = named.replace(fold(words), f"{_NAME}'s" if owned else _NAME)
    asked = [one.search(text) for one in (_EVERYTHING, _PLATFORM, _WHOSE)]
    of_time = _OF_TIME.search(text[said.start : said.stop]) or _OF_TIME.match(text[said.stop :])
    asked += [_UNTIL.search(text[: said.start]), of_time, _OWNS.search(named)]
    words = next((one[0].strip() for one in asked if one), "")
    return words.replace(_NAME, joined(list(people)) if people else "")


def _both(stage: str, period: Period, pieces: Pieces, asker: Asker) -> Refused:
    """Return the refusal of *which of those Ana took this week are still rejected*, which tells each by itself."""
    owner = _owners(pieces)
    offered = [_asked(Kind.DONE, stage, pieces, asker, owner, period=period)]
    offered += [listings_of(_places(pieces) | owner, one, asker) for one in pieces.states if one in STATE_WHERE]
    words = "What somebody did in a time is counted, and what is so now, but not what is both: each is told by itself"
    return asker.ask(f"{words}.", offered, Why.NOT_TOGETHER)


def _compares(pieces: Pieces) -> bool:
    return bool(pieces.compared) or pieces.previous is not None


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
    today = _asked(Kind.DONE, stage, pieces, asker, _owners(pieces), period=day_so_far(asker))
    offered = [today, _stand(stage, pieces, asker)]
    raise asker.ask("In which time? Name one, such as *this week*, or choose.", offered, Why.INCOMPLETE)


def _all_that_was_done(pieces: Pieces, asker: Asker) -> Refused:
    """Return the refusal of *what did Ana do today*, which tells each thing that people do by itself."""
    owner = _owners(pieces)
    by = None if owner else By.OWNER
    period = _one_period(pieces) or day_so_far(asker)
    each = [_asked(Kind.DONE, name, pieces, asker, owner, period=period, by=by) for name in DONE_NAMES]
    words = "Taken, marked fixed and snoozed are told, each by itself; the log of each listing has all of it"
    return asker.ask(f"{words}.", each, Why.NOT_TOGETHER)


def _stand(stage: str, pieces: Pieces, asker: Asker) -> Question:
    """Return what has a stage now."""
    return _asked(Kind.LISTINGS, "", pieces, asker, {"stage": (stage,), **_owners(pieces)})


def _asked(
    kind: Kind,
    name: str,
    pieces: Pieces,
    asker: Asker,
    where: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    **more: object,
) -> Question:
    """Return a question of the stores that are named, of several or of all, else of those that are looked at."""
    told = so_many_stores(several_stores(pieces, asker), asker)
    if "all_stores" in told.plain:
        asker = replace(asker, everywhere=True)
    return base(kind, name, {**_places(told), **where}, asker, stores=told.stores, **more)


def _places(pieces: Pieces) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in pieces.where.items() if name in PLACES and values}


def _owners(pieces: Pieces) -> dict[str, tuple[str, ...]]:
    return {"owner": owners} if (owners := tuple(dict.fromkeys(pieces.where.get("owner", ())))) else {}


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
