"""Reports on movements as an examination makes them, for tests of what is told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aexdash.causes.chain import Link, Moved
from aexdash.causes.movement import Base, Movement
from aexdash.causes.report import Age, Counted, Finding, Outcome, Report
from aexdash.causes.slices import Found, Part, Slice
from aexdash.snapshot.compared.listings import What

END = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOVEMENT = Movement(What.HELD, END - DAY, END, ("main",), about="spike")
TEMPLATE = Part("picture address", "/img/#-600x600.jpg")
SMALL = "image.main_too_small"


def a_finding(part: Part = TEMPLATE, *, moved: int = 38, on_sale: int = 6, first: int = 1) -> Finding:
    """So many of those that moved share it, and so many on sale."""
    one = Slice((part,), moved, moved + on_sale, 55, 4346, -150.0, 1e-60, 210.4, 129.8, 341.2)
    ids = [("main", first + number) for number in range(moved + on_sale)]
    return Finding(
        found=Found(one),
        age=Age.NEW,
        before=(0, 13),
        spared=tuple(ids[moved : moved + 2]),
        others=(("main", 901), ("main", 902)),
        on_sale=on_sale,
        at_risk=tuple(ids[moved:]),
        moved=tuple(ids[:moved]),
        reasons=((SMALL, moved),),
    )


def a_report(
    *findings: Finding, movement: Movement = MOVEMENT, outcome: Outcome | None = None, moved: int = 55
) -> Report:
    """A report on the spike of November, with these findings."""
    ends = [END - number * DAY for number in range(15, 0, -1)]
    fell = Link(
        "Listing quality score",
        Moved.BEFORE,
        END - 3 * DAY,
        81.0,
        70.0,
        2 * DAY,
        points=tuple((end, 81.0 if end < END - 3 * DAY else 70.0) for end in ends),
    )
    unknown = Link("rejected rows of the feed", Moved.NOT_KNOWN, note="known for 3 of the 14 days before")
    return Report(
        made_at=END + DAY,
        movement=movement,
        outcome=outcome or (Outcome.FOUND if findings else Outcome.TOO_FEW),
        base=Base.ALL,
        moved=moved,
        of=4346,
        first_seen=0,
        looked_at=482,
        unexplained=moved - sum(one.found.slice.k for one in findings),
        findings=findings,
        weak=(),
        counted=(Counted(f"reason: {SMALL}", "yes", 38, moved),),
        not_compared=(),
        chain=(fell, unknown),
        unread_seconds=0.0,
        stores_read=1,
        stores_asked=1,
        read_at=END,
        held=tuple((end, 10.0) for end in ends),
    )
