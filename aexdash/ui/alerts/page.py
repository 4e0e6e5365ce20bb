"""The parts of Sensitivity: bands, alert rules, channels, episodes. The address says which of them is shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aexdash.ui.frame import notices, segments

BANDS, RULES, CHANNELS, EPISODES = "bands", "rules", "channels", "episodes"

PART_WORDS: Mapping[str, str] = {
    BANDS: "Bands and profiles",
    RULES: "Alert rules",
    CHANNELS: "Channels",
    EPISODES: "Episodes",
}

PART, RULE, EPISODE = "part", "rule", "episode"
"""The words of the address: the part, the rule whose form is open, the episode that is looked into."""


def head() -> str:
    """Draw the heading and the choice of parts; answer the part that the address asks for."""
    notices.show()
    asked = st.query_params.get(PART, BANDS)
    part = asked if asked in PART_WORDS else BANDS
    with st.container(horizontal=True, vertical_alignment="center", key="sensitivity-head"):
        st.markdown("## Sensitivity", anchors=False, width="content")
        segments.draw(PART, "Part of Sensitivity", PART_WORDS, part, BANDS)
    if asked != part:
        st.caption(f":orange-badge[Address] There is no such part; it can be {', '.join(PART_WORDS)}.")
    return part


def episode_query(number: int) -> dict[str, str]:
    """The parameters of the address under which an episode is looked into."""
    return {PART: EPISODES, EPISODE: str(number)}
