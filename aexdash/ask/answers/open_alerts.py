"""Questions of alerts: which are open, or were opened within a span, as *Sensitivity* lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import Episode
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.ask import saying
from aexdash.ask.answer import Answer, Row
from aexdash.ask.answers.number import bounds, stores_of, view_of
from aexdash.ask.answers.places import address, command_of
from aexdash.ask.question import OPEN, Question
from aexdash.ask.workspace import Workspace
from aexdash.statement import Claim, Reach
from aexdash.supervision.states import worker_state
from aexdash.words import statements
from aexdash.words.common import capital, moment

LISTED = {"part": "episodes"}
"""The words of the address of the list of alerts on *Sensitivity*."""


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Count and list alerts, the most severe first, or of a span in the order in which they were opened.

    That none is open, or was opened, is said where every store was read: what nobody read alerts nobody.
    """
    found, reach = _found(question, workspace, now)
    doubt = _not_asked(workspace, now)
    whole = reach.is_whole and not doubt
    known = bool(found) or whole
    rows = _by_store(found, workspace) if question.by else [_row(one, question, workspace) for one in found]
    return Answer(
        question=question,
        number=float(len(found)) if known else None,
        text=_count(len(found), whole=whole) if known else "none known",
        unit="alerts",
        sentence=_sentence(question, workspace, now, len(found), whole=whole),
        statement=" ".join(filter(None, (statements.read_words(reach, workspace.zone), doubt))),
        claim=(Claim.AT_LEAST if doubt and reach.is_whole else reach.claim).value,
        complete=whole,
        read_at=reach.read_at,
        window=question.period,
        rows=tuple(rows[: question.limit]),
        more=max(len(rows) - question.limit, 0),
        link="" if question.stores else address("sensitivity", {**question.place.unfiltered().to_query(), **LISTED}),
        command=command_of(question, workspace.zone),
        meaning=saying.question_words(question, workspace, now, present=""),
        read=question.read,
        ignored=question.ignored,
        facts=statements.facts(reach),
    )


def _found(question: Question, workspace: Workspace, now: datetime) -> tuple[list[Episode], Reach]:
    """Return the alerts that are asked for, and what was read of their stores."""
    snapshot, keys = workspace.snapshot, view_of(question, workspace).store_keys
    assert snapshot.desk_path is not None
    episodes = Episodes(snapshot.desk_path)
    if question.name == OPEN:
        return episodes.open(keys, snapshot.archived()), snapshot.hero(question.place.unfiltered()).reach
    assert question.period is not None
    start, end = bounds(question.period, now)
    watched = {one.key for one in stores_of(question, workspace)}
    found = [one for one in episodes.between(start, end) if start < one.opened_at <= end and one.store in watched]
    return found, snapshot.past(keys).reach(start, end)


def _not_asked(workspace: Workspace, now: datetime) -> str:
    """Say that no rule is on, or that the worker cannot ask them, so that nothing alerts; empty: it can."""
    desk = workspace.snapshot.desk_path
    assert desk is not None
    if not any(rule.enabled for rule in RuleStore(desk).rules()):
        return "Every rule is switched off, so nothing alerts."
    state = worker_state(desk.parent)
    loop = state.unable(now).get(LOOP) if state else None
    if loop is None:
        return ""
    since = f" since {moment(loop.failing_since, workspace.zone)}" if loop.failing_since else ""
    return f"The worker has not been able to ask the rules{since}; Health says why."


LOOP = "alerts"
"""The loop of the worker that asks the rules."""


def _count(count: int, *, whole: bool) -> str:
    """Say how many; *at least* so many where not everything was read."""
    return f"{count:,}" if whole else statements.least_words(f"{count:,}")


def _sentence(question: Question, workspace: Workspace, now: datetime, count: int, *, whole: bool) -> str:
    is_open = question.name == OPEN
    noun = f"{_count(count, whole=whole)} {'alert' if count == 1 else 'alerts'}" if count else "no alert"
    be = ("is" if is_open else "was") if count < 2 else ("are" if is_open else "were")
    where = " ".join(saying.where_words(question, workspace))
    when = "" if is_open else saying.when_words(question, workspace, now)
    said = " ".join(filter(None, (noun, be, "open" if is_open else "opened", where, when)))
    doubt = ", as far as is known" if not count and not whole else ""
    return capital(f"{said}{doubt}.")


def _by_store(found: Sequence[Episode], workspace: Workspace) -> list[Row]:
    """Count the alerts of each store that has some, the most first."""
    counted = sorted(Counter(one.store for one in found).items(), key=lambda one: (-one[1], one[0]))
    return [
        Row(
            key,
            saying.value_words("store", key, workspace),
            count,
            f"{count:,}",
            link=address("sensitivity", {"store": key, **LISTED}),
        )
        for key, count in counted
    ]


def _row(one: Episode, question: Question, workspace: Workspace) -> Row:
    store = saying.value_words("store", one.store, workspace)
    told = f"since {moment(one.since, workspace.zone)}"
    if question.name != OPEN:
        closed = f"closed {moment(one.closed_at, workspace.zone)}" if one.closed_at else "still open"
        told = f"opened {moment(one.opened_at, workspace.zone)}, {closed}"
    link = address("sensitivity", {**LISTED, "episode": str(one.id)})
    return Row(str(one.id), f"{one.severity.value}, {store}", None, told, one.title, link)
