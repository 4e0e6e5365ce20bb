"""The section *All cards*: cards that are not beside the hero, filtered by state and role, and a table by store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from aexdash.cards import CARDS
from aexdash.desk.bands import State
from aexdash.desk.settings import Preferences
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.frame import address, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_tiles
from aexdash.ui.overview.card_tiles import HERO
from aexdash.words.cards import NOT_CONFIRMED, STILL_READING, CardTile
from aexdash.words.common import plain

STATES = {word.lower().replace(" ", "-"): word for word in (*State, STILL_READING, NOT_CONFIRMED)}
"""The states by their word in the address, as `needs-attention`."""

ROLES = tuple(dict.fromkeys(role for card in CARDS.values() for role in card.roles))
EVERY_ROLE = "all"
"""The word in the address for all roles, when the person's remembered role is to be ignored."""

ROLE = "role"


@st.fragment
@one_state()
def draw(visit: Visit, above: Sequence[str]) -> None:
    """Draw the cards; `above` are the keys of those already shown beside the hero.

    A click on a chip redraws this section only.
    """
    notices.show()
    tiles = card_tiles.tiles_of(visit)
    states, role = _asked_states(), _asked_role(visit)
    with st.container(horizontal=True, vertical_alignment="center", key="all-cards-head"):
        st.markdown("## All cards", anchors=False, width="content")
        _state_chips(tiles, states, role)
        _role_chips(visit, tiles, states, role)
    picked = [tile for tile in tiles.values() if _in_states(tile, states) and _for_role(tile, role)]
    if not (states or role):
        picked = [tile for tile in picked if tile.card.key not in (HERO, *above)]
    if not picked:
        st.caption("No card is in such a state.")
    card_tiles.name_links(visit, picked, "card")
    with st.grid(4, gap="small", key="all-cards", min_column_width=165):
        card_tiles.draw(visit, picked, "card")
    _split_by_store(visit)


def _asked_states() -> list[str]:
    """The states that the address asks for; unknown words are ignored."""
    words = ",".join(st.query_params.get_all("state")).split(",")
    return [word for word in STATES if word in words]


def _asked_role(visit: Visit) -> str:
    """The role in the address, else the one this person chose last; empty for all roles, and while nobody is named."""
    role = st.query_params.get(ROLE, "")
    if role in (*ROLES, EVERY_ROLE):
        return "" if role == EVERY_ROLE else role
    who = person.current()
    if who is None:
        return ""
    try:
        remembered = Preferences(visit.settings.desk_path).read(who.id, ROLE)
    except StorageError:
        return ""
    return remembered if remembered in ROLES else ""


def _in_states(tile: CardTile, states: Sequence[str]) -> bool:
    return not states or tile.told.verdict.word in [STATES[word] for word in states]


def _for_role(tile: CardTile, role: str) -> bool:
    return not role or role in tile.card.roles


def _state_chips(tiles: Mapping[str, CardTile], states: list[str], role: str) -> None:
    counted = Counter(tile.told.verdict.word for tile in tiles.values() if _for_role(tile, role))
    signs = {tile.told.verdict.word: tile.told.verdict.sign for tile in tiles.values()}
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


def _role_chips(visit: Visit, tiles: Mapping[str, CardTile], states: list[str], role: str) -> None:
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
        who = person.current()
        if who is None:  # to look at a role needs no name; without one it stands in the address alone
            return
        try:
            Preferences(visit.settings.desk_path).keep(who.id, ROLE, chosen)
        except StorageError as error:
            notices.leave(f"The role was not remembered: {plain(str(error))}", trouble=True)

    return write


def _split_by_store(visit: Visit) -> None:
    if len(visit.looked_at) < 2:
        return
    split = st.expander("Split by store", on_change="rerun", key="split-by-store")
    if split.open:
        rows = [_row(visit, store.key, store.title) for store in visit.looked_at]
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        split.dataframe(
            pd.DataFrame(rows), hide_index=True, height="content", alt="What each card says, store by store"
        )


def _row(visit: Visit, key: str, title: str) -> dict[str, str]:
    """Return a table row: the value of every card for one store, judged by the bands of the shown profile."""
    of_store = visit.with_view(visit.view.unfiltered().replace(store=key))
    tiles = card_tiles.tiles_of(of_store)
    values = {tile.card.title: f"{tile.told.verdict.sign} {tile.told.value}" for tile in tiles.values()}
    return {"Store": title} | values
