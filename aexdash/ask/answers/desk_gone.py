"""Questions of what people decided where that is gone: nothing is known of it, and no answer says that nobody did."""

from __future__ import annotations

from datetime import datetime

from aexdash.ask import saying
from aexdash.ask.answer import Answer
from aexdash.ask.answers.places import command_of
from aexdash.ask.question import By, Kind, Question
from aexdash.ask.workspace import Workspace
from aexdash.desk.file import lost
from aexdash.model import Mark
from aexdash.statement import Claim
from aexdash.words.common import capital

KINDS = (Kind.DONE, Kind.ALERTS)
FILTERS = ("stage", "owner", "lane", "note", "campaign")
MARKS = (Mark.UNTOUCHED, Mark.TOO_LONG, Mark.WOKEN)
DIVISIONS = (By.STAGE, By.OWNER, By.LANE)
"""What is told from the desk."""

STATEMENT = "What people decided here is gone, and so are the alerts: aexdash doctor says how to put it back."


def is_needed(question: Question) -> bool:
    """Whether a question is of what people decided, or of alerts."""
    filters = question.filters
    divided = {question.by, question.then_by}
    marks = set(filters.get("mark", ())) & set(MARKS)
    return question.kind in KINDS or bool(divided & set(DIVISIONS) or marks or filters.keys() & set(FILTERS))


def answer(question: Question, workspace: Workspace, now: datetime) -> Answer | None:
    """Say that it is not known, where there was a desk and it is gone or empty; else None."""
    path = workspace.snapshot.desk_path
    if path is None or not lost(path):
        return None
    meaning = saying.question_words(question, workspace, now, present="")
    return Answer(
        question=question,
        text="not known",
        unit="alerts" if question.kind is Kind.ALERTS else "listings",
        sentence=f"{capital(meaning)}: not known.",
        statement=STATEMENT,
        claim=Claim.NEVER_READ.value,
        window=question.period,
        command=command_of(question, workspace.zone),
        meaning=meaning,
        read=question.read,
        ignored=question.ignored,
    )
