"""A line for each store where several are shown: what it holds, what is to fix there, its state and its last days."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.cards import CARDS, Band, CardValue
from aexdash.desk.bands import Sensitivity
from aexdash.model import Lane
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.snapshot.tallies import Hero
from aexdash.ui.frame import names, nav
from aexdash.ui.frame.charts import held_line, held_line_words
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview.card_tiles import HERO
from aexdash.view import View
from aexdash.words import statements
from aexdash.words.cards import verdict
from aexdash.words.common import plain, plural

SHOWN = 6
"""Stores that have a line at once, those that hold most first; the others open below."""

DAYS = 30
"""Days of the small chart of a store."""

COUNT = 84
"""Pixels of the place of a count."""

Line = tuple[StoreRow, Hero]


def lines(visit: Visit) -> None:
    """Draw a line for each of the shown stores, those that hold most first; nothing where only one is shown."""
    if len(visit.looked_at) < 2:
        return
    ordered = in_order([(store, visit.ask(Snapshot.hero, _view(visit, store))) for store in visit.looked_at])
    st.markdown("## Stores", anchors=False)
    _draw(visit, ordered[:SHOWN], "store-lines")
    rest = ordered[SHOWN:]
    if rest:
        more = st.expander(plural(len(rest), "more store"), on_change="rerun", key="more-stores")
        if more.open:
            with more:
                _draw(visit, rest, "more-store-lines")


def in_order(stores: Sequence[Line]) -> list[Line]:
    """Order stores: those that were not read first, because they may hold anything; then those that hold most."""
    return sorted(stores, key=lambda line: (line[1].reach.is_whole, -(line[1].held or 0), line[0].title.casefold()))


def _view(visit: Visit, store: StoreRow) -> View:
    return View(store=store.key, as_of=visit.view.as_of)


def _draw(visit: Visit, shown: Sequence[Line], key: str) -> None:
    """Draw lines in one box: what it does not know of one store stands beside the zeros of the others."""
    band = Sensitivity(visit.settings.desk_path).band_for(visit.view.profile, CARDS[HERO])
    with st.container(border=True, gap="xxsmall", key=key):
        for store, hero in shown:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"store-line-{store.key}"):
                _line(visit, store, hero, band)
            if claim := statements.claim_words(hero.reach, zone=visit.zone):
                st.caption(plain(claim))
    names.tell({f"store-line-{store.key}": _names(store, hero) for store, hero in shown})


def _line(visit: Visit, store: StoreRow, hero: Hero, band: Band) -> None:
    view = _view(visit, store)
    nav.link("overview", f"{plain(store.title)} ›", view.to_query(), width="stretch")
    if hero.held is None:
        st.markdown("– held", width=COUNT)
    else:
        nav.link("worklist", f"**{hero.held:,}** held", view.to_query(), width=COUNT)
    _to_fix(visit, hero, view)
    days = visit.ask(Snapshot.days, view.store_keys, visit.day, DAYS, visit.view.as_of)
    st.image(held_line(days, theme()), width=96, alt=f"{store.title}. {held_line_words(days, visit.zone)}")
    # Its own state: what is not known of another store says nothing of this one. The head of the page speaks for all.
    st.markdown(verdict(CardValue(hero.held, reach=hero.reach), band).badge, width=124)


def _to_fix(visit: Visit, hero: Hero, view: View) -> None:
    """Link to what people can fix in a store; nothing where that is not known."""
    lanes = visit.ask(Snapshot.tabs, view) if hero.held else None
    if lanes is not None and lanes.total == hero.held:
        query = view.replace(lanes=(Lane.TODO,), order="urgent").to_query()
        nav.link("worklist", f"**{lanes.todo:,}** to fix", query, width=COUNT)
    else:
        st.markdown(":gray[–]", width=COUNT)


def _names(store: StoreRow, hero: Hero) -> list[str]:
    """Name the links of a line; those of a store that holds nothing are as many as it has."""
    told = [f"{store.title} › the overview of this store"]
    if hero.held is not None:
        told.append(f"{hero.held:,} held in {store.title}")
    return told
