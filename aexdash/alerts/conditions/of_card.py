"""What conditions that watch a card have in common: the card, its value, what the value is about, and its page."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import datetime

from aexdash.alerts.causes import listings_concerned, material, shared_cause
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.conditions.form import ChoiceField, Field
from aexdash.alerts.facts import Doubt, Facts
from aexdash.alerts.limits import Way, fires, is_well, severity_at
from aexdash.alerts.reading import Reading
from aexdash.cards import CARDS, About, Card, Need
from aexdash.cards.model import Unit
from aexdash.cards.reference_page import SIGN
from aexdash.config.file import did_you_mean
from aexdash.desk.bands import HUGE
from aexdash.model import Severity
from aexdash.snapshot.compared.listings import What
from aexdash.view import View
from aexdash.words.card_units import card_title

SPIKE = "aex_rejected_listings_24h"

MOVES = {About.HELD: What.HELD, About.NEWLY_REJECTED: What.REJECTED}

UP_AND_DOWN = {Way.ABOVE: "higher", Way.BELOW: "lower"}


class CardCondition(Condition):
    """A condition on what a card says."""

    card: str

    @property
    def known_card(self) -> Card | None:
        """The card; None where another version of the dashboard had it."""
        return CARDS.get(self.card)

    @property
    def way_wanted(self) -> Way | None:
        """Both ways make sense."""
        return None

    @property
    def moved_by(self) -> str:
        """The card itself."""
        return self.card

    @property
    def moves(self) -> What | None:
        """The moves of the listings that the card counts, where these are held or were rejected."""
        return MOVES.get(self.known_card.is_about) if self.known_card else None

    @property
    def card_unit(self) -> Unit | None:
        """The unit of the card."""
        return self.known_card.unit if self.known_card else None

    @property
    def unit(self) -> str:
        """The unit of the card."""
        return self.card_unit or "of a card that is gone"

    @property
    def suffix(self) -> str:
        """The unit of the card after a figure."""
        return SIGN[self.card_unit] if self.card_unit else ""

    def read(self, facts: Facts, at: datetime) -> Reading:
        """Return what the card says compared with what it said, and where that fires, what it is about."""
        if self.known_card is None:
            return Reading(None, because=f"There is no card {self.card}.")
        value = self._value(facts, at)
        if value is None:
            return Reading(None, because=f"{card_title(self.card)} {_no_value(facts.doubt(self.card, at))}.")
        found = self.compare(value, facts, at)
        if self._is_open(found, facts, at):
            return Reading(None, value, found.baseline, because=f"{card_title(self.card)} is still being read.")
        if found.level is None or not fires(self, found.level):
            return found
        about = listings_concerned(self.known_card.is_about, self.card, facts, at)
        return replace(
            found,
            marks=material(about),
            listings=about.listings,
            because=shared_cause(about),
            counts=dict(about.counts),
        )

    def _value(self, facts: Facts, at: datetime) -> float | None:
        return facts.value(self.card, at)

    def _is_open(self, found: Reading, facts: Facts, at: datetime) -> bool:
        """Whether it depends on listings that are not read yet what follows of a reading: then nothing does."""
        doubt = facts.doubt(self.card, at)
        if doubt is None or found.level is None or self.known_card is None:
            return False
        ends = (max(doubt.low, -HUGE), HUGE if self.known_card.only_adds else min(doubt.high, HUGE))
        levels = [found.level, *(self.compare(end, facts, at).level for end in ends)]
        return len({self._follows(level) for level in levels if level is not None}) > 1

    def _follows(self, level: float) -> tuple[bool, bool, Severity]:
        return fires(self, level), is_well(self, level), severity_at(self, Severity.LOW, level)

    @abstractmethod
    def compare(self, value: float, facts: Facts, at: datetime) -> Reading:
        """Return the level of a value of the card at a moment, with its baseline."""

    def problems(self, severity: Severity) -> list[str]:
        """List what speaks against it; of a card that does not exist, nothing else can be said."""
        if self.known_card is None:
            return [f"There is no card {self.card!r}{did_you_mean(self.card, CARDS)}."]
        return super().problems(severity)

    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the page that lists what the card counts, the feed where it is made of it, else the first page."""
        view = self.known_card.view if self.known_card else None
        if view is not None:
            return PageLink("worklist", view.replace(store=store).to_query())
        if self.known_card is not None and self.known_card.listed_at is not None:
            page, words = self.known_card.listed_at
            return PageLink(page, {**View(store=store).to_query(), **words})
        is_of_feed = self.known_card is not None and Need.FEED in self.known_card.needs
        return PageLink("feed" if is_of_feed else "", View(store=store).to_query())

    def fields(self) -> tuple[Field, ...]:
        """List the card and the side of the limit."""
        titles = {key: card.title for key, card in CARDS.items()}
        return ChoiceField("card", "Number", titles), ChoiceField("way", "Is", self._ways())

    def _ways(self) -> dict[Way, str]:
        return UP_AND_DOWN


def _no_value(doubt: Doubt | None) -> str:
    return "is still being read" if doubt else "has no data"
