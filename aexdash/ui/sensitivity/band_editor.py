"""The editor of a card's band: direction, limits, preview on the past, save, reset, and the log of changes."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from aexdash.cards import Band, Card, Direction, value
from aexdash.desk.bands import (
    BandError,
    Change,
    Sensitivity,
    Standing,
    directions,
    problems,
)
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.ui.sensitivity import band_preview
from aexdash.words.card_units import DIRECTION_WORDS, band_words
from aexdash.words.cards import tell
from aexdash.words.common import moment, plain

LIMITS = {
    Direction.LOWER: ("Good: performing up to", "Bad: needs attention above"),
    Direction.HIGHER: ("Good: performing from", "Bad: needs attention below"),
    Direction.TARGET: ("Target", "Tolerance: fine within, either way"),
}
"""The labels of the two limits, by direction."""


def draw(visit: Visit, card: Card, standing: Standing) -> None:
    """Draw the editor of a card's band."""
    st.caption(plain(f"Default: {band_words(card.band, card.unit)}. {card.why_band}"))
    _by_store(visit, card, standing.band)
    band = _entered(visit, card, standing)
    faults = problems(band, card.unit)
    for problem in faults:
        st.error(plain(problem))
    if not faults:
        band_preview.draw(visit, card, band, standing.band)
    _buttons(visit, card, standing, band, ready=not faults and band != standing.band)
    _log(visit, card)


def _by_store(visit: Visit, card: Card, band: Band) -> None:
    """Draw the value and state for each store, when there are several."""
    stores = visit.looked_at
    if len(stores) < 2:
        return
    values = [(store, value(card, visit.snapshot.measures([store.key], visit.view.as_of))) for store in stores]
    told = [(store, tell(card, one, band, visit.zone)) for store, one in values]
    parts = [f"{store.title} {one.value} ({one.verdict.word})" for store, one in told]
    st.caption(plain(f"Store by store: {' · '.join(parts)}"))


def _entered(visit: Visit, card: Card, standing: Standing) -> Band:
    """Draw the fields and return the band entered; they start anew when somebody saves another band."""
    stamp = moment(standing.change.at, visit.zone) if standing.change else "default"
    key = f"{visit.view.profile or ''}-{card.key}-{stamp}-{standing.band.good}-{standing.band.bad}"
    choices = directions(card)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="band-fields"):
        direction = standing.band.direction
        if len(choices) > 1:
            direction = st.segmented_control(
                "Direction",
                choices,
                default=direction,
                format_func=DIRECTION_WORDS.__getitem__,
                required=True,
                key=f"direction-{key}",
            )
        if direction is Direction.NONE:
            return Band(Direction.NONE, 0, 0)
        good_words, bad_words = LIMITS[direction]
        step = 1.0
        good = st.number_input(
            f"{good_words} ({card.unit})", value=float(standing.band.good), step=step, format="%g", key=f"good-{key}"
        )
        bad = st.number_input(
            f"{bad_words} ({card.unit})", value=float(standing.band.bad), step=step, format="%g", key=f"bad-{key}"
        )
    return Band(direction, good, bad)


def _buttons(visit: Visit, card: Card, standing: Standing, band: Band, *, ready: bool) -> None:
    own = standing.change is not None and standing.change.profile == (visit.view.profile or "")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="band-buttons"):
        st.button("Save", type="primary", key="save-band", on_click=_save, args=(visit, card, band), disabled=not ready)
        st.button(
            "Reset",
            key="reset-band",
            on_click=_reset,
            args=(visit, card),
            disabled=not own,
            help="Takes back what was set here; the log keeps it.",
        )


@signed
def _save(visit: Visit, card: Card, band: Band) -> None:
    try:
        desk = Sensitivity(visit.settings.desk_path)
        desk.set_band(visit.view.profile, card, band, by=my_name(), now=visit.now)
    except (BandError, StorageError) as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        notices.leave(plain(f"{card.title}: {band_words(band, card.unit)}."))


@signed
def _reset(visit: Visit, card: Card) -> None:
    try:
        Sensitivity(visit.settings.desk_path).reset(visit.view.profile, card, by=my_name(), now=visit.now)
    except StorageError as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        notices.leave(plain(f"{card.title} is back at its default."))


def _log(visit: Visit, card: Card) -> None:
    changes = Sensitivity(visit.settings.desk_path).history(visit.view.profile, card.key)
    if not changes:
        st.caption("Nobody has changed this band so far.")
        return
    st.caption("Who changed what, the latest first")
    rows = [_change(change, card, visit.zone) for change in changes]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="Changes of this band, the latest first")


def _change(change: Change, card: Card, zone: tzinfo) -> dict[str, str]:
    band = change.band
    return {
        "When": moment(change.at, zone),
        "Who": change.by,
        "What": f"{DIRECTION_WORDS[band.direction]}: {band_words(band, card.unit)}" if band else "reset to the default",
    }
