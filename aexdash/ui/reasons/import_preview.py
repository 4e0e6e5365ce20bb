"""The preview of an import: how many rows match a listing, what each text is recognised as, which rows fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import streamlit as st

from aexdash.model import HELD
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.remedies import rival_names
from aexdash.reasons.taxonomy import UNRECOGNISED
from aexdash.sources.seller_center import Match, Preview, RowNote
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plain, plural

SHOWN = 300
"""Rows of a table that are sent to the browser; the rest is counted."""

LOOKED_AT = 500
"""Different texts that the preview recognises, the commonest first; more would take too long."""


def numbers(found: Preview) -> None:
    """Draw how many rows match and how many do not, with remarks."""
    _figures(found)
    _remarks(found)


def tables(visit: Visit, recogniser: Recogniser, found: Preview) -> None:
    """Draw the texts with the reasons recognised in them, then the rows that cannot be used."""
    _texts(visit, recogniser, found.matched)
    _unusable(found)


def _figures(found: Preview) -> None:
    figures = {
        "Matched": (len(found.matched), "Listings of the snapshot to which the file gives a text"),
        "Not in the snapshot": (len(found.unmatched), "Rows whose id or SKU no store of the snapshot has"),
        "Ambiguous": (len(found.ambiguous), "Rows whose id or SKU more than one listing has"),
        "Refused": (len(found.refused), "Rows whose id cannot be read exactly, or that give no text"),
        "Repeated": (found.repeated, "Rows that say once more what another row says"),
    }
    with st.container(horizontal=True, gap="medium", key="import-numbers"):
        for label, (count, meaning) in figures.items():
            st.metric(label, f"{count:,}", help=meaning, width=150)


def _remarks(found: Preview) -> None:
    """Draw remarks on the numbers: listings not held, rows without a text, sheets left out."""
    free = sum(match.status not in HELD for match in found.matched)
    remarks = [plain(note) for note in found.notes]
    if free:
        remarks.append(f"{plural(free, 'matched listing')} not held now: the text is kept, no reason is made of it.")
    if found.silent:
        remarks.append(f"{plural(found.silent, 'row')} without a reason passed over.")
    if remarks:
        st.caption("  \n".join(remarks))


def _texts(visit: Visit, recogniser: Recogniser, matched: Iterable[Match]) -> None:
    texts = Counter(match.text for match in matched)
    rows = recognised(visit, recogniser, texts.most_common(LOOKED_AT))
    if not rows:
        return
    unknown = sum(row["Recognised as"] == visit.label(UNRECOGNISED) for row in rows)
    st.markdown("### What the texts are recognised as", anchors=False)
    if unknown:
        st.caption(f"{plural(unknown, 'text')} not recognised: once saved, listed below with its count.")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame(rows[:SHOWN])),
        hide_index=True,
        row_height=30,
        column_config={
            "Text": st.column_config.TextColumn(width=200),
            "Listings": st.column_config.NumberColumn(width=70),
            "Recognised as": st.column_config.TextColumn(width=180),
            "Matched on": st.column_config.TextColumn(width=180, help="The phrase of the taxonomy found in the text"),
            "Score": st.column_config.TextColumn(width=60, alignment="right", help="100: word for word"),
            "Or just as well": st.column_config.TextColumn(width=160, help="The same words have this reading too"),
        },
        alt="Texts of the file and what each is recognised as",
    )
    _more(max(0, len(rows) - SHOWN) + max(0, len(texts) - LOOKED_AT), "text")


def recognised(visit: Visit, recogniser: Recogniser, texts: Iterable[tuple[str, int]]) -> list[dict[str, str | int]]:
    """Return a table row for each part of a text with its reason and number of listings.

    `texts` are texts with their number of listings. Parts not recognised come first, then the commonest. Of words with
    two readings each is a row that names the other.
    """
    parts: Counter[tuple[str, str, str, str, str]] = Counter()
    for text, listings in texts:
        for reason in recogniser.reasons(text):
            phrase, score = (str(reason.measured.get(figure, "")) for figure in ("matched", "score"))
            parts[reason.text, reason.code, phrase, score, rival_names(reason, visit.taxonomy)] += listings
    ranked = sorted(parts.items(), key=lambda item: (item[0][1] != UNRECOGNISED, -item[1], item[0][0]))
    rows: list[dict[str, str | int]] = []
    for (text, code, phrase, score, rivals), listings in ranked:
        row: dict[str, str | int] = {
            "Text": text,
            "Listings": listings,
            "Recognised as": visit.label(code),
            "Matched on": phrase,
        }
        rows.append(row | {"Score": score} | ({"Or just as well": rivals} if rivals else {}))
    return rows


def _unusable(found: Preview) -> None:
    kinds = {
        "rounded": found.rounded,
        "not in the snapshot": found.unmatched,
        "ambiguous": found.ambiguous,
        "refused": found.refused,
    }
    notes = [(kind, note) for kind, several in kinds.items() for note in several]
    if not notes:
        return
    st.markdown("### Rows that cannot be used", anchors=False)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame([_note(kind, note) for kind, note in notes[:SHOWN]])),
        hide_index=True,
        row_height=30,
        alt="Rows of the file that cannot be used, and why",
    )
    _more(len(notes) - SHOWN, "row")


def _note(kind: str, note: RowNote) -> dict[str, str | int]:
    return {"Sheet": note.sheet, "Row": note.row, "Id": note.id, "What": kind, "Why": note.note}


def _more(count: int, noun: str) -> None:
    if count > 0:
        st.caption(f"{plural(count, f'more {noun}')} not shown.")
