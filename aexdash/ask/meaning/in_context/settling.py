"""Words that mean something only beside others: *stopped*, *newly*, *fewer*, *how long*, *fixed* beside a time."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import MONEY, TIMES_TO_CLEAR, Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import (
    FOR_ALIEXPRESS,
    HERO,
    OLDEST,
    REJECTED_24H,
    SEVERAL_NUMBERS,
    STATE_CARDS,
    STATE_WHERE,
    SUPPRESSED,
    Asker,
    at_moment_of,
    base,
    listings_of,
    one_period,
)
from aexdash.ask.meaning.details import EACH
from aexdash.ask.meaning.in_context.everyday import EVERYDAY
from aexdash.ask.question import DONE_NAMES, PLACES, Compare, Kind, Move, Question, Read
from aexdash.ask.typed import Refused, refuse
from aexdash.model import Lane

NEWLY = {"rejected": Move.REJECTED, "held": Move.ENTERED, "auditing": Move.AUDITING}
"""The move that *newly* makes of a state that stands apart from it: 新增多少被拒."""

BEFORE_IT = frozenset(("compare", "last_year"))

EVENTS = {"status": {"offline"}, "stage": {"taken", "fixed", "snoozed"}, "audit": {"resubmitted"}}
"""Values that say what was done, so that beside a time they ask how often it was done then: no page counts that."""

STATE_AFTER = {Move.REJECTED: "rejected", Move.AUDITING: "auditing", Move.ENTERED: "held"}
"""What a listing is after a move; of listings that are no longer held nothing more is listed."""

BECAME = ("stuck", "at_risk", "active")
"""States that nobody counts the beginning of."""


def settled(pieces: Pieces, asker: Asker) -> Pieces:
    """Return the pieces with such words taken for what they mean beside the others.

    Raises:
        Refused: they mean two things, or nothing.
    """
    if "who" in pieces.plain and not {"owner"} & {*pieces.by, *pieces.dimensions}:
        raise refuse(Why.INCOMPLETE, "Whom is asked for? Write *by owner* for who has listings.")
    _refuse_waiting_for_somebody(pieces, asker)
    _refuse_advertising(pieces)
    _refuse_by_a_time(pieces)
    _refuse_no_other_time(pieces)
    for settle in (*EVERYDAY, _came_back, _unresolved):
        pieces = settle(pieces, asker)
    pieces = _a_day(_more(_longest_stuck(pieces)))
    if pieces.plain >= {"noun", "in_total"} and not _names_some(pieces):
        pieces = replace(pieces, cards=[TOTAL])  # *how many listings do we have in total*
    if "trend" in pieces.plain:
        pieces = replace(pieces, plain=pieces.plain - {"list"})  # *show me the history* shows no listings
    if "jump" in pieces.plain and "why" not in pieces.plain and pieces.by == ["reason"] and pieces.previous is None:
        pieces = replace(pieces, plain=pieces.plain | {"why"}, by=[])  # *for what reason did it jump*
    if "rejection_reasons" in pieces.plain:
        pieces = _rejection_reasons(pieces)
    if "halted" in pieces.states:
        pieces = _halted(pieces, asker)
    if "newly" in pieces.plain and set(pieces.moves) - {one.value for one in NEWLY.values()}:
        moves = [Move.ENTERED.value, *pieces.moves]
        offered = [base(Kind.MOVES, one, {}, asker, period=one_period(pieces.periods)) for one in moves]
        raise asker.ask(SEVERAL_NUMBERS, offered, Why.NOT_TOGETHER)  # *新增和恢复各多少*
    if "newly" in pieces.plain and not pieces.moves:
        pieces = _newly(pieces)
    if pieces.plain & {"duration", "usual_duration"}:
        pieces = _duration(pieces, asker)
    if "fall" in pieces.plain and "why" in pieces.plain:
        raise refuse(Why.NOT_TOGETHER, "Only what goes with a rise is looked for, not with a fall.")
    if "fall" in pieces.plain and pieces.previous is None and not pieces.plain & BEFORE_IT:
        raise refuse(Why.INCOMPLETE, "Fewer than when? Compare a number with that of another time.")
    return pieces


def _refuse_advertising(pieces: Pieces) -> None:
    """Refuse *how many active ads*: ads are listings where AliExpress judges them, and may be advertising elsewhere.

    Raises:
        Refused: nothing says that they are listings.
    """
    judged = {*pieces.states, *pieces.moves} & {"held", "rejected", "auditing", "stuck", "taken_down", "cleared"}
    if "ad" in pieces.plain and not judged:
        raise refuse(Why.NOT_KNOWN, "Of advertising nothing is known here; if listings are meant, write *listings*.")


def _refuse_no_other_time(pieces: Pieces) -> None:
    """Refuse *more or fewer* beside one time: it compares, and says not with what.

    Raises:
        Refused: no second time is named.
    """
    if "either_way" in pieces.plain and not (
        pieces.compared or pieces.previous is not None or "last_year" in pieces.plain
    ):
        raise refuse(Why.INCOMPLETE, "More or fewer than when? Compare a number with that of another time.")


def _refuse_by_a_time(pieces: Pieces) -> None:
    """Refuse *to be fixed by Friday*: until when something is to be done nobody wrote down, and Friday was days ago.

    Raises:
        Refused: that was asked.
    """
    is_todo = Lane.TODO.value in pieces.where.get("lane", ())
    if not is_todo and any(re.search(r"\bby *$", fold(pieces.text)[: said.start]) for said in pieces.periods):
        raise refuse(Why.NOT_UNDERSTOOD, "*By* a time is until then: name the span that is counted, or its end.")
    if not is_todo:
        return
    if any(_BY_A_TIME.search(fold(pieces.text)[: said.start]) for said in pieces.periods):
        raise refuse(Why.NOT_KNOWN, "Until when something has to be done is not known, only that it has to be.")


_BY_A_TIME = re.compile(r"\b(?:by|before|until|till|for|due|para|antes del?|к|до) *(?:the )?$")


def _came_back(pieces: Pieces, asker: Asker) -> Pieces:
    """Ask what *came back* means: back on sale, or back among the rejected. *Came back cleared* says it.

    Raises:
        Refused: nothing says it.
    """
    if "came_back" not in pieces.plain or pieces.moves == [Move.CLEARED.value]:
        return pieces
    where = {name: tuple(values) for name, values in pieces.where.items() if values}
    moved = base(Kind.MOVES, Move.CLEARED.value, where, asker, period=one_period(pieces.periods))
    back = _at_end(base(Kind.LISTINGS, "", where | {"mark": ("regressed",)}, asker), pieces, asker)
    raise asker.ask("Back on sale, or rejected again after a fix? Choose.", [moved, back])


def _at_end(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Return a question to choose as of the end of the one time that is named; else of now."""
    if len(pieces.periods) != 1 or len(pieces.periods[0].readings) != 1:
        return question
    return at_moment_of(question, pieces.periods[0], asker)


def _unresolved(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *unresolved for more than a week* for held, as its age is; else it may be what is left for us to do: ask.

    Raises:
        Refused: nothing says which.
    """
    if "unresolved" not in pieces.states:
        return pieces
    others = [one for one in pieces.states if one != "unresolved"]
    if others and set(others) <= {"held", "rejected", "auditing", "stuck"}:
        return replace(pieces, states=others)
    if pieces.ages and not others:
        return replace(pieces, states=["held"])
    where = {name: tuple(values) for name, values in pieces.where.items() if values}
    offered = [listings_of(where, "held", asker), base(Kind.LISTINGS, "", where | {"lane": (Lane.TODO.value,)}, asker)]
    offered = [_at_end(one, pieces, asker) for one in offered]
    raise asker.ask("All that is held, or what is left for us to do? Choose.", offered)


_ONE_LISTING = re.compile(
    r"\b(?:oldest|longest)\b(?: \S+){0,2} (?:listing|product|item|one)\b|\bwhich (?:listing|product|item|one) \b"
)


def _longest_stuck(pieces: Pieces) -> Pieces:
    """Take *the oldest listing stuck in audit* for the one that is in audit the longest, and not for how many are."""
    named = "stuck" in pieces.states or pieces.cards == [STATE_CARDS["stuck"]]
    if not named or set(pieces.orders) != {"oldest"}:
        return pieces
    is_one = _ONE_LISTING.search(fold(pieces.text)) or _THE_OLDEST.search(fold(pieces.text))
    shaped = [("in_status" if value == "oldest" else value, said) for value, said in pieces.shaped]
    limit = 1 if is_one and pieces.limit is None else pieces.limit
    return replace(pieces, cards=[], states=["stuck"], orders=["in_status"], shaped=shaped, limit=limit)


TOTAL = "aex_total_listings"


def _names_some(pieces: Pieces) -> bool:
    """Whether something else than stores is named, so that not all listings are meant."""
    chosen = {name for name, values in pieces.where.items() if values} - set(PLACES)
    told = pieces.by or pieces.dimensions or pieces.orders or pieces.ages or pieces.negated or pieces.doubts
    return bool(
        pieces.subject or chosen or told or pieces.plain & {"why", "share", "newly", "duration", "jump", "fall"}
    )


_A_DAY = re.compile(r"(?:per|a|each|every) day|daily|ежедневн|diari|每天|每日|一天|(?:в|за) день|(?:por|al|cada) dia")


def _a_day(pieces: Pieces) -> Pieces:
    """*How much money a day*: money held back is of a day by itself, and is not divided by days."""
    if set(pieces.cards) != {MONEY} or "trend" in pieces.plain or not _A_DAY.search(fold(pieces.text)):
        return pieces
    days = ("day",)
    by, dimensions = ([one for one in told if one not in days] for told in (pieces.by, pieces.dimensions))
    read = [Read(one.words, "of a day, as it is") if one.meaning == "divided by day" else one for one in pieces.read]
    return replace(pieces, by=by, dimensions=dimensions, read=read)


def _more(pieces: Pieces) -> Pieces:
    """*Which store has more*: the most, where something is told apart; else a rise, as in *more than last week*."""
    if "more" not in pieces.plain:
        return pieces
    told_apart = pieces.beside or pieces.by or pieces.dimensions
    return replace(pieces, plain=pieces.plain - {"more"} | {"superlative" if told_apart else "jump"})


def _refuse_waiting_for_somebody(pieces: Pieces, asker: Asker) -> None:
    """Ask what *waiting for Ana* means: *waiting* alone is for AliExpress, but who is named may be waited for.

    Raises:
        Refused: that was asked.
    """
    said = [words for name, value, words in pieces.named if (name, value) == ("lane", Lane.WAITING.value)]
    owners = tuple(pieces.where.get("owner", ()))
    if owners and not all(FOR_ALIEXPRESS.search(fold(words)) for words in said):
        offered = [
            base(Kind.LISTINGS, "", {"owner": owners, "lane": (lane.value,)}, asker)
            for lane in (Lane.TODO, Lane.WAITING)
        ]
        raise asker.ask(f"Do they wait for {', '.join(owners)}, or for AliExpress? Choose.", offered)


def refuse_unused_superlative(question: Question, pieces: Pieces) -> None:
    """Refuse *the most* where nothing is told apart or ordered: it asks which, and not how many.

    Raises:
        Refused: the word would say nothing in the question.
    """
    one = len(question.filters.get(str(question.by), ())) == 1 and question.by is not None  # *is trademark the top*
    used = (question.by and not one) or pieces.orders or pieces.limit or question.compare is not Compare.NONE
    each = EACH.search(fold(pieces.text))
    if (
        each
        and question.name != MONEY
        and not (
            question.by
            or question.compare is not Compare.NONE
            or pieces.by
            or pieces.dimensions
            or pieces.limit
            or pieces.plain & {"why"}
        )
    ):
        raise refuse(Why.INCOMPLETE, f"{each[0]!r} asks for several: say of what, such as *by reason* or *by store*.")
    if one and _THE_TOP.search(fold(pieces.text)):
        raise refuse(Why.INCOMPLETE, f"Whether it is the first is told by all of them: ask *by {question.by}*.")
    if "superlative" in pieces.plain and not used and not pieces.plain & {"why", "jump"}:
        raise refuse(
            Why.INCOMPLETE, "The most of what? Say what to tell apart, such as *which reason* or *which store*."
        )


_THE_TOP = re.compile(
    r"\b(?:top|main|biggest|leading|most common|number one)\b|最(?:主要|多|常见)"
    r"|\bглавн|\bсам\w+ част|\bprincipal\b|\bmas (?:frecuente|comun)"
)


def _rejection_reasons(pieces: Pieces) -> Pieces:
    """*Reasons for rejection*: of the rejected ones, or beside a time of what was rejected in it."""
    plain = pieces.plain - {"rejection_reasons"}
    if pieces.periods:
        return replace(pieces, moves=[*pieces.moves, Move.REJECTED.value], by=[*pieces.by, "reason"], plain=plain)
    return replace(pieces, states=[*pieces.states, "rejected"], by=[*pieces.by, "reason"], plain=plain)


def _halted(pieces: Pieces, asker: Asker) -> Pieces:
    """*Stopped* is held; but *stopped in audit* may be all that is in it, or what is stuck there."""
    others = [one for one in pieces.states if one != "halted"]
    if "auditing" in others:
        offered = [listings_of({}, one, asker) for one in ("stuck", "auditing")]
        raise asker.ask("Stuck in audit longer than is usual, or all that is in audit? Choose.", offered)
    return replace(pieces, states=[*others, "held"])


def _newly(pieces: Pieces) -> Pieces:
    states = set(pieces.states)
    if len(states) != 1 or not states <= NEWLY.keys():
        raise refuse(Why.NOT_TOGETHER, "What is new in a time is counted of what is held, rejected or in audit.")
    return replace(pieces, states=[], moves=[NEWLY[states.pop()].value])


def _duration(pieces: Pieces, asker: Asker) -> Pieces:
    """*How long does it take until listings clear*: the median where what is usual is asked; else ask.

    *How long has the oldest one been rejected* has one answer.
    """
    if set(pieces.moves) == {Move.CLEARED} and not pieces.states and "usual_duration" in pieces.plain:
        plain = pieces.plain - {"duration", "usual_duration"}
        return replace(pieces, moves=[], cards=[TIMES_TO_CLEAR[0]], plain=plain)
    if len(set(pieces.cards)) == 1 and pieces.cards[0] in (*TIMES_TO_CLEAR, *OLDEST.values()):
        return replace(pieces, plain=pieces.plain - {"duration", "usual_duration"})
    states = set(pieces.states) | {STATE_AFTER.get(Move(one), one) for one in pieces.moves}
    if len(states) == 1 and states <= OLDEST.keys() and set(pieces.orders) == {"oldest"} and not pieces.periods:
        card = OLDEST[states.pop()]
        plain = pieces.plain - {"duration", "usual_duration"}
        limit = None if pieces.limit == 1 else pieces.limit  # *the oldest one*
        return replace(pieces, moves=[], states=[], orders=[], cards=[card], plain=plain, limit=limit)
    offered = [base(Kind.CARD, key, {}, asker) for key in (*TIMES_TO_CLEAR, *OLDEST.values())]
    raise asker.ask("These are the times that are known: choose.", offered)


_THE_OLDEST = re.compile(
    r"\b(?:el|la|lo) mas (?:antigu|viej)[oa]\b|\bсам(?:ый|ая|ое) стар(?:ый|ая|ое)\b|最久的(?:一个|那个)"
)
"""The one that is oldest, of which there is one and no number."""

_WHICH_ONE = re.compile(
    r"^\W*(?:что|какой|какая|какое) (?:\S+ )?(?:дольше|долее) |^\W*(?:que|cual) (?:\S+ )?lleva (?:\S+ )?mas tiempo"
)
"""*Что дольше всего на проверке*: in this status, and not held."""


def refuse_longest(question: Question, state: str, pieces: Pieces, asker: Asker) -> None:
    """Ask what *what is the longest in audit* means: for how long, or which listings; how many it is not.

    Raises:
        Refused: that was asked.
    """
    is_one = bool(_THE_OLDEST.search(fold(pieces.text)))
    if is_one and state in ("", "held") and not pieces.limit and set(pieces.orders) == {"oldest"}:
        offered = [base(Kind.CARD, card, {}, asker) for card in OLDEST.values()]
        offered.append(replace(question, limit=1, order="oldest"))
        raise asker.ask("How long the oldest has been so, or which has been held the longest? Choose.", offered)
    asks = (is_one or "count" in pieces.plain) and "list" not in pieces.plain and not pieces.limit
    asks = asks or bool(_WHICH_ONE.search(fold(pieces.text)))
    if asks and state in OLDEST and set(pieces.orders) == {"oldest"}:
        offered = [base(Kind.CARD, OLDEST[state], {}, asker), replace(question, limit=1, order="oldest")]
        raise asker.ask("How long the oldest has been so, or which have been so the longest? Choose.", offered)


_PUT_ON_SALE = re.compile(
    r"(?:上架|上线)了|(?:新|刚)(?:上架|上线)|\b(?:went|go|gone|going|put|were put) (?:live|on sale|online|up)\b"
)
"""*How many went on sale today* asks for what was put there, and not for all that are."""


def refuse_event(question: Question, state: str, pieces: Pieces, asker: Asker) -> None:
    """Refuse *fixed last week* and *got stuck yesterday*: such events are not counted, only what stood so at a moment.

    Raises:
        Refused: the question is of what happened in a time.
    """
    done = [value for name, values in EVENTS.items() for value in question.filters.get(name, ()) if value in values]
    began = "became" in pieces.plain or _PUT_ON_SALE.search(fold(pieces.text))
    if state == "taken_down" or (began and state in BECAME):
        done = [state]
    if len(done) == 1 and done[0] in DONE_NAMES:
        told = {name: values for name, values in question.where if name in (*PLACES, "owner")}
        of_time = base(Kind.DONE, done[0], told, asker, period=one_period(pieces.periods))
        words = f"What was {done[0]} in a time is counted whatever it is now, else what stood so at its end: choose"
        raise asker.ask(f"{words}.", [of_time, at_moment_of(question, pieces.periods[0], asker)], Why.NOT_TOGETHER)
    if done:
        words = {"offline": "taken down"}.get(done[0], done[0].replace("_", " "))
        raise asker.ask(
            f"How many were {words} in a time is not counted, only how many stood so at a moment: choose.",
            [at_moment_of(question, pieces.periods[0], asker)],
            Why.NOT_TOGETHER,
        )


def refuse_other_movement(pieces: Pieces) -> None:
    """Refuse *why were so many taken down yesterday*: that is no movement whose listings are compared.

    Raises:
        Refused: what moved is neither held, rejected nor in audit.
    """
    others = {*pieces.states, *pieces.moves} - {"held", "rejected", "auditing", "entered"}
    share = "share" in pieces.plain and SUPPRESSED not in pieces.cards
    if share or others or set(pieces.cards) - {HERO, REJECTED_24H, SUPPRESSED}:
        words = "What goes with a movement is looked for among listings that came to be held, rejected or in audit"
        raise refuse(Why.NOT_TOGETHER, f"{words}, and of no other number.")


def what_stood(question: Question, move: str, pieces: Pieces, asker: Asker) -> Refused:
    """Return the refusal of *were rejected at the end of last week*: nothing moves then, but something stands."""
    state = STATE_AFTER.get(Move(move))
    words = "At one moment nothing moves: name a span of time"
    if state is None:
        return refuse(Why.NOT_TOGETHER, f"{words}.")
    stood = replace(question, kind=Kind.LISTINGS, name="")
    for name, value in STATE_WHERE[state]:
        stood = stood.with_where(**{name: (value,)})
    return asker.ask(f"{words}, or ask what stood so then.", [at_moment_of(stood, pieces.periods[0], asker)])
