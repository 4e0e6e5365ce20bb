"""The first screen of the overview: the hero, the cards beside it, and the books of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aexdash.cards import CARDS, Band, CardValue, Direction
from aexdash.cards.held import PERIODS
from aexdash.desk.bands import Sensitivity
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import DayPoint, Freshness, Hero
from aexdash.ui.frame import nav
from aexdash.ui.frame.charts import held_line, held_line_words, held_of
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_tiles
from aexdash.ui.overview.card_tiles import HERO
from aexdash.words import statements
from aexdash.words.cards import (
    CardTile,
    Verdict,
    definition,
    definition_of,
    verdict,
)
from aexdash.words.common import (
    STATUS_WORDS,
    age,
    day,
    number,
    of_zone,
    place,
    plain,
    plural,
    since_words,
    when_last_read,
)

ON_TOP = (
    "aex_rejected_listings_24h",
    "aex_active_listings",
    "aex_required_attribute_completeness",
    "aex_listing_quality_score",
)
FEED, SUPPRESSED = "aex_listings_failing_feedonomics_validation", "aex_listing_suppressed_pct"
TAKEN_DOWN = "aexdash_taken_down"

DOUBTS = {"stale": "stale", "partial": "partly read", "failed": "last read failed", "ahead": "age unknown"}
"""The badge beside the hero's state when its count may have changed since, by the state of freshness."""


def hero(visit: Visit) -> DeltaGenerator:
    """Draw the hero; return the container beside it, which the page fills later with `siblings`."""
    left, right = st.columns([5, 7], gap="small")
    with left.container(border=True, height="stretch", gap="xsmall", key="hero"):
        _hero(visit, visit.ask(Snapshot.hero, visit.view.unfiltered()))
    return right


def siblings(visit: Visit, tiles: Mapping[str, CardTile]) -> None:
    """Draw the cards beside the hero, and last the books of the day."""
    with st.grid(3, gap="small", key="siblings", min_column_width=170):
        card_tiles.draw(visit, [tiles[key] for key in on_top(tiles)], "sibling", terse=True)
        hero = visit.ask(Snapshot.hero, visit.view.unfiltered())
        if hero.held is not None:
            with st.container(border=True, height="stretch", gap="xsmall", key="today"):
                _today(visit, hero)


def on_top(tiles: Mapping[str, CardTile]) -> tuple[str, ...]:
    """Return the keys of the cards beside the hero; without a feed, the suppressed share replaces the feed's card."""
    return (*ON_TOP, SUPPRESSED if tiles[FEED].current.value is None else FEED)


def _hero(visit: Visit, hero: Hero) -> None:
    card, days = CARDS[HERO], _days(visit, hero, 30)
    freshness = None if visit.view.as_of else visit.freshness()
    band = Sensitivity(visit.settings.desk_path).band_for(visit.view.profile, card)
    judged = verdict(CardValue(hero.held, reach=hero.reach), band)
    held = "Not known yet" if hero.held is None else f"{plural(hero.held, 'listing')} held"
    title = held + statements.when_words(hero.reach)
    st.markdown(f"# {title}", anchors=False, help=definition_of(card, band))
    st.markdown(f"{_badges(judged, freshness)} {_split(hero, visit)}")
    if hero.held is None:
        st.markdown(plain(f"{_claim(hero)}. Nothing is known to be held, and nothing is known to be free."))
        return
    if not hero.reach.is_whole:
        st.markdown(plain(_claim(hero)))
    st.markdown(_actionable(hero))
    st.image(held_line(days, theme()), width="stretch", alt=held_line_words(days))
    st.caption(_thirty_days(days, band))


def _claim(hero: Hero) -> str:
    """Say in a line what the held count does not speak for."""
    was = hero.reach.was
    words = statements.claim_words(hero.reach, was="" if was is None else f"{was:,.0f}")
    return words[:1].upper() + words[1:]


def _days(visit: Visit, hero: Hero, count: int) -> list[DayPoint]:
    """Read the counts at the end of the last days; for a past moment the last day ends at that moment."""
    days = visit.ask(Snapshot.days, visit.view.store_keys, visit.day, count)
    if visit.view.as_of is None:
        return days
    return [*days[:-1], DayPoint(days[-1].day, hero.rejected, hero.auditing, hero.active, hero.total, None)]


def _badges(judged: Verdict, freshness: Freshness | None) -> str:
    doubt = DOUBTS.get(freshness.state) if freshness else None
    return f"{judged.badge} :gray-badge[{doubt}]" if doubt else judged.badge


def _split(hero: Hero, visit: Visit) -> str:
    if hero.held is None:
        return ""
    parts = [f"**{number(hero.rejected)}** rejected", f"**{number(hero.auditing)}** in audit"]
    if hero.held and hero.since:
        parts.append(f"since {since_words(hero.since, visit.zone, or_earlier=hero.at_least)} ({_age(hero, visit)})")
    return " · ".join(parts)


def _age(hero: Hero, visit: Visit) -> str:
    tolerance = min((visit.settings.stale_after(store.key) for store in visit.looked_at), default=0)
    late = when_last_read(hero.held_at, visit.moment, tolerance, visit.zone) if hero.held_at else ""
    return f"{age(hero.age, at_least=hero.at_least)}{late}"


def _actionable(hero: Hero) -> str:
    rejected, stuck, auditing = hero.rejected or 0, hero.stuck or 0, hero.auditing or 0
    if not hero.held:
        return "Nothing to fix, nothing waiting for AliExpress."
    stuck_words = f" ({rejected:,} rejected + {stuck:,} stuck in audit)" if stuck else ""
    return f"To fix now **{rejected + stuck:,}**{stuck_words} · waiting for AliExpress **{auditing - stuck:,}**"


def _thirty_days(days: Sequence[DayPoint], band: Band) -> str:
    known = [held for point in days if (held := held_of(point)) is not None]
    highest = f"highest {max(known):,}" if known else "no day completely read"
    threshold = f" · threshold {band.bad:g}" if band.direction is Direction.LOWER else ""
    return f"30 days: {highest}{threshold} · :red[▮] rejected :orange[▮] in audit"


def bridge_help(zone: tzinfo) -> str:
    """Return the definition of the books of the day, which begins at midnight of a zone."""
    return definition(
        {
            "Formula": "opening + entered − left = closing; moving between rejected and in audit is neither",
            "Window": f"since 00:00 {place(zone)}",
            "Source": PERIODS,
            "Lag": CARDS[HERO].lag,
        }
    )


def _today(visit: Visit, hero: Hero) -> None:
    bridge = visit.snapshot.bridge(visit.view.store_keys, visit.midnight_before(0), visit.moment)
    entered, left = sum(bridge.entered.values()), sum(bridge.left.values())
    name = (day(visit.moment, visit.zone) if visit.view.as_of else "Today") + of_zone(visit.zone)
    sum_ = f"{bridge.opening:,} at midnight + {entered:,} entered − {left:,} left = **{bridge.closing:,}**"
    st.markdown(f"**{name}:** {sum_}", help=bridge_help(visit.zone))
    if left:
        st.caption(f"left for {_by(bridge.left)}")
    if hero.taken_down:
        words = f"{hero.taken_down:,} taken down, not counted ›"
        nav.link("worklist", words, card_tiles.worklist_query(visit, TAKEN_DOWN))


def _by(counts: dict[str, int]) -> str:
    return " · ".join(f"{STATUS_WORDS.get(status, status)} {count:,}" for status, count in counts.items() if count)
