"""The cards about trade: what held listings would earn, and what the feed's validation refused before it went live."""

from __future__ import annotations

from aexdash.cards.held import LEADS, NOTHING_READ, share
from aexdash.cards.model import About, Band, Card, CardValue, Direction, Need, Window
from aexdash.cards.window import Ending
from aexdash.clock import day_of
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.measures.facts import MoneyHeld
from aexdash.snapshot.measures.measures import Measures
from aexdash.view import View

NO_ORDERS = "Not connected: the orders have not been read yet; the next sweep begins with them."
NO_FEED = (
    "Not connected: no validation file of the feed was read yet. Drop one on the page or in the store's feed folder."
)


def _money(measures: Measures) -> CardValue:
    money = measures.money()
    if money is None:
        return NOTHING_READ if measures.counts().held is None else CardValue(None, note=_not_connected(measures))
    coverage = (money.known, money.of)
    if money.of and not money.known:
        return CardValue(None, coverage=coverage, note="What the held listings sold was not worked out yet.")
    if len(money.amounts) > 1:
        ranges = ", ".join(f"{sums.low:,.2f}–{sums.high:,.2f} {name}" for name, sums in sorted(money.amounts.items()))
        return CardValue(None, coverage=coverage, note=f"Several currencies, which are not added up: {ranges} a day.")
    ((currency, sums),) = money.amounts.items() or (("", None),)
    low, high = (sums.low, sums.high) if sums else (0.0, 0.0)
    return CardValue(
        (low + high) / 2,
        coverage=coverage,
        low=low,
        high=high,
        currency=currency or None,
        note=_money_note(money),
    )


def _not_connected(measures: Measures) -> str:
    note = measures.order_note()
    return f"Not connected: {note}" if note else NO_ORDERS


def _money_note(money: MoneyHeld) -> str:
    """Say how many units are held back, and how many listings add nothing to the amount."""
    parts = [
        f"{money.units.low:,.1f}–{money.units.high:,.1f} units a day" if money.units.high else "",
        f"{money.never_sold:,} without sales in those 30 days" if money.never_sold else "",
        f"{money.out_of_stock:,} out of stock" if money.out_of_stock else "",
    ]
    note = "; ".join(part for part in parts if part)
    return f"{note}." if note else ""


def _feed(measures: Measures) -> CardValue:
    feed = measures.feed(Ending(Window.D7, measures.zone))
    if feed is None:
        return CardValue(None, note=NO_FEED)
    if not feed.rows:
        return CardValue(
            None,
            0,
            0,
            note=f"No rows in these 7 whole days; the newest file is of {day_of(feed.newest, measures.zone)}.",
        )
    return CardValue(share(feed.rejected, feed.rows), feed.rejected, feed.rows)


CARDS = (
    Card(
        key="aex_listings_failing_feedonomics_validation",
        named_for_alerts="aex_xc_feed_rejection_vs_listings",
        title="Failing feed validation",
        kind="sibling",
        formula="Rows that the validation of the feed rejected ÷ all rows of its files, of the last 7 whole days, in "
        "percent. Such rows never went live and never show in Seller Center. A file of today counts from tomorrow on.",
        unit="percent",
        window=Window.D7,
        band=Band(Direction.LOWER, 1, 5),
        why_band="Above 5 % is the published alert; 1 % is ours, a fifth of it.",
        alert="above 5 %",
        roles=(*LEADS, "engineering"),
        source="Validation files of the feed, as exported; its documented status call says when it last ran",
        lag="As old as the newest file",
        needs=(Need.FEED,),
        combine=Combine.SHARE,
        measure=_feed,
    ),
    Card(
        key="aexdash_money_held_back",
        title="Money held back",
        kind="ours",
        formula="What the held listings that still have stock sold a day in the 30 days before they were held: count × "
        "unit price of their order lines, as a range between the mean of all 30 days and that of the last 7 of them; "
        "the value is its middle. Listings that sold nothing in those days and those with nothing left in stock stand "
        "apart and add nothing.",
        unit="money a day",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 100),
        why_band="Ours, in the store's currency: 100 a day pay for the hours of mending; what it is worth to you is "
        "yours to say.",
        alert="above 100 a day",
        roles=("owner", "operations", "finance"),
        source="Orders of the store (`aliexpress.solution.order.get`, reference sources.md §3)",
        lag="The reading of orders after a listing is held",
        needs=(Need.HELD_WALKS, Need.ORDERS),
        combine=Combine.NONE,  # the stores may sell in different currencies
        covers="sales known for",
        only_adds=True,
        view=View(order="money"),
        is_about=About.HELD,
        measure=_money,
    ),
)
