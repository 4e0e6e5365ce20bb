"""From the pieces of a question to one question, or to a refusal: two readings are offered, and nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from aexdash.ask import saying, typed
from aexdash.ask.answer import Choice, Refusal, Why
from aexdash.ask.language.lexicon import Meaning, Tag
from aexdash.ask.language.periods import Said, phrase
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.question import GRAINS, PLACES, WHERE, By, Compare, Kind, Move, Period, Question, Read
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS, Window
from aexdash.cards.window import bounds
from aexdash.clock import DAY, TICK, midnight
from aexdash.snapshot.compared.listings import What
from aexdash.view import AGES, ORDERS, View

HERO, REJECTED_24H = "aex_rejected_auditing_listings", "aex_rejected_listings_24h"
AGAIN, SUPPRESSED, FEED = (
    "aexdash_rerejection_rate",
    "aex_listing_suppressed_pct",
    ("aex_listings_failing_feedonomics_validation"),
)

STATE_CARDS = {
    "held": HERO,
    "active": "aex_active_listings",
    "at_risk": "aexdash_at_risk",
    "taken_down": "aexdash_taken_down",
    "stuck": "aexdash_stuck_in_audit",
}
"""The card that counts a state where nothing else is asked of it."""

STATE_WHERE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "held": (),
    "rejected": (("status", "rejected"),),
    "auditing": (("status", "auditing"),),
    "active": (("status", "active"),),
    "at_risk": (("status", "active"),),
    "taken_down": (("status", "offline"),),
    "stuck": (("mark", "stuck"),),
}

OLDEST = {"rejected": "aexdash_oldest_rejected_days", "auditing": "aexdash_oldest_auditing_days"}
"""The card that says how long the oldest listing has had a status."""

TOGETHER: Mapping[frozenset[str], str] = {
    frozenset(("held", "rejected")): "rejected",
    frozenset(("held", "auditing")): "auditing",
    frozenset(("rejected", "auditing")): "held",
    frozenset(("held", "rejected", "auditing")): "held",
    frozenset(("stuck", "auditing")): "stuck",
    frozenset(("stuck", "held")): "stuck",
    frozenset(("at_risk", "active")): "at_risk",
}
"""What two states together are."""

MOST_CHOICES = 4


@dataclass(frozen=True, slots=True)
class Asker:
    """What a question is read with: the names that there are, and the present."""

    workspace: Workspace
    now: datetime

    def choice(self, question: Question) -> Choice:
        """Return a question as something to choose."""
        words = typed.as_text(typed.write(question, self.workspace.zone))
        return Choice(words, saying.question_words(question, self.workspace, self.now))

    def ask(self, sentence: str, questions: Sequence[Question], why: Why = Why.AMBIGUOUS) -> Refused:
        """Return the refusal that offers some questions instead."""
        return Refused(Refusal(why, sentence, tuple(self.choice(one) for one in questions[:MOST_CHOICES])))


def compose(pieces: Pieces, asker: Asker) -> Question:
    """Make one question of the pieces.

    Raises:
        Refused: there is none, or more than one.
    """
    if pieces.typed:
        return _typed(pieces, asker)
    if "all_stores" in pieces.plain:
        asker = replace(asker, workspace=replace(asker.workspace, place=View()))
    _refuse_contradictions(pieces, asker)
    question = _subject(pieces, asker)
    question = _with_details(question, pieces, asker)
    return replace(question, read=read_as(question, pieces, asker), ignored=tuple(pieces.ignored))


TOTAL = "aex_total_listings"

OF_HELD = {HERO, SUPPRESSED, "aexdash_money_held_back"}
"""Cards that are of held listings, so that *held* beside them says nothing more."""


def _refuse_contradictions(pieces: Pieces, asker: Asker) -> None:
    """Refuse words that would otherwise say nothing in the question: what is understood is never dropped either.

    Raises:
        Refused: two numbers are asked for at once, or two times.
    """
    states = set(pieces.states) - {"again"}
    if TOTAL in pieces.cards and states:  # *how many rejected listings are there* asks for no total
        pieces.cards = [one for one in pieces.cards if one != TOTAL]
    if set(pieces.cards) <= OF_HELD and states == {"held"} and pieces.cards:
        pieces.states, states = [], set()
    if pieces.moves and states <= set(pieces.moves):
        pieces.states = [one for one in pieces.states if one not in states]
        states = set()
    if states and (pieces.cards or pieces.moves):
        offered = [_base(Kind.CARD, one, {}, asker) for one in pieces.cards]
        offered += [_listings({}, one, asker) for one in pieces.states if one in STATE_WHERE]
        raise asker.ask("One number at a time: choose.", offered, Why.NOT_TOGETHER)
    if "now" in pieces.plain and any(one.readings and one.readings[0].end <= asker.now for one in pieces.periods):
        raise refuse(
            Why.NOT_TOGETHER, "Now, or at that time? Name one; for both write *compared with* before the second."
        )
    if "jump" in pieces.plain and not pieces.plain & {"why", "compare"}:
        raise refuse(Why.INCOMPLETE, "Ask *why did it jump*, or compare a number with that of another time.")
    if "all_stores" in pieces.plain and (pieces.where.get("store") or pieces.where.get("profile")):
        raise refuse(Why.NOT_TOGETHER, "All stores, or one of them? Name one.")


def _typed(pieces: Pieces, asker: Asker) -> Question:
    """Read a question in typed words; plain words beside them must say nothing of their own."""
    if pieces.cards or pieces.moves or pieces.states or pieces.where or pieces.periods or pieces.by:
        raise refuse(Why.NOT_TOGETHER, "Write the whole question in plain words, or all of it as name:value.")
    question = typed.read(pieces.typed, asker.workspace, asker.now)
    return replace(question, read=tuple(pieces.read), ignored=tuple(pieces.ignored))


def where_of(pieces: Pieces, asker: Asker) -> dict[str, tuple[str, ...]]:
    """Return the filters of the pieces, also the age; what a phrase may stand for is asked about first."""
    _doubts(pieces, asker)
    where = {name: tuple(dict.fromkeys(values)) for name, values in pieces.where.items()}
    if pieces.days_held is not None:
        where["age"] = (_age(pieces.days_held),)
        pieces.read.append(
            Read(f"{pieces.days_held:g} days", saying.value_words("age", where["age"][0], asker.workspace))
        )
    for name in ("store", "profile", "q", "campaign"):
        if len(where.get(name, ())) > 1:
            raise refuse(Why.NOT_TOGETHER, f"One {name} at a time; for several divide by store, or use a profile.")
    return where


def _age(days: float) -> str:
    for word, least in AGES.items():
        if least == days:
            return word
    known = ", ".join(str(least) for least in AGES.values())
    raise refuse(Why.NOT_TOGETHER, f"Listings are told apart by {known} days held, not by {days:g}.")


def _doubts(pieces: Pieces, asker: Asker) -> None:
    """Ask which of its meanings a phrase has."""
    if not pieces.doubts:
        return
    said, meanings = pieces.doubts[0]
    offered = []
    for meaning in meanings:
        resolved = _resolved(pieces, meaning)
        try:
            offered.append(compose(resolved, asker))
        except Refused as refused:
            if refused.refusal.choices:
                raise
    if not offered:
        raise refuse(Why.NOT_UNDERSTOOD, f"{said!r} can be several things, and none of them is known so.")
    raise asker.ask(f"{said!r} can be more than one thing: choose.", offered)


def _resolved(pieces: Pieces, meaning: Meaning) -> Pieces:
    """Return the pieces with the first doubtful phrase taken for one of its meanings."""
    fresh = replace(
        pieces,
        cards=list(pieces.cards),
        states=list(pieces.states),
        moves=list(pieces.moves),
        doubts=pieces.doubts[1:],
        read=list(pieces.read),
    )
    fresh.where = defaultdict(list, {name: list(values) for name, values in pieces.where.items()})
    match meaning.tag:
        case Tag.CARD:
            fresh.cards.append(meaning.value)
        case Tag.STATE:
            fresh.states.append(meaning.value)
        case Tag.MOVE:
            fresh.moves.append(meaning.value)
        case _:
            fresh.where[meaning.name].append(meaning.value)
    return fresh


def _subject(pieces: Pieces, asker: Asker) -> Question:
    """Find out what is counted, of which listings and when."""
    where = where_of(pieces, asker)
    states = list(dict.fromkeys(pieces.states))
    if "offline" in states:
        raise asker.ask(
            "Listings that sellers took off sale themselves are not listed here; those that AliExpress took down are.",
            [_listings({}, "taken_down", asker)],
            Why.NOT_TOGETHER,
        )
    if "why" in pieces.plain and (asked := _causes(pieces, states, where, asker)):
        return asked
    if "share" in pieces.plain and not pieces.cards:
        return _share(pieces, states, where, asker)
    if "again" in states:
        raise _again(pieces, asker)
    cards = list(dict.fromkeys(pieces.cards))
    if len(cards) + len(set(pieces.moves)) > 1:
        raise asker.ask("One number at a time: choose.", [_base(Kind.CARD, one, {}, asker) for one in cards])
    if cards:
        return _card(cards[0], pieces, where, asker)
    if pieces.moves:
        return _moves(pieces.moves[0], pieces, where, asker)
    if states or where or pieces.by or pieces.dimensions or pieces.orders or ("list" in pieces.plain and pieces.limit):
        return _stock(_one_state(states, asker), pieces, where, asker)
    raise _incomplete(pieces, asker)


def _base(kind: Kind, name: str, where: Mapping[str, tuple[str, ...]], asker: Asker, **more: object) -> Question:
    """Return a question of the stores that it names, else of those that are looked at."""
    place = asker.workspace.place
    named = dict(where)
    if not named.keys() & set(PLACES) and not named.pop("all", ()):
        named |= {name: (value,) for name, value in (("store", place.store), ("profile", place.profile)) if value}
    filters = tuple((word, named[word]) for word in WHERE if named.get(word))
    return replace(Question(kind, name, filters), **more)  # type: ignore[arg-type]


def _listings(where: Mapping[str, tuple[str, ...]], state: str, asker: Asker, **more: object) -> Question:
    merged = dict(where)
    for name, value in STATE_WHERE[state]:
        merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), value)))
    return _base(Kind.LISTINGS, "", merged, asker, **more)


def _one_state(states: Sequence[str], asker: Asker) -> str:
    if len(states) > 1:
        together = TOGETHER.get(frozenset(states))
        if together is None:
            raise asker.ask("One number at a time: choose.", [_listings({}, one, asker) for one in states])
        return together
    return states[0] if states else ""


def _incomplete(pieces: Pieces, asker: Asker) -> Refused:
    offered = [_base(Kind.CARD, key, {}, asker) for key in (HERO, "aex_active_listings", "aex_total_listings")]
    return asker.ask("Which listings: held ones, those on sale, or all?", offered, Why.INCOMPLETE)


def one_period(said: Sequence[Said]) -> Period | None:
    """Return the one period of a question, None where it has none.

    Raises:
        Refused: it has two, one that has not begun, or one with two readings.
    """
    if not said:
        return None
    if any(one.future for one in said):
        raise refuse(Why.FUTURE, "That time has not begun: only what was read so far can be counted.")
    if len(said) > 1:
        words = " and ".join(repr(one.readings[0].label) for one in said)
        raise refuse(
            Why.NOT_UNDERSTOOD, f"{words} are two times; name one, or write *compared with* before the second."
        )
    return said[0].readings[0]


def _readings(pieces: Pieces) -> list[Pieces]:
    """Return the pieces for each combination of readings of their periods."""
    said = [*pieces.periods, *pieces.compared]
    if all(len(one.readings) < 2 for one in said):
        return []
    cut, found = len(pieces.periods), []
    for readings in product(*(one.readings or (None,) for one in said)):
        chosen = [
            replace(one, readings=(reading,) if reading else ()) for one, reading in zip(said, readings, strict=True)
        ]
        found.append(replace(pieces, periods=chosen[:cut], compared=chosen[cut:], read=list(pieces.read)))
    return found


def _ask_which_period(pieces: Pieces, asker: Asker) -> None:
    """Ask which of its readings a period has."""
    each = _readings(pieces)
    if not each:
        return
    said = next(one for one in (*pieces.periods, *pieces.compared) if len(one.readings) > 1)
    offered: list[Question] = []
    for one in each:
        try:
            offered.append(compose(one, asker))
        except Refused as refused:
            if refused.refusal.why is not Why.AMBIGUOUS:
                raise
            days = " or ".join(phrase(reading, asker.workspace.zone) for reading in said.readings)
            words = f"{said.readings[0].label!r} can be {days}; write the days, and whether they were rejected in them."
            raise refuse(Why.AMBIGUOUS, words) from None
    raise asker.ask(f"{said.readings[0].label!r} can be two times: choose.", offered)


def _card(key: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask for a card; with filters, or for a list, for the listings that it counts."""
    card = CARDS[key]
    filtered = [name for name in where if name not in PLACES]
    divided = [one for one in (*pieces.by, *pieces.dimensions) if one != "store" and one not in GRAINS]
    if filtered or divided or "list" in pieces.plain or pieces.orders:
        state = next((state for state, of in STATE_CARDS.items() if of == key), "")
        state = state or next((one for one, of in OLDEST.items() if of == key), "")
        if state and state != "active":
            return _stock(state, replace(pieces, cards=[]), where, asker)
        what = "divided so" if divided else "listed" if not filtered else "known for a part of the listings"
        raise asker.ask(
            f"{card.title} is of whole stores; it is not {what}.", [_base(Kind.CARD, key, {}, asker)], Why.NOT_TOGETHER
        )
    _ask_which_period(pieces, asker)
    period = one_period(pieces.periods)
    question = _base(Kind.CARD, key, where, asker)
    if period is None or "now" in pieces.plain:
        return question
    if card.window is not Window.RT and not pieces.periods[0].edge:
        return _of_window(question, period, asker)
    return _at(question, pieces.periods[0], asker)


def _of_window(question: Question, period: Period, asker: Asker) -> Question:
    """Ask for a card that counts a window of its own; a period fits it only where it is that window."""
    card, now = CARDS[question.name], asker.now
    start, end = _window(card.window, now, asker)
    if (period.start, period.end) == (start, end) or (card.window is Window.H24 and _is_last_24(period, now)):
        return question
    offered = [question]
    if period.end <= now:
        offered.append(replace(question, at=period.end - TICK))
    raise asker.ask(f"{card.title} always counts {WINDOW_WORDS[card.window]}.", offered, Why.NOT_TOGETHER)


WINDOW_WORDS = {
    Window.H24: "the 24 hours up to a moment",
    Window.D7: "the 7 whole days before a moment",
    Window.D30: "the 30 whole days before a moment",
    Window.D90: "the 90 whole days before a moment",
    Window.TODAY: "the day of a moment",
    Window.RT: "a moment",
}


def _window(window: Window, now: datetime, asker: Asker) -> tuple[datetime, datetime]:
    return bounds(window, now, asker.workspace.zone)


def _is_last_24(period: Period, now: datetime) -> bool:
    return period.end == now + TICK and abs((now - period.start).total_seconds() - 86_400) < 1


def _at(question: Question, said: Said, asker: Asker) -> Question:
    """Ask of the moment that a period means: its end, its start, or now where it is not over."""
    period = said.readings[0]
    if said.edge == "start":
        return replace(question, at=period.start)
    at = None if period.end > asker.now else period.end - TICK
    return replace(question, at=at, period=period if period.end - period.start > 2 * DAY else None)


def _moves(move: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask how many moved in a span; without one, of today, or of the last 24 hours where a card counts these."""
    _ask_which_period(pieces, asker)
    period = one_period(pieces.periods)
    question = _base(Kind.MOVES, move, where, asker)
    if period is not None and pieces.periods[0].edge:
        return _moves_or_stock(question, move, pieces, asker)
    if period is not None and "now" not in pieces.plain:
        return _24_hours(replace(question, period=period), pieces, asker)
    today = _day_so_far(asker)
    offered = [replace(question, period=today)]
    if move == Move.REJECTED:
        whole = not [name for name in where if name not in PLACES]
        offered += [_base(Kind.CARD, REJECTED_24H, where, asker)] if whole else []
        offered.append(_listings(where, "rejected", asker))
    raise asker.ask("In which time? Name one, such as *last week*, or choose.", offered, Why.INCOMPLETE)


STATE_AFTER = {Move.REJECTED: "rejected", Move.AUDITING: "auditing", Move.ENTERED: "held"}
"""What a listing is after a move; of listings that are no longer held nothing more is listed."""


def _moves_or_stock(question: Question, move: str, pieces: Pieces, asker: Asker) -> Question:
    """Ask what *were rejected at the end of last week* means: what stood so then, or what moved up to then."""
    state = STATE_AFTER.get(Move(move))
    words = "At one moment nothing moves: name a span of time"
    if state is None:
        raise refuse(Why.NOT_TOGETHER, f"{words}.")
    stood = replace(question, kind=Kind.LISTINGS, name="")
    for name, value in STATE_WHERE[state]:
        stood = stood.with_where(**{name: (value,)})
    raise asker.ask(f"{words}, or ask what stood so then.", [_at(stood, pieces.periods[0], asker)])


def _24_hours(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Ask the card of the last 24 hours where that is what is asked, so that the answer is that of its tile."""
    only_place = all(name in PLACES for name, _ in question.where)
    period = question.period
    if question.name == Move.REJECTED and period and _is_last_24(period, asker.now) and only_place:
        divided = [*pieces.by, *pieces.dimensions]
        if all(one == "store" for one in divided) and "list" not in pieces.plain:
            return replace(question, kind=Kind.CARD, name=REJECTED_24H, period=None)
    return question


def _day_so_far(asker: Asker) -> Period:
    zone = asker.workspace.zone
    return Period(midnight(asker.now, zone), midnight(asker.now, zone, days=1), "today")


def _stock(state: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask which listings are so, at a moment; *rejected last week* may also mean that they were rejected in it."""
    _ask_which_period(pieces, asker)
    period = one_period(pieces.periods)
    question = _listings(where, state or "held", asker)
    if "age" in where and state in ("rejected", "auditing"):
        raise asker.ask(
            "How long a listing is held without a break is known, not how long it has one status: choose.",
            [question, _base(Kind.CARD, OLDEST[state], {}, asker)],
        )
    if not state and pieces.plain & {"jump"} and period:
        raise _incomplete(pieces, asker)
    question = _as_card(question, state, pieces, where, asker)
    if period is None or "now" in pieces.plain:
        return question
    said = pieces.periods[0]
    if state in ("rejected", "held", "auditing", "") and not said.edge:
        return _during_or_at_end(question, state, said, pieces, asker)
    return _at(question, said, asker)


def _during_or_at_end(question: Question, state: str, said: Said, pieces: Pieces, asker: Asker) -> Question:
    """Tell what happened in a period from what stood at its end; where both can be meant, ask."""
    period, zone = said.readings[0], asker.workspace.zone
    move = {"rejected": Move.REJECTED, "auditing": Move.AUDITING}.get(state, Move.ENTERED)
    of_moves = replace(question, kind=Kind.MOVES, name=move.value, period=period).with_where(status=(), mark=())
    during = _24_hours(of_moves, pieces, asker)
    at_end = _at(question, said, asker)
    if state == "rejected" and pieces.bare:
        return during
    one_day = phrase(period, zone).count("-") == 2 and " " not in phrase(period, zone)
    if state in ("held", "auditing", "") and one_day:
        return at_end
    raise asker.ask("In that time, or as it stood at its end? Choose.", [during, at_end])


def _as_card(
    question: Question, state: str, pieces: Pieces, where: Mapping[str, tuple[str, ...]], asker: Asker
) -> Question:
    """Ask the card that counts a state, where nothing else is asked of it."""
    listed = pieces.orders or pieces.limit or ("list" in pieces.plain and not (pieces.by or pieces.dimensions))
    only_place = all(name in PLACES for name in where)
    only_grain = all(one in GRAINS or one == "store" for one in (*pieces.by, *pieces.dimensions))
    if state in STATE_CARDS and only_place and only_grain and not listed:
        return _base(Kind.CARD, STATE_CARDS[state], where, asker)
    if state == "active" and only_place:
        raise asker.ask(
            "Listings on sale are listed only where a finding of ours stands: those at risk.",
            [_listings(where, "at_risk", asker), _base(Kind.CARD, STATE_CARDS["active"], where, asker)],
            Why.NOT_TOGETHER,
        )
    return question


def _share(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    if "again" in states:
        return _card(AGAIN, replace(pieces, states=[]), where, asker)
    if list(states) == ["held"]:
        return _card(SUPPRESSED, replace(pieces, states=[]), where, asker)
    offered = [_base(Kind.CARD, key, {}, asker) for key in (SUPPRESSED, AGAIN, FEED)]
    raise asker.ask("Of that no share is known; these are.", offered, Why.NOT_TOGETHER)


def _again(pieces: Pieces, asker: Asker) -> Refused:
    del pieces
    offered = [_base(Kind.CARD, AGAIN, {}, asker), _base(Kind.LISTINGS, "", {"mark": ("regressed",)}, asker)]
    return asker.ask("As a share of the rejections of 30 days, or as the listings to do now? Choose.", offered)


def _causes(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question | None:
    """Ask what goes with a movement; why listings are held at present is told by their reasons instead."""
    _ask_which_period(pieces, asker)
    period = one_period(pieces.periods)
    jump = "jump" in pieces.plain
    if period is None and not jump:
        if not (states or where or pieces.plain & {"noun"}) and not pieces.moves:
            return None
        divided = replace(pieces, plain=pieces.plain - {"why"}, by=["reason"])
        state = _one_state([*states, *("rejected" for _ in pieces.moves)][:1], asker)
        return replace(_stock(state, divided, where, asker), by=By.REASON)
    what = What.REJECTED if "rejected" in (*states, *pieces.moves) else What.HELD
    what = What.AUDITING if "auditing" in (*states, *pieces.moves) else what
    if pieces.periods and pieces.periods[0].edge:
        raise refuse(Why.NOT_TOGETHER, "At one moment nothing moves: name the day, or a span of time.")
    return _base(Kind.CAUSES, what.value, where, asker, period=period)


def _with_details(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Add what a question is divided by, compared with, ordered by, and how many rows are shown."""
    by = divided_by(pieces, question)
    compare, compare_with = compared_with(pieces, question, asker)
    order = pieces.orders[0] if pieces.orders else ORDERS[0]
    if len(set(pieces.orders)) > 1 or (pieces.orders and (by or question.by or question.kind is not Kind.LISTINGS)):
        raise refuse(Why.NOT_TOGETHER, "Only listings are ordered, and by one thing at a time.")
    limit = pieces.limit if pieces.limit is not None else question.limit
    return replace(
        question,
        by=By(by) if by else question.by,
        compare=compare,
        compare_with=compare_with,
        order=order if question.kind is Kind.LISTINGS else question.order,
        limit=typed.read({"limit": str(limit)}, asker.workspace, asker.now).limit,
    )


def divided_by(pieces: Pieces, question: Question) -> str:
    """Return what a number is divided by; a dimension right beside a value of it says nothing more.

    Raises:
        Refused: two are named, or one without saying what of it is meant.
    """
    filters = question.filters
    free = [one for one in pieces.dimensions if one not in filters and not (one == "family" and "reason" in filters)]
    if "by" not in pieces.plain and "list" not in pieces.plain and free and not pieces.by:
        one = free[0]
        raise refuse(Why.INCOMPLETE, f"Which {one} is meant? Name it, or write *by {one}*.")
    named = list(dict.fromkeys([*pieces.by, *free]))
    if "why" in pieces.plain and named == ["reason"] and question.kind is Kind.CAUSES:
        return ""
    if len(named) > 1:
        raise refuse(Why.NOT_TOGETHER, f"A number is divided by one thing at a time: {' or '.join(named)}?")
    return named[0] if named else ""


def compared_with(pieces: Pieces, question: Question, asker: Asker) -> tuple[Compare, Period | None]:
    """Return what a number is compared with.

    Raises:
        Refused: a word such as *than* has nothing behind it, or the period behind it has not begun.
    """
    del question, asker
    if period := one_period(pieces.compared):
        return Compare.PERIOD, period
    if "last_year" in pieces.plain:
        return Compare.SAME_LAST_YEAR, None
    if "previous" in pieces.plain:
        return Compare.PREVIOUS, None
    if "compare" in pieces.plain:
        raise refuse(Why.INCOMPLETE, "Compared with what? Name a time, such as *the week before* or *last month*.")
    return Compare.NONE, None


def read_as(question: Question, pieces: Pieces, asker: Asker) -> tuple[Read, ...]:
    """Say of each word what it was taken for: those of filters and periods as they stand in the question."""
    zone, workspace = asker.workspace.zone, asker.workspace
    read = list(pieces.read)
    for said in (*pieces.periods, *pieces.compared):
        for one in said.readings[:1]:
            at_end = question.kind in (Kind.CARD, Kind.LISTINGS) and said in pieces.periods
            words = (
                saying.at_words(question.at, zone)
                if at_end and question.at
                else saying.span_words(one, asker.now, zone)
            )
            read.append(Read(one.label, "now" if at_end and not question.at else words))
    read += [Read(said, saying.value_words(name, value, workspace)) for name, value, said in pieces.named]
    return tuple(dict.fromkeys(read))
