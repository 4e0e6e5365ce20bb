"""How current what is known of the shops is, said wherever their facts are shown."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops.readmodels import ShopRow
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plain
from aexdash.words.shops import freshness_words, is_stale

STALE = ":orange-badge[▲ Stale]"


def of_visit(visit: Visit) -> list[ShopRow]:
    """Return the shops that are read for the shown stores, as of the moment that is shown."""
    looked_at = {store.key for store in visit.looked_at}
    return [one for one in visit.ask(_shops, visit.view.as_of) if one.watched and looked_at & set(one.stores)]


def line(visit: Visit, shop: ShopRow) -> str:
    """Say how current what is known of a shop is, as Markdown: with a sign where it is stale, or was never read."""
    after = visit.settings.shop_stale_after(shop.key)
    words = plain(f"{freshness_words(shop, visit.moment, after, visit.zone)}.")
    return f"{STALE} {words}" if is_stale(shop, visit.moment, after) else words


def draw(visit: Visit) -> None:
    """Draw a line with all shops of the shown stores; nothing where there is none."""
    if shops := of_visit(visit):
        st.caption(" ".join(line(visit, one) for one in shops))


def draw_stale(visit: Visit) -> None:
    """Draw the shops that are stale or were never read; nothing where all are current."""
    old = [one for one in of_visit(visit) if is_stale(one, visit.moment, visit.settings.shop_stale_after(one.key))]
    if old:
        st.caption(" ".join(line(visit, one) for one in old))


def _shops(snapshot: Snapshot, as_of: datetime | None) -> list[ShopRow]:
    return snapshot.shops().shops(as_of)
