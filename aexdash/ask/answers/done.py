"""Questions of what people did: how many listings were taken, snoozed or marked fixed within a span, and by whom.

Counted from the log of every listing, as the digest counts what each person fixed. It is ours and wholly known, so no
reading of a store limits it; whether AliExpress has taken a fix up is another question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from aexdash.ask import saying
from aexdash.ask.answer import Answer, Row
from aexdash.ask.answers.number import bounds, stores_of, view_of
from aexdash.ask.answers.places import address, command_of
from aexdash.ask.language.pieces import joined
from aexdash.ask.question import By, Question
from aexdash.ask.workspace import Workspace
from aexdash.desk.decisions.stage_marks import StageMark, stage_marks, stand_or_answered
from aexdash.model import Stage
from aexdash.snapshot.beacon import is_late
from aexdash.snapshot.history.span import ALL
from aexdash.statement import Claim
from aexdash.words import statements
from aexdash.words.common import capital, moment, plural

STATEMENT = "From the log of what people did here, wholly known; what was undone is left out."

OF_COPY = "From the log of what people did, as far as this machine's copy of it goes, which is behind."

TWICE = "A listing that several people did is counted for each, so they add up to more."


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Count the listings to which people did something within a span, and list them, the latest first."""
    marks = _marks(question, workspace, now)
    listings = {(one.store, one.product_id) for one in marks}
    rows = _parts(question, workspace, marks) if question.by else _listings(question, workspace, marks)
    number = len(listings)
    late = is_late(workspace.snapshot.behind(now))
    more = len(rows) - question.limit
    several = sum(one.number or 0 for one in rows) > number
    be = saying.done_words(question)
    did = be.replace("were", "was", 1) if number == 1 else be
    where = saying.where_words(question, workspace, ("owner",))
    when = saying.when_words(question, workspace, now)
    return Answer(
        question=question,
        number=None if late and not number else float(number),
        text=statements.least_words(f"{number:,}") if late else f"{number:,}",
        unit="listings",
        sentence=capital(" ".join([_counted(number, late=late), did, *where, when])) + ".",
        statement=" ".join([OF_COPY if late else STATEMENT, *_left_out(question, workspace)]),
        claim=(Claim.AT_LEAST if late else Claim.KNOWN).value,
        complete=not late,
        window=question.period,
        rows=tuple(rows[: question.limit]),
        more=max(more, 0),
        rows_note=TWICE if question.by is By.OWNER and several else "",
        command=command_of(question, workspace.zone),
        meaning=saying.question_words(question, workspace, now),
        read=question.read,
        ignored=question.ignored,
    )


def _counted(number: int, *, late: bool) -> str:
    """Say how many; of a copy that is behind *at least* so many, and of none that it is not known."""
    if not late:
        return plural(number, "listing")
    return statements.least_words(plural(number, "listing"), "not known how many listings")


def _left_out(question: Question, workspace: Workspace) -> list[str]:
    """Say that archived stores are not counted, where all are meant and there are some."""
    of_all = view_of(question, workspace).store_keys is None
    archived = [one.title or one.key for one in workspace.stores if not one.watched] if of_all else []
    return [f"Not counted: what was done in {joined(archived)}, archived."] if archived else []


def _marks(question: Question, workspace: Workspace, now: datetime) -> list[StageMark]:
    """Return what was done, the latest first. A fix counts where it stands, or where AliExpress had answered it."""
    snapshot, keys = workspace.snapshot, view_of(question, workspace).store_keys
    assert question.period is not None
    assert snapshot.desk_path is not None
    start, end = bounds(question.period, now)
    marks: Iterable[StageMark] = stage_marks(snapshot.desk_path, Stage(question.name), start, end)
    if question.name == Stage.FIXED:
        marks = stand_or_answered(marks, snapshot.past(keys).regressions(start, end, ALL))
    people = question.filters.get("owner", ())
    watched = {one.key for one in stores_of(question, workspace)}
    chosen = (one for one in marks if one.store in watched and (not people or one.by in people))
    return sorted(chosen, key=lambda one: one.at, reverse=True)


def _parts(question: Question, workspace: Workspace, marks: Sequence[StageMark]) -> list[Row]:
    """Divide what was done by person or store, the most first."""
    of_owner = question.by is By.OWNER
    found = Counter(
        key for key, *_ in {(one.by if of_owner else one.store, one.store, one.product_id) for one in marks}
    )
    counted = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    name = "owner" if of_owner else "store"
    return [Row(key, saying.value_words(name, key, workspace), count, f"{count:,}") for key, count in counted]


def _listings(question: Question, workspace: Workspace, marks: Sequence[StageMark]) -> list[Row]:
    latest = {(one.store, one.product_id): one for one in reversed(marks)}
    shown = sorted(latest.items(), key=lambda one: one[1].at, reverse=True)
    titles = {(row.store, row.product_id): row.title for row in workspace.snapshot.rows_of([key for key, _ in shown])}
    return [
        Row(
            f"{store}/{product_id}",
            str(product_id),
            None,
            f"by {one.by}, {moment(one.at, workspace.zone)}",
            titles.get((store, product_id), "") or str(product_id),
            address("worklist", {"listing": f"{store}/{product_id}"}),
        )
        for (store, product_id), one in shown
    ]
