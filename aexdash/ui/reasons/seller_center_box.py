"""The texts of Seller Center for one listing: a box to paste one, and those pasted or imported before."""

from __future__ import annotations

import streamlit as st

from aexdash.desk.annotations import PASTED, Annotations
from aexdash.model import HELD
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.snapshot.readmodels import ListingCard
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import notices
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain

LONGEST = 5_000
"""Characters of a pasted text at most."""


def draw(visit: Visit, card: ListingCard) -> None:
    """Draw the box, only when the listing is held now and who is here may paste, and the earlier texts."""
    notices.show()
    row = card.row
    may_paste = row.status in HELD and visit.view.as_of is None and rights().may(Role.OPERATOR, [row.store])
    earlier = _earlier(visit, row.store, row.product_id)
    if not may_paste and not earlier:
        return
    st.markdown("## What Seller Center says", anchors=False)
    if may_paste:
        _box(visit, row.store, row.product_id)
    if earlier:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        st.dataframe(
            in_sight(pd.DataFrame(earlier)),
            hide_index=True,
            height="content",
            row_height=30,
            alt="What was pasted or imported for this listing, the latest first",
        )


def _earlier(visit: Visit, store: str, product_id: int) -> list[dict[str, str]]:
    try:
        brought = Annotations(visit.settings.desk_path).of(store, product_id)
    except StorageError as error:
        st.caption(plain(str(error)))
        return []
    return [
        {"When": moment(one.at, visit.zone), "Who": one.by, "From": one.source, "Text": one.text or "(withdrawn)"}
        for one in brought
    ]


def _box(visit: Visit, store: str, product_id: int) -> None:
    key = f"seller-center-{store}-{product_id}"
    st.text_area(
        "Paste what it says here",
        key=key,
        max_chars=LONGEST,
        height=90,
        placeholder="The annotation of Seller Center, in any language, as it stands there",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save", key=f"save-{key}", on_click=_save, args=(visit, store, product_id, key), type="primary")
        st.caption(
            "It is recognised and stands as a reason within seconds while the worker runs, else with the next sync. "
            "Saving an empty box withdraws the text before.",
            width="stretch",
        )


def _save(visit: Visit, store: str, product_id: int, key: str) -> None:
    _keep(visit, store, product_id, key, str(st.session_state[key]).strip())


@signed
def _keep(visit: Visit, store: str, product_id: int, key: str, text: str) -> None:
    kept = Annotations(visit.settings.desk_path)
    try:
        if not text and product_id not in kept.latest(store):
            notices.leave("The box is empty: nothing was saved.")
            return
        kept.add(store, [(product_id, text)], source=PASTED, by=my_name(), now=visit.now)
    except StorageError as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        st.session_state[key] = ""
        notices.leave("Saved. The reason shows here by itself." if text else "Withdrawn.")
