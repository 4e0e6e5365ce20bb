"""What a question counts: a card, listings, moves or causes, of which listings and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import find
from aexdash.ask.meaning.asker import (
    AGAIN,
    REJECTED_24H,
    SEVERAL_NUMBERS,
    STATE_WHERE,
    TOGETHER,
    Asker,
    at_moment_of,
    base,
    day_so_far,
    listings_of,
    of_24_hours,
    one_period,
)
from aexdash.ask.meaning.choosing import where_of
from aexdash.ask.meaning.in_context.settling import (
    STATE_AFTER,
    refuse_other_movement,
    what_stood,
)
from aexdash.ask.meaning.several import one_at_a_time, stood
from aexdash.ask.meaning.subjects.cards_asked import card_of
from aexdash.ask.meaning.subjects.shares import JOINED, share_of
from aexdash.ask.meaning.subjects.stocks import beside, incomplete, stock
from aexdash.ask.question import GRAINS, PLACES, By, Compare, Kind, Move, Question
from aexdash.ask.rules import MOVES_OF
from aexdash.ask.typed import refuse
from aexdash.cards import CARDS
from aexdash.model import Lane
from aexdash.snapshot.compared.listings import What


def subject_of(pieces: Pieces, asker: Asker) -> Question:
    """Find out what is counted, of which listings and when; each phrase has one meaning by now, each time one reading.

    Raises:
        Refused: nothing that is counted was named, or more than one thing.
    """
    where = where_of(pieces, asker)
    states = list(dict.fromkeys(pieces.states)) or _off_sale(where)
    _refuse_states(states, pieces, asker)
    if "why" in pieces.plain and (asked := _causes(pieces, states, where, asker)):
        return asked
    if "share" in pieces.plain and not any(CARDS[one].unit == "percent" for one in pieces.cards):
        return share_of(pieces, states, where, asker)
    if "again" in states:
        return _again(pieces, where, asker)
    cards = list(dict.fromkeys(pieces.cards))
    if len(cards) + len(set(pieces.moves)) > 1:
        raise one_at_a_time(pieces, where, asker)
    if cards:
        return card_of(cards[0], pieces, where, asker)
    if pieces.moves:
        return _moves(pieces.moves[0], pieces, where, asker)
    if pieces.orders[:1] == ["urgent"] and not states and not where.keys() & {"lane", "stage", "mark"}:
        where = where | {"lane": (Lane.TODO.value,)}  # what waits for AliExpress is not anybody's to fix
    of_any = where or ("noun" in pieces.plain and (pieces.by or pieces.dimensions))
    if not states and of_any and where.keys() <= ANY_LISTING and not _is_of_held(pieces):
        raise incomplete(pieces, asker, where)
    if states or where or pieces.by or pieces.dimensions or pieces.orders or ("list" in pieces.plain and pieces.limit):
        _refuse_then_and_now(states, pieces)
        return stock(_one_state(states, asker, pieces.text), pieces, where, asker)
    raise incomplete(pieces, asker)


ANY_LISTING = {*PLACES, "category"}
"""Filters that listings on sale have as well as held ones: *how many listings in Madrid* asks for all of them."""


OFF_SALE = {"other.expired", "other.taken_off_by_seller"}
"""Reasons of listings that nobody holds, so that none of what is held has them."""


def _off_sale(where: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the state that reasons say by themselves: what was taken down for a penalty is not held.

    Raises:
        Refused: the listings ran out, or their seller took them off sale.
    """
    reasons = where.get("reason", ())
    if set(reasons) & OFF_SALE:
        words = "are not held, so they are not counted here: `aexdash gone` and `aexdash expiring` list them"
        raise refuse(Why.NOT_KNOWN, f"Listings that ran out, or that their seller took off sale, {words}.")
    return ["taken_down"] if reasons and all(one.startswith("other.taken_down") for one in reasons) else []


def _is_of_held(pieces: Pieces) -> bool:
    """Whether something is told apart or ordered by what held listings alone have, as a reason or an owner."""
    told = {*pieces.by, *pieces.dimensions} - {"store", "category", *GRAINS}
    return bool(told or set(pieces.orders) & {"oldest", "newest", "in_status", "moved", "attempts", "urgent", "money"})


def _refuse_states(states: Sequence[str], pieces: Pieces, asker: Asker) -> None:
    """Refuse *held or rejected*, which is one or the other, and what sellers took off sale themselves."""
    either = {*states, *pieces.moves}
    if pieces.either and len(either) > 1 and either != {"rejected", "auditing"}:
        raise asker.ask(SEVERAL_NUMBERS, [stood(one, {}, asker) for one in states if one in STATE_WHERE])
    if "offline" in states:
        raise asker.ask(
            "Listings that sellers took off sale themselves are not listed here; those that AliExpress took down are.",
            [listings_of({}, "taken_down", asker)],
            Why.NOT_TOGETHER,
        )


def _refuse_then_and_now(states: Sequence[str], pieces: Pieces) -> None:
    """Refuse *how many of those rejected yesterday are held*: the time belongs to one of two states.

    Raises:
        Refused: a time is named beside two states.
    """
    if len(states) > 1 and pieces.periods and set(states) != {"rejected", "auditing"}:
        words = "What became so in a time, or what was so? Whether the same listings are both is not counted"
        raise refuse(Why.NOT_TOGETHER, f"{words}: name one of them beside the time.")


def _one_state(states: Sequence[str], asker: Asker, text: str) -> str:
    if len(states) > 1:
        together = TOGETHER.get(frozenset(states))
        if together == "held" and "held" not in states and not JOINED.search(fold(text)):
            resubmitted = listings_of({"audit": ("resubmitted",)}, "auditing", asker)
            offered = [resubmitted, *(listings_of({}, one, asker) for one in ("rejected", "auditing", "held"))]
            raise asker.ask("Rejected and in audit at once no listing is: choose.", offered)
        if together is None:
            raise asker.ask(SEVERAL_NUMBERS, [stood(one, {}, asker) for one in states])
        return together
    return states[0] if states else ""


def _moves(move: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask how many moved in a span; without one, of today, or of the last 24 hours where a card counts these."""
    if pieces.moves == [Move.REJECTED] and not pieces.periods and set(pieces.orders) == {"oldest"}:
        return stock("rejected", replace(pieces, moves=[]), where, asker)  # *the longest anything has been rejected*
    if move == Move.REJECTED and not pieces.periods and where.keys() - {*PLACES, *MOVES_OF}:
        return stock("rejected", replace(pieces, moves=[]), where, asker)  # *rejections nobody has taken* stand so
    period = one_period(pieces.periods)
    question = base(Kind.MOVES, move, where, asker)
    others = where.keys() - {*PLACES, *MOVES_OF}
    if others and period is not None and not pieces.periods[0].edge and "now" not in pieces.plain:
        known = {name: values for name, values in where.items() if name not in others}
        stands = STATE_AFTER.get(Move(move))
        offered = [base(Kind.MOVES, move, known, asker, period=period)]
        offered += [listings_of(where, stands, asker)] if stands else []
        words = f"Moves are told apart by store, reason and category, not by {', '.join(sorted(others))}: choose"
        raise asker.ask(f"{words}.", offered, Why.NOT_TOGETHER)
    if period is not None and pieces.periods[0].edge:
        raise what_stood(question, move, pieces, asker)
    if period is not None and "now" not in pieces.plain:
        return of_24_hours(replace(question, period=period), pieces, asker)
    if pieces.previous in ("week", "month", "quarter") and not pieces.periods:  # *week over week*
        spans = [find(f"{which} {pieces.previous}", asker.now, asker.workspace.zone) for which in ("last", "this")]
        each = [replace(question, period=said.readings[0], compare=Compare.PREVIOUS) for [said] in spans]
        raise asker.ask("Of which time? Choose.", each, Why.INCOMPLETE)
    offered = [replace(question, period=beside(pieces, asker) or day_so_far(asker))]
    if move == Move.REJECTED:
        whole = not [name for name in where if name not in PLACES]
        offered += [base(Kind.CARD, REJECTED_24H, where, asker)] if whole else []
        offered.append(listings_of(where, "rejected", asker))
    if move == Move.REJECTED and period is None and "now" in pieces.plain:
        return stock("rejected", replace(pieces, moves=[]), where, asker)
    raise asker.ask("In which time? Name one, such as *last week*, or choose.", offered, Why.INCOMPLETE)


def _again(pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask for the listings that were rejected again where some are chosen, for only these can be; else ask.

    How many were so in a time is not counted.
    """
    regressed = base(Kind.LISTINGS, "", where | {"mark": ("regressed",)}, asker)
    period = one_period(pieces.periods)
    if where.keys() - set(PLACES) and period and "now" not in pieces.plain:
        words = "How many were rejected again in a time is not counted, only how many stood so at a moment: choose"
        raise asker.ask(f"{words}.", [at_moment_of(regressed, pieces.periods[0], asker)], Why.NOT_TOGETHER)
    if where.keys() - set(PLACES):
        return regressed
    offered = [base(Kind.CARD, AGAIN, where, asker), regressed]
    raise asker.ask("As a share of the rejections of 30 days, or as the listings to do now? Choose.", offered)


def _causes(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question | None:
    """Ask what goes with a movement; why listings are held at present is told by their reasons instead."""
    period = one_period(pieces.periods)
    jump = "jump" in pieces.plain
    if period is None and not jump:
        if not (states or where.keys() - ANY_LISTING or pieces.plain & {"noun"}) and not pieces.moves:
            return None
        if others := [one for one in pieces.by if one != "reason"]:  # *why was it rejected, and who has it*
            plain, state = pieces.plain - {"why"}, (*states, "held")[0]
            each = [stock(state, replace(pieces, plain=plain, by=[one]), where, asker) for one in ("reason", *others)]
            offered = [replace(question, by=By(one)) for question, one in zip(each, ("reason", *others), strict=True)]
            raise replace(asker, finish=None).ask(SEVERAL_NUMBERS, offered, Why.NOT_TOGETHER)
        divided = replace(pieces, plain=pieces.plain - {"why"}, by=["reason"])
        state = _one_state([*states, *("rejected" for _ in pieces.moves)][:1], asker, pieces.text)
        return replace(stock(state, divided, where, asker), by=By.REASON)
    refuse_other_movement(pieces)
    what = What.REJECTED if "rejected" in (*states, *pieces.moves) else What.HELD
    what = What.AUDITING if "auditing" in (*states, *pieces.moves) else what
    if period and not (states or pieces.moves or pieces.cards or jump):
        asked = [base(Kind.CAUSES, one.value, where, asker, period=period) for one in (What.HELD, What.REJECTED)]
        moved = [base(Kind.MOVES, one.value, where, asker, period=period) for one in (Move.ENTERED, Move.REJECTED)]
        raise asker.ask("What goes with which movement, or how many moved? Choose.", [*asked, *moved])
    if pieces.periods and pieces.periods[0].edge:
        raise refuse(Why.NOT_TOGETHER, "At one moment nothing moves: name the day, or a span of time.")
    return base(Kind.CAUSES, what.value, where, asker, period=period)
