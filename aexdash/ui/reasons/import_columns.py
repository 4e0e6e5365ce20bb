"""Asks which column of an import file holds what, once for each set of headings; starts from a guess."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from aexdash.desk.annotations import Annotations
from aexdash.sources.seller_center import ColumnMap, guesses
from aexdash.sources.tables import Table
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plain

NAMED = 3
"""Sheets that are named; the others are counted."""

SHOWN_OPEN = 3
"""Complete heading sets that are shown open; others are folded: a batch-edit workbook has a sheet per category."""

_NO_COLUMN = ""

Headings = tuple[str, ...]
ColumnMaps = Mapping[Headings, ColumnMap]
"""The columns of each set of headings; only sets that can be read."""


def pick(visit: Visit, tables: Sequence[Table]) -> ColumnMaps:
    """Draw the columns of each set of headings; return the sets from which listing and reason can be read.

    Raises:
        StorageError: the remembered columns cannot be read.
    """
    annotations = Annotations(visit.settings.desk_path)
    sets = heading_sets(tables)
    known = {headings: annotations.columns_for(headings) for headings in sets}
    guessed = guesses(tables)
    start = {headings: known[headings] or guessed[headings] for headings in sets}
    folded = _folded(start, known)

    def ask(headings: Headings) -> ColumnMap:
        return _ask(headings, sets[headings], start[headings], remembered=known[headings] is not None)

    picked = {headings: ask(headings) for headings in sets if headings not in folded}
    if folded:
        names = [sheet for headings in folded for sheet in sets[headings]]
        with st.expander(f"Columns found{f' on {_named(names)}' if any(names) else ''}"):
            picked |= {headings: ask(headings) for headings in folded}
    return {headings: columns for headings, columns in picked.items() if is_complete(columns)}


def _folded(start: ColumnMaps, known: Mapping[Headings, ColumnMap | None]) -> list[Headings]:
    """Return the heading sets to fold: those mapped before, and guessed ones beyond the first `SHOWN_OPEN`."""
    complete = [headings for headings in start if is_complete(start[headings])]
    return [headings for place, headings in enumerate(complete) if known[headings] or place >= SHOWN_OPEN]


def alike(tables: Iterable[Table], chosen: ColumnMaps) -> tuple[list[Table], ColumnMap]:
    """Rename the chosen columns of all sheets to the same headings; return the tables and one map for all of them."""
    renamed = []
    for table in tables:
        columns = chosen.get(table.headings)
        if columns is not None:
            names = {heading: f"text {place}" for place, heading in enumerate(columns.texts)}
            names |= {heading: name for heading, name in ((columns.id, "id"), (columns.sku, "sku")) if heading}
            renamed.append(replace(table, headings=tuple(names.get(heading, "") for heading in table.headings)))
    most = max(len(columns.texts) for columns in chosen.values())
    return renamed, ColumnMap("id", "sku", tuple(f"text {place}" for place in range(most)))


def heading_sets(tables: Sequence[Table]) -> Mapping[Headings, list[str]]:
    """Return the different heading sets of a file, each with the names of its sheets."""
    sets: dict[Headings, list[str]] = {}
    for table in tables:
        sets.setdefault(table.headings, []).append(table.sheet)
    return sets


def is_complete(columns: ColumnMap) -> bool:
    """Whether a map names a column for the listing and one for the text."""
    return bool((columns.id or columns.sku) and columns.texts)


def _ask(headings: Headings, sheets: Sequence[str], start: ColumnMap, *, remembered: bool) -> ColumnMap:
    key = hashlib.blake2s("\n".join(headings).encode(), digest_size=6).hexdigest()
    known = list(filter(None, headings))
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="small", key=f"columns-{key}"):
        with st.container(width=200, gap="xxsmall"):
            st.markdown(_named(sheets) if any(sheets) else "**Columns**")
            st.caption("as mapped before" if remembered else "guessed from headings and ids")
        product_id = _one("Product id", known, start.id, f"id-{key}")
        sku = _one("SKU", known, start.sku, f"sku-{key}")
        texts = st.multiselect(
            "Reason",
            known,
            default=[heading for heading in start.texts if heading in known],
            key=f"texts-{key}",
            placeholder="Choose",
            width=360,
        )
        chosen = ColumnMap(product_id, sku, tuple(texts))
        if not is_complete(chosen):
            st.caption(f":orange-badge[Left out] {_lacking(chosen)}", width="stretch")
    return chosen


def _named(sheets: Iterable[str]) -> str:
    named = [plain(sheet) for sheet in sheets if sheet]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"**{', '.join(named[:NAMED])}**{more}"


def _one(label: str, headings: Sequence[str], start: str | None, key: str) -> str | None:
    options = [_NO_COLUMN, *headings]
    index = options.index(start) if start and start in headings else 0
    return st.selectbox(label, options, index=index, key=key, format_func=_say, width=220) or None


def _say(heading: str) -> str:
    return heading or "none"


def _lacking(columns: ColumnMap) -> str:
    if not (columns.id or columns.sku):
        return "Choose the column with the product id or the SKU to read this sheet."
    return "Choose the column with the reason to read this sheet."
