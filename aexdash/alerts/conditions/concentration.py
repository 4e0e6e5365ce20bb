"""One cause is behind most of what is new."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from aexdash.alerts.causes import FIRST, UNSAID
from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.facts import Entered, Facts
from aexdash.alerts.reading import Reading
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.compared.listings import What
from aexdash.view import View
from aexdash.words.common import plural


class SharedTrait(StrEnum):
    """What many new ones may have in common."""

    REASON = "reason"
    CATEGORY = "category"


class Concentration(Condition):
    """Most of what was newly held in the last `hours` has one thing in common; level: its percentage.

    Silent below `least` newly held listings.
    """

    kind: Literal["concentration"] = "concentration"
    limit: float = 60
    shared: SharedTrait = SharedTrait.REASON
    least: int = Field(default=5, ge=1)
    hours: int = Field(default=24, ge=1, le=24 * 30)

    words = "One cause behind most of what is new"
    note_says_it_all = True

    @classmethod
    def first(cls) -> Self:
        """Return: one reason behind more than 60 % of what came in 24 hours."""
        return cls()

    def read(self, facts: Facts, at: datetime) -> Reading:
        """Return the share of the commonest reason, or category, among the newly held of which it is known."""
        newest = {one.product_id: one for one in reversed(facts.entered(at - timedelta(hours=self.hours), at))}
        traits = {listing: self._traits(one) for listing, one in reversed(newest.items())}
        known = [listing for listing, has in traits.items() if has]
        if len(known) < self.least:
            return Reading(0.0, because=f"Fewer than {self.least} newly held whose {self.shared.value} is known.")
        counts = Counter(trait for listing in known for trait in traits[listing])
        trait, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
        having = [listing for listing in known if trait in traits[listing]]
        level = 100 * count / len(known)
        told = f"{count:,} of {len(known):,} newly held whose {self.shared.value} is known share one: "
        return Reading(
            level,
            level,
            marks=(trait,),
            listings=tuple(having[:FIRST]),
            because=f"{told}{self._trait_words(trait, newest[having[0]])} ({count / len(known):.0%}).",
        )

    @property
    def lapses(self) -> tuple[timedelta, ...]:
        """When a listing is not newly held any more."""
        return (timedelta(hours=self.hours),)

    def _traits(self, one: Entered) -> tuple[str, ...]:
        if self.shared is SharedTrait.REASON:
            return tuple(code for code in dict.fromkeys(one.codes) if code not in UNSAID)
        return () if one.category is None else (str(one.category),)

    def _trait_words(self, trait: str, one: Entered) -> str:
        is_reason = self.shared is SharedTrait.REASON
        return load_taxonomy().label(trait) if is_reason else one.category_name or f"category {trait}"

    def when(self) -> str:
        """Say it: `Share of one reason among 5 or more newly held in 24 hours above 60 %`."""
        among = f"{self.least:,} or more newly held in {plural(self.hours, 'hour')}"
        return f"Share of one {self.shared.value} among {among} above {self._figure(self.limit)}"

    @property
    def unit(self) -> str:
        """Percent."""
        return "percent"

    @property
    def suffix(self) -> str:
        """Percent after a figure."""
        return " %"

    @property
    def reach(self) -> tuple[float, float]:
        """A percentage."""
        return 0.0, 100.0

    @property
    def moves(self) -> What | None:
        """Whatever came to be held."""
        return What.HELD

    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the worklist of the reason, or of the category."""
        if self.shared is SharedTrait.REASON:
            return PageLink("worklist", View(store=store, reasons=reading.marks).to_query())
        categories = tuple(int(mark) for mark in reading.marks if mark.isdigit())
        return PageLink("worklist", View(store=store, categories=categories).to_query())

    def fields(self) -> tuple[form.Field, ...]:
        """List what is shared, among how many, and of how many hours."""
        return (
            form.ChoiceField("shared", "They share", {one: f"a {one.value}" for one in SharedTrait}),
            form.CountField("hours", "New in the last (hours)", 1, 24 * 30),
            form.CountField("least", "From (new listings)", 1, 9999),
        )
