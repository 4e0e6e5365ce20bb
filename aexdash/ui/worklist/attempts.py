"""What was changed between the rejections of a listing: the last two first, the earlier ones behind a fold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from aexdash.snapshot.readmodels import Attempt, ListingCard
from aexdash.snapshot.worklist.attempts import Changed, NotKnown, SamePicture, changes, not_known
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.visit import Visit
from aexdash.words.listings.past import attempt_words, changed_words, not_known_words, reasons_words


def draw(visit: Visit, card: ListingCard) -> None:
    """Draw the differences of a listing that was rejected more than once; nothing for others."""
    if card.row.attempt < 2:
        return
    found = visit.snapshot.attempts(card.row.store, card.row.product_id, visit.view.as_of)
    if len(found) < 2:
        return
    st.markdown("## What changed between attempts", anchors=False)
    same, pairs = visit.snapshot.same_picture(found), list(pairwise(found))[::-1]
    _pair(visit, *pairs[0], same)
    if len(pairs) > 1:
        with st.expander(f"{len(pairs) - 1:,} earlier"):
            for before, after in pairs[1:]:
                _pair(visit, before, after, same)


def _pair(visit: Visit, before: Attempt, after: Attempt, same: SamePicture) -> None:
    st.text(attempt_words(after, visit.taxonomy, visit.zone))
    if words := reasons_words(before, after, visit.taxonomy):
        st.text(f"Reasons {words}")
    changed = [one for one in changes(before, after, same) if one.field != "reason"]
    if changed:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        st.dataframe(
            in_sight(pd.DataFrame([_row(one) for one in changed])),
            hide_index=True,
            height="content",
            alt=f"What was changed between attempts {before.number} and {after.number}",
        )
    missing = not_known(before, after)
    if said := _said(changed, missing):
        st.caption(said)


def _row(changed: Changed) -> dict[str, str]:
    return {"Field": changed_words(changed), "Before": changed.before, "Now": changed.after}


def _said(changed: Sequence[Changed], missing: Sequence[NotKnown]) -> str:
    """Say what is not known of the two, and nothing of what is known of neither."""
    if missing:
        return " ".join(map(not_known_words, missing))
    return "" if changed else "Nothing that we read of it was changed between the two."
