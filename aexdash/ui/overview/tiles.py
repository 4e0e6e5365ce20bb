"""The first screen of the overview: the hero with the books of the day, and the cards below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

import streamlit as st

from aexdash.cards import CARDS, Band, CardValue, Direction
from aexdash.cards.held import PERIODS
from aexdash.causes.movement import Movement
from aexdash.desk.bands import Sensitivity
from aexdash.model import Lane, Status
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.facts import LEAVING, Books, Flow
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Tabs
from aexdash.snapshot.store_rows import Freshness
from aexdash.snapshot.tallies import DayPoint, Hero
from aexdash.statement import Reach
from aexdash.ui.causes import ways as causes
from aexdash.ui.frame import names, nav
from aexdash.ui.frame.charts import held_line, held_line_words, held_of
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.history import spikes
from aexdash.ui.history.moves import balance
from aexdash.ui.overview import card_tiles, reconciled
from aexdash.ui.overview.card_tiles import HERO
from aexdash.view import View
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
    capital,
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

DAYS = 30
"""Days of the hero's chart."""

ASKED_FROM = 20
"""Listings that entered from which on the sum of the day leads to what goes with them: of fewer nothing is said."""

DOUBTS = {"stale": "stale", "partial": "partly read", "failed": "last read failed", "ahead": "age unknown"}
"""The badge beside the hero's state when its count may have changed since, by the state of freshness."""


def hero(visit: Visit) -> None:
    """Draw the hero: what is held, whose move it is, the last days, and the books of this one."""
    with st.container(border=True, gap="xsmall", key="hero"):
        _hero(visit, visit.ask(Snapshot.hero, visit.view.unfiltered()))


def siblings(visit: Visit, tiles: Mapping[str, CardTile]) -> None:
    """Draw the cards that stand on the first screen beside the hero, in little room."""
    shown = [tiles[key] for key in on_top(tiles)]
    card_tiles.name_links(visit, shown, "sibling")
    with st.grid(len(shown), gap="small", key="siblings", min_column_width=170):
        card_tiles.draw(visit, shown, "sibling", terse=True)


def on_top(tiles: Mapping[str, CardTile]) -> tuple[str, ...]:
    """Return the keys of the cards beside the hero; without a feed, the suppressed share replaces the feed's card."""
    return (*ON_TOP, SUPPRESSED if tiles[FEED].current.value is None else FEED)


def _hero(visit: Visit, hero: Hero) -> None:
    card, days = CARDS[HERO], _days(visit, DAYS)
    freshness = None if visit.view.as_of else visit.freshness()
    band = Sensitivity(visit.settings.desk_path).band_for(visit.view.profile, card)
    judged = verdict(CardValue(hero.held, reach=hero.reach), band)
    _title(visit, hero, definition_of(card, band))
    st.markdown(f"{_badges(judged, freshness)} {_since(hero, visit)}")
    if hero.held is None:
        st.markdown(plain(f"{_claim(hero, visit.zone)}. Nothing is known to be held, and nothing is known to be free."))
        return
    if not hero.reach.is_whole:
        st.markdown(plain(_claim(hero, visit.zone)))
    _actionable(visit, hero)
    found = spikes.of_days(visit)
    marked = [spike.day for spike in found]
    with st.container(key="hero-chart"):
        st.image(held_line(days, theme(), marked), width="stretch", alt=held_line_words(days, visit.zone))
    st.caption(_thirty_days(days, band))
    spikes.explain(visit, found)
    _today(visit, hero)


def _title(visit: Visit, hero: Hero, explained: str) -> None:
    """Draw the count, which is a link to what it counts."""
    held = _not_known(hero, visit.zone) if hero.held is None else f"{plural(hero.held, 'listing')} held"
    with st.container(key="hero-title"):
        st.markdown(f"# {held}{statements.when_words(hero.reach, visit.zone)}", anchors=False, help=explained)
        if hero.held:
            nav.link("worklist", "›", visit.kept())
            names.tell({"hero-title": [f"› the {plural(hero.held, 'listing')} held"]})


def _not_known(hero: Hero, zone: tzinfo) -> str:
    """Return the heading where there is no count: nobody read the store so far, or not at the moment of the page."""
    at = hero.reach.moment
    return (
        f"{_minute(at, zone)}: not read" if at and any(one.read_at for one in hero.reach.readings) else "Not known yet"
    )


def _claim(hero: Hero, zone: tzinfo) -> str:
    """Say in a line what the held count does not speak for."""
    was = hero.reach.was
    words = statements.claim_words(hero.reach, was="" if was is None else f"{was:,.0f}", zone=zone)
    return capital(words)


def _days(visit: Visit, count: int) -> list[DayPoint]:
    """Read the counts by the end of the last days; for a past moment the last day ends at that moment."""
    return visit.ask(Snapshot.days, visit.view.store_keys, visit.day, count, visit.view.as_of)


def _badges(judged: Verdict, freshness: Freshness | None) -> str:
    doubt = DOUBTS.get(freshness.state) if freshness else None
    return f"{judged.badge} :gray-badge[{doubt}]" if doubt else judged.badge


def _since(hero: Hero, visit: Visit) -> str:
    if not (hero.held and hero.since):
        return ""
    return f"since {since_words(hero.since, visit.zone, or_earlier=hero.at_least)} ({_age(hero, visit)})"


def _age(hero: Hero, visit: Visit) -> str:
    tolerance = min((visit.settings.stale_after(store.key) for store in visit.looked_at), default=0)
    late = when_last_read(hero.held_at, visit.moment, tolerance, visit.zone) if hero.held_at else ""
    return f"{age(hero.age, at_least=hero.at_least)}{late}"


def _actionable(visit: Visit, hero: Hero) -> None:
    """Draw what is held by status, and whose move it is; each count is a link to the listings that it counts.

    What people have marked fixed or snoozed is not to fix now.
    """
    present = hero.reach.is_whole and hero.reach.moment is None
    with st.container(horizontal=True, gap="small", key="statuses"):
        for label, view in status_links(hero):
            nav.link("worklist", label, visit.kept() | view.to_query())
        reconciled.draw(visit, hero)
    if not hero.held:
        none = "Nothing to fix, nothing waiting for AliExpress."
        st.markdown(none if present else "Nothing was to be fixed, nothing waited for AliExpress.")
        return
    lanes = visit.ask(Snapshot.tabs, visit.view.unfiltered())
    if lanes.total != hero.held:  # a store of several was not read at this moment: its listings have no lane here
        st.markdown(_without_people(hero))
        return
    with st.container(horizontal=True, gap="small", key="lanes"):
        for label, view in lane_links(lanes, hero.reach):
            nav.link("worklist", label, visit.kept() | view.to_query())


def status_links(hero: Hero) -> list[tuple[str, View]]:
    """Return the label and the view of each status of what is held."""
    counts = ((hero.rejected, Status.REJECTED), (hero.auditing, Status.AUDITING))
    return [(f"**{number(count)}** {STATUS_WORDS[status]}", View(statuses=(status,))) for count, status in counts]


def lane_links(lanes: Tabs, reach: Reach) -> list[tuple[str, View]]:
    """Return the label and the view of each link, as far as the stores were read.

    Nothing is said of a lane that has none, except of what is to do, and of what waits where that is confirmed.
    """
    waiting, snoozed = View(lanes=(Lane.WAITING,)), View(lanes=(Lane.SNOOZED,))
    return [
        (to_fix_words(lanes.rejected, lanes.auditing, reach), View(lanes=(Lane.TODO,), order="urgent")),
        *([(_waiting_words(lanes.waiting), waiting)] if lanes.waiting or reach.is_whole else []),
        *([(f"snoozed **{lanes.snoozed:,}**", snoozed)] if lanes.snoozed else []),
    ]


def to_fix_words(rejected: int, stuck: int, reach: Reach) -> str:
    """Say how many listings are to fix, and of when or where that is, if it is not of now and everywhere."""
    now = " now" if reach.is_whole and reach.moment is None else ""
    of = f" ({rejected:,} rejected + {stuck:,} stuck in audit)" if stuck else ""
    return f"To fix{now} **{rejected + stuck:,}**{statements.brief_words(reach, listed=True)}{of}"


def _waiting_words(waiting: int) -> str:
    return f"waiting for AliExpress **{waiting:,}**"


def _without_people(hero: Hero) -> str:
    rejected, stuck, auditing = hero.rejected or 0, hero.stuck or 0, hero.auditing or 0
    waiting = [_waiting_words(auditing - stuck)] if auditing > stuck or hero.reach.is_whole else []
    return " · ".join([to_fix_words(rejected, stuck, hero.reach), *waiting])


def _thirty_days(days: Sequence[DayPoint], band: Band) -> str:
    known = [held for point in days if (held := held_of(point)) is not None]
    highest = f"highest {max(known):,}" if known else "no day completely read"
    of = f"{len(known)} of {len(days)} days read" if known and len(known) < len(days) else f"{len(days)} days"
    pale = [" · pale: so far" for point in days if point.is_open and held_of(point) is not None]
    pale += [" · pale: part of the stores" for point in days if point.is_part]
    threshold = f" · threshold {band.bad:g}" if band.direction is Direction.LOWER else ""
    return f"{of}: {highest}{threshold} · :red[▮] rejected :orange[▮] in audit{pale[-1] if pale else ''}"


def bridge_help(zone: tzinfo) -> str:
    """Return the definition of the books of the day, which begins at midnight of a zone."""
    return definition(
        {
            "Formula": "opening + first seen + entered − left = closing; "
            "moving between rejected and in audit is neither",
            "Window": f"since 00:00 {place(zone)}",
            "Source": PERIODS,
            "Lag": CARDS[HERO].lag,
        }
    )


def _today(visit: Visit, hero: Hero) -> None:
    """Draw the books of the day; where no complete reading lies in it, what was held at the last one."""
    is_now = visit.view.as_of is None and hero.reach.is_whole
    midnight = visit.midnight_before(0)
    last = max((one.read_at for one in hero.reach.read if one.read_at), default=None)
    of_day, shown = day(visit.moment, visit.zone), bridge_help(visit.zone)
    if last is None or last < midnight:
        name = (of_day if visit.view.as_of else "Today") + of_zone(visit.zone)
        held_then = f"{statements.NOT_READ_YET} · {hero.held:,} held on {_minute(last, visit.zone)}"
        st.markdown(f"**{name}:** {held_then}", help=shown)
    else:
        name = ("Today" if is_now else of_day) + of_zone(visit.zone)
        doubt = "" if is_now or visit.view.as_of else statements.claim_words(hero.reach, zone=visit.zone)
        # As the hero, without a store of which only a part was ever read: a list has that part, and no sum.
        begun = tuple(one.store for one in hero.reach.readings if one.read_at)
        _books(visit, name, visit.ask(balance, begun, midnight, visit.up_to), doubt, shown)
    if hero.taken_down:
        words = f"{hero.taken_down:,} taken down, not counted ›"
        nav.link("worklist", words, card_tiles.worklist_query(visit, TAKEN_DOWN))


def _books(visit: Visit, name: str, books: Books, doubt: str, shown: str) -> None:
    """Draw the sum of a day; `doubt` is what it does not speak for, `shown` its definition."""
    words = f"**{name}:** {sum_words(books)}{f' · {plain(doubt)}' if doubt else ''}"
    read = [one.read_at for one in books.closing_reach.read if one.read_at]
    st.markdown(words, help=shown)
    asked = books.entered >= ASKED_FROM and read and max(read) > books.start
    if books.left or asked:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="books-of-the-day"):
            if books.left:
                st.caption(f"left for {_by({flow: books.flows[flow] for flow in LEAVING})}", width="content")
            if asked:
                causes.link(visit, Movement(What.HELD, books.start, max(read), visit.view.store_keys, about="bridge"))
    if not books.begun:
        for at in list(books.connected.values())[:1]:
            st.caption(plain(statements.first_read_words(books.first_seen, at, visit.zone)))


def sum_words(books: Books) -> str:
    """Write the sum of the day: what was held at midnight, what was first seen, entered and left, what is held."""
    terms = [f"{books.opening:,} at midnight"] if books.begun else []
    if books.begun and not books.opening_reach.read:
        terms = [f"{books.opening:,} when last read before midnight"]
    if books.first_seen or not books.begun:
        terms.append(f"{books.first_seen:,} {'in a store connected' if books.begun else 'when first read'}")
    entered, left = statements.entered_and_left(books.entered, books.left, books.closing_reach)
    return f"{' + '.join(terms)} + {entered} − {left} = **{books.closing:,}**"


def _minute(at: datetime | None, zone: tzinfo) -> str:
    return f"{day(at, zone)} {at.astimezone(zone):%H:%M}{of_zone(zone)}" if at else "–"


def _by(counts: Mapping[Flow, int]) -> str:
    return " · ".join(f"{STATUS_WORDS.get(status, status)} {count:,}" for status, count in counts.items() if count)
