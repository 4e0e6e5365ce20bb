"""The guided tour: nine addresses of existing pages in the worked example of March 2026, with a sentence for each.

The example is a store of the demo, which was read once and is kept. Moments are UTC; the tests hold them, and what the
sentences say, to what the simulated store did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aexdash.clock import to_text

EXAMPLE = "march"
"""The key of the store with the worked example."""

READ_TO = datetime(2026, 3, 14, 12, tzinfo=UTC)
"""When the example was read last. Until then it is not whole, and no tour is offered."""

BEFORE = datetime(2026, 3, 9, 6, 5, tzinfo=UTC)
JUMPED = datetime(2026, 3, 9, 6, 45, tzinfo=UTC)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
SENT_IN_AGAIN = datetime(2026, 3, 9, 15, tzinfo=UTC)
CLEARED = datetime(2026, 3, 11, 10, 50, tzinfo=UTC)

SMALL = "image.main_too_small"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, what to see there, and the page with the parameters of its address beside the store.

    `file` is the address of a download, and its name on the screen; None: the step has none.
    """

    name: str
    sentence: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    file: tuple[str, str] | None = None


def _at(moment: datetime, **more: str) -> dict[str, str]:
    return {"as_of": to_text(moment), **more}


STEPS = (
    Step(
        "Before",
        "A store on Monday, 9 March 2026, at 06:05 UTC. Nothing is held, as it should be. Everything on the page is of "
        "that moment.",
        "overview",
        _at(BEFORE),
    ),
    Step(
        "The jump",
        "Forty minutes later five listings are held: AliExpress rejected four and took one into audit. Held listings "
        "sell nothing until somebody notices.",
        "overview",
        _at(JUMPED),
    ),
    Step(
        "Why",
        "Each of the five says why it is held, and who says so. Four have a main picture that is too small, as this "
        "tool measured; one names no brand.",
        "worklist",
        _at(JUMPED),
    ),
    Step(
        "The file",
        "One reason is one filter. The address of this page and the file hold the same four listings, for whoever has "
        "to replace the pictures.",
        "worklist",
        _at(JUMPED, reason=SMALL),
        ("CSV of these four", "/export.csv"),
    ),
    Step(
        "The fix",
        "At noon nobody has mended them yet. What to do stands in each row, with the size that was measured; the fix "
        "sheet holds what whoever replaces the four pictures needs.",
        "worklist",
        _at(NOON, reason=SMALL),
        ("Fix sheet of these four", "/fix.xlsx"),
    ),
    Step(
        "In audit",
        "By 15:00 UTC all five were mended and sent in again. None is rejected, five are in audit: they are still "
        "held, and there is nothing to do but wait for AliExpress.",
        "overview",
        _at(SENT_IN_AGAIN),
    ),
    Step(
        "Cleared",
        "On 11 March, at 10:50 UTC, the last of them has passed its audit. Nothing is held: the fix worked.",
        "overview",
        _at(CLEARED),
    ),
    Step(
        "The books",
        "From before the jump until after it: 0 held, five entered, five left, 0 held. The list below has the five "
        "that became active again.",
        "history",
        _at(READ_TO, opening=to_text(BEFORE), closing=to_text(CLEARED), moves="active"),
    ),
    Step(
        "The alert",
        "Nobody had to watch. These alerts opened with the jump and closed by themselves; tick one to see what it "
        "said, and name in the settings a channel that carries the next one to you.",
        "sensitivity",
        {"part": "episodes"},
    ),
)


def step_of(word: str) -> int | None:
    """Return the number of a step, from 1, that an address asks for; None where there is no such step."""
    return int(word) if word in {str(number) for number in range(1, len(STEPS) + 1)} else None


def query_of(number: int) -> dict[str, str]:
    """Return all parameters of the address of a step but its number."""
    return {"store": EXAMPLE, **STEPS[number - 1].query}
