"""What is on sale and not so in its shop: the listings that the card *Drifted from the shop* counts, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from aexdash.exports.beside_shop import ANY, CARD, DRIFTED, words_of
from aexdash.model import SourceWord
from aexdash.snapshot.matched.drifted import DIFFERS, DRIFTS, Drifted, DriftedStore
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores
from aexdash.ui import shop_lines
from aexdash.ui.frame import nav, segments
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile.gone import MOST_ROWS, TWO_LINES, address, link_column
from aexdash.words.common import SOURCE_WORDS, capital, plain
from aexdash.words.reconcile.source import TO_DO, Titles, drifted_words, since, told_words

CHOICES = {CARD: "All that drifted", ANY: "Every difference"}


def summary(visit: Visit) -> None:
    """Draw the sum, with the way to the listings; of a past moment nothing, as `draw`."""
    if visit.view.as_of:
        return
    st.markdown("### Drifted from the shop", anchors=False)
    found = visit.ask(_drifted, visit.view.store_keys, DRIFTS)
    st.markdown(plain(drifted_words(found, visit.zone)))
    if found:
        nav.link("reconcile", "Open these listings ›", {**visit.kept(), DRIFTED: CARD})


def draw(visit: Visit) -> None:
    """Draw the sum and the listings; of a past moment it is not kept what was on sale then, and said so."""
    st.markdown("## Drifted from the shop", anchors=False)
    if visit.view.as_of:
        st.caption("Only of now: which listings were on sale is not kept beside what the shop was at a past moment.")
        return
    every = visit.ask(_drifted, visit.view.store_keys, DIFFERS)
    if not every:
        st.markdown(plain(drifted_words(every, visit.zone)))
        return
    choices = _choices(every)
    asked = st.query_params.get(DRIFTED, CARD)
    if asked not in choices:
        st.caption(":orange-badge[Address] No listing on sale differs in that now: all that drifted are shown.")
        asked = CARD
    segments.draw(DRIFTED, "Which differences", choices, asked, "")
    words = words_of(asked)
    found = visit.ask(_drifted, visit.view.store_keys, words)
    only = SOURCE_WORDS[words[0]] if len(words) == 1 else ""
    st.markdown(plain(drifted_words(found, visit.zone, only=only, drift=asked == CARD)))
    shop_lines.draw(visit)
    _rows(visit, [one for store in found for one in store.listings], asked)


def _rows(visit: Visit, rows: list[Drifted], asked: str) -> None:
    if not rows:
        return
    titles = visit.snapshot.beside_shops().titles()
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "drifted",
        pd.DataFrame([_row(visit, one, titles) for one in rows[:MOST_ROWS]]),
        alt="Listings on sale that are not so in their shop",
        row_height=TWO_LINES,
        column_config=_columns(),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="drifted-acts"):
        st.link_button("CSV", f"/drifted.csv?{urlencode({**visit.kept(), DRIFTED: asked})}", key="drifted-csv")
        if len(rows) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} of {len(rows):,}; the CSV has all.")


def _drifted(snapshot: Snapshot, stores: Stores, words: tuple[SourceWord, ...]) -> list[DriftedStore]:
    return snapshot.beside_shops().drifted(stores, words)


def _choices(every: list[DriftedStore]) -> dict[str, str]:
    """Return the differences to choose, each with its count, the most frequent first."""
    listings = [one for store in every for one in store.listings]
    many = Counter(word for one in listings for word in one.words if word in DIFFERS)
    counts = {CARD: sum(bool(set(one.words) & set(words_of(CARD))) for one in listings), ANY: len(listings)}
    told = {word: f"{CHOICES[word]} **{count:,}**" for word, count in counts.items()}
    return told | {word.value: f"{capital(SOURCE_WORDS[word])} **{count:,}**" for word, count in many.most_common()}


def _columns() -> dict[str, object]:
    widths = {"Product id": 130, "Title": 195, "What differs": 300, "Since": 105, "What to do": 215}
    return {name: st.column_config.TextColumn(width=width) for name, width in widths.items()} | link_column()


def _row(visit: Visit, one: Drifted, titles: Titles) -> Mapping[str, str]:
    clocks = dict.fromkeys(since(told, visit.now, visit.zone) for told in one.told if told.since)
    return {
        "Product id": str(one.product_id),
        "Title": one.title,
        "What differs": told_words(one.told, titles, visit.zone) or ", ".join(SOURCE_WORDS[word] for word in one.words),
        "Since": ", ".join(clocks) or "not known",
        "What to do": "; ".join(TO_DO[word] for word in one.words),
        "Listing": address(one.store, one.product_id),
        "Store": visit.title_of(one.store),
    }
