"""Questions of cause: what goes with a movement, told by the report of `aexdash.causes`. Never why."""

from __future__ import annotations

from datetime import datetime

from aexdash.ask import saying
from aexdash.ask.answer import Answer, Refusal, Why
from aexdash.ask.answers.number import bounds, view_of
from aexdash.ask.answers.places import address, command_of
from aexdash.ask.question import Question
from aexdash.ask.workspace import Workspace
from aexdash.causes.latest import latest
from aexdash.causes.movement import Movement, to_words
from aexdash.causes.report import examine
from aexdash.snapshot.compared.listings import What
from aexdash.words import statements
from aexdash.words.causes import heading, outcome_words, report_lines
from aexdash.words.common import capital


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer:
    """Examine a movement: the span of the question, else the last jump of what is held."""
    movement = _movement(question, workspace, now)
    if movement is None:
        sentence = "What is held made no jump in the last 30 days; name a time, such as *why on 9 March*."
        return Answer(question, sentence=sentence, refusal=Refusal(Why.INCOMPLETE, sentence), read=question.read)
    report = examine(workspace.snapshot, movement, now, with_chain=False)
    reach = workspace.snapshot.past(movement.stores).reach(movement.start, movement.end)
    label = workspace.taxonomy.label
    lines = tuple(report_lines(report, workspace.zone, label))
    unknown = report.moved == 0 and not reach.is_whole
    return Answer(
        question=question,
        number=None if unknown else report.moved,
        text="not read" if unknown else heading(report, workspace.zone),
        unit="listings",
        sentence=f"{capital(heading(report, workspace.zone))}. {outcome_words(report, label)}",
        statement=statements.read_words(reach, workspace.zone),
        claim=reach.claim.value,
        complete=reach.is_whole,
        read_at=reach.read_at,
        window=question.period,
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
    return latest(workspace.snapshot, stores, now, what, about="history")
