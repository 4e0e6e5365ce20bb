"""The quality score of one listing: its parts, what gives full marks, and what would raise it most."""

from __future__ import annotations

import streamlit as st

from aexdash.checks.quality import PARTS
from aexdash.model import ListingQuality
from aexdash.snapshot.readmodels import ListingCard
from aexdash.ui.frame.charts import in_sight

NOT_SCORED = "Scored once its detail, and what its category asks for, are known."


def draw(card: ListingCard) -> None:
    """Draw the score and its parts."""
    if card.quality is None:
        st.markdown("## Quality", anchors=False)
        st.caption(NOT_SCORED)
        return
    st.markdown(f"## Quality {card.quality.score:.0f} of 100", anchors=False)
    if card.quality.worst:
        st.text(f"What would raise it most. {card.quality.worst}")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame(rows(card.quality))),
        hide_index=True,
        height="content",
        row_height=30,
        alt="Parts of the quality score, with their weights and what gives full marks",
    )


def rows(quality: ListingQuality) -> list[dict[str, str]]:
    """Return a row for each part: its score, weight, and what gives full marks."""
    return [
        {
            "Part": part.name,
            "Score": "not known" if (value := quality.parts[part.key]) is None else f"{value:.0f}",
            "Weight": f"{part.weight} %",
            "Full marks": part.full,
        }
        for part in PARTS
    ]
