"""The parts of the Sensitivity page: bands, alert rules, channels, episodes; the address names the one shown."""

from __future__ import annotations

from collections.abc import Mapping

from aexdash.ui.frame import notices, segments

BANDS, RULES, CHANNELS, EPISODES = "bands", "rules", "channels", "episodes"

PART_WORDS: Mapping[str, str] = {
    BANDS: "Bands and profiles",
    RULES: "Alert rules",
    CHANNELS: "Channels",
    EPISODES: "Alerts",
}

PART, RULE, EPISODE = "part", "rule", "episode"
"""The parameters of the address: the part, the rule whose form is open, the episode whose details are shown."""


def head() -> str:
    """Draw the heading and the choice of parts; return the part that is shown."""
    notices.show()
    return segments.heading("Sensitivity", PART, PART_WORDS, BANDS)


def episode_query(number: int) -> dict[str, str]:
    """Return the parameters of the address that shows the details of an episode."""
    return {PART: EPISODES, EPISODE: str(number)}
