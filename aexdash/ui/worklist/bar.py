"""The bar over the list: what is ticked, what can be decided about it, and the undo of the last decision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.clock import start_of_day
from aexdash.desk.decisions.items import (
    LONGEST_NOTE,
    LONGEST_SNOOZE,
    Assign,
    Back,
    Decision,
    Fix,
    Note,
    Seen,
    Snooze,
    Take,
    preview,
)
from aexdash.desk.decisions.work import Desk
from aexdash.model import SnoozeUntil
from aexdash.people.names import LONGEST, NoName, owner_named
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.errors import StorageError
from aexdash.ui.causes import ticked
from aexdash.ui.frame import address, notices, person, scripts
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import decide, keys, shown, table
from aexdash.words.common import capital, place, plain, plural
from aexdash.words.listings.work import locked_words, owners_words, replaced_words

_UNTIL, _MORE, _OWNER, _NOTE = "snooze-until", "snooze-more", "owner-name", "note-text"


def draw(visit: Visit, picked: Sequence[WorkRow], count: int) -> None:
    """Draw the bar for the ticked listings, of `count` that match; it is always there, so that nothing moves."""
    if visit.view.as_of:
        _locked(visit)
    every = decide.is_everything(visit)
    rows = visit.ask(Snapshot.targets, visit.view) if every and not visit.view.as_of else list(picked)
    if not rows and decide.waiting() and not address.open_listing() and not visit.view.as_of:
        draw_undo(visit)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="action-bar"):
        st.markdown(_ticked_words(rows, every=every, whole_page=len(rows) < count), width="content")
        _stage_button(visit, rows, "Take", "stage-taken", Take())
        _stage_button(visit, rows, "Mark fixed", "stage-fixed", Fix())
        _snooze(visit, rows)
        _owner(visit, rows)
        _note(visit, rows)
        _stage_button(visit, rows, "Back to do", "stage-new", Back())
        ticked.draw(visit, [shown.key_of(row) for row in rows], disabled=not allowed(visit, rows))
        if not every and picked and len(picked) < count and not visit.view.as_of:
            label = f"Select all {count:,} that match"
            st.button(label, key="select-all", on_click=_select_all, args=(visit,), type="tertiary")
        _undo(visit)
        _focus(rows)
    if not address.open_listing():
        decide.draw(visit, decide.waiting())


def _focus(rows: Sequence[WorkRow]) -> None:
    """Move the focus into the field that a key has just opened for the ticked listings."""
    field, turn = decide.field_to_open()
    if rows and field in decide.BOXES and not address.open_listing():
        scripts.focus({"owner": _OWNER, "note": _NOTE}[field], turn)


def _locked(visit: Visit) -> None:
    assert visit.view.as_of is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="locked"):
        st.markdown(f":gray[{plain(locked_words(visit.view.as_of, visit.zone))}]", width="content")
        st.button("Back to now", key="back-to-now-and-act", on_click=address.back_to_now, type="tertiary")


def _ticked_words(rows: Sequence[WorkRow], *, every: bool, whole_page: bool) -> str:
    """Say how many listings are ticked, and of several whose they are."""
    if not rows:
        return ":gray[Nothing ticked]"
    words = f"**All {len(rows):,} that match**" if every else f"**{plural(len(rows), 'listing')} ticked**"
    who = person.current()
    if who and len(rows) > 1:
        owners = owners_words(preview(Take(), rows, who))
        words += f" · {plain(owners)}" if owners else ""
    return words


def allowed(visit: Visit, rows: Sequence[WorkRow]) -> bool:
    """Whether something may be done to listings: not on a page about the past, where they may be fixed."""
    return bool(rows) and visit.view.as_of is None


def _stage_button(visit: Visit, rows: Sequence[WorkRow], label: str, key: str, decision: Decision) -> None:
    st.button(label, key=key, on_click=_make, args=(visit, list(rows), decision), disabled=not allowed(visit, rows))


@person.signed
def _make(visit: Visit, rows: Sequence[WorkRow], decision: Decision) -> None:
    """Make a decision on the ticked rows as they were drawn; on all that match, as they are now. It uses the ticks up.

    Where a name is asked first, all of it waits for that: who gives none keeps her ticks.
    """
    as_shown = {shown.key_of(row): Seen.of(row) for row in rows}
    every = decide.is_everything(visit)
    seen = decide.everything(visit, {}) if every else list(as_shown.values())
    decide.make(visit, decision, seen, through="bulk" if len(seen) > 1 else "page")
    table.set_ticks(())
    for box, field in zip(decide.BOXES.values(), (_OWNER, _NOTE), strict=True):
        st.session_state[box], st.session_state[field] = False, ""  # what is typed next is for other listings


def _select_all(visit: Visit) -> None:
    decide.set_everything(visit, on=True)


def _snooze(visit: Visit, rows: Sequence[WorkRow]) -> None:
    """Draw the popover of snoozes. One that cannot be opened, as this and the next two without a tick, is empty."""
    box = st.popover("Snooze", disabled=not allowed(visit, rows), key="snooze-choices")
    if not allowed(visit, rows):
        return
    with box:
        for key, (choice, words) in keys.SNOOZES.items():
            label = capital(words)
            st.button(
                label, key=f"snooze-{key}", on_click=_set_snooze, args=(visit, list(rows), choice), width="stretch"
            )
        st.number_input(
            "Worse also means: so many more with the same reason (0: no matter)", 0, 10_000, 0, key=_MORE, step=1
        )
        tomorrow = decide.midnight_in(visit, 1).astimezone(visit.zone).date()
        st.date_input(
            f"Until (00:00 {place(visit.zone)})",
            value=decide.midnight_in(visit, 3).astimezone(visit.zone).date(),
            min_value=tomorrow,
            max_value=visit.today + LONGEST_SNOOZE,
            key=_UNTIL,
        )
        st.button("Snooze", key="snooze", on_click=_set_snooze_until, args=(visit, list(rows)), type="primary")


def _set_snooze(visit: Visit, rows: Sequence[WorkRow], choice: str) -> None:
    more = int(st.session_state.get(_MORE) or 0) if choice == SnoozeUntil.WORSE else 0
    snooze = decide.snooze_of(visit, choice, more)
    if snooze:
        _make(visit, rows, snooze)


def _set_snooze_until(visit: Visit, rows: Sequence[WorkRow]) -> None:
    until = st.session_state[_UNTIL]
    if until is not None:
        _make(visit, rows, Snooze(until=start_of_day(until, visit.zone)))


def _owner(visit: Visit, rows: Sequence[WorkRow]) -> None:
    box = st.popover("Owner", disabled=not allowed(visit, rows), key=decide.BOXES["owner"], on_change="rerun")
    if not allowed(visit, rows):
        return
    with box:
        with st.form("owner-form", border=False):
            st.text_input("Owner (empty: nobody)", key=_OWNER, max_chars=LONGEST, placeholder="Name")
            label = f"Set owner{_of(rows)}"
            st.form_submit_button(label, key="set-owner", on_click=_set_owner, args=(visit, list(rows)), type="primary")
        for number, name in enumerate(names_to_offer(visit)):
            st.button(
                plain(name),
                key=f"owner-{number}",
                on_click=_make,
                args=(visit, list(rows), Assign(name)),
                width="stretch",
            )


def _of(rows: Sequence[WorkRow]) -> str:
    """Say for how many listings something is typed."""
    return f" for {plural(len(rows), 'listing')}" if rows else ""


def names_to_offer(visit: Visit, most: int = 6) -> list[str]:
    """Return the names to offer as owners: hers who is at the page first, then the latest."""
    who = person.current()
    try:
        known = Desk(visit.settings.desk_path).owners()
    except StorageError:
        known = []
    return list(dict.fromkeys([*([who.name] if who else []), *known]))[:most]


def _set_owner(visit: Visit, rows: Sequence[WorkRow]) -> None:
    assign = assign_to(str(st.session_state[_OWNER]))
    if assign:
        _make(visit, rows, assign)


def assign_to(text: str) -> Assign | None:
    """Return the decision that gives listings to the owner that was typed; None, and a notice, for no name."""
    try:
        return Assign(owner_named(text))
    except NoName as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
        return None


def _note(visit: Visit, rows: Sequence[WorkRow]) -> None:
    box = st.popover("Note", disabled=not allowed(visit, rows), key=decide.BOXES["note"], on_change="rerun")
    if not allowed(visit, rows):
        return
    with box, st.form("note-form", border=False):
        st.text_area("Note (empty: none)", key=_NOTE, max_chars=LONGEST_NOTE)
        if replaced := replaced_words(rows):
            st.caption(plain(replaced))
        label = f"Save note{_of(rows)}"
        st.form_submit_button(label, key="set-note", on_click=_set_note, args=(visit, list(rows)), type="primary")


def _set_note(visit: Visit, rows: Sequence[WorkRow]) -> None:
    _make(visit, rows, Note(str(st.session_state[_NOTE]).strip()))


def draw_undo(visit: Visit) -> None:
    """Draw what waits for an answer, and the undo: the bar while nothing is ticked, or nothing is left to tick.

    It stands where the buttons were that could do nothing, so that the list does not move.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="action-bar"):
        if not address.open_listing() and not visit.view.as_of:
            decide.draw(visit, decide.waiting())
        _undo(visit)


def _undo(visit: Visit) -> None:
    """Draw the undo of the last decision; while a panel is open, it answers the key there."""
    change = decide.last_change(visit)
    if change is None:
        return
    is_here = not address.open_listing()
    st.button(
        decide.undo_label(visit, change),
        key=f"undo-{change.id}",
        on_click=decide.undo,
        args=(visit, change.id),
        shortcut=keys.shortcut("undo") if is_here else None,
        type="tertiary",
    )
