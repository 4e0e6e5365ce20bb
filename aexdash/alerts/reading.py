"""What a condition found at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """What a condition found at a moment. `level` None: it is not known, which neither opens nor closes an episode.

    `value` and `baseline` are in the unit of the card, where the condition watches one. `marks` are what the reading is
    about: reason codes, category ids or product ids. A mark that was not in the last message makes an event *changed*.
    `listings` are product ids, the first to look at in front. `because` is a sentence beside the figures: the shared
    cause, or why the level is not known. `counts` are the listings by reason code, also of codes that are no marks,
    where the reading is about several listings.
    """

    level: float | None
    value: float | None = None
    baseline: float | None = None
    marks: tuple[str, ...] = ()
    listings: tuple[int, ...] = ()
    because: str = ""
    counts: dict[str, int] = field(default_factory=dict)
