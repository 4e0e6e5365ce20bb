"""The actions on ticked listings: take, mark fixed, snooze, set back, set owner, note. They are written to the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from aexdash.clock import start_of_day
from aexdash.desk.work import Desk
from aexdash.model import Stage
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import acts, shown
from aexdash.words.common import place, plain, plural

_UNTIL = "snooze-until"
_OWNER = "owner-name"
_NOTE = "note-text"


def draw(visit: Visit, picked: Sequence[WorkRow]) -> None:
    """Draw the action bar for the ticked listings; it is always there, so that ticking does not move the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="action-bar"):
        words = f"**{plural(len(picked), 'listing')} ticked**" if picked else ":gray[Nothing ticked]"
        st.markdown(words, width="content")
        st.button("Open details", key="open-details", on_click=_open, args=(list(picked),), disabled=len(picked) != 1)
        _stage_button(visit, picked, "Take", Stage.TAKEN)
        _stage_button(visit, picked, "Mark fixed", Stage.FIXED)
        _snooze(visit, picked)
        _owner(visit, picked)
        _note(visit, picked)
        _stage_button(visit, picked, "Back to do", Stage.NEW)


def allowed(visit: Visit, picked: Sequence[WorkRow]) -> bool:
    """Whether something may be done to the ticked listings: not on a page about the past, where they may be fixed."""
    return bool(picked) and visit.view.as_of is None


def answer(visit: Visit) -> Callable[[], None]:
    """Return what to call when acts of the list came in: it makes those that change a stage."""

    def make() -> None:
        for act in acts.take(visit):
            _make(visit, act)

    return make


def _make(visit: Visit, act: acts.Act) -> None:
    known = {shown.key_of(row): row for row in visit.snapshot.page(visit.view, acts.MOST_LISTINGS)}
    rows = [known[key] for key in act.keys if key in known]
    stages = {"take": Stage.TAKEN, "fix": Stage.FIXED, "back": Stage.NEW}
    if not allowed(visit, rows):
        return
    if act.do in stages:
        _set_stage(visit, rows, stages[act.do])
    elif act.do == "snooze" and act.more.endswith("d"):
        _snooze_until(visit, rows, visit.today + timedelta(days=int(act.more[:-1])))


def _open(picked: Sequence[WorkRow]) -> None:
    address.open_(picked[0].store, picked[0].product_id)


def _stage_button(visit: Visit, picked: Sequence[WorkRow], label: str, stage: Stage) -> None:
    key = f"stage-{stage}"
    st.button(
        label, key=key, on_click=_set_stage, args=(visit, list(picked), stage), disabled=not allowed(visit, picked)
    )


def _set_stage(visit: Visit, picked: Sequence[WorkRow], stage: Stage) -> None:
    def write(desk: Desk, store: str, ids: list[int]) -> None:
        desk.set_stage(store, ids, stage, by=my_name(), now=visit.now)
        if stage == Stage.TAKEN:
            desk.set_owner(store, ids, my_name(), by=my_name(), now=visit.now)

    _write(visit, picked, write)


def _snooze(visit: Visit, picked: Sequence[WorkRow]) -> None:
    tomorrow = visit.today + timedelta(days=1)
    with st.popover("Snooze", disabled=not allowed(visit, picked)):
        st.date_input(
            f"Until (00:00 {place(visit.zone)})", value=tomorrow + timedelta(days=2), min_value=tomorrow, key=_UNTIL
        )
        st.button("Snooze", key="snooze", on_click=_set_snooze, args=(visit, list(picked)), type="primary")


def _set_snooze(visit: Visit, picked: Sequence[WorkRow]) -> None:
    until: date | None = st.session_state[_UNTIL]
    if until is not None:
        _snooze_until(visit, picked, until)


def _snooze_until(visit: Visit, picked: Sequence[WorkRow], until: date) -> None:
    at = start_of_day(until, visit.zone)
    _write(
        visit,
        picked,
        lambda desk, store, ids: desk.set_stage(
            store, ids, Stage.SNOOZED, by=my_name(), now=visit.now, snoozed_until=at
        ),
    )


def _owner(visit: Visit, picked: Sequence[WorkRow]) -> None:
    with st.popover("Owner", disabled=not allowed(visit, picked)):
        st.text_input("Owner (empty: nobody)", key=_OWNER, max_chars=60, placeholder="Name")
        st.button("Set owner", key="set-owner", on_click=_set_owner, args=(visit, list(picked)), type="primary")


def _set_owner(visit: Visit, picked: Sequence[WorkRow]) -> None:
    owner = st.session_state[_OWNER].strip()
    _write(visit, picked, lambda desk, store, ids: desk.set_owner(store, ids, owner, by=my_name(), now=visit.now))


def _note(visit: Visit, picked: Sequence[WorkRow]) -> None:
    with st.popover("Note", disabled=not allowed(visit, picked)):
        st.text_area("Note (empty: none)", key=_NOTE, max_chars=2000)
        st.button("Save note", key="set-note", on_click=_set_note, args=(visit, list(picked)), type="primary")


def _set_note(visit: Visit, picked: Sequence[WorkRow]) -> None:
    note = st.session_state[_NOTE].strip()
    _write(visit, picked, lambda desk, store, ids: desk.set_note(store, ids, note, by=my_name(), now=visit.now))


@signed
def _write(visit: Visit, picked: Sequence[WorkRow], write: Callable[[Desk, str, list[int]], None]) -> None:
    by_store: dict[str, list[int]] = defaultdict(list)
    for row in picked:
        by_store[row.store].append(row.product_id)
    try:
        desk = Desk(visit.settings.desk_path)
        for store, ids in by_store.items():
            write(desk, store, ids)
        shown.acted(shown.key_of(row) for row in picked)
    except StorageError as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}.", trouble=True)
    else:
        notices.leave(f"Saved for {plural(len(picked), 'listing')}.")
