"""A number before it is told: what was counted, of what, and what it may speak for. Counted by what pages call too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.ask.question import Kind, Move, Period, Question
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS, value
from aexdash.clock import TICK
from aexdash.desk.profiles import resolve_view
from aexdash.model import HELD, IN_REVIEW, UNKNOWN_REASON, Status, unsaid
from aexdash.snapshot.history.facts import ENTERING, LEAVING, Flow, Moved
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.scope import Kind as Counted
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.statement import Claim, Reach, Span, StoreReading
from aexdash.view import View
from aexdash.words.card_units import amount
from aexdash.words.cards import claim_of, claimed_number, coverage_words, value_words
from aexdash.words.statements import brief_words, count_words, least_words

FLOWS: Mapping[str, tuple[Flow, ...]] = {
    Move.ENTERED: ENTERING,
    Move.AUDITING: (Flow.AUDITING,),
    Move.LEFT: LEAVING,
    Move.CLEARED: (Flow.ACTIVE,),
}
"""The bars of the bridge that a move is; moves to rejected are counted as their card does."""

OF_EVIDENCE = ("reason", "only", "without", "both", "provenance", "resubmit", "category")
"""Filters by what is read of a listing after it was seen to be held."""

UNSAID = (UNKNOWN_REASON, IN_REVIEW)
"""The codes of held listings of which nobody knows the reason."""

COUNTED: Mapping[Status, Counted] = {Status.ACTIVE: "active", Status.OFFLINE: "total"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it may be told: `text` has its bounds, and `notes` what else limits it.

    `number` is None where nothing may be claimed, also where nothing was found and not everything was read. `more`:
    all stores were read, and listings that are not checked yet may belong to it too. `parts` are the part and the whole
    that a share is of.
    """

    number: float | None
    text: str
    unit: str
    reach: Reach
    notes: tuple[str, ...] = ()
    more: bool = False
    parts: tuple[Number, ...] = ()

    @property
    def claim(self) -> Claim:
        """What the number may claim."""
        return Claim.AT_LEAST if self.more and self.reach.is_whole else self.reach.claim

    @property
    def is_whole(self) -> bool:
        """Whether it is a number of all that was asked for."""
        return self.number is not None and self.claim is Claim.KNOWN


@dataclass(frozen=True, slots=True)
class SpanWindow:
    """A span as a window of each store: up to its end, and no further than the store's last reading."""

    start: datetime
    end: datetime

    def __call__(self, moment: datetime) -> Span:
        """Return the span up to a moment."""
        start = self.start - TICK
        return start, max(start, min(moment, self.end - TICK))


def view_of(question: Question, workspace: Workspace, view: View | None = None) -> View:
    """Return the view of a question with the stores of its profile filled in."""
    return resolve_view(view or question.view, workspace.stores, workspace.profiles).view


def stores_of(question: Question, workspace: Workspace) -> list[StoreRow]:
    """Return the stores that a question is of; all that are watched where it names none."""
    keys = view_of(question, workspace, question.place).store_keys
    return [one for one in workspace.stores if (one.watched if keys is None else one.key in keys)]


def count(question: Question, workspace: Workspace, now: datetime) -> Number:
    """Count what a question asks for, which is a card, listings or moves."""
    if question.part:
        return share(question, workspace)
    match question.kind:
        case Kind.CARD:
            return card(question, workspace)
        case Kind.MOVES:
            return moves(question, workspace, now)
        case _:
            return listings(question, workspace)


def card(question: Question, workspace: Workspace) -> Number:
    """Read the value of a card, as its tile has it."""
    of, view = CARDS[question.name], view_of(question, workspace)
    measures = workspace.snapshot.measures(view.store_keys, view.as_of)
    with measures:
        current = value(of, measures)
    notes = (claim_of(of, current, workspace.zone), coverage_words(of, current), current.note)
    text = value_words(of, current) if current.value is not None else ""
    number = claimed_number(current)
    return Number(number, text if number is not None else "", of.unit, current.reach, tuple(filter(None, notes)))


def listings(question: Question, workspace: Workspace) -> Number:
    """Count the listings of a question, as the worklist has them."""
    return listed(view_of(question, workspace), workspace.snapshot)


def share(question: Question, workspace: Workspace) -> Number:
    """Count a part and what it is a part of, and tell both: `12 of 31 (38.7 %)`.

    A percentage is said only where both numbers are all there are; of nothing there is none.
    """
    part, all_of_it = listings(replace(question, part=()), workspace), question.whole
    whole = card(all_of_it, workspace) if all_of_it.kind is Kind.CARD else listings(all_of_it, workspace)
    notes = tuple(dict.fromkeys((*part.notes, *whole.notes)))
    counted = Number(None, "", "percent", part.reach, notes, part.more or whole.more, (part, whole))
    if part.number is None or whole.number is None:
        return counted
    bare = [one.text.removesuffix(brief_words(one.reach, listed=True)) for one in (part, whole)]
    text = f"{bare[0]} of {bare[1]}"
    if not (part.is_whole and whole.is_whole and whole.number):
        return replace(counted, text=f"{text}{brief_words(part.reach, listed=True)}")
    percent = 100 * part.number / whole.number
    return replace(counted, number=percent, text=f"{text} ({amount(percent, 'percent')})")


def listed(view: View, snapshot: Snapshot) -> Number:
    """Count the listings of a view whose stores are filled in."""
    reach = _reach(view, snapshot)
    if not reach.read:
        return Number(None, "", "listings", reach)
    found = snapshot.count(view)
    more, notes = _unchecked(view, snapshot)
    if found == 0 and (more or not reach.is_whole):
        notes = (*notes, "none seen so far, and not everything was read")
        return Number(None, "", "listings", reach, notes, more)
    text = f"{least_words(f'{found:,}') if more else f'{found:,}'}{brief_words(reach, listed=True)}"
    return Number(found, text, "listings", reach, notes, more)


def _reach(view: View, snapshot: Snapshot) -> Reach:
    """Return what a list may speak for: the weakest of the counts that its statuses need."""
    measures = snapshot.measures(view.store_keys, view.as_of)
    kinds: list[Counted] = [COUNTED.get(status, "held") for status in view.statuses] or ["held"]
    with measures:
        return min((measures.reach(kind) for kind in kinds), key=lambda one: -tuple(Claim).index(one.claim))


def _unchecked(view: View, snapshot: Snapshot) -> tuple[bool, tuple[str, ...]]:
    """Say how many listings are not known well enough for the filters of a view: they may belong to it too."""
    more, notes = _unchecked_reasons(view, snapshot)
    if older := snapshot.since_not_known(view):
        more, notes = True, (*notes, f"of {older:,} more nobody saw since when, so they may be too")
    if view.without and (silent := snapshot.count(view.replace(without=(), reasons=UNSAID, provenance=()))):
        more, notes = True, (*notes, f"of {silent:,} held nobody knows the reason")
    return more, notes


def _unchecked_reasons(view: View, snapshot: Snapshot) -> tuple[bool, tuple[str, ...]]:
    if Status.ACTIVE in view.statuses:
        risk = snapshot.at_risk(view)
        if risk.checked is None or risk.of is None:
            return True, ("how many listings on sale were checked is not known",)
        return risk.checked < risk.of, (f"checked {risk.checked:,} of {risk.of:,} on sale",)
    asks_evidence = any(name in OF_EVIDENCE for name in view.to_query())
    unread = snapshot.held_unread(view.store_keys) if asks_evidence and view.as_of is None else 0
    return bool(unread), ((f"{unread:,} held are not checked yet",) if unread else ())


def moves(question: Question, workspace: Workspace, now: datetime) -> Number:
    """Count how many listings moved in a span: to rejected as the card does, else as the books do.

    Counted are the stores that were read in it; where its end was not, that is *at least* so many.
    """
    reach = reach_of_moves(question, workspace, now)
    if not reach.read:
        return Number(None, "", "listings", reach)
    found = _moves(question, workspace, now, reach)
    unread = workspace.snapshot.held_unread(_read_stores(reach)) if is_told_apart(question) else 0
    notes = (f"{unread:,} held are not checked yet",) if unread else ()
    strange = _without_category(question, workspace, now, reach)
    notes = (*notes, f"of {strange:,} that moved the category is not known") if strange else notes
    more = bool(unread or strange)
    if found == 0 and (more or not reach.is_whole):
        notes = (*notes, "none seen, and not all of this time was read")
        return Number(None, "", "listings", reach, notes, more)
    words = least_words(f"{found:,}") if more else count_words(f"{found:,}", reach)
    return Number(found, f"{words}{brief_words(reach)}", "listings", reach, notes, more)


def _without_category(question: Question, workspace: Workspace, now: datetime, reach: Reach) -> int:
    """Count the moves that may be of the categories of a question, because nobody told theirs."""
    if not question.filters.get("category"):
        return 0
    every = moved(question.with_where(category=()), workspace, now, reach)
    return sum(one.category is None for one in every)


def _moves(question: Question, workspace: Workspace, now: datetime, reach: Reach) -> int:
    if is_told_apart(question):
        return len(moved(question, workspace, now, reach))
    if question.name == Move.REJECTED:
        measures, window = _measures(question, workspace, now)
        with measures:
            if set(_read_stores(measures.reach("held", window))) == set(_read_stores(reach)):
                return measures.rejected(window) or 0
        return len(moved(question, workspace, now, reach))  # the card is of stores that were read at the end
    books = workspace.snapshot.past(_read_stores(reach)).books(*bounds(_period(question), now))
    return sum(books.flows[flow] for flow in FLOWS[question.name])


def reach_of_moves(question: Question, workspace: Workspace, now: datetime) -> Reach:
    """Return what a number of moves may speak for: its stores at the end of the span, and what of it was not read.

    A store whose end of the span was not read, but some of it before, is one of them: what was seen there was.
    """
    span = bounds(_period(question), now)
    of_span = workspace.snapshot.past(view_of(question, workspace, question.place).store_keys).reach(*span)
    if question.name != Move.REJECTED:
        return replace(of_span, readings=tuple(_as_far_as_read(one) for one in of_span.readings))
    measures, window = _measures(question, workspace, now)
    with measures:
        reach = measures.reach("held", window)
    if reach.moment is None:
        return reach
    within = {one.store: _as_far_as_read(one) for one in of_span.readings}
    return replace(reach, readings=tuple(one if one.current else within.get(one.store, one) for one in reach.readings))


def _as_far_as_read(one: StoreReading) -> StoreReading:
    """Return the reading of a store at the end of a span as one of the part of it that was read; else as it is."""
    read_some = one.window is not None and one.unread < one.window[1] - one.window[0]
    return replace(one, current=True) if read_some and not one.current else one


def _measures(question: Question, workspace: Workspace, now: datetime) -> tuple[Measures, SpanWindow]:
    """Return the measures at the end of a span, and the span as their window; of one not over, those of now."""
    period, view = _period(question), view_of(question, workspace, question.place)
    at = period.end - TICK if period.end <= now else None
    return workspace.snapshot.measures(view.store_keys, at), SpanWindow(period.start, period.end)


def _read_stores(reach: Reach) -> tuple[str, ...]:
    return tuple(one.store for one in reach.read)


def bounds(period: Period, now: datetime) -> Span:
    """Return a half-open span as the books have it: after its start and up to its end, which is not after now."""
    start = period.start - TICK
    return start, max(start, min(period.end - TICK, now))


def moved(question: Question, workspace: Workspace, now: datetime, reach: Reach) -> list[Moved]:
    """List the moves of a span with the reasons and categories of a question, the latest first, in the stores read.

    To rejected a listing counts once, as on the card; all else are moves as in the books.
    """
    start, end = bounds(_period(question), now)
    history = workspace.snapshot.past(_read_stores(reach))
    flows = FLOWS.get(question.name, (Flow.REJECTED, Flow.STAYED))
    found = [one for flow in flows for one in history.every_move(flow, start, end)]
    found.sort(key=lambda one: (one.at, one.product_id), reverse=True)
    if question.name == Move.REJECTED:
        found = _once_each([one for one in found if one.status_to is Status.REJECTED])
    wanted, categories = (question.filters.get(name, ()) for name in ("reason", "category"))
    if wanted:
        found = [one for one in found if any(_has(codes_of(one), word) for word in wanted)]
    return [one for one in found if not categories or str(one.category) in categories]


def is_told_apart(question: Question) -> bool:
    """Whether moves are asked for by what is read of listings: their reasons or their category."""
    return bool(question.filters.get("reason") or question.filters.get("category"))


def codes_of(move: Moved) -> tuple[str, ...]:
    """Return the reasons that a move is counted under; of one without any, the code that says so."""
    status = move.status_to if move.status_to in HELD else move.status_from
    return move.codes or ((unsaid(status),) if status in HELD else ())


def _once_each(moves: list[Moved]) -> list[Moved]:
    """Return the first move of each listing."""
    found: dict[tuple[str, int], Moved] = {}
    for one in moves:
        found.setdefault((one.store, one.product_id), one)
    return list(found.values())


def latest(question: Question, workspace: Workspace, now: datetime, reach: Reach) -> list[Moved]:
    """List the first of these moves, as many as a question shows."""
    if is_told_apart(question):
        return moved(question, workspace, now, reach)[: question.limit]
    start, end = bounds(_period(question), now)
    history = workspace.snapshot.past(_read_stores(reach))
    flows = FLOWS.get(question.name, (Flow.REJECTED, Flow.STAYED))
    found = [one for flow in flows for one in _first(history, flow, start, end, question)]
    found.sort(key=lambda one: (one.at, one.product_id), reverse=True)
    if question.name == Move.REJECTED:
        found = _once_each(found)
    return found[: question.limit]


PAGE = 50
"""Moves that are read at a time until enough of them are such as are asked for."""


def _first(history: Past, flow: Flow, start: datetime, end: datetime, question: Question) -> list[Moved]:
    """Return the latest moves of a flow; of those between held statuses only the ones to rejected.

    A listing may have moved several times, so twice as many are read as are shown.
    """
    wanted, offset = 2 * question.limit, 0
    found: list[Moved] = []
    while len(found) < wanted:
        page = history.moved(flow, start, end, PAGE, offset)
        found += [one for one in page if flow is not Flow.STAYED or one.status_to is Status.REJECTED]
        offset += PAGE
        if len(page) < PAGE:
            break
    return found


def _has(codes: tuple[str, ...], wanted: str) -> bool:
    return any(code == wanted or code.startswith(f"{wanted}.") for code in codes)


def of_stores_read(question: Question, reach: Reach) -> Question:
    """Return a question of the stores alone that its number is of, so that a line is of the same stores throughout."""
    if not reach.read or not reach.missing:
        return question
    return replace(question, stores=_read_stores(reach)).with_where(store=(), profile=())


def _period(question: Question) -> Period:
    assert question.period is not None  # rules.check refuses moves without one
    return question.period


def same_part(period: Period, before: Period, now: datetime) -> Period:
    """Return as much of an earlier span as has passed of one that is not over, so that the two can be compared."""
    if period.end <= now:
        return before
    passed = now - period.start
    return replace(before, end=min(before.end, before.start + max(passed, timedelta(milliseconds=1))))
