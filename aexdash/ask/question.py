"""A question in our own words: what is counted, of which listings, when, and how it is to be told. Frozen.

Typed words, buttons, `aexdash ask`, assistants and a model all end here, and nothing else is ever answered. It holds
words of cards, of `aexdash.view.FILTERS` and of the lists below alone: no SQL, and no text that somebody else wrote but
names of stores and people that there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from aexdash.model import Stage
from aexdash.view import FILTERS, ORDERS, View


class Kind(StrEnum):
    """What sort of number is asked for."""

    CARD = "card"  # the value of a card, named by its key
    LISTINGS = "listings"  # how many listings the worklist has, and which
    MOVES = "moves"  # how many listings moved within a span, named by `Move`
    CAUSES = "causes"  # what goes with a movement, named by `aexdash.snapshot.compared.listings.What`
    DONE = "done"  # how many listings people gave a stage within a span, named by it
    ALERTS = "alerts"  # how many alerts are open, or were opened within a span
    READINGS = "readings"  # when each store was last read


class Move(StrEnum):
    """How listings move. All but `REJECTED` are flows of the books, which history shows."""

    REJECTED = "rejected"  # to rejected, from audit too: as the card *Rejected, 24 hours* counts
    ENTERED = "entered"  # came to be held
    AUDITING = "auditing"  # came to be held by entering audit
    LEFT = "left"  # stopped being held, whereto it may be
    CLEARED = "cleared"  # stopped being held by coming on sale


DONE_NAMES = (Stage.TAKEN.value, Stage.FIXED.value, Stage.SNOOZED.value)
"""What people do to listings."""

OPEN, OPENED = "open", "opened"
"""Alerts that are open now, and those that were opened within a span."""

LAST = "last"
"""The last reading of each store."""


class By(StrEnum):
    """What a number is divided by."""

    STORE = "store"
    REASON = "reason"
    FAMILY = "family"
    STATUS = "status"
    AUDIT = "audit"
    PROVENANCE = "provenance"
    RESUBMIT = "resubmit"
    CATEGORY = "category"
    STAGE = "stage"
    OWNER = "owner"
    AGE = "age"
    LANE = "lane"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


GRAINS = (By.HOUR, By.DAY, By.WEEK, By.MONTH)
"""The divisions by time; the others are by what listings are."""

PART_OF: Mapping[By, str] = {
    one: "reason" if one is By.FAMILY else one.value for one in By if one not in (*GRAINS, By.AGE)
}
"""The filter that chooses one part of a division; times and ages have none."""


class Compare(StrEnum):
    """What a number is compared with."""

    NONE = "none"
    PREVIOUS = "previous"  # the span of equal length before, of a stock the same moment so long before
    SAME_LAST_YEAR = "same_last_year"
    PERIOD = "period"  # another one that was named


WHERE = tuple(one.name for one in FILTERS if one.name not in ("as_of", "order"))
"""The words of a view by which listings are chosen; moment and order have fields of their own."""

PLACES = ("store", "profile")
"""Those of them that every card and every move can be asked for; the others choose listings."""

OF_ALL = "all"
"""The word for `part` of a share of all listings that there are, those on sale too."""

ALL_LISTINGS = "aex_total_listings"
"""The card that counts all listings that there are."""

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time: from `start` to just before `end`, both in UTC. `label` is how it was said: `last week`."""

    start: datetime
    end: datetime
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Read:
    """Words of a question and what they were taken for: (`last week`, `Mon 16 – Sun 22 Nov 2026, Madrid`)."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """Whether a number is more, or fewer, than another: *are there more than 10 held?*; `words` are as it was said."""

    count: int
    more: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    - `name` is the key of a card, a `Move`, for causes a `What`, for what was done a `Stage`, for alerts `OPEN` or
      `OPENED`, and for readings `LAST`; empty for listings.
    - `where` are words of a view, in the order of `FILTERS`: (name, values); each value is one that the filter allows.
    - `at` is the moment of a card or of listings; None is now. `period` is the span of moves, causes, of what was done
      and of alerts that were opened; of cards and listings it is what a small chart shows, and `at` lies at its end.
    - `stores` are several stores that were named, by their keys: all of them are counted together, and beside each
      other where it is divided by store. No page shows just these, so it has no link but those of its parts.
    - `part` are the names of those of `where` that choose a part: asked is its share of the listings that have all the
      other words. `OF_ALL` alone: its share of all listings of its stores, on sale or not.
    - `by` is what the number is divided by, `then_by` what each part of it is divided by again. `compare` is what it is
      compared with, `compare_with` the period of `Compare.PERIOD`. `order` and `limit` are of the listings shown.
    - `beyond` is a number that it is asked to be more or fewer than, which is said beside the number.
    - `read` and `ignored` say which words were taken for what and which for nothing; two questions that differ in
      these three alone are equal.
    """

    kind: Kind
    name: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    at: datetime | None = None
    period: Period | None = None
    by: By | None = None
    then_by: By | None = None
    compare: Compare = Compare.NONE
    compare_with: Period | None = None
    order: str = ORDERS[0]
    limit: int = 10
    stores: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    beyond: Beyond | None = field(default=None, compare=False)
    read: tuple[Read, ...] = field(default=(), compare=False)
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """The words of a view by their name."""
        return dict(self.where)

    @property
    def place(self) -> View:
        """The stores it is asked of and its moment, as a view without any filter."""
        return _view({name: values for name, values in self.where if name in PLACES}, self)

    @property
    def view(self) -> View:
        """The listings it is asked of, as a view; `resolve_view` fills in the stores of a profile."""
        return _view(self.filters, self)

    @property
    def whole(self) -> Question:
        """The question of the listings that the part of a share is a part of."""
        if self.part == (OF_ALL,):
            places = tuple((name, values) for name, values in self.where if name in PLACES)
            return Question(Kind.CARD, ALL_LISTINGS, places, self.at, stores=self.stores)
        return replace(self, part=()).with_where(**dict.fromkeys(self.part, ()))

    def with_read(self, *read: Read) -> Question:
        """Return this question with what its words were taken for."""
        return replace(self, read=read)

    def with_where(self, **words: tuple[str, ...]) -> Question:
        """Return this question with some words of a view changed; an empty tuple takes the word out."""
        merged = {**self.filters, **words}
        return replace(self, where=tuple((name, merged[name]) for name in WHERE if merged.get(name)))


def _view(words: Mapping[str, tuple[str, ...]], question: Question) -> View:
    fields: dict[str, object] = {}
    for one in FILTERS:
        if given := words.get(one.name):
            values = tuple(one.value_of(word) for word in given)
            fields[one.field] = values if one.many else values[0]
    return View(as_of=question.at, order=question.order, stores=question.stores).replace(**fields)
