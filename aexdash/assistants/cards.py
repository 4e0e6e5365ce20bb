"""The tool `list_cards`: every number of the overview, with what it may claim."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from aexdash.assistants.results import Number, Part, Result, statement_of
from aexdash.assistants.scope import Scope
from aexdash.cards import CARDS, Card, CardValue, values
from aexdash.cards.model import Need
from aexdash.desk.bands import Sensitivity, Standing
from aexdash.words.cards import claimed_number, tell
from aexdash.words.common import plural
from aexdash.words.statements import brief_words, when_words

NO_ORDERS = "No orders are known; the page Health says why."


class Place(BaseModel):
    """Which stores, at which moment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = ""
    profile: str = ""
    as_of: str = Field(default="", description="2026-03-09T12:00:00Z")

    @property
    def words(self) -> dict[str, str]:
        """The words of a view."""
        return {"store": self.store, "profile": self.profile, "as_of": self.as_of}


class ToldCard(Part):
    """A card: `value` is null where it is not known, and never 0 for that; `shown` is it as the page writes it."""

    key: str
    value: Number | None
    shown: str
    verdict: str
    claim: str
    note: str


class Cards(Result):
    """Every card."""

    cards: list[ToldCard]


def list_cards(scope: Scope, asked: Place) -> Cards:
    """Return every card of the stores at the moment.

    Raises:
        CannotAnswerError: see `Scope.view`.
        StorageError: a file cannot be read.
    """
    view = scope.view(asked.words)
    hero = scope.snapshot.hero(view)
    told = values(scope.snapshot.measures(view.store_keys, view.as_of))
    standing = Sensitivity(scope.settings.desk_path).standing(view.profile, list(CARDS.values()))
    zone = scope.snapshot.zone
    held = "What is held is not known" if hero.held is None else _held(hero.held)
    return Cards(
        says=f"{held}{when_words(hero.reach, zone) or brief_words(hero.reach)}.",
        statement=statement_of(hero.reach, zone),
        link=scope.link("overview", view.unfiltered().to_query()),
        cards=[_told(card, told[key], standing[key]) for key, card in CARDS.items()],
    )


def _held(held: int) -> str:
    return f"{plural(held, 'listing')} {'is' if held == 1 else 'are'} held"


def _told(card: Card, value: CardValue, standing: Standing) -> ToldCard:
    said = tell(card, value, standing.band)
    claimed = claimed_number(value)
    by_others = value.value is None and Need.ORDERS in card.needs  # the note may hold what AliExpress said of a refusal
    return ToldCard(
        key=card.key,
        value=claimed,
        shown=said.value if claimed is not None or value.value is None else "–",
        verdict=said.verdict.word,
        claim=value.reach.claim.value,
        note=NO_ORDERS if by_others else "; ".join(said.notes),
    )
