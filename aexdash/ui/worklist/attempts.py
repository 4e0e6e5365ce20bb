"""What was changed between the rejections of a listing: the last two first, the earlier ones behind a fold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import streamlit as st

from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Attempt, ListingCard
from aexdash.ui.frame.visit import Visit
from aexdash.words.work import attempt_words, reasons_words


def draw(visit: Visit, card: ListingCard) -> None:
    """Draw the differences of a listing that was rejected more than once; nothing for others."""
    if card.row.attempt < 2:
        return
    found = visit.ask(Snapshot.attempts, card.row.store, card.row.product_id)
    known = [one for one in found if one.at <= visit.moment]
    if len(known) < 2:
        return
    st.markdown("## What changed between attempts", anchors=False)
    pairs = list(pairwise(known))[::-1]
    _pair(visit, *pairs[0])
    if len(pairs) > 1:
        with st.expander(f"{len(pairs) - 1:,} earlier"):
            for before, after in pairs[1:]:
                _pair(visit, before, after)


def _pair(visit: Visit, before: Attempt, after: Attempt) -> None:
    st.text(attempt_words(after, visit.taxonomy))
    if words := reasons_words(before, after, visit.taxonomy):
        st.text(f"Reasons {words}")
    st.text("")


def _rows(changed: Sequence[object]) -> pd.DataFrame:
    return pd.DataFrame(changed)
