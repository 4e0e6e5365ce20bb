"""All cards in the order in which they are shown, computing their values, and comparing two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from aexdash.cards import held, on_sale, shops, trade
from aexdash.cards.model import Card, CardValue, Comparison, Need, Window
from aexdash.cards.window import Ending, before
from aexdash.clock import day_of
from aexdash.snapshot.measures.measures import Measures
from aexdash.statement import Claim, Reach

ORDER = ("hero", "sibling", "ours")

CARDS: dict[str, Card] = {
    card.key: card
    for card in sorted(
        (held.HERO, *held.CARDS, *on_sale.CARDS, *trade.CARDS, *shops.CARDS), key=lambda card: ORDER.index(card.kind)
    )
}


def value(card: Card, measures: Measures) -> CardValue:
    """Return the value of a card for the stores and the moment of the measures, with what it may speak for."""
    measured = card.measure(measures)
    reach = reach_of(card, measures)
    if measured.value is None and reach.claim is Claim.NOT_READ_SINCE:
        # Of a shop the value was worked out after its reading, at a moment that nobody kept.
        of_shop = Need.SHOP in card.needs and measures.shops_behind()
        was = None if of_shop else _when_last_read(card, measures, reach)
        return replace(measured, note="", reach=replace(reach, was=was))
    return replace(measured, note=_with_joined(card, measures, measured.note), reach=reach, only_adds=card.only_adds)


def reach_of(card: Card, measures: Measures) -> Reach:
    """Return which stores a card's value is of, when each was read, and how much of its window."""
    if card.needs == (Need.FEED,):
        return measures.feed_reach()
    window = None if card.window is Window.RT else Ending(card.window, measures.zone)
    reach = measures.reach(card.counts, window, throughout=card.throughout)
    return reach.as_of_shops(measures.shops_behind()) if Need.SHOP in card.needs else reach


def _with_joined(card: Card, measures: Measures, note: str) -> str:
    """Add to the note of a card which stores it leaves out, because they joined within its window."""
    if not card.throughout:
        return note
    joined = measures.joined(Ending(card.window, measures.zone))
    titles = {one.store: one.title or one.store for one in measures.reach(card.counts).readings}
    days = {titles[key]: day_of(at, measures.zone) for key, at in joined.items()}
    left = [f"{title} (first read {day.day} {day:%b})" for title, day in days.items()]
    return f"{note} Without {', '.join(left)}.".strip() if left else note


def _when_last_read(card: Card, measures: Measures, reach: Reach) -> float | None:
    """Return what a card was at the last moment before a gap at which a store was read."""
    read = [one.read_at for one in reach.readings if one.read_at]
    if not read:
        return None
    with measures.at(max(read)) as then:
        return card.measure(then).value


def values(measures: Measures) -> dict[str, CardValue]:
    """Return the value of every card, by card key, all read from one state of the snapshot."""
    with measures:
        return {key: value(card, measures) for key, card in CARDS.items()}


def previous(card: Card, measures: Measures) -> CardValue:
    """Return the value of a card for the window of equal length before; of window RT, the value 24 hours earlier."""
    return value(card, measures.at(before(card.window, measures.as_of or measures.until, measures.zone)))


def comparisons(measures: Measures) -> dict[str, Comparison]:
    """Compare every card with the period before, by card key; a card that must not be compared is left out.

    Compared are the stores that were read at both ends alone: a store that was connected in between is no rise. All of
    them must have been read throughout. Each moment is read once.
    """
    moment = measures.as_of or measures.until
    by_moment: dict[datetime, list[Card]] = {}
    for card in CARDS.values():
        by_moment.setdefault(before(card.window, moment, measures.zone), []).append(card)
    found: dict[str, Comparison] = {}
    with measures:
        for at, cards in by_moment.items():
            with measures.at(at) as earlier:
                found |= dict(_compared(cards, measures, earlier))
    return found


def comparison(card: Card, measures: Measures, at: datetime | None = None) -> Comparison | None:
    """Compare one card with the period before, or with another moment; None where it must not be compared."""
    with measures:
        moment = at or before(card.window, measures.as_of or measures.until, measures.zone)
        with measures.at(moment) as earlier:
            return dict(_compared([card], measures, earlier)).get(card.key)


def _compared(cards: list[Card], now: Measures, then: Measures) -> Iterator[tuple[str, Comparison]]:
    for card in cards:
        current, earlier = value(card, now), value(card, then)
        asked = [one.store for one in current.reach.readings]
        both = current.reach.known_with(earlier.reach)
        if both and list(both) != asked:
            current, earlier = (value(card, moment.of(both)) for moment in (now, then))
        if both and current.reach.is_whole and earlier.reach.is_whole:
            yield card.key, Comparison(current, earlier, both, whole=list(both) == asked)
