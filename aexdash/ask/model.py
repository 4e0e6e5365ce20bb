"""A model that may turn words into a typed question: off unless the settings name one, and never trusted.

It is asked only where the grammar does not understand a word and nothing in the question was refused. What it returns
is read as typed words are: names that there are, periods of the closed grammar. It sees no number and no listing, none
of its own words is ever shown, and its reading stands beside every answer.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aexdash.ask import saying, typed
from aexdash.ask.question import By, Compare, Move, Question, Read
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.config.sections.ask_model import AskModel
from aexdash.http.errors import HttpError
from aexdash.http.wire import Wire
from aexdash.snapshot.compared.listings import What
from aexdash.view import FILTERS

LARGEST = 20_000
"""Characters of an answer that are looked at; a reading has a few hundred."""

MOST_NAMES = 60


class NoReading(Exception):
    """The model gave no reading that can be used; the text says why, in our words."""


def read(words: str, model: AskModel, workspace: Workspace, now: datetime) -> Question:
    """Ask the model what words mean.

    Raises:
        NoReading: it did not answer, or what it answered is no question.
    """
    told = _ask(words, model, workspace)
    try:
        question = typed.read(told, workspace, now)
    except typed.Refused:
        raise NoReading("the model read it as something that there is not") from None
    read_as = f"read by the model {model.model} as: {saying.question_words(question, workspace, now)}"
    return question.with_read(Read(words, read_as))


def _ask(words: str, model: AskModel, workspace: Workspace) -> dict[str, str]:
    parts = urlsplit(model.address)
    body = json.dumps(
        {
            "model": model.model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": _instructions(workspace, names=model.send_names)},
                {"role": "user", "content": words},
            ],
        }
    ).encode()
    key = model.key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with closing(Wire(f"{parts.scheme}://{parts.netloc}", timeout=model.timeout_seconds)) as wire:
        try:
            reply = wire.post_json(f"{parts.path.rstrip('/')}/chat/completions", body, headers)
        except HttpError:
            raise NoReading("the model did not answer") from None
    if reply.status != 200:
        raise NoReading(f"the model answered with status {reply.status}")
    return _words(reply.body)


def _words(body: bytes) -> dict[str, str]:
    """Read typed words out of an answer.

    Raises:
        NoReading: it holds none.
    """
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
        told = json.loads(content[:LARGEST])
    except (ValueError, KeyError, IndexError, TypeError):
        raise NoReading("the model answered with no reading") from None
    if not isinstance(told, dict) or not told or "refuse" in told:
        raise NoReading("the model does not understand it either")
    return {str(name): _word(value) for name, value in told.items() if value not in (None, "", [])}


def _word(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(f'"{one}"' if "," in one else one for one in value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise NoReading("the model answered with no reading")


def _instructions(workspace: Workspace, *, names: bool) -> str:
    """Tell the model the words that there are; names of stores, people and categories only where that is allowed."""
    filters = "\n".join(
        f"  {one.name}: {', '.join(one.known) if one.known else one.help}"
        for one in FILTERS
        if one.name not in ("as_of", "order", "store", "profile", "owner", "category", "campaign")
    )
    cards = "\n".join(f"  {key}: {card.title}" for key, card in CARDS.items())
    return (
        "Turn the question into one JSON object with some of these keys and string values, and nothing else. "
        'Return {"refuse": "yes"} where any part of the question has no word here; leave no part out.\n'
        f"card, one of:\n{cards}\n"
        f"moves, one of: {', '.join(Move)} (needs period)\n"
        f"causes, one of: {', '.join(What)} (needs period)\n"
        "Without card, moves and causes, held listings are counted; they may be chosen by:\n"
        f"{filters}\n  reason: {', '.join(workspace.taxonomy.families)} or {', '.join(workspace.taxonomy.codes)}\n"
        f"{_names(workspace) if names else ''}"
        f"period: {typed.EXAMPLES}\nat: a moment, for cards and listings, written like a period\n"
        f"by, one of: {', '.join(By)}\ncompare, one of: {', '.join(one for one in Compare if one != 'period')}, "
        "or a period\nlimit: a number of rows\n"
    )


def _names(workspace: Workspace) -> str:
    categories = [f"{number} {name}" for number, name in workspace.categories.items()]
    return (
        f"  store: {', '.join(one.key for one in workspace.stores[:MOST_NAMES])}\n"
        f"  owner: {', '.join(workspace.people[:MOST_NAMES])}\n"
        f"  category: {', '.join(categories[:MOST_NAMES])}\n"
    )
