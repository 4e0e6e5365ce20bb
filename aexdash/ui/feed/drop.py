"""A validation file dropped in: its columns shown, its numbers, one button that lays it in the store's feed folder."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from aexdash.desk.feed_columns import FeedDesk, lay_down
from aexdash.sources.feedonomics import validate
from aexdash.sources.tables import SourceError, Table, read_tables
from aexdash.sources.validation import RULE, Validation
from aexdash.storage.errors import StorageError
from aexdash.ui.feed import columns as feed_columns
from aexdash.ui.feed.columns import Chosen
from aexdash.ui.frame.again import draw_again
from aexdash.ui.frame.person import my_name
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reasons.imports import KINDS, Outcome, let_go
from aexdash.words.common import moment, plain, plural, without_home

_DROPPED = "_dropped-feed-file"
_OUTCOME = "_feed-outcome"
_TURN = "_feed-turn"


@dataclass
class Dropped:
    """A file as it was read. `seen` keeps the last numbers with the columns they were made by."""

    name: str
    content: bytes = field(repr=False)
    tables: tuple[Table, ...] = field(repr=False)
    seen: tuple[Chosen, Validation] | None = field(default=None, repr=False)


def draw(visit: Visit) -> None:
    """Draw the drop zone, or the file that was dropped until it is kept or put away."""
    st.markdown("## Bring a validation file", anchors=False)
    dropped: Dropped | None = st.session_state.get(_DROPPED)
    if dropped is not None:
        _look(visit, dropped)
        return
    outcome: Outcome | None = st.session_state.get(_OUTCOME)
    if outcome is not None:
        (st.success if outcome.good else st.error)(outcome.sentence)
    file = st.file_uploader(
        "A validation file of the feed (CSV, TSV, XLS or XLSX)",
        type=list(KINDS),
        key=f"feed-file-{st.session_state.get(_TURN, 0)}",
        label_visibility="collapsed",
    )
    st.caption(RULE)
    if file is not None:
        with st.spinner("Reading the file …"):
            _take(file)
        draw_again()


def _take(file: UploadedFile) -> None:
    content = file.getvalue()
    try:
        tables = tuple(read_tables(file.name, content))
    except SourceError as error:
        st.session_state[_OUTCOME] = Outcome(False, plain(str(error)))
    else:
        st.session_state[_DROPPED] = Dropped(file.name, content, tables)
        st.session_state.pop(_OUTCOME, None)
    let_go(file)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _look(visit: Visit, dropped: Dropped) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="dropped-feed-file"):
        rows = sum(len(table.rows) for table in dropped.tables)
        st.markdown(f"**{plain(dropped.name)}** :gray[{plural(rows, 'row')}]", width="content")
        st.button("Another file", key="another-feed-file", on_click=_put_away)
    st.caption("Columns corrected once are remembered for files with the same headings.")
    try:
        chosen = feed_columns.pick(visit, dropped.tables)
        if not chosen:
            return
        found = _validated(visit, dropped, chosen)
    except (StorageError, SourceError) as error:
        st.error(plain(without_home(str(error))))
        return
    _numbers(found)
    _keep_button(visit, dropped, chosen)


def _put_away() -> None:
    st.session_state.pop(_DROPPED, None)
    st.session_state.pop(_OUTCOME, None)


def _validated(visit: Visit, dropped: Dropped, chosen: Chosen) -> Validation:
    if dropped.seen is None or dropped.seen[0] != chosen:
        dropped.seen = (chosen, validate(dropped.name, dropped.tables, chosen, visit.now))
    return dropped.seen[1]


def _numbers(found: Validation) -> None:
    share = f"{found.rejected / found.rows:.1%}" if found.rows else "–"
    dated = moment(found.dated_at) if found.dated_at else "the day it is read"
    with st.container(horizontal=True, gap="medium", key="feed-numbers"):
        st.metric("SKUs", f"{found.rows:,}", width=150)
        st.metric("Rejected", f"{found.rejected:,}", width=150, help=RULE)
        st.metric("Share", share, width=150)
        st.metric("Dated", dated, width=260, help="The newest date of any row; without one, when it is read")
    if found.remarks:
        st.caption("  \n".join(plain(remark) for remark in found.remarks))


def _keep_button(visit: Visit, dropped: Dropped, chosen: Chosen) -> None:
    where = visit.view.store_keys
    stores = [store for store in visit.stores if store.watched and (where is None or store.key in where)]
    if not stores:
        st.caption("No store that is still read: choose one above.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="feed-keep"):
        key = stores[0].key
        if len(stores) > 1:
            titles = {store.key: store.title for store in stores}
            key = st.selectbox("Store", list(titles), format_func=titles.__getitem__, width=220, key="feed-store")
        st.button(
            "Keep this file", key="keep-feed-file", type="primary", on_click=_keep, args=(visit, dropped, chosen, key)
        )


def _keep(visit: Visit, dropped: Dropped, chosen: Chosen, store: str) -> None:
    desk = FeedDesk(visit.settings.desk_path)
    try:
        for headings, columns in chosen.items():
            desk.remember(headings, columns, by=my_name(), now=visit.now)
        laid = lay_down(visit.settings.home, store, dropped.name, dropped.content)
    except (StorageError, SourceError) as error:
        outcome = Outcome(False, plain(without_home(str(error))))
    else:
        outcome = Outcome(
            True,
            f"Laid in the feed folder {moment(visit.now)} as {plain(laid.name)}. A running worker reads it within a "
            "minute, and this page shows it then.",
        )
    st.session_state[_OUTCOME] = outcome
    st.session_state.pop(_DROPPED, None)
