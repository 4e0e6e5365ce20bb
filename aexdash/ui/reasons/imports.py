"""Import of a file from Seller Center: drop it in, check the columns and the preview, save.

The uploaded bytes are freed as soon as the tables are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from aexdash.desk.annotations import Annotations
from aexdash.people.rights import Role
from aexdash.reasons.recognise import Recogniser
from aexdash.sources.seller_center import Preview, preview
from aexdash.sources.tables import SourceError, Table
from aexdash.storage.errors import StorageError
from aexdash.ui.files import brought_file, drop_zone
from aexdash.ui.files.brought_file import FileRead
from aexdash.ui.files.drop_zone import UploadOutcome
from aexdash.ui.frame import nav
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reasons import import_columns, import_preview
from aexdash.ui.reasons.import_columns import ColumnMaps
from aexdash.words.common import moment, plain, plural

WHAT_NEXT = (
    "A running worker puts them on the listings within seconds, and this page follows by itself; without a worker they "
    "stand at the next `aexdash sync`."
)

_DROPPED = "_dropped-file"
_OUTCOME = "_import-outcome"
_ROUNDED = "take-rounded"


@dataclass
class ImportUpload:
    """An uploaded file as it was read. `seen` keeps the last preview with what it was made from."""

    read: FileRead
    seen: tuple[object, Preview] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.read.name

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, none while its code page is not clear."""
        return self.read.tables


def draw(visit: Visit, recogniser: Recogniser) -> None:
    """Draw the present step of the import: the drop zone, or columns and preview of the uploaded file.

    Who may bring none is told so in its place.
    """
    st.markdown("## What Seller Center says", anchors=False)
    if refused := visit.why_not(Role.OPERATOR):
        st.caption(f"Operators bring files of Seller Center here. {plain(refused)}")
        return
    upload: ImportUpload | None = st.session_state.get(_DROPPED)
    if upload is None:
        _tell_outcome(visit)
        drop_zone.draw("A file from Seller Center (CSV, XLS or XLSX)", "dropped", _read)
    elif not upload.tables:
        _ask_code_page(upload)
    else:
        _look(visit, recogniser, upload)


def _ask_code_page(upload: ImportUpload) -> None:
    brought_file.ask_code_page(upload.read, "import", _read)
    st.button("Another file", key="another-file", on_click=_put_away)


def _tell_outcome(visit: Visit) -> None:
    outcome: UploadOutcome | None = st.session_state.get(_OUTCOME)
    if outcome is None:
        st.caption(
            "The open interface of AliExpress tells which listings are held and not why. Drop in a list with "
            "product ids (or SKUs) and reasons, from Seller Center or from whoever keeps it. Nothing is saved "
            "before you say so."
        )
    elif outcome.good:
        st.success(outcome.sentence)
        nav.link("worklist", "See it in the worklist ›", visit.kept() | {"provenance": "seller_center"})
    else:
        st.error(outcome.sentence)


def _read(name: str, content: bytes, code_page: str | None = None) -> None:
    try:
        read = brought_file.read_file(name, content, code_page)
    except SourceError as error:
        st.session_state[_OUTCOME] = UploadOutcome(False, plain(str(error)))
        st.session_state.pop(_DROPPED, None)
    else:
        kept = read if read.may_choose or not read.tables else replace(read, content=b"")
        st.session_state[_DROPPED] = ImportUpload(kept)
        st.session_state.pop(_OUTCOME, None)


def _look(visit: Visit, recogniser: Recogniser, upload: ImportUpload) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="dropped-file"):
        rows = sum(len(table.rows) for table in upload.tables)
        sheets = f" on {plural(len(upload.tables), 'sheet')}" if len(upload.tables) > 1 else ""
        st.markdown(f"**{plain(upload.name)}** :gray[{plural(rows, 'row')}{sheets}]", width="content")
        st.button("Another file", key="another-file", on_click=_put_away)
        if upload.read.may_choose:
            st.button("Letters look wrong", key="other-code-page", on_click=_choose_again, args=(upload,))
    try:
        st.caption("Columns corrected once are remembered for files with the same headings.")
        chosen = import_columns.pick(visit, upload.tables)
        if not chosen:
            return
        found = _previewed(visit, upload, chosen)
    except (StorageError, SourceError) as error:
        st.error(plain(str(error)))
        return
    import_preview.numbers(found)
    _offer_rounded(found)
    _save_button(visit, upload, chosen, found)
    import_preview.tables(visit, recogniser, found)


def _choose_again(upload: ImportUpload) -> None:
    st.session_state[_DROPPED] = ImportUpload(brought_file.other_code_pages(upload.read))


def _put_away() -> None:
    st.session_state.pop(_DROPPED, None)
    st.session_state.pop(_OUTCOME, None)


def _offer_rounded(found: Preview) -> None:
    if found.rounded or st.session_state.get(_ROUNDED):
        st.checkbox(
            "Take the one listing that fits each rounded id",
            key=_ROUNDED,
            help="A spreadsheet keeps 15 digits of a number. Rows below say which listing fits.",
        )


def _previewed(visit: Visit, upload: ImportUpload, chosen: ColumnMaps) -> Preview:
    """Match the rows with listings of the snapshot; done again only when columns, store or snapshot have changed."""
    take_rounded = bool(st.session_state.get(_ROUNDED))
    basis = (chosen, visit.view.store, visit.snapshot.version(), take_rounded)
    if upload.seen is None or upload.seen[0] != basis:
        with st.spinner("Looking the listings up …"):
            tables, columns = import_columns.alike(upload.tables, chosen)
            upload.seen = (basis, preview(tables, columns, visit.snapshot, visit.view.store, take_rounded=take_rounded))
    return upload.seen[1]


def _save_button(visit: Visit, upload: ImportUpload, chosen: ColumnMaps, found: Preview) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="import-save"):
        st.button(
            f"Save for {plural(len(found.matched), 'listing')}",
            key="save-import",
            type="primary",
            on_click=_save,
            args=(visit, upload, chosen, found),
            disabled=not found.matched,
        )
        st.caption(WHAT_NEXT, width="stretch")


@signed
def _save(visit: Visit, upload: ImportUpload, chosen: ColumnMaps, found: Preview) -> None:
    annotations = Annotations(visit.settings.desk_path)
    try:
        for store, items in found.by_store().items():
            annotations.add(store, items, source=upload.name, by=my_name(), now=visit.now)
        for headings, columns in chosen.items():
            annotations.remember_columns(headings, columns, by=my_name(), now=visit.now)
    except StorageError as error:
        st.session_state[_OUTCOME] = UploadOutcome(False, f"Not everything was saved: {plain(str(error))}")
    else:
        count = plural(len(found.matched), "listing")
        st.session_state[_OUTCOME] = UploadOutcome(
            True, f"Saved {moment(visit.now, visit.zone)} for {count} from {plain(upload.name)}. {WHAT_NEXT}"
        )
    st.session_state.pop(_DROPPED, None)
