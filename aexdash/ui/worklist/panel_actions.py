"""What can be decided in the panel of a listing: the row of buttons, their keys, and the fields that some of them open.

Every key of a widget here carries the listing, so that a press that arrives late does nothing to the next one.
"""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from aexdash.desk.decisions.items import LONGEST_NOTE, Assign, Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.model import HELD, SnoozeUntil
from aexdash.people.names import LONGEST
from aexdash.snapshot.readmodels import WorkRow
from aexdash.ui.frame import address, scripts
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import bar, decide, keys, shown
from aexdash.words.common import capital, plain
from aexdash.words.listings.listing import link
from aexdash.words.listings.work import clock_words, locked_words

FIELDS = ("snooze", "owner", "note")
"""The actions that need a choice or a text, which is entered in a field under the buttons."""

_OPENED = "_field-opened-on"
"""The session's key for the listing as it was when its field was opened."""


def draw(visit: Visit, row: WorkRow) -> None:
    """Draw what can be decided about a listing, and what waits for an answer; of the past, why nothing can."""
    key = shown.key_of(row)
    if visit.view.as_of:
        st.caption(plain(locked_words(visit.view.as_of, visit.zone)))
        st.button("Back to now", key=_key("now", row), on_click=address.back_to_now, type="tertiary")
        return
    _buttons(visit, row)
    waiting = decide.waits_on(key)
    if waiting:
        decide.draw(visit, [waiting])
    field, turn = decide.field_to_open()
    if field == "snooze":
        _snooze(visit, row)
    elif field == "owner":
        _owner(visit, row, _as_opened(row, turn))
        scripts.focus(_key("owner-name", row), turn)
    elif field == "note":
        _note(visit, row, _as_opened(row, turn))
        scripts.focus(_key("note-text", row), turn)


def _key(name: str, row: WorkRow) -> str:
    return f"panel-{name}-{row.store}-{row.product_id}"


# ---------------------------------------------------------------------------------------------- the way


def draw_ways(row: WorkRow, count: int) -> None:
    """Draw the ways to the listings before and behind it in the list, and its place there."""
    key = shown.key_of(row)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="panel-ways"):
        for name, label, step in (("previous", "‹ Previous", -1), ("next", "Next ›", 1)):
            beside = shown.beside(key, step)
            st.button(
                label,
                key=_key(name, row),
                on_click=_go,
                args=(beside,),
                disabled=beside is None,
                shortcut=keys.shortcut(name),
                type="tertiary",
            )
        if place := shown.place(key):
            st.caption(f"{place:,} of {max(count, place):,}", width="content")


def _go(beside: shown.Key | None) -> None:
    """Go to the listing beside; not where the panel was closed after the key, and the server heard of both at once."""
    if beside and address.open_listing():
        decide.open_field("")
        address.open_(*beside)


# ---------------------------------------------------------------------------------------------- the buttons


def _buttons(visit: Visit, row: WorkRow) -> None:
    can = row.status in HELD
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="panel-actions"):
        _decision(visit, row, "take", "Take", Take(), disabled=not can)
        _decision(visit, row, "fix", "Mark fixed", Fix(), disabled=not can)
        for name, label in zip(FIELDS, ("Snooze", "Owner", "Note"), strict=True):
            is_open = decide.field_to_open()[0] == name
            st.button(
                label,
                key=_key(name, row),
                on_click=decide.open_field,
                args=("" if is_open else name,),  # told twice it does the same, as Streamlit may when a run is cut off
                shortcut=keys.shortcut(name),
                disabled=not can and name == "snooze",
                type="primary" if is_open else "secondary",
            )
        _decision(visit, row, "back", "Back to do", Back(), disabled=not can)
        _seller_center(visit, row)
        _undo(visit)


def _decision(visit: Visit, row: WorkRow, name: str, label: str, decision: Decision, *, disabled: bool) -> None:
    st.button(
        label,
        key=_key(name, row),
        on_click=_make,
        args=(visit, Seen.of(row), decision),
        shortcut=keys.shortcut(name),
        disabled=disabled,
    )


def _make(visit: Visit, seen: Seen, decision: Decision) -> None:
    decide.open_field("")
    decide.make(visit, decision, [seen], through="panel")


def _seller_center(visit: Visit, row: WorkRow) -> None:
    store = visit.store_of(row.store)
    target = link(store.edit_url, row.product_id) if store else None
    if target:
        st.link_button(
            "Seller Center ↗", target, key=_key("seller-center", row), shortcut=keys.shortcut("seller_center")
        )


def _undo(visit: Visit) -> None:
    change = decide.last_change(visit)
    if change:
        st.button(
            decide.undo_label(visit, change),
            key=f"panel-undo-{change.id}",
            on_click=decide.undo,
            args=(visit, change.id),
            kwargs={"through": "panel"},
            shortcut=keys.shortcut("undo"),
            type="tertiary",
        )


# ---------------------------------------------------------------------------------------------- the fields


def _snooze(visit: Visit, row: WorkRow) -> None:
    with st.container(border=True, gap="xsmall", key="panel-snooze"):
        more = _key("snooze-more", row)
        with st.container(horizontal=True, gap="small"):
            for number, (choice, words) in keys.SNOOZES.items():
                st.button(
                    capital(words),
                    key=_key(f"snooze-{number}", row),
                    on_click=_set_snooze,
                    args=(visit, Seen.of(row), choice, more),
                    shortcut=number,
                )
        st.number_input("Worse also means: so many more with the same reason", 0, 10_000, 0, key=more, step=1)


def _set_snooze(visit: Visit, seen: Seen, choice: str, more: str) -> None:
    wanted = int(st.session_state.get(more) or 0) if choice == SnoozeUntil.WORSE else 0
    snooze: Snooze | None = decide.snooze_of(visit, choice, wanted)
    if snooze:
        _make(visit, seen, snooze)


def _as_opened(row: WorkRow, turn: int) -> Seen:
    """Return the listing as it was when its field was opened, which the `turn` counts.

    What somebody does while she types is drawn in the panel around the field, and not what she wrote her text on.
    """
    key = shown.key_of(row)
    kept: tuple[int, Seen] | None = st.session_state.get(_OPENED)
    if kept is None or (kept[0], kept[1].key) != (turn, key):
        kept = (turn, Seen.of(row))
        st.session_state[_OPENED] = kept
    return kept[1]


def _say_changed(visit: Visit, row: WorkRow, seen: Seen) -> None:
    """Say at the field who has changed the listing since it was opened."""
    if row.version != seen.version and row.changed_at:
        who = row.changed_by or "Somebody"
        at = clock_words(row.changed_at, visit.now, visit.zone)
        st.caption(
            plain(f"{who} changed it at {at}, since this was opened. Saving asks before anything is overwritten.")
        )


def _owner(visit: Visit, row: WorkRow, seen: Seen) -> None:
    with st.container(border=True, gap="xsmall", key="panel-owner"):
        key = _key("owner-name", row)
        _say_changed(visit, row, seen)
        with st.form(_key("owner-form", row), border=False):
            st.text_input("Owner (empty: nobody)", value=row.owner, key=key, max_chars=LONGEST)
            st.form_submit_button("Set owner", key=_key("set-owner", row), on_click=_set_owner, args=(visit, seen, key))
        with st.container(horizontal=True, gap="small"):
            for name in bar.names_to_offer(visit):
                st.button(
                    plain(name),
                    key=_key(f"owner-{quote(name)}", row),
                    on_click=_make,
                    args=(visit, seen, Assign(name)),
                )


def _set_owner(visit: Visit, seen: Seen, key: str) -> None:
    assign = bar.assign_to(str(st.session_state[key]))
    if assign:
        _make(visit, seen, assign)


def _note(visit: Visit, row: WorkRow, seen: Seen) -> None:
    key = _key("note-text", row)
    with st.container(border=True, gap="xsmall", key="panel-note"):
        _say_changed(visit, row, seen)
        with st.form(_key("note-form", row), border=False):
            st.text_area("Note (empty: none)", value=row.note, key=key, max_chars=LONGEST_NOTE, height=90)
            st.form_submit_button("Save note", key=_key("set-note", row), on_click=_set_note, args=(visit, seen, key))


def _set_note(visit: Visit, seen: Seen, key: str) -> None:
    _make(visit, seen, Note(str(st.session_state[key]).strip()))
