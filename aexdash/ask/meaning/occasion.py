"""What a question begins with that only says why it is asked, as *Marta was off sick, so how many are held*.

Such words are set apart, and shown as ignored. They are known by a closed list of occasions; what stands before a
comma without one of them may choose listings, and is never set apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold, tidy
from aexdash.ask.meaning.cutting import cut

_WHY = re.compile(
    r"\b(?:off sick|(?:was|were|is|are|am|been) (?:sick|ill|away|out|off|on holiday|on leave|on vacation|closed"
    r"|travell?ing|down)|(?:had|after|over) (?:a |the |our )?(?:holidays?|vacation|outage|power cut|long weekend)"
    r"|(?:boss|manager|lead|team|client|finance|colleagues?) (?:is |are |keeps? )?(?:asks|ask|asked|asking|wants?)"
    r"|(?:just|only) (?:got|came) back|back from (?:holidays?|vacation|leave)"
    r"|have (?:a |my )?(?:meeting|call) (?:in|at|soon))\b"
    r"|\b(?:болел\w*|заболел\w*|в отпуске|на больничном|в командировке|был\w* в отъезде|не работали|были закрыты"
    r"|(?:начальник|шеф|директор|коллеги|руководитель)\w* (?:спрашива\w+|пиш\w+|прос\w+|говор\w+)|только вернул\w+)\b"
    r"|\b(?:estuvo|estaba|estuve|estuvimos|estabamos|estan|esta) (?:enferm[oa]s?|de baja|de vacaciones"
    r"|fuera|cerrad[oa]s?)\b"
    r"|\b(?:jefe|jefa|equipo|direccion)\b.{0,12}\b(?:pregunta\w*|pide\w*|quiere)\b"
    r"|\bacabo de volver\b|\bhubo (?:un )?(?:corte|puente)\b"
    r"|放假|休假|要?开会|请假|生病|病了|出差|停电|刚回来|(?:老板|领导|同事|经理|财务)(?:在|又|刚|要)?(?:问|催|想知道)"
)
"""What says that words are an occasion."""

_HOLIDAY = re.compile(
    r"\b(?:christmas|xmas|easter|new year|black friday|national day|golden week|navidad|semana santa|рождеств\w*"
    r"|новый год|нового года)\b|国庆|春节|双十一|双11|元旦|五一|中秋"
)
"""Times that are named by their feast, which no question here is read of."""

_CUT = re.compile(
    r"(?:[,;，；。]|\.(?=\s)| [-–—] |: ?)\s*"
    r"(?:(?:and so|and|so|therefore|thus|поэтому|так что|asi que|por eso|entonces|所以|那么|那)[ ,，]*)?"
    r"|\s(?:so|asi que|так что|поэтому)\s(?=how|what|which|who|cuant|cual|que|quien|сколько|что|как|кто)"
)

_ASKS = re.compile(
    r"(?:how (?:many|much|long)|what|which|who|whose|show|list|сколько|скольк\w+|как\w+|кто|что|чьи|покаж\w+|список"
    r"|cuant[oa]s?|cual(?:es)?|que|quien(?:es)?|muestra\w*|lista)\b"
)
_ASKS_ZH = re.compile(r"多少|几个|几条|哪|什么|列一下|有几")

_HERS = re.compile(
    r"\b(?:of )?(?:hers|his|her|she|he|him)\b|\b(?:у )?(?:нее|него|ее|его)\b|\b(?:de )?ella\b|(?:她|他)(?:手上)?的?"
)


@dataclass(frozen=True, slots=True)
class Apart:
    """A question without its occasion. `pieces` are what the occasion names, which may have been meant to choose."""

    rest: str
    occasion: str = ""
    pieces: Pieces | None = None


def apart(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> Apart:
    """Set the occasion of a question apart; where there is none, the whole text is the question.

    A person who is named there and meant by *hers* in the question is put into it.
    """
    text = tidy(text)
    folded = fold(text)
    if not _WHY.search(folded):
        return Apart(text)
    for cut_at in _CUT.finditer(folded):
        before, rest = text[: cut_at.start()], text[cut_at.end() :]
        asks = _ASKS.match(fold(rest)) or _ASKS_ZH.search(rest)
        if not (before.strip() and asks and _WHY.search(fold(before))) or _WHY.search(fold(rest)):
            continue
        pieces = cut(_WHY.sub(lambda why: " " * len(why[0]), fold(before)), lexicon, now, zone)
        counts = pieces.subject or pieces.where.keys() - {"owner", "store", "profile", "category"} or pieces.ages
        if counts or _ASKS.match(fold(before)) or _ASKS_ZH.search(before) or pieces.negated or pieces.refused:
            continue
        people = set(pieces.where.get("owner", ()))
        if len(people) == 1 and (hers := _HERS.search(fold(rest))):
            [name] = people
            rest = f"{rest[: hers.start()]} {name} {rest[hers.end() :]}"
            pieces.where.pop("owner")
        return Apart(rest.strip(), before.strip(), pieces)
    return Apart(text)


def may_choose(found: Apart, lexicon: Lexicon, now: datetime, zone: tzinfo) -> str:
    """Return what of an occasion may have been meant to choose listings or a time; empty where nothing may."""
    if found.pieces is None:
        return ""
    rest = cut(found.rest, lexicon, now, zone)
    timed = rest.periods or rest.compared or "now" in rest.plain or rest.previous is not None
    if found.pieces.periods and not timed:
        return found.pieces.periods[0].readings[0].label if found.pieces.periods[0].readings else found.occasion
    if not timed and (feast := _HOLIDAY.search(fold(found.occasion))):
        return feast[0]
    named = [
        words for name, _, words in found.pieces.named if found.pieces.where.get(name) and not rest.where.get(name)
    ]
    return named[0] if named else ""
