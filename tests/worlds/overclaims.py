"""The gauge: finds the sentences that claim more than was read, from plain facts about what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.cards import CARDS, Window
from tests.worlds.made import JOINED, ONE_SILENT, TEN, World
from tests.worlds.surfaces import Said

NOW = re.compile(r"\b(now|today|currently|at present|in (the last )?24 hours|so far today)\b", re.IGNORECASE)
NO_CLAIM = re.compile(
    r"sync now|back to now|not as it is now|read the store now|nobody is writing the snapshot now"
    r"|\*\*Today:\*\* not read yet"
    r"|“[^”]*” = [^|]*"  # what somebody asked with
    r"|Rule: [^|]*|\"sentence\": \"[^\"]*\"",
    re.IGNORECASE,
)
"""Words of buttons, advice, denials and rules: they say nothing of the store."""

VERDICT = re.compile(r"\b(Performing|Stable|Needs attention)\b")
DIFFERENCE = re.compile(r"(?<![\w.])[+−±]\s?\d|[↑↓▼]")
ZERO = re.compile(r"(?<![\w.,:/+−-])0(?:\.0+)?(?![\w:/-]|[.,]\d)")
NO_COUNT = re.compile(
    r"\b0 of [\d,]+|threshold 0|(above|at|from|to|than|limit) 0\b|\b0(\.0)? (s|min|ms|h|d)\b|ok and 0 do not"
    r"|\((days)\): 0\.0|Rejections seen: 0(\.0)?"
    r"|\"(age_days|in_status_days|attempts|unread_seconds|not_read|behind)\": 0(\.0)?",
)
"""Zeros that are no count of listings: of how many something is known, limits, lengths of time, attempts so far."""

AT_LEAST_NONE = re.compile(r"(at least|≥) \**[+−]?0(?:\.0+)?(?![\w]|[.,]\d)", re.IGNORECASE)
"""What says nothing, and is read as the healthy zero."""

QUALIFIED = re.compile(
    r"not[ -]read|never[ -]read|at least|when last read|no complete (read|sync)|not (yet )?confirmed|not complete"
    r"|no-data|nothing is known|partly read|found \d+ \w+ \d{4}|in \d+ of \d+ stores|known at both ends"
    r'|"claim": "(?!known)|"found_at"|\), read \d+ s ago',
    re.IGNORECASE,
)
NAMING = (
    *("page overview", "page worklist", "page health", "cards", "worklist", "digest mail"),
    *("export.csv", "export.xlsx"),
)
"""Places that speak of all stores at once, and so must name those that they know nothing of."""

WINDOWED = re.compile("|".join(re.escape(card.title) for card in CARDS.values() if card.window is not Window.RT))


@dataclass(frozen=True)
class Allowed:
    """What may be said: words of the present, verdicts, differences, and zeros without a word of doubt.

    `windows`: also of spans of time up to now. `named` are the stores that whoever speaks of all must name. `alone` are
    those that were read: on a line of its own, each may be told as what it is.
    """

    present: bool
    whole: bool
    windows: bool
    named: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


def allowed(world: World, past: datetime | None) -> Allowed:
    """What a world allows of now, or of a moment of the past."""
    if past is None:
        alone = tuple(title for title in TEN if title not in world.silent) if world is ONE_SILENT else ()
        return Allowed(world.current, world.current, world.windows, world.silent, alone)
    inside = past == world.inside
    return Allowed(False, inside, inside and world is not JOINED)


def searched(world: World, said: Iterable[Said]) -> list[Overclaim]:
    """Return every overclaim of a world, each moment by what was read of it."""
    return [found for one in said for found in search([one], allowed(world, one.past))]


@dataclass(frozen=True)
class Overclaim:
    """A statement that claims more than was read, and in which way."""

    kind: str
    said: Said

    def __str__(self) -> str:
        past = f" as of {self.said.past:%d %b %H:%M}" if self.said.past else ""
        return f"{self.said.place}{past}: {self.kind}: {self.said.text[:300]}"


def search(said: Iterable[Said], allowed: Allowed) -> list[Overclaim]:
    """Return every overclaim of some statements."""
    return [Overclaim(kind, one) for one in said for kind in kinds(one.text, allowed)]


def kinds(text: str, allowed: Allowed) -> Iterator[str]:
    """Name the ways in which a statement claims too much; none for an honest one."""
    plain = NO_CLAIM.sub("", text)
    for title in allowed.alone:
        plain = re.sub(rf"{title} › \| (?:[^›]*?)-badge\[[^]]*\]", "", plain)
    windowed = bool(WINDOWED.search(plain))
    whole = allowed.whole and (allowed.windows or not windowed)
    if not allowed.present and NOW.search(plain):
        yield "the present"
    if not whole and VERDICT.search(plain):
        yield "a verdict"
    if not whole and DIFFERENCE.search(plain) and not QUALIFIED.search(plain):
        yield "a difference"
    if not whole and ZERO.search(NO_COUNT.sub("", plain)) and not QUALIFIED.search(plain):
        yield "a bare zero"
    if AT_LEAST_NONE.search(plain):
        yield "at least 0"


def unnamed(said: Iterable[Said], allowed: Allowed) -> list[str]:
    """Return the places that never name a store that is silent or was never read."""
    texts: dict[str, list[str]] = {}
    for one in said:
        if one.past is None and one.place in NAMING:
            texts.setdefault(one.place, []).append(one.text)
    return [
        f"{place}: {store}" for place, told in texts.items() for store in allowed.named if store not in " ".join(told)
    ]
