"""Questions that no number answers, but one beside it: they are asked back with what can be asked."""

from __future__ import annotations

import re

from aexdash.ask.answer import Why
from aexdash.ask.language import ages
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import HERO, Asker, base, listings_of
from aexdash.ask.question import Kind
from aexdash.model import Lane, Stage

_FRESH = re.compile(
    r"\b(?:data|numbers?|figures?|dashboard|snapshot)\b.{0,20}\b(?:up to date|fresh|current|outdated|stale|old)\b"
    r"|\b(?:how (?:fresh|old|recent|current) (?:is|are) (?:the |these |this |our )?(?:data|numbers?|figures?))\b"
    r"|\b(?:when|how long ago)\b.{0,25}\b(?:last )?(?:read|refreshed|updated|synced|sync)\b"
    r"|\blast (?:reading|refresh|update|sync)\b"
    r"|\b(?:данные|цифры)\b.{0,20}\b(?:свеж\w+|актуальн\w+|устарел\w+)"
    r"|\b(?:свеж\w+|актуальн\w+) (?:ли )?(?:данные|цифры)"
    r"|\b(?:когда|как давно)\b.{0,25}\b(?:обновл\w+|прочита\w+|считан\w+|читал\w+)"
    r"|\b(?:datos|cifras|numeros)\b.{0,20}\b(?:al dia|actualizad[oa]s|frescos|viejos)"
    r"|\bcuando\b.{0,25}\b(?:ley\w+|actualiz\w+|leid\w+)"
    r"|数据.{0,6}(?:最新|新鲜|更新|过期|旧)|(?:什么时候|何时|多久|几点).{0,6}(?:更新|读取|刷新|同步)|(?:最后|上次).{0,4}(?:更新|读取|刷新|同步)"
)
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
    text = fold(pieces.text)
    where = {name: tuple(values) for name, values in pieces.where.items() if values}
    place = {name: values for name, values in where.items() if name in ("store", "profile")}
    counts = pieces.subject or pieces.by or pieces.dimensions
    if not counts and _FRESH.search(text):
        words = "When each store was last read stands beside every number, and on health: ask for one, as this"
        raise asker.ask(f"{words}.", [base(Kind.CARD, HERO, place, asker)], Why.NOT_KNOWN)
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
