"""The first screen: the hero, its siblings and the books of the day. Every number says how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from aexdash.snapshot.readmodels import DayPoint, Freshness, Hero
from aexdash.ui import nav
from aexdash.ui.charts import held_line, held_line_words, held_of
from aexdash.ui.theme import theme
from aexdash.ui.visit import Visit
from aexdash.ui.words import STATUS_WORDS, day, number, plural, span

THRESHOLD = 0
"""The hero's healthy value; above it the hero needs attention."""

LAG = "as old as the line at the top right says; AliExpress itself may show the end of an audit late"
PERIODS = "the status periods of the snapshot, opened and closed by complete reads alone"


def definition(formula: str, window: str, source: str = PERIODS) -> str:
    """Say how a number is made: its formula, window, source and lag."""
    told = {"Formula": formula, "Window": window, "Source": source, "Lag": LAG}
    return "  \n".join(f"**{name}** {text}." for name, text in told.items())


HERO_HELP = definition(
    "distinct listings in audit + distinct listings rejected; deleted ones never count",
    "now, or the moment of the time machine",
    "the last complete read of both statuses; a partial read can add to it and never clears",
)

BRIDGE_HELP = definition(
    "opening + entered − left = closing; moving between rejected and in audit is neither entering nor leaving",
    "since 00:00 UTC",
)


DOUBTS = {"stale": "stale", "partial": "partly read", "failed": "last read failed"}
"""Why a count that needs attention may be another by now."""


@dataclass(frozen=True)
class Card:
    """A sibling card: its title, its definition, and how its thirty days are drawn."""

    title: str
    formula: str
    window: str
    chart: Literal["bar", "line"] = "line"


REJECTED_24H = Card(
    "Rejected, 24 hours",
    "distinct listings that moved to rejected",
    "the 24 hours before the last read; the bars are whole UTC days",
    "bar",
)
ACTIVE = Card("Active", "listings a buyer can buy", "the last sweep; the line is the end of each day")
SUPPRESSED = Card(
    "Suppressed share", "held ÷ all listings not deleted", "the last read; the line is the end of each day"
)
TOTAL = Card(
    "All listings",
    "active + in audit + rejected + offline, without deleted ones",
    "the last sweep; the line is the end of each day",
)


@dataclass(frozen=True)
class Standing:
    """What a held count means, in a word and a colour that is never the only sign."""

    word: str
    colour: str
    sign: str


def standing(held: int | None, freshness: Freshness | None) -> Standing:
    """Judge a held count; a zero is good only when it was completely read and is current.

    `freshness` is None for a past moment, which cannot become stale.
    """
    if held is None:
        return Standing("No data yet", "gray", "○")
    if held > THRESHOLD:
        return Standing("Needs attention", "red", "▲")
    if freshness is None or freshness.state in ("fresh", "archived"):
        return Standing("Performing", "green", "✓")
    return Standing("Not confirmed", "gray", "?")


def hero_and_siblings(visit: Visit) -> None:
    """Draw the hero; beside it its siblings and the books of the day."""
    hero = visit.hero()
    days = visit.days(30)
    left, right = st.columns([5, 7], gap="small")
    with left.container(border=True, height="stretch", gap="xsmall", key="hero"):
        _hero(visit, hero, days)
    with right:
        _siblings(hero, days)
        _today(visit, hero)


def _hero(visit: Visit, hero: Hero, days: Sequence[DayPoint]) -> None:
    freshness = None if visit.view.as_of else visit.freshness()
    title = "Not known yet" if hero.held is None else f"{plural(hero.held, 'listing')} held"
    st.markdown(f"# {title}", anchors=False, help=HERO_HELP)
    st.markdown(f"{_badges(standing(hero.held, freshness), freshness)} {_split(hero, visit)}")
    if hero.held is None:
        st.markdown("Nothing is known to be held, and nothing is known to be free: no complete read so far.")
        return
    st.markdown(_actionable(hero))
    st.image(held_line(days, theme()), width="stretch", alt=held_line_words(days))
    st.caption(_thirty_days(days))


def _badges(judged: Standing, freshness: Freshness | None) -> str:
    badge = f":{judged.colour}-badge[{judged.sign} {judged.word}]"
    doubt = DOUBTS.get(freshness.state) if freshness else None
    return f"{badge} :gray-badge[{doubt}]" if doubt and judged.word != "Not confirmed" else badge


def _split(hero: Hero, visit: Visit) -> str:
    if hero.held is None:
        return ""
    parts = [f"**{number(hero.rejected)}** rejected", f"**{number(hero.auditing)}** in audit"]
    if hero.held and hero.since:
        parts.append(f"since {day(hero.since)} ({span(visit.moment - hero.since)})")
    return " · ".join(parts)


def _actionable(hero: Hero) -> str:
    rejected, stuck, auditing = hero.rejected or 0, hero.in_audit_over_3_days or 0, hero.auditing or 0
    if not hero.held:
        return "Nothing to fix, nothing waiting for AliExpress."
    stuck_words = f" ({rejected:,} rejected + {stuck:,} in audit over 3 days)" if stuck else ""
    return f"To fix now **{rejected + stuck:,}**{stuck_words} · waiting for AliExpress **{auditing - stuck:,}**"


def _thirty_days(days: Sequence[DayPoint]) -> str:
    known = [held for point in days if (held := held_of(point)) is not None]
    highest = f"highest {max(known):,}" if known else "no day completely read"
    return f"30 days: {highest} · threshold {THRESHOLD} · :red[▮] rejected :orange[▮] in audit"


def _siblings(hero: Hero, days: Sequence[DayPoint]) -> None:
    share = None if hero.held is None or not hero.total else hero.held / hero.total
    with st.grid(4, gap="small", key="siblings", min_column_width=130):
        _tile(REJECTED_24H, number(hero.rejected_24h), [point.newly_rejected for point in days])
        _tile(ACTIVE, number(hero.active), [point.active for point in days])
        _tile(SUPPRESSED, "–" if share is None else f"{share:.2%}", [_share(point) for point in days])
        _tile(TOTAL, number(hero.total), [point.total for point in days])


def _tile(card: Card, value: str, line: Sequence[float | None]) -> None:
    known = any(point is not None for point in line)
    gaps = [float("nan") if point is None else float(point) for point in line]
    st.metric(
        card.title,
        value,
        border=True,
        height="stretch",
        chart_data=gaps if known else None,
        chart_type=card.chart,
        help=definition(card.formula, card.window),
    )


def _share(point: DayPoint) -> float | None:
    held = held_of(point)
    return None if held is None or not point.total else held / point.total


def _today(visit: Visit, hero: Hero) -> None:
    if hero.held is None:
        return
    bridge = visit.today()
    entered, left = sum(bridge.entered.values()), sum(bridge.left.values())
    name = f"{day(visit.moment)}" if visit.view.as_of else "Today"
    sum_ = f"{bridge.opening:,} at midnight + {entered:,} entered − {left:,} left = **{bridge.closing:,}**"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="today"):
        st.markdown(f"**{name}:** {sum_}", width="content", help=BRIDGE_HELP)
        if left:
            st.caption(f"left for {_by(bridge.left)}", width="content")
        if hero.taken_down:
            words = f"{hero.taken_down:,} taken down by AliExpress, not in the count"
            nav.link("worklist", words, visit.kept() | {"status": "offline"})


def _by(counts: dict[str, int]) -> str:
    return " · ".join(f"{STATUS_WORDS.get(status, status)} {count:,}" for status, count in counts.items() if count)
