"""Asks which column of a validation file holds what, once for each set of headings; starts from a guess."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from aexdash.desk.feed_columns import FeedDesk
from aexdash.sources.feedonomics import FeedColumns, guess, unknown_words
from aexdash.sources.tables import Table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reasons.import_columns import Headings, heading_sets
from aexdash.words.common import plain, plural

FeedColumnMaps = Mapping[Headings, FeedColumns]
"""The columns of each set of headings; only sets that can be read."""

UnknownWords = dict[FeedColumns, Mapping[str, int]]
"""Statuses that nobody explained, with their number of rows, by the columns they were looked for with."""

MOST_WORDS = 12
MEANINGS = ("", "rejected", "not rejected")

LABELS = {
    "sku": "SKU",
    "severity": "Severity",
    "message": "Message",
    "code": "Code",
    "attribute": "Attribute",
    "date": "Date",
}


def pick(visit: Visit, tables: Sequence[Table], words: UnknownWords) -> FeedColumnMaps:
    """Draw the columns of each set of headings; return the sets from which rejected SKUs can be read.

    `words` keeps what was looked up before.

    Raises:
        StorageError: the remembered columns cannot be read.
    """
    desk = FeedDesk(visit.settings.desk_path)
    chosen = {}
    for headings in heading_sets(tables):
        alike = [table for table in tables if table.headings == headings]
        chosen[headings] = _ask(headings, alike, desk, words)
    return {headings: columns for headings, columns in chosen.items() if columns.complete}


def _ask(headings: Headings, tables: Sequence[Table], desk: FeedDesk, words: UnknownWords) -> FeedColumns:
    remembered = desk.columns_for(headings)
    start = remembered or guess(headings, (row.cells for table in tables for row in table.rows))
    key = hashlib.blake2s("\n".join(headings).encode(), digest_size=6).hexdigest()
    with st.container(border=True, gap="small", key=f"feed-columns-{key}"):
        named = ", ".join(plain(table.sheet) for table in tables if table.sheet) or "Columns"
        origin = "as mapped before" if remembered else "guessed from headings and ids"
        st.markdown(f"**{named}** :gray[:small[{origin}]]")
        with st.container(horizontal=True, gap="small"):
            picked = {
                role: _one(label, headings, getattr(start, role), f"feed-{role}-{key}")
                for role, label in LABELS.items()
            }
        columns = _every_message(FeedColumns.of(picked), start, f"feed-every-message-{key}")
        if columns.complete:
            columns = _explained(columns, start, _words(tables, columns, words), key)
        else:
            st.caption(f":orange-badge[Left out] {_lacking(columns)}")
    return columns


def _every_message(columns: FeedColumns, start: FeedColumns, key: str) -> FeedColumns:
    """Ask what a message means where no column tells rejections from warnings."""
    if columns.severity or not (columns.message or columns.code):
        return columns
    ticked = st.checkbox(
        "Every row with a message or a code was rejected",
        value=start.every_message,
        key=key,
        help="No column tells rejections from warnings. Most reports list both: then choose the severity above.",
    )
    return replace(columns, every_message=ticked)


def _words(tables: Sequence[Table], columns: FeedColumns, words: UnknownWords) -> Mapping[str, int]:
    if columns not in words:
        found: Counter[str] = Counter()
        for table in tables:
            found.update(unknown_words(table, columns))
        words[columns] = dict(found.most_common())
    return words[columns]


def _explained(columns: FeedColumns, start: FeedColumns, words: Mapping[str, int], key: str) -> FeedColumns:
    """Ask what the statuses mean that nobody knows; until then their rows count neither way."""
    if not words:
        return columns
    st.caption("These statuses are not known. Their rows are not counted before you say what they mean.")
    said: dict[str, str] = {}
    with st.container(horizontal=True, gap="small"):
        for place, (word, rows) in enumerate(list(words.items())[:MOST_WORDS]):
            meant = "rejected" if word in start.rejected_words else "not rejected" if word in start.other_words else ""
            said[word] = st.selectbox(
                f"{plain(word)} ({plural(rows, 'row')})",
                MEANINGS,
                index=MEANINGS.index(meant),
                key=f"feed-word-{place}-{key}",
                format_func=lambda meaning: meaning or "not said",
                width=220,
            )
    if len(words) > MOST_WORDS:
        st.caption(f"{plural(len(words) - MOST_WORDS, 'more status')} not shown, and not counted.")
    return replace(
        columns,
        rejected_words=tuple(word for word, meant in said.items() if meant == "rejected"),
        other_words=tuple(word for word, meant in said.items() if meant == "not rejected"),
    )


def _one(label: str, headings: Headings, start: str | None, key: str) -> str | None:
    options = ["", *filter(None, headings)]
    index = options.index(start) if start and start in headings else 0
    return (
        st.selectbox(label, options, index=index, key=key, format_func=lambda name: name or "none", width=170) or None
    )


def _lacking(columns: FeedColumns) -> str:
    if not columns.sku:
        return "Choose the column with the SKU to read this sheet."
    return "Choose the severity, or say that every message means rejected: nobody can tell what was rejected otherwise."
