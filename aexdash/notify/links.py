"""From an alert to the page that shows what it is about: the worklist of its reasons, a listing, a store's health."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from aexdash.alerts.model import Anomaly, Concentration, NewReason, NoData, OneListing, Rise, Shared, Threshold, Told
from aexdash.cards.model import Need
from aexdash.cards.registry import CARDS
from aexdash.model import Status
from aexdash.view import View

LISTED: Mapping[str, tuple[Status, ...]] = {
    "aex_rejected_auditing_listings": (),
    "aex_rejected_listings_24h": (Status.REJECTED,),
    "aex_listing_suppressed_pct": (),
    "aexdash_oldest_rejected_days": (Status.REJECTED,),
    "aexdash_oldest_auditing_days": (Status.AUDITING,),
    "aexdash_stuck_in_audit": (Status.AUDITING,),
    "aexdash_taken_down": (Status.OFFLINE,),
    "aexdash_listings_at_risk": (Status.ACTIVE,),
}
"""Cards that count listings which the worklist can show, with the statuses to show; none are what is held."""


def link_to(told: Told, address: str, *, past: bool) -> str:
    """Return the address of the view that an event is about; `past`: as of the opening, because it is over."""
    path, query = page_of(told)
    if past and path == "worklist":
        query |= View(as_of=told.episode.opened_at).to_query()
    return f"{address}/{path}?{urlencode(query, quote_via=quote)}"


def page_of(told: Told) -> tuple[str, dict[str, str]]:
    """Return the page that shows what an event is about, empty for the front page, and its parameters."""
    condition, reading, place = told.rule.condition, told.event.reading, View(store=told.episode.store)
    match condition:
        case NoData():
            return "health", place.to_query()
        case NewReason() | Concentration(shared=Shared.REASON):
            return "worklist", place.but(reasons=reading.marks).to_query()
        case Concentration():
            categories = tuple(int(mark) for mark in reading.marks if mark.isdigit())
            return "worklist", place.but(categories=categories).to_query()
        case OneListing():
            return "worklist", place.to_query() | _one(told)
        case Threshold(card=card) | Rise(card=card) | Anomaly(card=card):
            return _page_of_card(card, place)


def _one(told: Told) -> dict[str, str]:
    listings = told.event.reading.listings
    return {"listing": f"{told.episode.store}/{listings[0]}"} if len(listings) == 1 else {}


def _page_of_card(card: str, place: View) -> tuple[str, dict[str, str]]:
    if card in LISTED:
        return "worklist", place.but(statuses=LISTED[card]).to_query()
    known = CARDS.get(card)
    return "feed" if known and Need.FEED in known.needs else "", place.to_query()
