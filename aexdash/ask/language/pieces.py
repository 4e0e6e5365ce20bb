"""What a question is made of once its words are known, before it is clear what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from aexdash.ask.language.counts import Before
from aexdash.ask.language.lexicon import Meaning
from aexdash.ask.language.times.periods import Said
from aexdash.ask.question import Kind, Read

MONEY = "aexdash_money_held_back"
TIMES_TO_CLEAR = ("aexdash_time_to_clear_median_days", "aexdash_time_to_clear_p90_days")
"""What *time to clear* may be."""


@dataclass
class Pieces:
    """The understood words of a question, by what they are.

    - `states`, `moves` and `cards` are what may be counted, `where` the values by filter, `doubts` phrases that stand
      for several values, with all of them.
    - `periods` are in the order of the text; `compared` are those behind such a word as *compared with*.
    - `plain` are words that shape the question (`why`, `list`, `now` …), `dimensions` and `by` what to divide by.
    - `bare`: *rejected* stands like a verb, with no noun behind it and no *are* before it.
    - `named` are the values of `where` as they were said: (filter, value, words).
    - `ages` are how long listings are held, as an address writes it.
    - `negated` are values of filters, or states, that were said not to be: (filter or `state`, value, words).
    - `stores` are several stores that were named, `beside`: they are told one by one.
    - `either` are words such as *or* and *between*, which need two things; `profile` stands beside the name of one.
    - `typed`: words as an address writes them (`status:rejected`), by name.
    - `before` is *the 7 before*, which a number is compared with; `in_days` are words that say a unit.
    - `done` are stages that people gave listings, as verbs say it: *what did we fix*.
    - `perhaps` are words not understood that may be whose it is: *anas* may be *Ana's*.
    - `shaped` are words that shape the question as they were said, each with its value: of `plain`, `by` or `orders`.
    - `unknown` are words not understood, each with what is near it.
    """

    text: str = ""
    cards: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    where: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    doubts: list[tuple[str, tuple[Meaning, ...]]] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    periods: list[Said] = field(default_factory=list)
    compared: list[Said] = field(default_factory=list)
    limit: int | None = None
    negated: list[tuple[str, str, str]] = field(default_factory=list)
    stores: tuple[str, ...] = ()
    beside: bool = False
    either: list[str] = field(default_factory=list)
    profile: list[str] = field(default_factory=list)
    ages: list[str] = field(default_factory=list)
    bare: bool = False
    begins_with_follow: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    perhaps: dict[str, Meaning] = field(default_factory=dict)
    before: Before | None = None
    in_days: list[str] = field(default_factory=list)
    shaped: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    named: list[tuple[str, str, str]] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def subject(self) -> bool:
        """Whether the words name something that can be counted."""
        return bool(self.cards or self.moves or self.states or self.typed.keys() & set(Kind))

    @property
    def asks_time_to_clear(self) -> bool:
        """Whether it is asked how long clearing takes, so that *usually*, *take* and *clear* say something."""
        doubted = any({one.value for one in meanings} <= set(TIMES_TO_CLEAR) for _, meanings in self.doubts)
        is_long = bool(self.plain & {"duration", "usual_duration", "takes"})
        is_cleared = "clearing" in self.plain or "cleared" in self.moves
        return doubted or bool(set(self.cards) & set(TIMES_TO_CLEAR)) or (is_long and is_cleared)

    @property
    def previous(self) -> str | None:
        """The unit of *the week before*; empty where none is said, None where nothing of the kind stands."""
        said = [word for word in self.plain if word.startswith("previous")]
        if self.before is not None:
            return ""
        return max(said).removeprefix("previous").lstrip("_") if said else None

    @property
    def is_empty(self) -> bool:
        """Whether no word says what to count, of what, or when."""
        return not (
            self.subject
            or self.where
            or self.doubts
            or self.by
            or self.dimensions
            or self.orders
            or self.periods
            or self.compared
            or self.typed
            or self.limit
            or self.ages
            or self.negated
            or self.previous is not None
            or self.plain >= {"noun", "in_total"}
            or self.plain
            & {
                "why",
                "now",
                "last_year",
                "compare",
                "list",
                "all_stores",
                "clearing",
                "pending",
                "trend",
                "other_store",
                "rejection_reasons",
            }
        )


def joined(parts: Sequence[str]) -> str:
    """Join words for a sentence: `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
