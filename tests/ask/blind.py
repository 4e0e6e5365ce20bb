"""Reads questions whose authors had seen neither rules nor questions, and keeps how they came out when asked first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from aexdash.ask.answer import Why
from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.question import Kind, Question
from aexdash.ask.reading import Understood, read
from aexdash.ask.typed import Refused
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.snapshot.store_rows import StoreRow
from tests.ask.asked import LANGUAGES, REFUSED, REFUSED_RIGHTLY, RIGHT, WRONG, expected_question
from tests.ask.made import NOW

FIRST = {
    "blind": {
        "en": Counter({RIGHT: 5, REFUSED_RIGHTLY: 10, REFUSED: 14, WRONG: 1}),
        "zh": Counter({RIGHT: 6, REFUSED_RIGHTLY: 8, REFUSED: 15, WRONG: 1}),
        "ru": Counter({RIGHT: 6, REFUSED_RIGHTLY: 8, REFUSED: 16}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 9, REFUSED: 10}),
    },
    "fresh": {
        "en": Counter({RIGHT: 43, REFUSED_RIGHTLY: 27, REFUSED: 20}),
        "zh": Counter({RIGHT: 3, REFUSED_RIGHTLY: 2, REFUSED: 6}),
        "ru": Counter({RIGHT: 6, REFUSED_RIGHTLY: 2, REFUSED: 1}),
        "es": Counter({RIGHT: 5, REFUSED_RIGHTLY: 3, REFUSED: 1}),
    },
    "last": {
        "en": Counter({RIGHT: 14, REFUSED_RIGHTLY: 19, REFUSED: 8, WRONG: 2}),
        "zh": Counter({RIGHT: 3, REFUSED_RIGHTLY: 2, REFUSED: 2}),
        "ru": Counter({RIGHT: 2, REFUSED_RIGHTLY: 1, REFUSED: 2}),
        "es": Counter({RIGHT: 3, REFUSED_RIGHTLY: 1, REFUSED: 1}),
    },
    "hunt": {
        "en": Counter({RIGHT: 6, REFUSED_RIGHTLY: 48, WRONG: 1}),
        "zh": Counter({REFUSED_RIGHTLY: 4}),
        "ru": Counter({REFUSED_RIGHTLY: 3}),
        "es": Counter({REFUSED_RIGHTLY: 3}),
    },
    "lead": {
        "en": Counter({RIGHT: 10, REFUSED_RIGHTLY: 8, REFUSED: 17, WRONG: 2}),
        "zh": Counter({RIGHT: 3, REFUSED_RIGHTLY: 4, REFUSED: 3, WRONG: 1}),
        "ru": Counter({RIGHT: 1, REFUSED_RIGHTLY: 5, REFUSED: 5}),
        "es": Counter({RIGHT: 4, REFUSED_RIGHTLY: 3, REFUSED: 4}),
    },
    "kept": {
        "en": Counter({RIGHT: 22, REFUSED_RIGHTLY: 9, REFUSED: 5, WRONG: 1}),
        "zh": Counter({RIGHT: 8, REFUSED_RIGHTLY: 2, REFUSED: 1}),
        "ru": Counter({RIGHT: 7, REFUSED_RIGHTLY: 3, REFUSED: 1}),
        "es": Counter({RIGHT: 8, REFUSED_RIGHTLY: 2, WRONG: 1}),
    },
    "desk": {
        "en": Counter({RIGHT: 29, REFUSED_RIGHTLY: 13, REFUSED: 7, WRONG: 1}),
        "zh": Counter({RIGHT: 17, REFUSED_RIGHTLY: 5, REFUSED: 3}),
        "ru": Counter({RIGHT: 15, REFUSED_RIGHTLY: 4, REFUSED: 6}),
        "es": Counter({RIGHT: 15, REFUSED_RIGHTLY: 3, REFUSED: 2}),
    },
    "sealed": {
        "en": Counter({RIGHT: 21, REFUSED_RIGHTLY: 16, REFUSED: 4, WRONG: 1}),
        "zh": Counter({RIGHT: 8, REFUSED_RIGHTLY: 7, REFUSED: 5, WRONG: 1}),
        "ru": Counter({RIGHT: 12, REFUSED_RIGHTLY: 4, REFUSED: 3, WRONG: 1}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 3, REFUSED: 1, WRONG: 2}),
    },
    "frames": {
        "en": Counter({RIGHT: 14, REFUSED_RIGHTLY: 17, REFUSED: 6, WRONG: 3}),
        "zh": Counter({RIGHT: 8, REFUSED_RIGHTLY: 8, REFUSED: 3, WRONG: 1}),
        "ru": Counter({RIGHT: 8, REFUSED_RIGHTLY: 7, REFUSED: 4, WRONG: 1}),
        "es": Counter({RIGHT: 13, REFUSED_RIGHTLY: 6, REFUSED: 1}),
    },
    "chat": {
        "en": Counter({RIGHT: 9, REFUSED_RIGHTLY: 9, REFUSED: 2}),
        "zh": Counter({RIGHT: 8, REFUSED_RIGHTLY: 6, REFUSED: 1}),
        "ru": Counter({RIGHT: 10, REFUSED_RIGHTLY: 5}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 4}),
    },
    "stranger": {
        "en": Counter({RIGHT: 23, REFUSED_RIGHTLY: 17, REFUSED: 5}),
        "zh": Counter({RIGHT: 10, REFUSED_RIGHTLY: 7, REFUSED: 3}),
        "ru": Counter({RIGHT: 9, REFUSED_RIGHTLY: 7, REFUSED: 4}),
        "es": Counter({RIGHT: 10, REFUSED_RIGHTLY: 4, REFUSED: 1}),
    },
    "passerby": {
        "en": Counter({RIGHT: 20, REFUSED_RIGHTLY: 23, REFUSED: 2}),
        "zh": Counter({RIGHT: 12, REFUSED_RIGHTLY: 7, WRONG: 1}),
        "ru": Counter({RIGHT: 13, REFUSED_RIGHTLY: 7}),
        "es": Counter({RIGHT: 9, REFUSED_RIGHTLY: 6}),
    },
    "visitor": {
        "en": Counter({RIGHT: 25, REFUSED_RIGHTLY: 13, REFUSED: 7}),
        "zh": Counter({RIGHT: 13, REFUSED_RIGHTLY: 6, REFUSED: 1}),
        "ru": Counter({RIGHT: 10, REFUSED_RIGHTLY: 7, REFUSED: 3}),
        "es": Counter({RIGHT: 6, REFUSED_RIGHTLY: 6, REFUSED: 3}),
    },
    "hurry": {
        "en": Counter({RIGHT: 163, REFUSED_RIGHTLY: 42, REFUSED: 61, WRONG: 5}),
        "zh": Counter({RIGHT: 74, REFUSED_RIGHTLY: 24, REFUSED: 35, WRONG: 1}),
        "ru": Counter({RIGHT: 80, REFUSED_RIGHTLY: 19, REFUSED: 27, WRONG: 1}),
        "es": Counter({RIGHT: 80, REFUSED_RIGHTLY: 17, REFUSED: 22}),
    },
    "spare": {
        "en": Counter({RIGHT: 205, REFUSED_RIGHTLY: 40, REFUSED: 23, WRONG: 3}),
        "zh": Counter({RIGHT: 109, REFUSED_RIGHTLY: 14, REFUSED: 10}),
        "ru": Counter({RIGHT: 96, REFUSED_RIGHTLY: 16, REFUSED: 16}),
        "es": Counter({RIGHT: 94, REFUSED_RIGHTLY: 15, REFUSED: 9}),
    },
    "newcomer": {
        "en": Counter({RIGHT: 22, REFUSED_RIGHTLY: 17, REFUSED: 3, WRONG: 3}),
        "zh": Counter({RIGHT: 7, REFUSED_RIGHTLY: 10, REFUSED: 1}),
        "ru": Counter({RIGHT: 9, REFUSED_RIGHTLY: 8, REFUSED: 1}),
        "es": Counter({RIGHT: 10, REFUSED_RIGHTLY: 6, REFUSED: 2}),
    },
    "outsider": {
        "en": Counter({RIGHT: 37, REFUSED_RIGHTLY: 9, REFUSED: 3, WRONG: 1}),
        "zh": Counter({RIGHT: 14, REFUSED_RIGHTLY: 3, REFUSED: 1}),
        "ru": Counter({RIGHT: 11, REFUSED_RIGHTLY: 4, REFUSED: 1}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 2, REFUSED: 2, WRONG: 1}),
    },
    "shapes": {
        "en": Counter({RIGHT: 27, REFUSED_RIGHTLY: 32, REFUSED: 3, WRONG: 1}),
        "zh": Counter({RIGHT: 31, REFUSED_RIGHTLY: 20, REFUSED: 8, WRONG: 1}),
        "ru": Counter({RIGHT: 39, REFUSED_RIGHTLY: 18, REFUSED: 2, WRONG: 1}),
        "es": Counter({RIGHT: 43, REFUSED_RIGHTLY: 14, REFUSED: 3}),
    },
    "guest": {
        "en": Counter({RIGHT: 33, REFUSED_RIGHTLY: 8, REFUSED: 5}),
        "zh": Counter({RIGHT: 12, REFUSED_RIGHTLY: 4, REFUSED: 4}),
        "ru": Counter({RIGHT: 10, REFUSED_RIGHTLY: 4, REFUSED: 3}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 3, REFUSED: 2, WRONG: 1}),
    },
    "colleague": {
        "en": Counter({RIGHT: 15, REFUSED_RIGHTLY: 17, REFUSED: 8}),
        "zh": Counter({RIGHT: 8, REFUSED_RIGHTLY: 7, REFUSED: 5}),
        "ru": Counter({RIGHT: 8, REFUSED_RIGHTLY: 8, REFUSED: 4}),
        "es": Counter({RIGHT: 11, REFUSED_RIGHTLY: 6, REFUSED: 3}),
    },
    "sitter": {
        "en": Counter({RIGHT: 22, REFUSED_RIGHTLY: 11, REFUSED: 22}),
        "zh": Counter({RIGHT: 6, REFUSED_RIGHTLY: 3, REFUSED: 6}),
        "ru": Counter({RIGHT: 7, REFUSED_RIGHTLY: 3, REFUSED: 5}),
        "es": Counter({RIGHT: 3, REFUSED_RIGHTLY: 4, REFUSED: 7, WRONG: 1}),
    },
    "neighbour": {
        "en": Counter({RIGHT: 9, REFUSED_RIGHTLY: 29, REFUSED: 15, WRONG: 2}),
        "zh": Counter({RIGHT: 3, REFUSED_RIGHTLY: 6, REFUSED: 5, WRONG: 1}),
        "ru": Counter({REFUSED_RIGHTLY: 9, REFUSED: 6}),
        "es": Counter({RIGHT: 1, REFUSED_RIGHTLY: 7, REFUSED: 6, WRONG: 1}),
    },
}
"""How the questions of each file came out when asked for the first time. Nobody can ask them blind again, so nobody
changes this. The files are in the order in which they were asked; what was learnt from one was known to the next."""


@dataclass(frozen=True)
class World:
    """When the questions of a file are asked, the keys and titles of the stores that there are, and the people.

    Without stores, all are those of `names()`; without people alone, the people are.
    """

    now: datetime = NOW
    stores: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()


DEMO = World(datetime(2026, 11, 27, 10, tzinfo=UTC), (("main", "Main"), ("twin", "Twin")))

WORLDS = {
    "outsider": DEMO,
    "guest": replace(DEMO, people=("Ana", "Li Wei", "Marta")),
    "colleague": World(DEMO.now, (("main", "Main store"), ("twin", "Twin store")), ("Ana", "Li Wei", "Marta")),
    "sitter": World(
        datetime(2026, 12, 1, 10, tzinfo=UTC),
        (("madrid", "Madrid"), ("lisbon", "Lisbon"), ("paris", "Paris")),
        ("Ana", "Li Wei", "Marta", "Oleg"),
    ),
    "neighbour": World(
        datetime(2026, 12, 1, 10, tzinfo=UTC),
        (("madrid", "Madrid Home"), ("lisbon", "Lisbon Garden"), ("shenzhen", "Shenzhen Toys")),
        ("Ana", "Li Wei", "Marta", "Oleg"),
    ),
}
"""The files whose authors wrote for another present, for other stores, and for other people."""


@dataclass(frozen=True)
class Blind:
    """A question with its follow-ups, and the readings of the last of them that are right."""

    language: str
    steps: tuple[str, ...]
    expected: tuple[str, ...]
    world: World = World()

    @property
    def text(self) -> str:
        """The question as it stands in the file."""
        return " > ".join(self.steps)


def questions(name: str) -> Iterator[Blind]:
    """Yield the questions of a file."""
    language = ""
    for line in Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line[1:-1]
        elif line and not line.startswith("#"):
            text, _, expected = line.partition(" | ")
            yield Blind(language, tuple(text.split(" > ")), tuple(expected.split(" / ")), WORLDS.get(name, World()))


def asked(one: Blind, workspace: Workspace, lexicon: Lexicon) -> Understood:
    """Ask a question and its follow-ups; the first refusal ends it."""
    workspace, now = _of_world(one.world, workspace), one.world.now
    lexicon = build(workspace) if one.world.stores else lexicon
    told = read(one.steps[0], workspace, lexicon, now)
    for step in one.steps[1:]:
        if told.refusal is not None:
            break
        told = read(step, workspace, lexicon, now, after=told.question)
    return told


def told(text: str, workspace: Workspace, lexicon: Lexicon) -> Understood:
    """Ask a question, and behind each ` > ` what goes on from it; behind a refusal it goes on from nothing."""
    question = None
    for step in text.split(" > "):
        last = read(step, workspace, lexicon, NOW, after=question)
        question = last.question
    return last


def refused(text: str, workspace: Workspace, lexicon: Lexicon) -> tuple[Why | None, list[str]]:
    """Return why a question is refused, and what is offered instead, without its times; None: it is not refused."""
    refusal = told(text, workspace, lexicon).refusal
    return (refusal.why, [one.words.partition(" period:")[0] for one in refusal.choices]) if refusal else (None, [])


def is_read_as(question: Question | None, words: str, workspace: Workspace) -> bool:
    """Whether a question is the one that typed words mean."""
    return numbered(question) == numbered(expected_question(words, workspace))


def _of_world(world: World, workspace: Workspace) -> Workspace:
    """Return a workspace with what another world has, and without the profiles, which name stores of this one."""
    if not world.stores:
        return workspace
    rows = (
        StoreRow(number, key, title, "overseas", None, "", "", watched=True)
        for number, (key, title) in enumerate(world.stores, 1)
    )
    return replace(workspace, stores=tuple(rows), profiles=(), people=world.people or workspace.people)


def outcome(one: Blind, workspace: Workspace, lexicon: Lexicon) -> str:
    """Say how a question came out. Any refusal is right where one is expected."""
    told = asked(one, workspace, lexicon)
    if told.refusal is not None:
        return REFUSED_RIGHTLY if any(word.startswith("!") for word in one.expected) else REFUSED
    known = _of_world(one.world, workspace)
    wanted = [_wanted(word, known, one.world.now) for word in one.expected if not word.startswith("!")]
    return RIGHT if numbered(told.question) in map(numbered, wanted) else WRONG


def _wanted(words: str, workspace: Workspace, now: datetime) -> Question | None:
    """Read what is expected; None where typed words have no such thing, as an age of 14 days."""
    try:
        return expected_question(words, workspace, now)
    except Refused:
        return None


def numbered(question: Question | None) -> Question | None:
    """Return a question without the span of its small chart, which changes no number."""
    if question is None or question.kind in (Kind.MOVES, Kind.CAUSES):
        return question
    return replace(question, period=None)


def tally(name: str, workspace: Workspace, lexicon: Lexicon) -> dict[str, Counter[str]]:
    """Count the outcomes of a file by language."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for one in questions(name):
        counts[one.language][outcome(one, workspace, lexicon)] += 1
    return counts
