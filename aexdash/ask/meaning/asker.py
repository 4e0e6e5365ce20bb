"""Who asks: the names that there are and the present, and the simple questions of which all others are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aexdash.ask import rules, saying, typed
from aexdash.ask.answer import Choice, Refusal, Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.times.periods import Said
from aexdash.ask.question import PLACES, WHERE, Kind, Move, Period, Question
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import Window
from aexdash.cards.window import bounds
from aexdash.clock import DAY, TICK, midnight
from aexdash.view import View

QUALITY, COMPLETE = "aex_listing_quality_score", "aex_required_attribute_completeness"
HERO, REJECTED_24H = "aex_rejected_auditing_listings", "aex_rejected_listings_24h"


AGAIN, SUPPRESSED, FEED = (
    "aexdash_rerejection_rate",
    "aex_listing_suppressed_pct",
    ("aex_listings_failing_feedonomics_validation"),
)


STATE_CARDS = {
    "held": HERO,
    "active": "aex_active_listings",
    "at_risk": "aexdash_at_risk",
    "taken_down": "aexdash_taken_down",
    "stuck": "aexdash_stuck_in_audit",
}
"""The card that counts a state where nothing else is asked of it."""


STATE_WHERE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "held": (),
    "rejected": (("status", "rejected"),),
    "auditing": (("status", "auditing"),),
    "active": (("status", "active"),),
    "at_risk": (("status", "active"),),
    "taken_down": (("status", "offline"),),
    "stuck": (("mark", "stuck"),),
}


OLDEST = {"rejected": "aexdash_oldest_rejected_days", "auditing": "aexdash_oldest_auditing_days"}
"""The card that says how long the oldest listing has had a status."""


TOGETHER: Mapping[frozenset[str], str] = {
    frozenset(("held", "rejected")): "rejected",
    frozenset(("held", "auditing")): "auditing",
    frozenset(("rejected", "auditing")): "held",
    frozenset(("held", "rejected", "auditing")): "held",
    frozenset(("stuck", "auditing")): "stuck",
    frozenset(("stuck", "held")): "stuck",
    frozenset(("at_risk", "active")): "at_risk",
}
"""What two states together are."""


FOR_ALIEXPRESS = re.compile(
    r"\bali|али|platform|marketplace|moderat|\btheir|площадк|платформ|маркетплейс|平台|速卖通|官方|plataforma"
)
"""What says that AliExpress is waited for, and nobody of the team."""


MOST_CHOICES = 4

SEVERAL_NUMBERS = "These are several numbers, each told by itself: choose one to go on with."
"""What is said where more than one number was asked for."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What a question is read with: the names that there are, and the present.

    `everywhere`: all stores were asked for, so that those that are looked at do not count. `finish` gives a question
    that is offered what else was asked for, so that choosing drops no word that it can have.
    """

    workspace: Workspace
    now: datetime
    everywhere: bool = False
    finish: Callable[[Question], Question] | None = field(default=None, compare=False)

    def choice(self, question: Question) -> Choice:
        """Return a question as something to choose."""
        words = typed.as_text(typed.write(question, self.workspace.zone, self.workspace.place))
        return Choice(words, saying.question_words(question, self.workspace, self.now))

    def ask(self, sentence: str, questions: Sequence[Question], why: Why = Why.AMBIGUOUS) -> Refused:
        """Return the refusal that offers some questions instead, those of them that can be answered."""
        offered = [self.choice(one) for one in map(self._finished, questions) if self._is_answered(one)]
        return Refused(Refusal(why, sentence, tuple(dict.fromkeys(offered))[:MOST_CHOICES]))

    def _finished(self, question: Question) -> Question:
        finished = self.finish(question) if self.finish else question
        return finished if self._is_answered(finished) else question

    def _is_answered(self, question: Question) -> bool:
        return rules.is_answered(question, self.workspace, self.now)


def base(kind: Kind, name: str, where: Mapping[str, tuple[str, ...]], asker: Asker, **more: object) -> Question:
    """Return a question of the stores that it names, else of those that are looked at."""
    place = View() if asker.everywhere else asker.workspace.place
    named = typed.placed(where, place)
    filters = tuple((word, named[word]) for word in WHERE if named.get(word))
    return replace(Question(kind, name, filters), **more)  # type: ignore[arg-type]


def listings_of(where: Mapping[str, tuple[str, ...]], state: str, asker: Asker, **more: object) -> Question:
    """Return a question of the listings in a state that have these words."""
    merged = dict(where)
    for name, value in STATE_WHERE[state]:
        merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), value)))
    return base(Kind.LISTINGS, "", merged, asker, **more)


def one_period(said: Sequence[Said]) -> Period | None:
    """Return the one period of a question, None where it has none.

    Raises:
        Refused: it has two, one that has not begun, or one with two readings.
    """
    if not said:
        return None
    if any(one.future for one in said):
        raise refuse(Why.FUTURE, "That time has not begun: only what was read so far can be counted.")
    if len(said) > 1:
        words = " and ".join(repr(one.readings[0].label) for one in said)
        raise refuse(
            Why.NOT_UNDERSTOOD, f"{words} are two times; name one, or write *compared with* before the second."
        )
    return said[0].readings[0]


WINDOW_WORDS = {
    Window.H24: "the 24 hours up to a moment",
    Window.D7: "the 7 whole days before a moment",
    Window.D30: "the 30 whole days before a moment",
    Window.D90: "the 90 whole days before a moment",
    Window.TODAY: "the day of a moment",
    Window.RT: "a moment",
}


def window_of(window: Window, now: datetime, asker: Asker) -> tuple[datetime, datetime]:
    """Return the span that a card counts which counts a window up to now."""
    return bounds(window, now, asker.workspace.zone)


def is_last_24_hours(period: Period, now: datetime) -> bool:
    """Whether a period is the 24 hours up to now."""
    return period.end == now + TICK and abs((now - period.start).total_seconds() - 86_400) < 1


def at_moment_of(question: Question, said: Said, asker: Asker) -> Question:
    """Ask of the moment that a period means: its end, its start, or now where it is not over."""
    period = said.readings[0]
    if said.edge == "start":
        return replace(question, at=period.start)
    at = None if period.end > asker.now else period.end - TICK
    return replace(question, at=at, period=period if period.end - period.start > 2 * DAY else None)


def of_24_hours(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Ask the card of the last 24 hours where that is what is asked, so that the answer is that of its tile."""
    only_place = all(name in PLACES for name, _ in question.where)
    period = question.period
    if question.name == Move.REJECTED and period and is_last_24_hours(period, asker.now) and only_place:
        divided = [*pieces.by, *pieces.dimensions]
        if all(one == "store" for one in divided) and "list" not in pieces.plain:
            return replace(question, kind=Kind.CARD, name=REJECTED_24H, period=None)
    return question


def day_of_moment(at: datetime, asker: Asker) -> Period | None:
    """Return the day at whose end a moment lies; None for a moment within a day."""
    zone = asker.workspace.zone
    first = midnight(at, zone)
    return Period(first, at + TICK) if midnight(at, zone, days=1) == at + TICK else None


def day_so_far(asker: Asker) -> Period:
    """Return today, whole."""
    zone = asker.workspace.zone
    return Period(midnight(asker.now, zone), midnight(asker.now, zone, days=1), "today")
