"""Questions of cause: what goes with a movement, told by the report of `aexdash.causes`. Never why."""

from __future__ import annotations

from datetime import datetime

from aexdash.ask import saying
from aexdash.ask.answer import Answer, Refusal, Row, Why
from aexdash.ask.number import bounds, view_of
from aexdash.ask.places import address, command_of
from aexdash.ask.question import Question
from aexdash.ask.workspace import Workspace
from aexdash.causes.movement import Movement, to_words
from aexdash.causes.report import Finding, Report, examine
from aexdash.clock import TICK
from aexdash.snapshot.compared.listings import What
from aexdash.words import statements
from aexdash.words.causes import finding_lines, heading, outcome_words, parts_words, report_lines
from aexdash.words.common import capital


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Examine a movement: the span of the question, else the last jump of what is held."""
    movement = _movement(question, workspace, now)
    if movement is None:
        sentence = "What is held made no jump in the last 30 days; name a time, such as *why on 9 March*."
        return Answer(question, sentence=sentence, refusal=Refusal(Why.INCOMPLETE, sentence), read=question.read)
    report = examine(workspace.snapshot, movement, now, with_chain=False)
    reach = workspace.snapshot.past(movement.stores).reach(movement.start, movement.end)
    lines = tuple(report_lines(report, workspace.zone))
    unknown = report.moved == 0 and not reach.is_whole
    return Answer(
        question=question,
        number=None if unknown else report.moved,
        text="not read" if unknown else heading(report, workspace.zone),
        unit="listings",
        sentence=f"{capital(heading(report, workspace.zone))}. {outcome_words(report)}",
        statement=statements.read_words(reach, workspace.zone),
        claim=reach.claim.value,
        complete=reach.is_whole,
        read_at=reach.read_at,
        window=question.period,
        rows=tuple(_rows(report)),
        rows_note="Goes with, never caused by: the size of the evidence is said with each." if report.findings else "",
        link=address("causes", {**question.place.unfiltered().to_query(), **to_words(movement)}),
        command=command_of(question, workspace.zone),
        lines=lines[2:],  # the first two are the sentence
        meaning=saying.question_words(question, workspace, now),
        read=question.read,
        ignored=question.ignored,
        facts=statements.facts(reach),
    )


def _movement(question: Question, workspace: Workspace, now: datetime) -> Movement | None:
    stores = view_of(question, workspace, question.place).store_keys
    what = What(question.name)
    if question.period is not None:
        start, end = bounds(question.period, now)
        return Movement(what, start, end, stores, about="card")
    last = workspace.snapshot.past(stores).last_jump(now)
    return (
        None if last is None else Movement(what, last.last_before or last.at - TICK, last.at, stores, about="history")
    )


def _rows(report: Report) -> list[Row]:
    rows = [_of_finding(number, one) for number, one in enumerate(report.findings, 1)]
    if rows:
        return rows
    return [
        Row(one.value, f"{one.name} {one.value}", one.listings, f"{one.listings:,} of {one.of:,}")
        for one in report.counted
    ]


def _of_finding(number: int, finding: Finding) -> Row:
    one = finding.found.slice
    return Row(str(number), parts_words(one.parts), one.k, "; ".join(finding_lines(finding)))
