"""Which share is asked: of which listings it is, and what of them is the part.

*What share of the rejected is missing a brand* and *of what misses a brand, what share is rejected* have the same words
and other numbers, so the whole is what stands where a language puts it; where nothing says it, both are offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import AGAIN, FEED, SUPPRESSED, Asker, base, listings_of
from aexdash.ask.meaning.subjects.cards_asked import card_of
from aexdash.ask.question import OF_ALL, PLACES, Kind, Question
from aexdash.ask.vocabulary import STATE_WORDS

JOINED = re.compile(r"\b(?:and|or|plus|и|или|плюс|y|o|e|mas en)\b|[和与或及加、,，+/]")
"""What says that two states are meant together: *rejected listings in audit* may be those that were resubmitted."""

_OF_A_PLACE = re.compile(
    r"\b(?:share|percentage|percent|part|portion|%) of (?!(?:the )?(?:held|listings?|what|all|our|everything|catalog\w*"
    r"|stock|suppress\w+)\b)"
    r"(?:\S+ )+(?:in|of|among|out of)\b|占|\bдоля (?:магазина )?\S+ (?:в|во|среди)\b|\bparte de \S+ (?:en|de|entre)\b"
)
"""*The share of Madrid in what is held* is no share of what Madrid has."""

_NOUN = r"(?:listings?|products?|items?)"

_BETWEEN = (
    rf"(?:(?:all|the|those|our|my|currently|now|{_NOUN} (?:that are|which are|that|which|with|having)"
    r"|все[хй]?|наших|тех|los|las|lo|el|la|todos|todas|todo|nuestr[oa]s|que (?:esta|estan)|anuncios|productos"
    r"|(?:所有|全部|全体)的?)\b[ ,]*)*"
)
"""Words that may stand between what says *of which* and what it says it of; behind *listings*, no *are* alone."""

_AMONG_ALL = re.compile(
    r"\b(?:out of|of|among|in|over) (?:(?:all|the|our|total|whole) )*"
    rf"(?:total|{_NOUN}|catalog\w*|stock|everything|all)\b"
    r"(?! (?:that|which|with|having|(?:the )?stores?|(?:the |those |of )?(?:rejected|held|in audit))\b)"
    r"|\b(?:из|от|среди|во?) (?:всех |общего )?(?:товаров|листингов|каталога|числа|количества)\b"
    r"(?! (?:с|без|котор\w+)\b)"
    r"|\b(?:доля|доли|долю|процент\w*|часть) (?:всех |наших )?(?:товаров|листингов)\b(?! (?:с|без|котор\w+)\b)"
    r"|\b(?:productos|anuncios|articulos) (?:esta|estan|es|son|fue|fueron|han sido)\b"
    r"|\b(?:del|sobre el) (?:total|catalogo)\b(?! de (?:los )?(?:rechazad|retenid))"
    r"|\bde todos(?: los (?:productos|anuncios))?(?! (?:los )?(?:rechazad|retenid|que))\b"
    r"|(?:所有|全部|总)的?(?:商品|链接|产品|listings?)?(?:里|中|当中|数|量)|占(?:所有|全部|总)"
)
"""What says that the share is one of all listings, which is told of whole stores alone."""

_AMONG = re.compile(
    rf"(?:\b(?:among|amongst|out of|within|среди|из|entre|dentro de|sobre(?: el total de)?)\b|占) *{_BETWEEN}$"
)
"""What stands before the whole, whatever stands before the part: *the share of IP among the rejected*."""

_IN = re.compile(rf"\b(?:in|of|on|в|во|от|en|de|del) *{_BETWEEN}$")
"""What stands before the whole where the part stands right behind *share of*: *the share of IP in the rejected*."""

_SHARE_OF = re.compile(
    r"(?:\b(?:share|percentage|percent|proportion|fraction|part) of|% of"
    r"|\b(?:доля|доли|долю|процент\w*|часть|части)(?: от)?"
    rf"|\b(?:porcentaje|proporcion|parte) del?|% del?) *{_BETWEEN}$"
)
"""What stands before the whole where nothing else says it: *what share of the rejected is missing a brand*."""

_WITHIN = re.compile(
    r"^(?:的)?(?:所有)?(?:商品|链接|产品|listings?)?(?:里面|里头|里边|当中|之中|其中|里|中|有)"
    r"|^(?:的)(?:商品|链接|产品)?[,，]?(?:有)?(?:百分之|多大比例)"
)
"""What stands behind the whole in Chinese: 被拒的里缺品牌占多少, 审核中的有百分之几是…"""


def share_of(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask for a share: of listings that are chosen, or that a card tells of whole stores.

    Raises:
        Refused: it is not known, or which listings it is of.
    """
    if "again" in states:
        return card_of(AGAIN, replace(pieces, states=[]), where, asker)
    if named := _named_alone(pieces, states, where):
        asked = _of_listings(named, pieces, where, asker) or _of_all(named, pieces, where, asker)
        if asked is not None:
            return asked
    of_held = set(states) == {"rejected", "auditing"} and JOINED.search(fold(pieces.text))
    of_a_place = _OF_A_PLACE.search(fold(pieces.text)) and where.keys() & set(PLACES)
    of_themselves = of_a_place or (len(pieces.states) > 1 and not of_held)
    if (list(states) == ["held"] or of_held) and not pieces.cards and not of_themselves:
        return card_of(SUPPRESSED, replace(pieces, states=[], plain=pieces.plain - {"list"}), where, asker)
    one_status = set(states) in ({"rejected"}, {"auditing"})
    if where.keys() - set(PLACES) and one_status and not (pieces.periods or pieces.cards or pieces.moves):
        whole = {name: values for name, values in where.items() if name in PLACES}
        counts = [listings_of(one, states[0], asker) for one in (where, whole)] + [listings_of(where, "held", asker)]
        raise asker.ask("That share is not told, but these counts are: choose.", counts, Why.NOT_TOGETHER)
    offered = [base(Kind.CARD, key, {}, asker) for key in (SUPPRESSED, AGAIN, FEED)]
    raise asker.ask("Of that no share is known; these are.", offered, Why.NOT_TOGETHER)


@dataclass(frozen=True, slots=True)
class _Named:
    """What the words of a share name: at most one status, whether *held*, and filters, of which one may be the part."""

    status: str
    is_held: bool
    filters: tuple[str, ...]


def _named_alone(pieces: Pieces, states: Sequence[str], where: Mapping[str, tuple[str, ...]]) -> _Named | None:
    """Return what is named; None where it is nothing, or the words are of more."""
    others = pieces.periods or pieces.compared or pieces.cards or pieces.moves or pieces.by or pieces.negated
    chosen = [name for name in where if name not in PLACES]
    status = [one for one in dict.fromkeys(states) if one != "held"]
    if others or len(status) > 1 or not set(status) <= {"rejected", "auditing"} or not (status or chosen):
        return None
    return _Named(status[0] if status else "", "held" in states, tuple(chosen))


def _of_all(named: _Named, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question | None:
    """Ask for the share that one status or some filters have of all listings; None where the words are not of these.

    Raises:
        Refused: nothing says whether all listings are meant, or what is held alone.
    """
    if _OF_A_PLACE.search(fold(pieces.text)) and where.keys() & set(PLACES):
        return None
    question = replace(listings_of(where, named.status or "held", asker), part=(OF_ALL,))
    among_all = _is_among_all(pieces, named.status)
    if among_all and named.status and not named.is_held:
        return question
    if among_all and not (named.status or named.is_held):
        of_held = replace(question, part=named.filters)
        raise asker.ask("Of all listings that there are, or of what is held? Choose.", [question, of_held])
    if named.filters or named.is_held:
        return None
    of_held = replace(question, part=("status",))
    raise asker.ask("Of all listings that there are, or of what is held? Choose.", [question, of_held])


def _of_listings(named: _Named, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question | None:
    """Ask for the share that one status or one filter has; None where the words are not of these.

    Raises:
        Refused: nothing says which of two is the whole.
    """
    if len(named.filters) > 1 or _is_among_all(pieces, named.status):
        return None
    question = listings_of(where, named.status or "held", asker)
    if not named.filters:  # *what share of the held is rejected*, whichever stands first
        return replace(question, part=("status",)) if named.is_held else None
    of_status, of_chosen = replace(question, part=named.filters), replace(question, part=("status",))
    if not (named.status or named.is_held):
        either = [replace(listings_of(where, one, asker), part=named.filters) for one in ("held", "rejected")]
        raise asker.ask("Of all that is held, or of what is rejected? Choose.", either)
    if not named.status:
        return of_status
    if named.is_held:
        return None
    if whole := _whole(pieces, named.status, named.filters[0]):
        return {"status": of_status, "chosen": of_chosen}[whole]
    raise asker.ask("Of which listings is that the share? Choose.", [of_status, of_chosen])


def _is_among_all(pieces: Pieces, status: str) -> bool:
    """Whether all listings are what the share is of; in 占全部驳回 all that is rejected is."""
    text = fold(pieces.text)
    said = tuple(fold(one.words) for one in pieces.read if status and one.meaning == STATE_WORDS[status])
    return any(
        not (found[0].startswith("占") and text[found.end() :].lstrip("的").startswith(said))
        for found in _AMONG_ALL.finditer(text)
    )


def _whole(pieces: Pieces, state: str, chosen: str) -> str:
    """Say which of two phrases names the whole, `status` or `chosen`; empty where nothing does."""
    text = fold(pieces.text)
    of_state = [one.words for one in pieces.read if one.meaning == STATE_WORDS[state]]
    of_chosen = [words for name, _, words in pieces.named if name == chosen]
    at = {"status": _span(text, of_state), "chosen": _span(text, of_chosen)}
    before = {name: text[: span[0]] for name, span in at.items() if span}
    behind = {name: text[span[1] :] for name, span in at.items() if span}
    for found in (
        [name for name, words in before.items() if _AMONG.search(words)],
        [name for name, words in behind.items() if _WITHIN.search(words)],
        _in_it(before),
        [name for name, words in before.items() if _SHARE_OF.search(words)],
    ):
        if len(found) == 1:
            return found[0]
    return ""


def _in_it(before: Mapping[str, str]) -> list[str]:
    """Return what stands behind *in* or *of* where the other stands behind *share of*."""
    of = [name for name, words in before.items() if _SHARE_OF.search(words)]
    return [name for name, words in before.items() if len(of) == 1 and name not in of and _IN.search(words)]


def _span(text: str, said: Sequence[str]) -> tuple[int, int] | None:
    """Return where the one phrase of a meaning stands; None where there are several, or none."""
    if len(said) != 1 or (start := text.find(fold(said[0]))) < 0:
        return None
    return start, start + len(said[0])
