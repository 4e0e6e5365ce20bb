"""Money held back by one listing: what it sold a day before it was held, how that is computed, or why it is unknown."""

from __future__ import annotations

from datetime import UTC, tzinfo

import streamlit as st

from aexdash.model import HELD
from aexdash.snapshot.readmodels import HeldBack, ListingCard, OrdersKnown
from aexdash.words.common import moment
from aexdash.words.listings.listing import money_range, price

METHOD = (
    "Paid orders, units × unit price, a day: one end of the range is the mean of the 30 days before it was held, the "
    "other that of the last 7 of them."
)
SINCE_UNKNOWN = "It was held already when we first looked, so the days before its last sale were looked at as well."
NOT_READ_YET = "Not connected: the orders of this store have not been read yet. The next sweep begins with them."


def draw(card: ListingCard, zone: tzinfo) -> None:
    """Draw the section for a held listing; nothing for others."""
    if card.row.status not in HELD:
        return
    st.markdown("## What it holds back", anchors=False)
    money = card.row.money
    st.text(sales_words(money) if money else why_unknown(card.orders, zone))
    if money:
        st.caption(f"{METHOD} {SINCE_UNKNOWN}" if card.row.at_least else METHOD)


def sales_words(money: HeldBack) -> str:
    """Say how many units and how much money a day were sold, and whether the listing is in stock."""
    if not money.sold:
        return "It sold nothing in the 30 days before it was held."
    units = price(f"{money.units_low:,.2f}", f"{money.units_high:,.2f}", None)
    figures = f"{units} units a day, {money_range(money)} a day"
    if money.in_stock is False:
        return f"{figures}. Nothing of it is in stock, so it holds nothing back now."
    return f"{figures}." if money.in_stock else f"{figures}. How much is in stock is not known."


def why_unknown(orders: OrdersKnown | None, zone: tzinfo = UTC) -> str:
    """Say why the sales of a listing are not known."""
    if orders is None or (not orders.connected and not orders.note):
        return NOT_READ_YET
    if not orders.connected:
        return f"Not connected: {orders.note}"
    return (
        f"Not known: orders are read from {moment(orders.read_from, zone)} until {moment(orders.read_until, zone)}, "
        "which does not reach over the 30 days before it was held."
    )
