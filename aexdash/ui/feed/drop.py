"""Upload of a validation file: its columns and numbers, and a button that puts it into the store's feed folder."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from aexdash.desk.feed_columns import FeedDesk, lay_down
from aexdash.people.rights import Role
from aexdash.sources.feedonomics import validate
from aexdash.sources.tables import SourceError, Table
from aexdash.sources.validation import RULE, Validation
from aexdash.storage.errors import StorageError
from aexdash.ui.feed import columns as feed_columns
from aexdash.ui.feed.columns import FeedColumnMaps, UnknownWords
from aexdash.ui.files import brought_file, drop_zone
from aexdash.ui.files.brought_file import FileRead
from aexdash.ui.files.drop_zone import UploadOutcome
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import dated_words, moment, plain, plural, without_home

_DROPPED = "_dropped-feed-file"
_OUTCOME = "_feed-outcome"


@dataclass
class FeedUpload:
    """An uploaded file as it was read. `seen` keeps the last result with the columns it was made with.

    `words` keeps the statuses that nobody explained, by the columns they were looked for with.
    """

    read: FileRead
    seen: tuple[FeedColumnMaps, Validation] | None = field(default=None, repr=False)
    words: UnknownWords = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.read.name

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, none while its code page is not clear."""
        return self.read.tables


def draw(visit: Visit) -> None:
    """Draw the drop zone, or the uploaded file until it is kept or put away; who may bring none is told so."""
    st.markdown("## Bring a validation file", anchors=False)
    if refused := visit.why_not(Role.OPERATOR):
        st.caption(f"Operators bring validation files here. {plain(refused)}")
        return
    upload: FeedUpload | None = st.session_state.get(_DROPPED)
    if upload is not None:
        if upload.tables:
            _look(visit, upload)
        else:
            _ask_code_page(upload)
        return
    outcome: UploadOutcome | None = st.session_state.get(_OUTCOME)
    if outcome is not None:
        (st.success if outcome.good else st.error)(outcome.sentence)
    drop_zone.draw("A validation file of the feed (CSV, TSV, XLS or XLSX)", "feed-file", _read)
    st.caption(RULE)


def _read(name: str, content: bytes, code_page: str | None = None) -> None:
    try:
        read = brought_file.read_file(name, content, code_page)
    except SourceError as error:
        st.session_state[_OUTCOME] = UploadOutcome(False, plain(str(error)))
        st.session_state.pop(_DROPPED, None)
    else:
        st.session_state[_DROPPED] = FeedUpload(read)
        st.session_state.pop(_OUTCOME, None)


def _ask_code_page(upload: FeedUpload) -> None:
    brought_file.ask_code_page(upload.read, "feed", _read)
    st.button("Another file", key="another-feed-file", on_click=_put_away)


def _choose_again(upload: FeedUpload) -> None:
    st.session_state[_DROPPED] = FeedUpload(brought_file.other_code_pages(upload.read))


def _look(visit: Visit, upload: FeedUpload) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="dropped-feed-file"):
        rows = sum(len(table.rows) for table in upload.tables)
        st.markdown(f"**{plain(upload.name)}** :gray[{plural(rows, 'row')}]", width="content")
        st.button("Another file", key="another-feed-file", on_click=_put_away)
        if upload.read.may_choose:
            st.button("Letters look wrong", key="other-feed-code-page", on_click=_choose_again, args=(upload,))
    st.caption("Columns corrected once are remembered for files with the same headings.")
    try:
        chosen = feed_columns.pick(visit, upload.tables, upload.words)
        if not chosen:
            return
        found = _validated(visit, upload, chosen)
    except (StorageError, SourceError) as error:
        st.error(plain(without_home(str(error))))
        return
    _numbers(visit, found)
    _keep_button(visit, upload, chosen)


def _put_away() -> None:
    st.session_state.pop(_DROPPED, None)
    st.session_state.pop(_OUTCOME, None)


def _validated(visit: Visit, upload: FeedUpload, chosen: FeedColumnMaps) -> Validation:
    if upload.seen is None or upload.seen[0] != chosen:
        upload.seen = (chosen, validate(upload.name, upload.tables, chosen, visit.now, visit.zone))
    return upload.seen[1]


def _numbers(visit: Visit, found: Validation) -> None:
    share = f"{found.rejected / found.rows:.1%}" if found.rows else "–"
    dated = dated_words(found.dated_at, visit.zone) if found.dated_at else "the day it is read"
    with st.container(horizontal=True, gap="medium", key="feed-numbers"):
        st.metric("SKUs", f"{found.rows:,}", width=150)
        st.metric("Rejected", f"{found.rejected:,}", width=150, help=RULE)
        st.metric("Share", share, width=150)
        st.metric("Dated", dated, width=260, help="The newest date of any row; without one, when it is read")
    if found.remarks:
        st.caption("  \n".join(plain(remark) for remark in found.remarks))


def _keep_button(visit: Visit, upload: FeedUpload, chosen: FeedColumnMaps) -> None:
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
            "Keep this file", key="keep-feed-file", type="primary", on_click=_keep, args=(visit, upload, chosen, key)
        )


@signed
def _keep(visit: Visit, upload: FeedUpload, chosen: FeedColumnMaps, store: str) -> None:
    desk = FeedDesk(visit.settings.desk_path)
    try:
        for headings, columns in chosen.items():
            desk.remember(headings, columns, by=my_name(), now=visit.now)
        laid = lay_down(visit.settings.home, store, upload.name, upload.read.content, upload.read.code_page)
    except (StorageError, SourceError) as error:
        outcome = UploadOutcome(False, plain(without_home(str(error))))
    else:
        outcome = UploadOutcome(
            True,
            f"Put into the feed folder {moment(visit.now, visit.zone)} as {plain(laid.name)}. A running worker reads "
            "it within a minute, and this page shows it then.",
        )
    st.session_state[_OUTCOME] = outcome
    st.session_state.pop(_DROPPED, None)
