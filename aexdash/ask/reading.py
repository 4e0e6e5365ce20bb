"""Words to a question: refusals come first, no word that is not understood is dropped, and the rest is composed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aexdash.ask import rules, saying, typed
from aexdash.ask.answer import Choice, Refusal, Why
from aexdash.ask.language.lexicon import Lexicon, Tag
from aexdash.ask.language.periods import Said, earlier, phrase, year_before
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import LONGEST, tidy
from aexdash.ask.meaning import composing, details
from aexdash.ask.meaning.asker import MOST_CHOICES, STATE_CARDS, STATE_WHERE, Asker, day_of_moment, one_period
from aexdash.ask.meaning.choosing import narrowed, several_stores, where_of
from aexdash.ask.meaning.cutting import cut
from aexdash.ask.meaning.sentences import questions_in
from aexdash.ask.meaning.settling import settled
from aexdash.ask.meaning.unanswerable import refuse_unanswerable
from aexdash.ask.question import PLACES, WHERE, By, Compare, Kind, Period, Question
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import DAY, TICK

KNOWS = (
    "It can say how many listings are held, rejected, in audit, at risk or on sale, why, since when, how many moved in "
    "a time, and every card"
)
"""What every refusal says can be asked instead."""

REFUSALS = {
    Tag.CHANGE: (Why.ORDER, "Nothing is changed from here: {words!r} is done on the worklist or in Seller Center. "),
    Tag.FORECAST: (Why.FORECAST, "What will be is not known, only what was read ({words!r} asks for more). "),
    Tag.TOPIC: (Why.NOT_KNOWN, "This tool knows nothing of {words!r}. "),
    Tag.DONE: (
        Why.NOT_KNOWN,
        "What people did ({words!r}) is not counted: the log of each listing has it, and `aexdash log` prints it. ",
    ),
    Tag.ALERTS: (
        Why.NOT_KNOWN,
        "Alerts ({words!r}) stand on the overview and on Sensitivity, and `aexdash alerts open` prints them. ",
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
        if len(asked := questions_in(text, lexicon, now, workspace.zone)) > 1:
            _refuse_several(asked, asker, lexicon, after)
        pieces = cut(text, lexicon, now, workspace.zone)
        _refuse_words(pieces, asker, after)
        if after is not None and _changes_only(pieces):
            question, changed = _followed(after, pieces, asker)
        else:
            question, changed = composing.compose(pieces, asker), ()
        rules.check(question, workspace, now)
    except _Unknown as unknown:
        return Understood(refusal=unknown.refusal, is_beyond_grammar=True)
    except Refused as refused:
        return Understood(refusal=refused.refusal)
    return Understood(question, changed)


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
        raise Refused(Refusal(Why.NOT_TOGETHER, "These are several questions: choose one.", choices))


NEVER = (Why.ORDER, Why.FORECAST, Why.FUTURE, Why.NOT_KNOWN)
"""Refusals of a whole line, even where a part of it can be answered."""


class _Unknown(Refused):
    """A word is not known, and nothing else is wrong with the question."""


def _refuse_words(pieces: Pieces, asker: Asker, after: Question | None) -> None:
    """Refuse what is no question of this tool, and what is not understood.

    Raises:
        Refused: a word asks for it, or a word is not known.
    """
    refuse_unanswerable(pieces)
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
    known = replace(pieces, unknown=[], where=where, read=list(pieces.read))
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


def _changes_only(pieces: Pieces) -> bool:
    """Whether words change the question before rather than ask a new one: they name nothing to count, or *only* it."""
    if pieces.typed or pieces.plain & {"newly", "fall"}:
        return False
    if "why" in pieces.plain and not pieces.subject:
        return True
    if not pieces.subject:
        return pieces.begins_with_follow or "count" not in pieces.plain
    narrowing = bool(pieces.states) and not pieces.cards and not pieces.moves
    return pieces.begins_with_follow and narrowing and not pieces.plain & {"count", "why"}


def _followed(after: Question, pieces: Pieces, asker: Asker) -> tuple[Question, tuple[str, ...]]:
    """Change the question before by what the words name, and say what changed."""
    if "why" in pieces.plain:
        return _why(after, pieces, asker)
    pieces = settled(several_stores(narrowed(pieces), asker), asker)
    question = _with_state(after, pieces)
    composing.refuse_doubts(pieces, asker)
    where = where_of(pieces, asker)
    if where.keys() & set(PLACES) or pieces.stores:  # another store is not one of the profile before, and so on
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    for name, values in where.items():
        question = question.with_where(**{name: values})
    if "all_stores" in pieces.plain:
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    question = _as_listings(question)
    question, pieces = _in_time_before(question, pieces, asker)
    question = _in_time(question, pieces, asker)
    divided = details.divided_by(pieces, question)
    if divided and question.kind is Kind.CARD and By(divided) not in rules.CARDS_BY:
        question = _as_listings(question, always=True)
    if by := details.divided_by(pieces, question) or (By.STORE if pieces.beside else ""):
        question = replace(question, by=By(by))
    compare, compare_with = details.compared_with(pieces, question, asker)
    if compare is not Compare.NONE:
        question = replace(question, compare=compare, compare_with=compare_with)
    if pieces.orders and question.kind is Kind.LISTINGS:
        question = replace(question, order=pieces.orders[0])
    if pieces.limit is not None:
        limit = typed.read({"limit": str(pieces.limit)}, asker.workspace, asker.now).limit
        question = replace(question, limit=limit)
    question = replace(question, read=details.read_as(question, pieces, asker), ignored=tuple(pieces.ignored))
    changed = differences(after, question, asker)
    if not changed:
        raise refuse(Why.NOT_UNDERSTOOD, f"That changes nothing of the question before. {KNOWS}.")
    return question, changed


def _why(after: Question, pieces: Pieces, asker: Asker) -> tuple[Question, tuple[str, ...]]:
    """Ask for the reasons of the listings before, or of moves what goes with them."""
    if after.kind is Kind.MOVES and after.period and after.name in ("rejected", "entered", "auditing"):
        what = {"entered": "held"}.get(after.name, after.name)
        place = tuple((name, values) for name, values in after.where if name in PLACES)
        question = Question(Kind.CAUSES, what, place, period=after.period, read=tuple(pieces.read))
    else:
        question = replace(
            _as_listings(after, always=True), by=By.REASON, compare=Compare.NONE, read=tuple(pieces.read)
        )
    return question, differences(after, question, asker)


STATE_OF_CARD = {card: state for state, card in STATE_CARDS.items()}


def _with_state(question: Question, pieces: Pieces) -> Question:
    """Narrow a question to a state: *only rejected*."""
    states = list(dict.fromkeys(pieces.states))
    if not states:
        return question
    if len(states) > 1 or question.kind in (Kind.MOVES, Kind.CAUSES):
        raise refuse(Why.NOT_TOGETHER, "Ask that as a question of its own: moves are not narrowed to a status.")
    listed = _as_listings(question, always=True)
    for name in ("status", "mark"):
        listed = listed.with_where(**{name: ()})
    if states[0] == "active":
        return replace(listed, kind=Kind.CARD, name=STATE_CARDS["active"], by=None)
    for name, value in STATE_WHERE.get(states[0], ()):
        listed = listed.with_where(**{name: (value,)})
    return listed


def _as_listings(question: Question, *, always: bool = False) -> Question:
    """Return a question of a card with filters as one of the listings that the card counts."""
    filtered = [name for name, _ in question.where if name not in PLACES]
    if question.kind is not Kind.CARD or not (filtered or always):
        return question
    view = CARDS[question.name].view
    if view is None or question.name not in STATE_OF_CARD:
        raise refuse(
            Why.NOT_TOGETHER, f"{CARDS[question.name].title} is of whole stores, not of a part of the listings."
        )
    listed = replace(question, kind=Kind.LISTINGS, name="")
    merged = dict(STATE_WHERE[STATE_OF_CARD[question.name]])
    return listed.with_where(**{name: (value,) for name, value in merged.items() if name not in question.filters})


def _in_time(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Move a question to another time: a move to another span, everything else to its end."""
    if "now" in pieces.plain and not pieces.periods:
        if question.kind in (Kind.MOVES, Kind.CAUSES):
            return question
        return replace(question, at=None, period=None)
    if not pieces.periods:
        return question
    for said in pieces.periods:
        if len(said.readings) > 1:
            raise refuse(Why.AMBIGUOUS, f"{said.readings[0].label!r} can be two times; write its days.")
    period = one_period(pieces.periods)
    if period is None:
        return question
    if question.kind in (Kind.MOVES, Kind.CAUSES):
        return replace(question, period=period)
    at = None if period.end > asker.now else period.end - TICK
    at = period.start if pieces.periods[0].edge == "start" else at
    return replace(question, at=at, period=period if period.end - period.start > 2 * DAY else None)


def _in_time_before(question: Question, pieces: Pieces, asker: Asker) -> tuple[Question, Pieces]:
    """Move a question to the time before its own: *and the week before?*, *and a year ago?* ask for another number.

    Only behind a word such as *compared with* they ask for both.
    """
    unit, zone = pieces.previous, asker.workspace.zone
    last_year = "last_year" in pieces.plain
    asked = last_year or unit is not None
    if not asked or "compare" in pieces.plain or pieces.periods or pieces.compared:
        return question, pieces
    span = question.period
    if span is None and question.at is not None:
        span = day_of_moment(question.at, asker)
    if span is None:
        return question, pieces
    if last_year:
        other = Period(year_before(span.start, zone), year_before(span.end, zone))
    else:
        details.refuse_other_unit(unit or "", span, asker)
        other = earlier(span, zone)
    kept = {word for word in pieces.plain if word != "last_year" and not word.startswith("previous")}
    said = Said(0, 0, (replace(other, label=phrase(other, zone)),))
    return question, replace(pieces, plain=kept, periods=[said])


def differences(before: Question, after: Question, asker: Asker) -> tuple[str, ...]:
    """Say what differs between two questions, a sentence each: `time: now → at the end of Sat 31 Oct 2026`."""
    workspace, now = asker.workspace, asker.now
    told = []
    if (before.kind, before.name) != (after.kind, after.name):
        told.append(f"counted: {_subject_words(before, workspace)} → {_subject_words(after, workspace)}")
    if before.stores != after.stores:
        told.append(f"stores: {_stores(before, workspace)} → {_stores(after, workspace)}")
    for name in WHERE:
        old, new = before.filters.get(name, ()), after.filters.get(name, ())
        if old != new:
            words = [
                ", ".join(saying.value_words(name, one, workspace) for one in values) or "any" for values in (old, new)
            ]
            told.append(f"{name}: {words[0]} → {words[1]}")
    times = [saying.when_words(one, workspace, now) for one in (before, after)]
    if times[0] != times[1]:
        told.append(f"time: {times[0]} → {times[1]}")
    if before.by != after.by:
        told.append(f"by: {_by(before)} → {_by(after)}")
    if (before.compare, before.compare_with) != (after.compare, after.compare_with):
        told.append(
            saying.compare_words(after, workspace, now) if after.compare is not Compare.NONE else "not compared"
        )
    if before.order != after.order:
        told.append(f"order: {before.order} → {after.order}")
    if before.limit != after.limit:
        told.append(f"rows: {before.limit} → {after.limit}")
    return tuple(told)


def _stores(question: Question, workspace: Workspace) -> str:
    return ", ".join(saying.value_words("store", key, workspace) for key in question.stores) or "any"


def _by(question: Question) -> str:
    return saying.by_words(question.by) if question.by else "undivided"


def _subject_words(question: Question, workspace: Workspace) -> str:
    match question.kind:
        case Kind.CARD:
            return CARDS[question.name].title
        case Kind.MOVES:
            return f"listings {saying.MOVE_WORDS[question.name]}"
        case Kind.CAUSES:
            return f"what goes with {saying.WHAT_WORDS[question.name]}"
        case _:
            return saying.listings_words(replace(question, where=()), workspace)
