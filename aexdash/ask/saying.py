"""A question, its period and its parts in plain English: what *read as*, answers and choices say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from aexdash.ask.language.pieces import joined
from aexdash.ask.question import OF_ALL, OPEN, OPENED, By, Compare, Kind, Move, Period, Question
from aexdash.ask.vocabulary import BY_WORDS
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import TICK, day_of, start_of_day
from aexdash.model import UNKNOWN_REASON
from aexdash.view import NOBODY, NOTED, UNNOTED
from aexdash.words.common import CHOICE_WORDS, FILTER_STATUS_WORDS, ORDER_WORDS, age_words, moment, of_zone
from aexdash.words.listings.work import LANE_WORDS, MARK_WORDS

MOVE_WORDS: Mapping[str, str] = {
    Move.REJECTED: "rejected",
    Move.ENTERED: "come to be held",
    Move.AUDITING: "come to be held by entering audit",
    Move.LEFT: "no longer held",
    Move.CLEARED: "come back on sale",
}

MOVED_WORDS: Mapping[str, str] = {
    Move.REJECTED: "were rejected",
    Move.ENTERED: "came to be held",
    Move.AUDITING: "came to be held by entering audit",
    Move.LEFT: "stopped being held",
    Move.CLEARED: "came back on sale",
}

DONE_WORDS: Mapping[str, str] = {"taken": "were taken", "fixed": "were marked fixed", "snoozed": "were snoozed"}

ALERT_WORDS: Mapping[str, str] = {OPEN: "open alerts", OPENED: "alerts that were opened"}

READINGS_WORDS = "when each store was last read"

OF_SPANS = (Kind.MOVES, Kind.CAUSES, Kind.DONE)
"""Kinds that are counted within a span."""

WHAT_WORDS: Mapping[str, str] = {
    "held": "listings that came to be held",
    "rejected": "listings that were rejected",
    "rejected_straight": "listings that came to be held by being rejected",
    "auditing": "listings that entered audit",
}


def span_words(period: Period, now: datetime, zone: tzinfo) -> str:
    """Say a period by its days: `Mon 16 – Sun 22 Nov 2026`, or so far, or by its moments where it is of hours."""
    first, after = day_of(period.start, zone), day_of(period.end, zone)
    begins = start_of_day(first, zone) == period.start
    open_end = period.end > now
    if not begins or (start_of_day(after, zone) != period.end and not open_end):
        until = min(period.end - TICK, now) if period.end - period.start > TICK else period.start
        return f"{moment(period.start, zone)} – {moment(until, zone)}" if until > period.start else moment(until, zone)
    last = day_of(now, zone) if open_end else after - timedelta(days=1)
    where = of_zone(zone)
    far = ", so far" if open_end else ""
    if first == last:
        return f"{first:%a} {first.day} {first:%b %Y}{where}{far}"
    same = first.strftime("%b %Y") == last.strftime("%b %Y")
    left = f"{first:%a} {first.day}" + (
        "" if same else f" {first:%b}" + ("" if first.year == last.year else f" {first.year}")
    )
    return f"{left} – {last:%a} {last.day} {last:%b %Y}{where}{far}"


def at_words(at: datetime, zone: tzinfo) -> str:
    """Say a moment; the last of a day as the end of that day."""
    following = at + TICK
    day: date = day_of(at, zone)
    if start_of_day(day_of(following, zone), zone) == following:
        return f"at the end of {day:%a} {day.day} {day:%b %Y}{of_zone(zone)}"
    return f"at {moment(at, zone)}"


def value_words(name: str, value: str, workspace: Workspace) -> str:
    """Name a value of a filter as pages do."""
    if name in ("reason", "only", "without", "both"):
        return reason_words(value, workspace)
    if name in ("age", "in_status"):
        return age_words(value)
    named: Mapping[str, Mapping[str, str]] = {
        "category": {str(number): told for number, told in workspace.categories.items()},
        "store": {one.key: one.title for one in workspace.stores if one.title},
        "profile": {one.name: one.title for one in workspace.profiles},
        "owner": {NOBODY: "nobody"},
        "lane": LANE_WORDS,
        "mark": MARK_WORDS,
        "note": {NOTED: "with a note", UNNOTED: "without a note"},
    }
    return named.get(name, CHOICE_WORDS.get(name, {})).get(value, value)


def reason_words(code: str, workspace: Workspace) -> str:
    """Name a reason or a family of them."""
    if code == UNKNOWN_REASON:
        return "Unknown"
    families = workspace.taxonomy.families
    return families[code].name if code in families else workspace.taxonomy.label(code)


FILTER_WORDS: Mapping[str, str] = {
    "status": "",
    "store": "in store",
    "profile": "in profile",
    "audit": "in",
    "reason": "with reason",
    "provenance": "of which",
    "resubmit": "that are",
    "category": "in category",
    "stage": "that are",
    "owner": "owned by",
    "age": "held",
    "in_status": "in this status",
    "lane": "that are",
    "mark": "that are",
    "only": "held by nothing but",
    "without": "held by other reasons than",
    "both": "held at once by",
    "campaign": "in campaign",
    "source": "beside its shop",
    "shares": "sharing what is named by report",
    "note": "",
    "q": "with title, id or SKU like",
}


def listings_words(question: Question, workspace: Workspace, noun: str = "listings") -> str:
    """Say which listings a question is of: `listings rejected in store Madrid with reason Main picture too small`."""
    filters = question.filters
    statuses = [FILTER_STATUS_WORDS[word] for word in filters.get("status", ())]
    subject = f"{noun} {' or '.join(statuses) or 'held'}"
    said = " ".join([subject, *where_words(question, workspace, without=("status",))])
    return said.replace(" held held ", " held ")


def share_words(question: Question, workspace: Workspace) -> str:
    """Say of which listings a share is, and of which part: `of listings rejected, those with reason Title too long`."""
    if question.part == (OF_ALL,):
        where = where_words(question.whole, workspace)
        chosen = replace(question.with_where(store=(), profile=()), part=(), stores=())
        those = listings_words(chosen, workspace).removeprefix("listings ")
        return f"of {' '.join(['all listings', *where])}, those {those}"
    part = [_words_of(name, values, workspace) for name, values in question.where if name in question.part]
    return f"of {listings_words(question.whole, workspace)}, those {' '.join(part)}"


def where_words(question: Question, workspace: Workspace, without: tuple[str, ...] = ()) -> list[str]:
    """Say the filters of a question, a phrase each."""
    titles = {one.key: one.title or one.key for one in workspace.stores}
    said = [f"in stores {joined([titles[key] for key in question.stores])}"] if question.stores else []
    for name, values in question.where:
        if name not in without:
            said.append(_words_of(name, values, workspace))
    return said


def _words_of(name: str, values: tuple[str, ...], workspace: Workspace) -> str:
    joins = " and " if name == "both" else " or "
    words = joins.join(value_words(name, value, workspace) for value in values)
    return f"{FILTER_WORDS[name]} {words}".strip()


def is_of_span(question: Question) -> bool:
    """Whether it is of what happened within a span, and not of what is so at a moment."""
    return question.kind in OF_SPANS or (question.kind is Kind.ALERTS and question.name == OPENED)


def when_words(question: Question, workspace: Workspace, now: datetime) -> str:
    """Say of which time a question is: `now`, `at the end of …`, `on Mon 9 Mar 2026`, `from Mon 9 to Sun 15 Mar …`."""
    if is_of_span(question) and question.period:
        words = span_words(question.period, now, workspace.zone)
        return f"from {words.replace(' – ', ' to ', 1)}" if " – " in words else f"on {words}"
    return at_words(question.at, workspace.zone) if question.at else "now"


def question_words(question: Question, workspace: Workspace, now: datetime, *, present: str = "now") -> str:
    """Say a whole question in one line, for *read as* and choices; `present` is what is said of the present."""
    where = where_words(question, workspace, without=("status",) if question.kind is Kind.LISTINGS else ())
    match question.kind:
        case Kind.CARD:
            subject = CARDS[question.name].title
        case Kind.MOVES:
            subject = f"listings that {MOVED_WORDS[question.name]}"
        case Kind.CAUSES:
            subject = f"what goes with {WHAT_WORDS[question.name]}"
        case Kind.DONE:
            subject, where = f"listings that {done_words(question)}", where_words(question, workspace, ("owner",))
        case Kind.ALERTS:
            subject = ALERT_WORDS[question.name]
        case Kind.READINGS:
            subject = READINGS_WORDS
        case _:
            subject = listings_words(question, workspace)
            if question.part:
                subject = f"the share {share_words(question, workspace)}"
            where = []
    is_past = question.at or is_of_span(question)
    when = when_words(question, workspace, now) if is_past else present
    parts = [" ".join([subject, *where]), when]
    if question.kind is Kind.CAUSES and question.period is None:
        parts[-1] = "at the last jump"
    if question.by:
        parts.append(f"by {by_words(question.by, question.then_by)}")
    if question.compare is not Compare.NONE:
        parts.append(compare_words(question, workspace, now))
    if question.order != "oldest":
        parts.append(ORDER_WORDS[question.order])
    return ", ".join(filter(None, parts))


def done_words(question: Question) -> str:
    """Say what people did, and who: `were marked fixed by Ana`."""
    people = question.filters.get("owner", ())
    return f"{DONE_WORDS[question.name]}{f' by {joined(people)}' if people else ''}"


def compare_words(question: Question, workspace: Workspace, now: datetime) -> str:
    """Say what a number is compared with."""
    if question.compare is Compare.PERIOD and question.compare_with:
        return f"compared with {span_words(question.compare_with, now, workspace.zone)}"
    return (
        "compared with the same a year before" if question.compare is Compare.SAME_LAST_YEAR else "compared with before"
    )


def by_words(by: By, then_by: By | None = None) -> str:
    """Name what a number is divided by, and what its parts are."""
    return f"{BY_WORDS[by]}, each by {BY_WORDS[then_by]}" if then_by else BY_WORDS[by]
