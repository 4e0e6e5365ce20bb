"""The words for days on which far more was held than usual. Pure functions."""

from __future__ import annotations

from datetime import tzinfo

from aexdash.snapshot.history.spikes import Spike, SpikeReason
from aexdash.words.common import day

NO_REASON = "no known reason rose with it: its listings ›"


def spike_words(spike: Spike, zone: tzinfo) -> str:
    """Say how much was held at the end of a day, and how much usually is: `▾ 16 Nov: 63 held, usually 24 in …`."""
    return f"▾ {day(spike.at, zone)}: **{spike.held:,} held**, {usual_words(spike)}"


def told_words(spike: Spike) -> str:
    """Say how much more was held than usual, as a mark of a chart does: `63 held, usually 24 in …`."""
    return f"{spike.held:,} held, {usual_words(spike)}."


def usual_words(spike: Spike) -> str:
    """Say how much is usual, and of how many days: `usually 24 in the 30 days before`."""
    return f"usually {spike.usual:,.0f} in the {spike.days:,} days before"


def share_words(spike: Spike, reason: SpikeReason, zone: tzinfo) -> str:
    """Say which share of what was held had a reason, and which on the last usual day: `49 % of it, 0 % on 15 Nov`.

    *It* is what was held at the end of the day of the spike, which stands before these words.
    """
    words = f"{_percent(reason.listings, spike.held)} of it"
    if spike.before is None:
        return words
    return f"{words}, {_percent(reason.before, spike.held_before)} on {day(spike.before, zone)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole if whole else 0:.0f} %"
