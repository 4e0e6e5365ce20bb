"""Bringing back a worklist or fix sheet that was changed in a spreadsheet: drop it in, see what it changes, apply it.

Nothing is written before somebody says so, and all of it is one change. The uploaded bytes are freed when it is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.round_trip import HEADINGS, ChangeSet, Edit, apply, change_set
from aexdash.desk.decisions.work import Desk, TooMany
from aexdash.people.names import Person
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.code_pages import CodePageUnclear
from aexdash.sources.round_trip import BroughtRow, read_back
from aexdash.sources.seller_center import RowNote
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.files import brought_file, drop_zone
from aexdash.ui.files.brought_file import FileRead
from aexdash.ui.frame import address, notices, person
from aexdash.ui.frame.again import closed, draw_again
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plain, plural
from aexdash.words.listings import brought as words
from aexdash.words.listings.work import locked_words, outcome_words

MOST_LINES = 200
"""Lines of a list in the preview; what is behind them is counted, and applied all the same."""

WHAT_FOR = (
    "A worklist or fix sheet exported here, in which *Stage*, *Owner* or *Note* was changed in a spreadsheet, "
    "or a cell of a fix sheet filled in. "
    "You see what it changes before anything is saved."
)

_OPEN = "_brought-open"
_BROUGHT, _TROUBLE = "_brought-file", "_brought-trouble"
_TAKEN = "brought-conflicts"


@dataclass(frozen=True)
class Brought:
    """A file as it was read, and what it would change; `unclear` is there instead where its code page is not clear.

    `request` names its applying, so that a click that is sent twice applies it once.
    """

    name: str
    request: str
    rows: tuple[BroughtRow, ...] = ()
    unclear: FileRead | None = None
    changes: ChangeSet | None = None


def draw(visit: Visit) -> None:
    """Draw the button that opens the dialog, and the dialog: the place to drop a file, then what it would change."""
    locked = locked_words(visit.view.as_of, visit.zone) if visit.view.as_of else None
    st.button("Bring back", key="bring-back", disabled=locked is not None, help=locked, on_click=_open)
    if st.session_state.get(_OPEN) and not locked and not person.is_asked() and not address.open_listing():
        st.dialog("Bring a changed file back", width="large", on_dismiss=_close)(_dialog)(visit)


def _open() -> None:
    st.session_state[_OPEN] = True


def _close() -> None:
    closed()
    for key in (_OPEN, _BROUGHT, _TROUBLE):
        st.session_state.pop(key, None)


@one_state()
def _dialog(visit: Visit) -> None:
    """Draw the present step. Once it is done with, the whole page is drawn again, without the dialog."""
    if not st.session_state.get(_OPEN) or person.is_asked():
        draw_again()
    notices.show()
    brought: Brought | None = st.session_state.get(_BROUGHT)
    if brought is None:
        st.caption(WHAT_FOR)
        drop_zone.draw("A changed worklist or fix sheet (CSV, XLS or XLSX)", "brought", partial(_read, visit))
        if trouble := st.session_state.get(_TROUBLE):
            st.error(plain(trouble))
    elif brought.unclear is not None:
        brought_file.ask_code_page(brought.unclear, "brought", partial(_read, visit))
    elif brought.changes is not None:
        _changes(visit, brought, brought.changes)


def _read(visit: Visit, name: str, content: bytes, code_page: str | None = None) -> None:
    for key in (_BROUGHT, _TROUBLE):
        st.session_state.pop(key, None)
    request = uuid.uuid4().hex
    try:
        rows = tuple(read_back(name, content, code_page))
    except CodePageUnclear as unclear:
        read = FileRead(name, samples=dict(unclear.samples), content=content)
        st.session_state[_BROUGHT] = Brought(name, request, unclear=read)
    except SourceError as error:
        st.session_state[_TROUBLE] = str(error)
    else:
        _look(visit, Brought(name, request, rows))


def _look(visit: Visit, brought: Brought) -> None:
    """Make out what a file would change here and now."""
    try:
        changes = change_set(
            brought.name,
            brought.rows,
            visit.snapshot,
            desk_path=visit.settings.desk_path,
            taxonomy=visit.taxonomy,
            who=person.current() or Person(""),
        )
    except StorageError as error:
        st.session_state[_TROUBLE] = str(error)
    else:
        st.session_state[_BROUGHT] = replace(brought, changes=changes)


def _changes(visit: Visit, brought: Brought, changes: ChangeSet) -> None:
    st.markdown(f"**{plain(changes.name)}** · {words.summary(changes)}")
    taken = _conflicts(visit, changes.conflicts)
    _list("Changes", [_edit(visit, one) for one in changes.edits])
    _list(
        "To be entered in Seller Center",
        [{"Product id": str(one.product_id), "Column": one.field, "Filled in": one.value} for one in changes.proposals],
    )
    _list("Refused", [_refused(one) for one in changes.refused])
    count = len(changes.edits) + len(changes.proposals) + len(taken)
    with st.container(horizontal=True, key="brought-buttons"):
        st.button(
            f"Apply {plural(count, 'change')}",
            key="apply-brought",
            type="primary",
            disabled=not count,
            on_click=_apply,
            args=(visit, brought, taken),
        )
        st.button("Leave it", key="leave-brought", on_click=_close)


def _conflicts(visit: Visit, conflicts: Sequence[Edit]) -> list[tuple[str, int, str]]:
    """Show what somebody changed here since the export, side by side; return those in which the file counts."""
    if not conflicts:
        return []
    st.markdown("**Changed here since the export.** Tick those in which the file counts; the others stay as they are.")
    rows = [
        {
            "Listing": one.title,
            "Field": HEADINGS[one.field],
            "When it was exported": "not known" if one.base is None else words.value_words(one, one.base),
            "In the file": words.value_words(one, one.brought),
            "Here now": words.value_words(one, one.now),
            "By": words.since_words(one, visit.now, zone=visit.zone),
            "Product id": str(one.product_id),
        }
        for one in conflicts
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    picked: Any = st.dataframe(
        in_sight(pd.DataFrame(rows)), key=_TAKEN, hide_index=True, on_select="rerun", selection_mode="multi-row"
    )
    return [conflicts[place].key for place in picked["selection"]["rows"] if place < len(conflicts)]


def _edit(visit: Visit, edit: Edit) -> dict[str, str]:
    return {
        "Listing": edit.title,
        "Field": HEADINGS[edit.field],
        "Here now": words.value_words(edit, edit.now),
        "In the file": words.value_words(edit, edit.brought),
        "Product id": str(edit.product_id),
        **({"Store": visit.title_of(edit.store)} if len(visit.stores) > 1 else {}),
    }


def _refused(note: RowNote) -> dict[str, Any]:
    row = {"Row": note.row, "Product id": note.id, "Why": note.note}
    return {"Sheet": note.sheet, **row} if note.sheet else row


def _list(title: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    st.markdown(f"**{title}**")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(in_sight(pd.DataFrame(rows[:MOST_LINES])), hide_index=True, key=f"brought-{title}")
    if len(rows) > MOST_LINES:
        st.caption(f"and {len(rows) - MOST_LINES:,} more")


@person.signed
def _apply(visit: Visit, brought: Brought, taken: Collection[tuple[str, int, str]]) -> None:
    who, now = person.current(), visit.now
    if who is None or brought.changes is None:
        return
    try:
        outcome = apply(
            brought.changes, visit.settings.desk_path, who=who, now=now, take=taken, request=brought.request
        )
    except (StorageError, TooMany) as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
        return
    _after(visit, brought, outcome, who)


def _after(visit: Visit, brought: Brought, outcome: Outcome, who: Person) -> None:
    """Say what was done; where somebody was faster meanwhile, make the file out anew and keep showing it."""
    said = plain(outcome_words("apply", outcome, who.name, visit.now, zone=visit.zone))
    notices.leave(said, trouble=bool(outcome.conflicts))
    if outcome.conflicts:
        _look(visit, replace(brought, request=uuid.uuid4().hex))
    else:
        _close()


def proposed(visit: Visit, row: WorkRow) -> None:
    """Draw in the panel what was filled into fix sheets of a listing, to be entered in Seller Center by hand.

    It is of now: on a page about the past there is none.
    """
    if visit.view.as_of:
        return
    try:
        found = Desk(visit.settings.desk_path).proposals(row.store, row.product_id)
    except StorageError as error:
        st.caption(plain(str(error)))
        return
    if found:
        st.markdown("**From fix sheets, to be entered in Seller Center**")
        rows = [{"For": visit.label(one.code), "Field": one.field, "Filled in": one.value} for one in found]
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        st.dataframe(in_sight(pd.DataFrame(rows)), hide_index=True, key="proposed")
