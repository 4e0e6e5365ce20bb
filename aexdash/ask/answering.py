"""From a question to its answer, by the same functions that pages, exports and commands call."""

from __future__ import annotations

from datetime import datetime

from aexdash.ask.answer import Answer
from aexdash.ask.question import Question
from aexdash.ask.workspace import Workspace


def answer(asked: str | Question, workspace: Workspace, now: datetime, *, after: Question | None = None) -> Answer:
    """Answer a question, in words or typed.

    `after` is the question before, which words such as *and last month?* change. A question that cannot be answered
    has an answer with a refusal; nothing is raised for it.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    raise NotImplementedError
