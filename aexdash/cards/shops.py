"""The cards about listings beside the shop that they come from: what drifted, and what only waits for a push."""

from __future__ import annotations

from collections.abc import Callable

from aexdash.cards.held import LEADS, NOTHING_READ
from aexdash.cards.model import About, Band, Card, CardValue, Direction, Need, Window
from aexdash.model import SourceWord
from aexdash.snapshot.matched.drifted import BesideShop
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.sources import DRIFT, FIXED
from aexdash.view import View

NO_SHOP = "Not connected: no shop is named in aexdash.toml, or none was read yet."
NOT_COMPARED = "No listing could be compared with its shop yet."

LAG = "As old as the last reading of the shop, or of AliExpress, whichever is older"


def _measure(read: Callable[[Measures], BesideShop | None]) -> Callable[[Measures], CardValue]:
    """Return the measure of one of the counts, which `read` takes from the measures."""

    def measure(measures: Measures) -> CardValue:
        found = read(measures)
        if found is None:
            return NOTHING_READ if measures.counts().held is None else CardValue(None, note=NO_SHOP)
        if found.of and not found.compared:
            return CardValue(None, coverage=(0, found.of), note=NOT_COMPARED)
        return CardValue(found.listings, coverage=(found.compared, found.of), low=found.listings)

    return measure


CARDS = (
    Card(
        key=DRIFT,
        title="Drifted from the shop",
        kind="ours",
        formula="Listings on sale that the shop they come from has as a draft, archived, hidden, on no channel or on "
        "other channels only, out of stock, not at all, or at a price that is more than 10 % apart in the same "
        "currency. What the shop does not tell counts as no drift.",
        unit="listings",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 10),
        why_band="Ours: an order of such a listing is cancelled or sold at the wrong price, so one is worth a look; "
        "ten are a push that failed.",
        alert="above 10",
        roles=(*LEADS, "catalogue"),
        source="The last complete reading of the shop beside the last reading of AliExpress",
        lag=LAG,
        needs=(Need.SWEEPS, Need.SHOP),
        counts="active",
        covers="compared",
        listed_at=("reconcile", {"drift": "card"}),
        only_adds=True,
        measure=_measure(lambda measures: measures.shop_drift()),
    ),
    Card(
        key=FIXED,
        title="Fixed in the shop, waiting",
        kind="ours",
        formula="Held listings that we measured a cause on which is gone in their shop, changed there since the "
        "rejection, and still stands at AliExpress. Titles and prices alone can be measured there.",
        unit="listings",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 5),
        why_band="Ours: each waits for nothing but a push; five are a push that does not run.",
        alert="above 5",
        roles=(*LEADS, "catalogue"),
        source="The last reading of the shop beside what was measured at AliExpress",
        lag=LAG,
        needs=(Need.HELD_WALKS, Need.SHOP),
        covers="compared",
        view=View(sources=(SourceWord.FIXED,)),
        is_about=About.NONE,
        only_adds=True,
        measure=_measure(lambda measures: measures.fixed_in_shop()),
    ),
)
