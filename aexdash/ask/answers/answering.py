"""From a question to its answer, by the same functions that pages, exports and commands call."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta

from aexdash.ask import model, reading, rules, saying
from aexdash.ask.answer import MEANT, Answer, Compared, Refusal, Row
from aexdash.ask.answers import causing, desk_gone, dividing, done, freshness, number, open_alerts
from aexdash.ask.answers.number import Number
from aexdash.ask.answers.places import command_of, link_of
from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.language.times import periods
from aexdash.ask.question import By, Compare, Kind, Period, Question
from aexdash.ask.typed import Refused
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS, Card, comparison
from aexdash.cards.window import before as window_before
from aexdash.clock import DAY, TICK
from aexdash.snapshot.tallies import Hero
from aexdash.statement import Claim
from aexdash.words import statements
from aexdash.words.cards import change, earlier_words, value_words
from aexdash.words.common import capital, since_words

HERO = "aex_rejected_auditing_listings"

MOST_OFF = 0.1
"""The share of its length by which a time may differ from a shorter one and still be compared with it: months do, and
days on which clocks are changed; a day and its first minutes do not."""


def answer(
    asked: str | Question,
    workspace: Workspace,
    now: datetime,
    *,
    after: Question | None = None,
    lexicon: Lexicon | None = None,
) -> Answer:
    """Answer a question, in words or typed.

    `after` is the question before, which words such as *and last month?* change. `lexicon` is the vocabulary of the
    workspace, where it was built before. A question that cannot be answered has an answer with a refusal; nothing is
    raised for it.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    if isinstance(asked, Question):
        try:
            rules.check(asked, workspace, now)
        except Refused as refused:
            return refuse(refused.refusal, asked)
        return _answered(asked, workspace, now)
    lexicon = lexicon or build(workspace)
    understood = reading.read(asked, workspace, lexicon, now, after=after)
    if understood.question is None:
        assert understood.refusal is not None
        if workspace.model is not None and understood.is_beyond_grammar and after is None:
            return _by_model(asked, workspace, now, understood.refusal)
        readings = _readings(understood.refusal, workspace, now, lexicon)
        return replace(refuse(understood.refusal), readings=readings)
    return replace(_answered(understood.question, workspace, now), changed=understood.changed)


def _readings(refusal: Refusal, workspace: Workspace, now: datetime, lexicon: Lexicon) -> tuple[Answer, ...]:
    """Answer each choice of a refusal, so that nobody has to choose before she sees a number."""
    if refusal.why not in MEANT:
        return ()
    return tuple(answer(choice.words, workspace, now, lexicon=lexicon) for choice in refusal.choices)


def _by_model(asked: str, workspace: Workspace, now: datetime, refusal: Refusal) -> Answer:
    """Answer what the model made of words; where it made nothing of them that can be used, the refusal stays."""
    assert workspace.model is not None
    try:
        question = model.read(asked, workspace.model, workspace, now)
        rules.check(question, workspace, now)
    except (model.NoReading, Refused) as error:
        return refuse(replace(refusal, sentence=f"{refusal.sentence} ({capital(str(error)).rstrip('.')}.)"))
    return _answered(question, workspace, now)


def refuse(refusal: Refusal, question: Question | None = None) -> Answer:
    """Return the answer of a question that cannot be answered."""
    return Answer(question, sentence=refusal.sentence, refusal=refusal)


def _answered(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Answer from one state of the files, so that a number, its rows and its chart agree.

    The copy of the snapshot is this answer's own, so that several can be given at once.
    """
    snapshot = copy(workspace.snapshot)
    with snapshot.together():
        return _told(question, replace(workspace, snapshot=snapshot), now)


def _told(question: Question, workspace: Workspace, now: datetime) -> Answer:
    if desk_gone.is_needed(question) and (lost := desk_gone.answer(question, workspace, now)):
        return lost
    if answer_of := BESIDE_NUMBERS.get(question.kind):
        told_beside = answer_of(question, workspace, now)
        return replace(told_beside, lines=(*_whether(question, told_beside), *told_beside.lines))
    told = number.count(question, workspace, now)
    rows = dividing.rows_of(question, workspace, now, told)
    hero = _hero(question, workspace)
    compared = _compared(question, workspace, now, told)
    if compared is not None and question.by is not None:
        rows = _both_sides(question, workspace, now, rows)
    return Answer(
        question=question,
        number=told.number,
        text=told.text or _not_known(told),
        unit=told.unit,
        sentence=_sentence(question, workspace, now, told),
        statement=_statement(told, workspace, listed=question.kind is Kind.LISTINGS),
        claim=told.claim.value,
        complete=told.is_whole,
        read_at=told.reach.read_at,
        since=hero.since if hero else None,
        window=question.period,
        compared=compared,
        rows=rows.rows,
        more=rows.more,
        rows_note=rows.note,
        points=dividing.points_of(number.of_stores_read(question, told.reach), workspace, now),
        link=link_of(question, now),
        command=command_of(question, workspace.zone),
        lines=(*_whether(question, told), *_lines(question, workspace, hero), *_beside(question, told, rows.rows)),
        meaning=saying.question_words(question, workspace, now, present=""),
        read=question.read,
        ignored=question.ignored,
        facts=statements.facts(told.reach) | {"claim": told.claim.value},
    )


BESIDE_NUMBERS = {
    Kind.CAUSES: causing.answer,
    Kind.DONE: done.answer,
    Kind.ALERTS: open_alerts.answer,
    Kind.READINGS: freshness.answer,
}
"""What answers the questions that ask for no number of a card, of the worklist or of the books."""


def _hero(question: Question, workspace: Workspace) -> Hero | None:
    """Return the hero where a question is about it: it knows since when something has been held."""
    if (question.kind, question.name) != (Kind.CARD, HERO):
        return None
    return workspace.snapshot.hero(number.view_of(question, workspace), with_stuck=False)


def _whether(question: Question, told: Number | Answer) -> list[str]:
    """Say whether a number is beyond the one that was named; of *at least* only what more could not undo."""
    if (beyond := question.beyond) is None:
        return []
    words = f"{'more' if beyond.more else 'fewer'} than {beyond.count:,}"
    is_whole = told.is_whole if isinstance(told, Number) else told.complete
    if told.number is None or (not is_whole and told.number <= beyond.count - (not beyond.more)):
        return [f"Whether that is {words} is not known."]
    is_so = told.number > beyond.count if beyond.more else told.number < beyond.count
    return [f"{'Yes' if is_so else 'No'}: {told.text}{' is' if is_so else ' is not'} {words}."]


def _lines(question: Question, workspace: Workspace, hero: Hero | None) -> list[str]:
    if hero is None or not hero.held:
        return []
    since = f", since {since_words(hero.since, workspace.zone, or_earlier=hero.at_least)}" if hero.since else ""
    return [f"{hero.rejected:,} rejected and {hero.auditing:,} in audit{since}."]


def _beside(question: Question, told: Number, rows: Sequence[Row]) -> list[str]:
    """Say which of two stores has more, where both were wholly read; rows have the larger number first."""
    if question.by is not By.STORE or len(rows) != 2 or told.unit != "listings" or not told.is_whole:
        return []
    more, less = rows
    difference = (more.number or 0) - (less.number or 0)
    if not difference:
        return [f"{more.name} has as many as {less.name}."]
    return [f"{more.name} has {difference:,.0f} more than {less.name}."]


def _not_known(told: Number) -> str:
    """Say why there is no number, shorter than the statement does."""
    if told.reach.claim is Claim.NEVER_READ:
        return statements.NOT_READ_YET
    return "not read then" if not told.reach.read else "not known"


def _sentence(question: Question, workspace: Workspace, now: datetime, told: Number) -> str:
    """Say the whole answer in one sentence. *Now* is said of a number alone that is of all that was asked for, now."""
    when = saying.when_words(question, workspace, now)
    if question.at is None and question.kind is not Kind.MOVES and not told.is_whole:
        when = ""
    noun, where = _noun(told), saying.where_words(question, workspace, without=("status",))
    match question.kind:
        case Kind.CARD:
            late = statements.when_words(told.reach, workspace.zone) or statements.brief_words(told.reach)
            late = late.strip(" ,") if told.number is not None else ""
            words = [f"{CARDS[question.name].title}: {told.text or _not_known(told)}", *where, late, when]
        case Kind.MOVES:
            be = _be(told) if question.name == "rejected" else _have(told)
            words = _counted(told, [noun, be, saying.MOVE_WORDS[question.name], *where, when])
        case _ if question.part:
            words = [f"{saying.share_words(question, workspace)}: {told.text or _not_known(told)}", when]
        case _:
            words = _counted(told, [saying.listings_words(question, workspace, noun), when], listed=True)
    return capital(" ".join(filter(None, words))) + "."


def _counted(told: Number, what: list[str], *, listed: bool = False) -> list[str]:
    """Put a number before what it counts; without one, ask back how many. `listed`: it counts rows of the list."""
    if told.number is None:
        return ["how many", *what, "is", _not_known(told)]
    of = statements.brief_words(told.reach, listed=listed)
    return [told.text.removesuffix(of), *what, of.strip(" ,")]


def _noun(told: Number) -> str:
    return "listing" if told.number == 1 else "listings"


def _be(told: Number) -> str:
    return "was" if told.number == 1 else "were"


def _have(told: Number) -> str:
    return "has" if told.number == 1 else "have"


def _statement(told: Number, workspace: Workspace, *, listed: bool) -> str:
    was = "" if told.reach.was is None else f"{told.reach.was:,.0f}"
    return statements.read_words(told.reach, workspace.zone, was=was, notes=told.notes, listed=listed)


def _compared(question: Question, workspace: Workspace, now: datetime, told: Number) -> Compared | None:
    if question.compare is Compare.NONE:
        return None
    if question.kind is Kind.MOVES:
        return _moves_compared(question, workspace, now, told)
    at = _other_moment(question, workspace, now)
    if question.kind is Kind.CARD:
        return _card_compared(question, workspace, at)
    other = number.listings(replace(question, at=at), workspace)
    return _difference(told, other, saying.at_words(at, workspace.zone))


def _both_sides(question: Question, workspace: Workspace, now: datetime, rows: dividing.Rows) -> dividing.Rows:
    """Say of each store what it is compared with too; of other parts, that they are of the first number alone."""
    if question.by is not By.STORE:
        return replace(rows, note=" ".join(filter(None, (rows.note, ALONE)))) if rows.rows else rows
    told = []
    for row in rows.rows:
        of_store = replace(question, by=None, stores=()).with_where(profile=(), store=(row.key,))
        other = _compared(of_store, workspace, now, number.count(of_store, workspace, now))
        assert other is not None
        change = f", {other.change}" if other.change else ""
        told.append(replace(row, text=f"{row.text} (compared with {other.text}{change})"))
    return replace(rows, rows=tuple(told))


ALONE = "These parts are of the first number alone, not of the one that it is compared with."


def _other_moment(question: Question, workspace: Workspace, now: datetime) -> datetime:
    """Return the moment that a stock is compared with: so long before, a year before, or the end of a period."""
    at = question.at or now
    if question.compare is Compare.SAME_LAST_YEAR:
        return periods.year_before(at, workspace.zone)
    if question.compare is Compare.PERIOD and question.compare_with:
        return min(question.compare_with.end - TICK, now)
    if question.kind is Kind.CARD:
        return window_before(CARDS[question.name].window, at, workspace.zone)
    length = question.period.end - question.period.start if question.period and question.at else DAY
    return at - max(length, timedelta(days=1))


def _card_compared(question: Question, workspace: Workspace, at: datetime) -> Compared:
    """Compare a card as its tile does, with the same stores at both ends, or not at all."""
    card: Card = CARDS[question.name]
    view = number.view_of(question, workspace)
    usual = question.compare is Compare.PREVIOUS
    found = comparison(card, workspace.snapshot.measures(view.store_keys, view.as_of), None if usual else at)
    when = saying.at_words(at, workspace.zone)
    if found is None:
        return Compared(None, "", when, note="not compared: one of the two was not read, or only in part")
    signed = change(card, found)
    note = earlier_words(card, found) if usual else ""
    return Compared(found.before.value, value_words(card, found.before), when, signed, note)


def _moves_compared(question: Question, workspace: Workspace, now: datetime, told: Number) -> Compared:
    period = question.period
    assert period is not None
    other = _other_span(question, period, workspace, now)
    counted = number.moves(replace(question, period=other), workspace, now)
    compared = _difference(told, counted, saying.span_words(other, now, workspace.zone))
    if not _are_alike(*(min(one.end, now) - one.start for one in (period, other))):
        return replace(compared, change="", note="no difference is said: the two times are not of one length")
    return compared


def _are_alike(one: timedelta, other: timedelta) -> bool:
    """Whether two times are of so much the same length that what was counted in them can be compared."""
    return abs(one - other) <= MOST_OFF * max(one, other)


def _other_span(question: Question, period: Period, workspace: Workspace, now: datetime) -> Period:
    zone = workspace.zone
    if question.compare is Compare.PERIOD and question.compare_with:
        other = question.compare_with
        alike = _are_alike(other.end - other.start, period.end - period.start)
        return number.same_part(period, other, now) if alike else other
    if question.compare is Compare.SAME_LAST_YEAR:
        other = Period(periods.year_before(period.start, zone), periods.year_before(period.end, zone))
    else:
        other = periods.earlier(period, zone)
    return number.same_part(period, other, now)


def _difference(told: Number, other: Number, when: str) -> Compared:
    """Compare two counts; only where both speak for the same stores and for all that was asked."""
    same = told.reach.known_with(other.reach) == tuple(one.store for one in told.reach.readings)
    whole = told.reach.is_whole and other.reach.is_whole and same and not (told.notes or other.notes)
    text = other.text or _not_known(other)
    if told.number is None or other.number is None or not whole:
        return Compared(other.number, text, when, note="not compared: one of the two was not read, or only in part")
    moved = told.number - other.number
    sign = "+" if moved > 0 else "−" if moved < 0 else "±"
    return Compared(other.number, text, when, f"{sign}{abs(moved):,.0f}")
