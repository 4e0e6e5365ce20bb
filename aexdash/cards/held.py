"""The cards about held listings: how many, since when, how fast they are cleared, how often they come back."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

from aexdash.cards.model import About, Band, Card, CardValue, Direction, Need, Window
from aexdash.cards.window import Ending
from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.history.spells import percentile
from aexdash.snapshot.measures.facts import ClosedSpell
from aexdash.snapshot.measures.measures import Measures
from aexdash.view import View

DAY_SECONDS = DAY.total_seconds()

NOTHING_READ = CardValue(None, note="No complete read of what is held yet.")
NO_SWEEP = CardValue(None, note="No complete sweep of every status yet.")

LISTS = "Product lists of the platform, read status by status (reference §3.1)"
PERIODS = "Status periods of the snapshot, which reading the product lists makes"
PULSE = "One pulse: a minute by default"
SWEEP = "One sweep: an hour by default"
LEADS = ("owner", "operations")


UNREAD_BEFORE = "nobody read for a while before some were first seen there."


def share(part: float, whole: float) -> float:
    """Return a part in percent of the whole."""
    return 100 * part / whole


def _hero(measures: Measures) -> CardValue:
    held = measures.counts().held
    return NOTHING_READ if held is None else CardValue(held)


def _rejected_24h(measures: Measures) -> CardValue:
    rejected = measures.rejected(Ending(Window.H24, measures.zone))
    return NOTHING_READ if rejected is None else CardValue(rejected)


def _suppressed(measures: Measures) -> CardValue:
    counts = measures.counts()
    if counts.held is None or counts.total is None:
        return NO_SWEEP
    if not counts.total:
        return CardValue(None, 0, 0, note="The store has no listings.")
    return CardValue(share(counts.held, counts.total), counts.held, counts.total)


def _taken_down(measures: Measures) -> CardValue:
    taken_down = measures.counts().taken_down
    return NO_SWEEP if taken_down is None else CardValue(taken_down)


def _oldest(status: Status, none_note: str) -> Callable[[Measures], CardValue]:
    """Return the measure of how long, in days, the oldest listing of a status has been in it."""

    def measure(measures: Measures) -> CardValue:
        if not measures.known_stores:
            return NOTHING_READ
        oldest = measures.oldest(status)
        if oldest is None:
            return CardValue(0, note=none_note)
        value, most = oldest.seconds / DAY_SECONDS, oldest.most / DAY_SECONDS
        told = CardValue(value, most=most)
        if oldest.at_least:
            return replace(told, note="At least: it stood there when this store was first read.")
        return replace(told, note=f"At most {most:.1f} days: {UNREAD_BEFORE}") if told.at_least else told

    return measure


def cleared(measures: Measures) -> list[ClosedSpell]:
    """Return the spells of the last 30 whole days that ended on sale."""
    spells = measures.spells_closed(Ending(Window.D30, measures.zone))
    return [spell for spell in spells if spell.ended_to is Status.ACTIVE]


def _time_to_clear(summarise: Callable[[Sequence[float]], float]) -> Callable[[Measures], CardValue]:
    """Return the measure of the lengths of cleared spells, in days; `summarise` makes one of the sorted lengths."""

    def measure(measures: Measures) -> CardValue:
        if not measures.known_stores:
            return NOTHING_READ
        spells = cleared(measures)
        lengths = sorted(spell.seconds for spell in spells if spell.whole)
        if not lengths:
            words = f"No listing that was seen to come and to go was cleared in {_of_window(measures)}."
            return CardValue(None, note=words)
        unseen = len(spells) - len(lengths)
        note = f"Without {unseen} that nobody saw come or go." if unseen else ""
        return CardValue(summarise(lengths) / DAY_SECONDS, denominator=len(lengths), note=note)

    return measure


def _of_window(measures: Measures) -> str:
    """Name the last 30 whole days, or, where readings miss in them, the part that was read."""
    unread = measures.reach("held", Ending(Window.D30, measures.zone), throughout=True).unread
    return "the part of these 30 days that was read" if unread else "these 30 days"


def _stuck(measures: Measures) -> CardValue:
    stuck = measures.stuck()
    if stuck is None:
        return NOTHING_READ
    titles = {one.store: one.title or one.store for one in measures.reach("held").readings}
    usual = ", ".join(titles.get(key, key) for key in stuck.usual)
    note = f"Three days are the limit for {usual}: too few audits have ended." if usual else ""
    more = f"At most {stuck.listings + stuck.unseen:,}: {UNREAD_BEFORE}" if stuck.unseen else ""
    said = " ".join(filter(None, (more, note)))
    return CardValue(stuck.listings, note=said, most=stuck.listings + stuck.unseen)


def _rerejection(measures: Measures) -> CardValue:
    rejections = measures.rejections(Ending(Window.D30, measures.zone))
    if rejections is None:
        return NOTHING_READ
    if not rejections.all:
        return CardValue(None, 0, 0, note=f"Nothing was rejected in {_of_window(measures)}.")
    return CardValue(share(rejections.again, rejections.all), rejections.again, rejections.all)


HERO = Card(
    key="aex_rejected_auditing_listings",
    named_for_alerts="aex_rejected_listings",
    title="Rejected / Auditing Listings",
    kind="hero",
    formula="Distinct listings that are in audit or rejected at the moment. A listing that was edited and resubmitted "
    "still counts while it is in audit; one that is offline, also by AliExpress itself, does not.",
    unit="listings",
    window=Window.RT,
    band=Band(Direction.LOWER, 0, 0),
    why_band="The healthy value is 0: every other is a worklist.",
    alert="above 0",
    roles=LEADS,
    source=LISTS,
    lag=f"{PULSE}. A listing leaves the count with the first sync after AliExpress made it active.",
    needs=(Need.HELD_WALKS,),
    view=View(),
    is_about=About.HELD,
    measure=_hero,
)

CARDS = (
    Card(
        key="aex_rejected_listings_24h",
        named_for_alerts="aex_alert_listing_rejection_spike",
        title="Rejected, 24 hours",
        kind="sibling",
        formula="Distinct listings that moved to rejected in the 24 hours up to the moment, wherever they are by then. "
        "Those that were rejected already when their store was first read did not move.",
        unit="listings",
        window=Window.H24,
        band=Band(Direction.LOWER, 0, 2),
        why_band="The published example knows 1 or 2 a day as churn and 38 as a spike; the alert speaks from 1 on.",
        alert="above 0",
        roles=LEADS,
        source=PERIODS,
        lag=PULSE,
        needs=(Need.HELD_WALKS,),
        chart="bar",
        view=View(statuses=(Status.REJECTED,), order="moved"),
        is_about=About.NEWLY_REJECTED,
        measure=_rejected_24h,
    ),
    Card(
        key="aex_listing_suppressed_pct",
        named_for_alerts="listing_suppressed_pct",
        title="Suppressed share",
        kind="sibling",
        formula="Listings in audit or rejected ÷ all listings not deleted, in percent.",
        unit="percent",
        window=Window.RT,
        band=Band(Direction.LOWER, 1, 5),
        why_band="Above 5 % is critical in the published audit profile; 1 % is ours, a fifth of it.",
        alert="above 5 %",
        roles=LEADS,
        source=LISTS,
        lag=SWEEP,
        needs=(Need.HELD_WALKS, Need.SWEEPS),
        counts="total",
        combine=Combine.SHARE,
        view=View(),
        is_about=About.HELD,
        measure=_suppressed,
    ),
    Card(
        key="aexdash_oldest_rejected_days",
        title="Oldest rejection",
        kind="ours",
        formula="How long the listing that has been rejected for longest has been so, from the first reading that "
        "showed it rejected up to the last reading; 0 when none is. A resubmission ends it: how long a listing has "
        "been held in all is its age on the worklist.",
        unit="days",
        window=Window.RT,
        band=Band(Direction.LOWER, 1, 3),
        why_band="A rejection waits for the seller alone: a working day to fix it, and over a weekend three.",
        alert="above 3 days",
        roles=LEADS,
        source=PERIODS,
        lag=PULSE,
        needs=(Need.HELD_WALKS,),
        combine=Combine.MOST,
        view=View(statuses=(Status.REJECTED,), order="in_status"),
        measure=_oldest(Status.REJECTED, "No rejected listing."),
    ),
    Card(
        key="aexdash_oldest_auditing_days",
        title="Oldest audit",
        kind="ours",
        formula="How long the listing that has been in audit for longest has been so, from the first reading that "
        "showed it there up to the last reading; 0 when none is. A verdict ends it: how long a listing has been held "
        "in all is its age on the worklist.",
        unit="days",
        window=Window.RT,
        band=Band(Direction.LOWER, 3, 7),
        why_band="Reviews of the published example take up to two days, so three are unremarkable; after a week ask "
        "AliExpress.",
        alert="above 7 days",
        roles=LEADS,
        source=PERIODS,
        lag=PULSE,
        needs=(Need.HELD_WALKS,),
        combine=Combine.MOST,
        view=View(statuses=(Status.AUDITING,), order="in_status"),
        measure=_oldest(Status.AUDITING, "No listing in audit."),
    ),
    Card(
        key="aexdash_time_to_clear_median_days",
        title="Time to clear, median",
        kind="ours",
        formula="The median length of the spells that ended on sale in the last 30 whole days. A spell is the time "
        "from entering rejected or auditing to leaving both. Spells that nobody saw begin or end are left out, "
        "as nobody knows how long they were: they had begun when their store was first read, or came or went while "
        "nobody read it. Of several stores those are left out, and named, that "
        "joined within the days.",
        unit="days",
        window=Window.D30,
        band=Band(Direction.LOWER, 2, 5),
        why_band="The published example is cleared within two days; five are a working week.",
        alert="above 5 days",
        roles=LEADS,
        source=PERIODS,
        lag="The end of each day",
        needs=(Need.HELD_WALKS,),
        combine=Combine.NONE,
        throughout=True,
        measure=_time_to_clear(statistics.median),
    ),
    Card(
        key="aexdash_time_to_clear_p90_days",
        title="Time to clear, 90th percentile",
        kind="ours",
        formula="The length that nine in ten of the spells which ended on sale in the last 30 whole days did not "
        "exceed (nearest rank); which spells count is said with the median.",
        unit="days",
        window=Window.D30,
        band=Band(Direction.LOWER, 5, 10),
        why_band="Twice what the median may be: the slowest tenth shows what got lost.",
        alert="above 10 days",
        roles=LEADS,
        source=PERIODS,
        lag="The end of each day",
        needs=(Need.HELD_WALKS,),
        combine=Combine.NONE,
        throughout=True,
        measure=_time_to_clear(lambda lengths: percentile(lengths, 90)),
    ),
    Card(
        key="aexdash_stuck_in_audit",
        title="Stuck in audit",
        kind="ours",
        formula="Listings in audit for longer than the 90th percentile (nearest rank) of this store's own audits that "
        "ended in the 90 days before. With fewer than 20 of them the limit is three days. Each store is measured by "
        "its own limit, up to its last reading: time that passes unread makes no audit stuck.",
        unit="listings",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 5),
        why_band="By its definition one audit in ten lasts that long, so a few are usual and many are a change.",
        alert="above 5",
        roles=LEADS,
        source=PERIODS,
        lag=PULSE,
        needs=(Need.HELD_WALKS,),
        view=View(statuses=(Status.AUDITING,), order="in_status"),
        measure=_stuck,
    ),
    Card(
        key="aexdash_rerejection_rate",
        title="Rejected again",
        kind="ours",
        formula="Rejections that came after an earlier rejection of the same listing ÷ all rejections, of the last 30 "
        "whole days, in percent. Of several stores those are left out, and named, that joined within the days.",
        unit="percent",
        window=Window.D30,
        band=Band(Direction.LOWER, 5, 15),
        why_band="A fix that fails costs a whole review: one in twenty is bad luck, more than one in seven is a habit.",
        alert="above 15 %",
        roles=(*LEADS, "catalogue"),
        source=PERIODS,
        lag="The end of each day",
        needs=(Need.HELD_WALKS,),
        combine=Combine.SHARE,
        view=View(order="attempts"),
        throughout=True,
        measure=_rerejection,
    ),
    Card(
        key="aexdash_taken_down",
        title="Taken down by AliExpress",
        kind="ours",
        formula="Listings offline because of a violation or a penalty (`violate_offline`, `punish_offline`). They are "
        "not in the hero, by its definition.",
        unit="listings",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 0),
        why_band="Each is AliExpress's own step against a listing, and many have a time limit for an appeal.",
        alert="above 0",
        roles=LEADS,
        source=LISTS,
        lag=SWEEP,
        needs=(Need.SWEEPS,),
        counts="total",
        view=View(statuses=(Status.OFFLINE,)),
        measure=_taken_down,
    ),
)
