"""All cards: those that do not stand beside the hero, by state and by who needs them, and each store by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from aexdash.cards import CARDS
from aexdash.desk.bands import State
from aexdash.desk.preferences import Preferences
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, notices
from aexdash.ui.frame.person import my_name
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_tiles
from aexdash.ui.overview.card_tiles import HERO
from aexdash.words.cards import NOT_CONFIRMED, Shown, value_words
from aexdash.words.common import plain

STATES = {word.lower().replace(" ", "-"): word for word in (*State, NOT_CONFIRMED)}
"""The words of states as an address has them."""

ROLES = tuple(dict.fromkeys(role for card in CARDS.values() for role in card.roles))
EVERY_ROLE = "all"
"""What an address says where every role is asked for, although another is remembered."""

ROLE = "role"


@st.fragment
def draw(visit: Visit, above: Sequence[str]) -> None:
    """Draw the cards; `above` are the keys of those that stand beside the hero.

    A click on a chip draws this part of the page alone.
    """
    notices.show()
    tiles = card_tiles.shown(visit)
    states, role = _asked_states(), _asked_role(visit)
    with st.container(horizontal=True, vertical_alignment="center", key="all-cards-head"):
        st.markdown("### All cards", anchors=False, width="content")
        _state_chips(tiles, states, role)
        _role_chips(visit, tiles, states, role)
    picked = [tile for tile in tiles.values() if _in_states(tile, states) and _for_role(tile, role)]
    if not (states or role):
        picked = [tile for tile in picked if tile.card.key not in (HERO, *above)]
    if not picked:
        st.caption("No card is in such a state.")
    with st.grid(4, gap="small", key="all-cards", min_column_width=165):
        card_tiles.draw(visit, picked, "card")
    _split_by_store(visit)


def _asked_states() -> list[str]:
    """The states that the address asks for; words that are none are left out."""
    given = ",".join(st.query_params.get_all("state")).split(",")
    return [word for word in STATES if word in given]


def _asked_role(visit: Visit) -> str:
    """The role that the address asks for, else the one that this person chose last; empty for every role."""
    given = st.query_params.get(ROLE, "")
    if given in (*ROLES, EVERY_ROLE):
        return "" if given == EVERY_ROLE else given
    try:
        remembered = Preferences(visit.settings.desk_path).read(my_name(), ROLE)
    except StorageError:
        return ""
    return remembered if remembered in ROLES else ""


def _in_states(tile: Shown, states: Sequence[str]) -> bool:
    return not states or tile.verdict.word in [STATES[word] for word in states]


def _for_role(tile: Shown, role: str) -> bool:
    return not role or role in tile.card.roles


def _state_chips(tiles: Mapping[str, Shown], states: list[str], role: str) -> None:
    counted = Counter(tile.verdict.word for tile in tiles.values() if _for_role(tile, role))
    signs = {tile.verdict.word: tile.verdict.sign for tile in tiles.values()}
    offered = [word for word in STATES if counted[STATES[word]] or word in states]

    def write() -> None:
        address.change("state", ",".join(st.session_state["cards-state"]))

    st.session_state["cards-state"] = states
    st.pills(
        "State of cards",
        offered,
        selection_mode="multi",
        format_func=lambda word: f"{signs.get(STATES[word], '')} {STATES[word]} {counted[STATES[word]]}".strip(),
        key="cards-state",
        on_change=write,
        label_visibility="collapsed",
    )


def _role_chips(visit: Visit, tiles: Mapping[str, Shown], states: list[str], role: str) -> None:
    counted = Counter(name for tile in tiles.values() if _in_states(tile, states) for name in tile.card.roles)
    st.session_state["cards-role"] = role or None
    st.pills(
        "Cards of a role",
        ROLES,
        format_func=lambda name: f"{name.capitalize()} {counted[name]}",
        key="cards-role",
        on_change=_remember_role(visit),
        label_visibility="collapsed",
    )


def _remember_role(visit: Visit) -> Callable[[], None]:
    def write() -> None:
        chosen = st.session_state["cards-role"] or ""
        address.change(ROLE, chosen or EVERY_ROLE)
        try:
            Preferences(visit.settings.desk_path).keep(my_name(), ROLE, chosen)
        except StorageError as error:
            notices.leave(f"The role was not remembered: {plain(str(error))}.", trouble=True)

    return write


def _split_by_store(visit: Visit) -> None:
    if len(visit.looked_at) < 2:
        return
    split = st.expander("Split by store", on_change="rerun", key="split-by-store")
    if split.open:
        rows = [_row(visit, store.key, store.title) for store in visit.looked_at]
        split.dataframe(
            pd.DataFrame(rows), hide_index=True, height="content", alt="What each card says, store by store"
        )


def _row(visit: Visit, key: str, title: str) -> dict[str, str]:
    """What every card says of one store, by the bands of the profile looked at."""
    of_store = visit.with_view(visit.view.unfiltered().replace(store=key))
    told = card_tiles.shown(of_store)
    values = {tile.card.title: f"{tile.verdict.sign} {value_words(tile.card, tile.told)}" for tile in told.values()}
    return {"Store": title} | values
