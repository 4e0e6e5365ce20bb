"""Words to a question: refusals come first, no word that is not understood is dropped, and the rest is composed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from aexdash.ask import rules
from aexdash.ask.answer import KNOWS, MEANT, Choice, Refusal, Why
from aexdash.ask.language.lexicon import Lexicon, Tag
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import LONGEST, tidy
from aexdash.ask.language.thresholds import threshold
from aexdash.ask.meaning import composing
from aexdash.ask.meaning.asker import HERO, MOST_CHOICES, Asker, base
from aexdash.ask.meaning.beside_numbers import beside_numbers
from aexdash.ask.meaning.cutting import cut
from aexdash.ask.meaning.details import read_as
from aexdash.ask.meaning.elided import expanded, other_store
from aexdash.ask.meaning.following import changes_only, followed, refuse_still
from aexdash.ask.meaning.occasion import Apart, apart, may_choose
from aexdash.ask.meaning.several import questions_in
from aexdash.ask.meaning.unanswerable import ask_back, refuse_unanswerable
from aexdash.ask.question import Beyond, Compare, Kind, Question, Read
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.workspace import Workspace

REFUSALS = {
    Tag.CHANGE: (Why.ORDER, "Nothing is changed from here: {words!r} is done on the worklist or in Seller Center. "),
    Tag.FORECAST: (Why.FORECAST, "What will be is not known, only what was read ({words!r} asks for more). "),
    Tag.TOPIC: (Why.NOT_KNOWN, "This tool knows nothing of {words!r}. "),
    Tag.DONE: (
        Why.NOT_KNOWN,
        "What people did ({words!r}) is counted as *fixed by Ana this week*; the log of each listing has all of it. ",
    ),
    Tag.NEGATION: (
        Why.NOT_UNDERSTOOD,
        "{words!r} turns a meaning round, which is known of reasons, owners, stores and whose move it is alone. ",
    ),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of words: a question, and what a follow-up changed in the one before; or a refusal.

    `is_beyond_grammar`: only because a word is not known. Nothing in it was refused, turned round or to come.
    """

    question: Question | None = None
    changed: tuple[str, ...] = ()
    refusal: Refusal | None = None
    is_beyond_grammar: bool = False


def read(
    text: str, workspace: Workspace, lexicon: Lexicon, now: datetime, *, after: Question | None = None
) -> Understood:
    """Read words as a question. `after` is the question before, which words such as *and last month?* change."""
    try:
        if len(text) > 4 * LONGEST or not 0 < len(tidy(text)) <= LONGEST:
            raise refuse(Why.NOT_UNDERSTOOD, f"Ask something in up to {LONGEST} characters. {KNOWS}.")
        asker = Asker(workspace, now)
        text = expanded(text, after, workspace.zone)
        found = apart(text, lexicon, now, workspace.zone)
        if found.occasion:
            return _without_occasion(found, asker, lexicon, after)
        text, beyond = threshold(text)
        if beyond is not None:
            return _with_threshold(text, beyond, asker, lexicon, after)
        if len(asked := questions_in(text, lexicon, now, workspace.zone)) > 1:
            _refuse_several(asked, asker, lexicon, after)
        pieces = cut(text, lexicon, now, workspace.zone)
        if (asked_beside := beside_numbers(text, pieces, asker, lexicon)) is not None:
            rules.check(asked_beside, workspace, now)
            return Understood(replace(asked_beside, read=read_as(asked_beside, pieces, asker)))
        _refuse_words(pieces, asker, after)
        pieces = other_store(pieces, after)
        if after is not None:
            refuse_still(after, pieces, asker)
        if after is not None and changes_only(pieces):
            question, changed = followed(replace(after, beyond=None), pieces, asker)
        else:
            question, changed = _composed(pieces, asker, after)
        rules.check(question, workspace, now)
    except _Unknown as unknown:
        return Understood(refusal=unknown.refusal, is_beyond_grammar=True)
    except Refused as refused:
        return Understood(refusal=refused.refusal)
    return Understood(question, changed)


def _without_occasion(found: Apart, asker: Asker, lexicon: Lexicon, after: Question | None) -> Understood:
    """Read a question without its occasion, which is shown as ignored; ask back where it may choose something."""
    told = read(found.rest, asker.workspace, lexicon, asker.now, after=after)
    if told.question is None:
        return told
    if said := may_choose(found, lexicon, asker.now, asker.workspace.zone):
        names = {name: tuple(values) for name, values in found.pieces.where.items() if values} if found.pieces else {}
        with_names = told.question.with_where(**names) if names and told.question.kind is not Kind.CARD else None
        if names and told.question.kind is Kind.CARD and told.question.name == HERO:
            with_names = base(Kind.LISTINGS, "", names, asker)
        offered = [told.question, *([with_names] if with_names else [])]
        raise asker.ask(f"Does {said!r} only say why you ask, or does it choose what is counted? Choose.", offered)
    question = replace(told.question, ignored=(found.occasion, *told.question.ignored))
    return replace(told, question=question)


def _with_threshold(text: str, beyond: Beyond, asker: Asker, lexicon: Lexicon, after: Question | None) -> Understood:
    """Read *are there more than 10 held?* as how many are held, with whether it is more beside it."""
    told = read(text, asker.workspace, lexicon, asker.now, after=after)
    if told.question is None:
        return told
    without_number = told.question.kind in (Kind.CAUSES, Kind.READINGS)
    if without_number or told.question.by or told.question.part or told.question.compare is not Compare.NONE:
        raise refuse(Why.NOT_TOGETHER, f"{beyond.words!r} of what? It is said of one number alone.")
    said = Read(beyond.words, "whether it is so, beside the number")
    question = replace(told.question, beyond=beyond, read=(*told.question.read, said))
    return replace(told, question=question)


def _composed(pieces: Pieces, asker: Asker, after: Question | None) -> tuple[Question, tuple[str, ...]]:
    """Read a question of its own; *how many in Madrid*, which says not of what, goes on from the one before."""
    goes_on = after is not None and not pieces.subject and "noun" not in pieces.plain and not pieces.typed
    try:
        alone = composing.compose(_copied(pieces), asker)
    except Refused as refused:
        if after is None or not goes_on or refused.refusal.why is not Why.INCOMPLETE:
            raise
        return followed(after, pieces, asker)
    if after is None or not goes_on:
        return alone, ()
    try:
        of_those, _ = followed(after, _copied(pieces), asker)
    except Refused:
        return alone, ()
    if without_words(of_those) == without_words(alone):
        return alone, ()
    raise asker.ask("Of those before, or of all that is held? Choose.", [of_those, alone])


def _copied(pieces: Pieces) -> Pieces:
    """Return pieces that a reading may change, while another is tried."""
    where = defaultdict(list, {name: list(values) for name, values in pieces.where.items()})
    return replace(pieces, read=list(pieces.read), named=list(pieces.named), where=where)


def without_words(question: Question) -> Question:
    """Return a question without what its words were read as."""
    return replace(question, read=(), ignored=())


def _refuse_several(asked: list[str], asker: Asker, lexicon: Lexicon, after: Question | None) -> None:
    """Offer each of several questions in one line; a later one may go on from the one before.

    Raises:
        Refused: always but where none of them can be answered; then the whole says why.
    """
    offered, refusals = [], []
    for text in asked:
        told = read(text, asker.workspace, lexicon, asker.now, after=after)
        if told.question is None and after is not None:  # *how many in Madrid? how many in Outlet?*
            going_on = read(f"and {text}", asker.workspace, lexicon, asker.now, after=after)
            told = going_on if going_on.question else told
        if told.question is not None:
            offered.append(asker.choice(told.question))
        elif told.refusal is not None:
            refusals.append(told.refusal)
            offered += told.refusal.choices
        after = told.question or after
    if offered and all(one.why not in NEVER for one in refusals):
        choices = tuple(dict.fromkeys(offered))[:MOST_CHOICES]
        if any(one.why not in MEANT for one in refusals):
            words = "These are several questions, and not all of them are understood: choose one"
            raise Refused(Refusal(Why.NOT_UNDERSTOOD, f"{words}.", choices))
        words = "These are several questions, each answered by itself: choose one to go on with"
        raise Refused(Refusal(Why.NOT_TOGETHER, f"{words}.", choices))


NEVER = (Why.ORDER, Why.FORECAST, Why.FUTURE, Why.NOT_KNOWN)
"""Refusals of a whole line, even where a part of it can be answered."""


class _Unknown(Refused):
    """A word is not known, and nothing else is wrong with the question."""


def _refuse_words(pieces: Pieces, asker: Asker, after: Question | None) -> None:
    """Refuse what is no question of this tool, and what is not understood.

    Raises:
        Refused: a word asks for it, or a word is not known.
    """
    ask_back(pieces, asker)
    refuse_unanswerable(pieces)
    if "somebody" in pieces.plain and not (pieces.where.get("owner") or (after and after.filters.get("owner"))):
        said = next(said for value, said in pieces.shaped if value == "somebody")
        raise refuse(Why.INCOMPLETE, f"Who is {said!r}? Write the name.")
    for tag, (why, sentence) in REFUSALS.items():
        if words := pieces.refused.get(tag.value):
            raise refuse(why, f"{sentence.format(words=words)}{KNOWS}.")
    if any(said.future for said in (*pieces.periods, *pieces.compared)):
        raise refuse(Why.FUTURE, f"That time has not begun: only what was read so far can be counted. {KNOWS}.")
    if pieces.unknown and pieces.negated:
        raise Refused(_unknown(pieces).refusal)  # what turns a meaning round is no model's to read
    if pieces.unknown:
        raise _unknown(pieces, () if after is not None else _without_them(pieces, asker))
    if pieces.is_empty and not (after and "where" in pieces.plain):
        raise refuse(Why.NOT_UNDERSTOOD, f"Nothing in that says what to count. {KNOWS}.")


def _without_them(pieces: Pieces, asker: Asker) -> tuple[Choice, ...]:
    """Return what would be asked without the words that are not understood: offered, and never answered by itself."""
    where = pieces.where.copy()
    for meaning in pieces.perhaps.values():
        where[meaning.name] = [*where.get(meaning.name, ()), meaning.value]
    if not (pieces.subject or pieces.perhaps) or pieces.typed:
        return ()
    compares = pieces.compared or pieces.previous is not None or "why" in pieces.plain
    plain = pieces.plain if compares else pieces.plain - {"jump", "fall", "more"}  # *are there more than 10 held*
    known = replace(pieces, unknown=[], where=where, read=list(pieces.read), plain=plain)
    try:
        question = composing.compose(known, asker)
        rules.check(question, asker.workspace, asker.now)
    except Refused as refused:
        return refused.refusal.choices
    return (asker.choice(question),)


def _unknown(pieces: Pieces, choices: tuple[Choice, ...] = ()) -> _Unknown:
    words = [word for word, _ in pieces.unknown]
    nearest = tuple(dict.fromkeys(near for _, nears in pieces.unknown for near in nears))
    said = ", ".join(repr(word) for word in words[:3])
    hint = f" Near it: {', '.join(nearest)}." if nearest else ""
    understood = "; ".join(f"{one.words} = {one.meaning}" for one in pieces.read[:4])
    so_far = f" Understood: {understood}." if understood else ""
    sentence = f"{said} {'is' if len(words) == 1 else 'are'} not understood, and could change the number.{hint}{so_far}"
    instead = "Without it this can be asked" if len(words) == 1 else "Without them this can be asked"
    if pieces.perhaps:
        named = {word.lower() for one in pieces.perhaps for word in one.split()}
        rest = "" if named >= {word.lower() for word in words} else " without the rest"
        meant = " and ".join(f"{one!r} means {meaning.value!r}" for one, meaning in pieces.perhaps.items())
        instead = f"If {meant}, this can be asked{rest}"
    sentence = f"{sentence} {instead if choices else KNOWS}."
    return _Unknown(Refusal(Why.NOT_UNDERSTOOD, sentence, choices, nearest))
