"""A listing beside the shop that it comes from: what stands on either side, what differs, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

import streamlit as st

from aexdash.model import HELD, SourceWord, Status
from aexdash.snapshot.matched.report import InShop
from aexdash.snapshot.readmodels import ListingCard, SourceTold
from aexdash.snapshot.shops.readmodels import SourceVariant
from aexdash.ui import shop_lines
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import SOURCE_WORDS, moment, plain
from aexdash.words.listings.listing import price
from aexdash.words.reconcile import source
from aexdash.words.reconcile.gone import stock_then_words

MOST = 10
"""Variants of a shop that are shown."""

_OF_SHOP = frozenset({SourceWord.DRAFT, SourceWord.ARCHIVED, SourceWord.HIDDEN})
_OF_CHANNEL = frozenset({SourceWord.UNPUBLISHED, SourceWord.ELSEWHERE})


def draw(visit: Visit, card: ListingCard) -> None:
    """Draw it; nothing where the store has no shop."""
    row = card.row
    left_at = row.held_since if row.status in HELD else row.started_at if row.status is not Status.ACTIVE else None
    shops = visit.snapshot.beside_shops().listing(row.store, row.product_id, left_at, visit.view.as_of)
    if not shops:
        return
    st.markdown("## Beside its shop", anchors=False)
    titles = {one.shop.key: one.shop.title or one.shop.key for one in shops}
    if not row.source_words:
        st.caption("Not compared with its shop so far, or not by that moment.")
    elif not row.source:
        st.markdown(f"{plain(SOURCE_WORDS[row.source_words[0]].capitalize())}.")
    for line in source.to_do(row.source):
        st.markdown(f"**{plain(line)}**")
    for told in row.source:
        if told.since:
            st.caption(plain(source.chip_plain(told, titles, visit.zone)))
    for one in shops:
        _shop(visit, card, one)


def _shop(visit: Visit, card: ListingCard, one: InShop) -> None:
    name = one.shop.title or one.shop.key
    told = [difference for difference in card.row.source if difference.shop == one.shop.key]
    st.caption(shop_lines.line(visit, one.shop))
    rows = [line for variant in one.variants[:MOST] for line in _lines(card, variant, told, visit.zone)]
    if left := _stock_then(one, visit.zone):
        rows.append({"": "Stock when it left sale", name: left, "AliExpress": "", "Differs": ""})
    if not rows:
        return
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    frame = pd.DataFrame([{name if key == "there" else key: value for key, value in line.items()} for line in rows])
    st.dataframe(
        in_sight(frame),
        hide_index=True,
        height="content",
        row_height=30,
        alt=f"The listing in {name} and at AliExpress, with what differs",
    )
    if len(one.variants) > MOST:
        st.caption(f"The first {MOST} of {len(one.variants):,} variants.")


def _lines(
    card: ListingCard, variant: SourceVariant, told: Sequence[SourceTold], zone: tzinfo
) -> Iterator[dict[str, str]]:
    """Yield a line for each thing that can be set side by side; what was not told is *not known*."""
    row, sku = card.row, next((one for one in card.skus if one.code == variant.sku), None)
    here = price(sku.price, None, sku.currency) if sku else price(row.price_min, row.price_max, row.currency)
    there = price(format(variant.price, "f"), None, variant.currency) if variant.price is not None else ""
    stock = "not counted" if variant.tracked is False else "" if variant.stock is None else f"{variant.stock:,}"
    channels = None if variant.channels is None else ", ".join(variant.channels) or "none"
    here_stock = "" if sku is None or sku.stock is None else f"{sku.stock:,}"
    yield _line("SKU", variant.sku, ", ".join(row.sku_codes), {SourceWord.PROBABLE, SourceWord.AMBIGUOUS}, told)
    yield _line("State", variant.platform_state, row.platform_status, _OF_SHOP, told)
    yield _line("Channels", channels, "–", _OF_CHANNEL, told)
    yield _line("Stock", stock, here_stock, {SourceWord.OUT_OF_STOCK}, told)
    yield _line("Price", there, here, {SourceWord.PRICE}, told, variant.variant_id)
    yield _line("Title", variant.title, row.title, {SourceWord.TITLE}, told)
    yield _line("Picture", variant.picture_url, row.image_url, {SourceWord.PICTURE}, told)
    changed = moment(variant.updated_at, zone) if variant.updated_at else None
    yield _line("Changed", changed, moment(row.modified_at, zone) if row.modified_at else None, frozenset(), told)


def _line(  # noqa: PLR0917
    name: str,
    there: str | None,
    here: str | None,
    words: frozenset[SourceWord] | set[SourceWord],
    told: Sequence[SourceTold],
    variant: str = "",
) -> dict[str, str]:
    found = [SOURCE_WORDS[one.word] for one in told if one.word in words and (not variant or variant in one.variants)]
    differs = f"▲ {', '.join(found)}" if found else ""
    return {"": name, "there": there or "not known", "AliExpress": here or "not known", "Differs": differs}


def _stock_then(one: InShop, zone: tzinfo) -> str:
    """Say what stock the shop had when the listing left sale, by its last reading before; else nothing."""
    then = one.stock_then
    return stock_then_words(then, zone) if then and then.read_at else ""
