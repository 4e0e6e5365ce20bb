"""The cards about listings on sale: how many, how complete, how good, how many at risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aexdash.cards.held import LEADS, LISTS, NO_SWEEP, NOTHING_READ, SWEEP, share
from aexdash.cards.model import NO_BAND, Band, Card, CardValue, Direction, Need, Window
from aexdash.checks import quality
from aexdash.model import Status
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.measures.facts import Counts, Estimated
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.on_sale import AT_RISK, COMPLETENESS, QUALITY
from aexdash.view import View

DETAILS = "Details of listings on sale, read once a change (reference §3.2), and what their category asks (§4.8)"
READ_ON = "A sweep for what changed; of a catalogue read for the first time, until all details are known"

ESTIMATED = "while details are still read, an estimate of all of them from a random sample, with its 95 % interval."

PARTS = "; ".join(f"{part.name} ({part.weight} points): {part.full.rstrip('.')}" for part in quality.PARTS)


def _count(read: Callable[[Counts], int | None]) -> Callable[[Measures], CardValue]:
    """Return the measure of one of the counts of listings, which `read` takes from `Counts`."""

    def measure(measures: Measures) -> CardValue:
        listings = read(measures.counts())
        return NO_SWEEP if listings is None else CardValue(listings)

    return measure


def _completeness(measures: Measures) -> CardValue:
    known = measures.completeness()
    if known is None:
        return _no_details(measures)
    filled = f"{known.filled:,} of {known.required:,} required attributes are filled" if known.required else ""
    percent = f" ({share(known.filled, known.required):.1f} %)." if known.required else ""
    return _mean(known.complete, 100, f"{filled}{percent}")


def _quality(measures: Measures) -> CardValue:
    known = measures.quality()
    return _no_details(measures) if known is None else _mean(known.score, 1, _what_would_raise(known.parts))


def _mean(total: Estimated, unit: int, note: str) -> CardValue:
    """Return the mean of a sum over listings, in a unit; with its interval while some of them are not read."""
    low, high = (
        (unit * end / total.of for end in (total.interval.low, total.interval.high)) if total.interval else (None, None)
    )
    coverage = (total.known, total.of)
    return CardValue(unit * total.middle / total.of, total.middle, total.of, coverage, low, high, note=note)


def _what_would_raise(parts: Mapping[str, float]) -> str:
    best = quality.most_to_gain(parts)
    if best is None:
        return ""
    part, gain = best
    return f"{part.name} would raise it most: {parts[part.key]:.0f} of 100 now, up to {gain:.1f} points to gain."


def _no_details(measures: Measures) -> CardValue:
    active = measures.counts().active
    if active is None:
        return NO_SWEEP
    return CardValue(None, coverage=(0, active), note="No details of listings on sale are known yet.")


def _at_risk(measures: Measures) -> CardValue:
    risk = measures.at_risk()
    if risk is None:
        return NOTHING_READ
    coverage = None if risk.checked is None or risk.of is None else (risk.checked, risk.of)
    if coverage == (0, 0) and not risk.listings:
        return CardValue(0, coverage=coverage, note="Nothing is on sale.")
    if not risk.listings and not (coverage and coverage[0]):
        return CardValue(None, coverage=coverage, note="No listing on sale was checked yet.")
    if coverage and coverage[0] < coverage[1]:
        return _estimated_risk(risk.listings, coverage, measures.estimates().get(AT_RISK))
    return CardValue(risk.listings, coverage=coverage)


def _estimated_risk(found: int, coverage: tuple[int, int], all_listings: Estimated | None) -> CardValue:
    """Return the estimate of how many there are in all, which are no fewer than those found."""
    note = f"{found:,} found so far."
    if not coverage[0] or all_listings is None or all_listings.interval is None:
        return CardValue(found, coverage=coverage, low=found, note=note)
    low, high = (max(found, round(end)) for end in (all_listings.interval.low, all_listings.interval.high))
    return CardValue(max(found, round(all_listings.middle)), coverage=coverage, low=low, high=high, note=note)


CARDS = (
    Card(
        key="aex_active_listings",
        title="Active listings",
        kind="sibling",
        formula="Listings that a buyer can buy at the moment (`onSelling`).",
        unit="listings",
        window=Window.RT,
        band=NO_BAND,
        why_band="How many are on sale is the store's own choice, so the number alone is neither good nor bad.",
        alert="none",
        roles=LEADS,
        source=LISTS,
        lag=SWEEP,
        needs=(Need.SWEEPS,),
        counts="active",
        measure=_count(lambda counts: counts.active),
    ),
    Card(
        key="aex_total_listings",
        title="Total listings",
        kind="sibling",
        formula="Listings in every state: active, in audit, rejected, offline, and states that we have no word for; "
        "only deleted ones are left out.",
        unit="listings",
        window=Window.RT,
        band=NO_BAND,
        why_band="How large the catalogue is is the store's own choice.",
        alert="none",
        roles=LEADS,
        source=LISTS,
        lag=SWEEP,
        needs=(Need.HELD_WALKS, Need.SWEEPS),
        counts="total",
        measure=_count(lambda counts: counts.total),
    ),
    Card(
        key=COMPLETENESS,
        title="Required attributes complete",
        kind="sibling",
        formula="Listings on sale whose category's required attributes are all filled ÷ listings on sale, in percent; "
        f"{ESTIMATED} Beside it: the share of these attributes that is filled.",
        unit="percent",
        window=Window.RT,
        band=Band(Direction.HIGHER, 95, 90),
        why_band="The published audit profile asks for 90 %; 95 % is ours, half the gap closed.",
        alert="below 90 %",
        roles=(*LEADS, "catalogue"),
        source=DETAILS,
        lag=READ_ON,
        needs=(Need.SWEEPS, Need.DETAILS),
        counts="active",
        combine=Combine.SHARE,
        covers="details known for",
        measure=_completeness,
    ),
    Card(
        key=QUALITY,
        title="Listing quality score",
        kind="sibling",
        formula="The mean score, 0–100, of the listings on sale. A listing's score is made of "
        f"five parts: {PARTS}. What cannot be measured counts neither way. {ESTIMATED[0].upper()}{ESTIMATED[1:]}",
        unit="score",
        window=Window.RT,
        band=Band(Direction.HIGHER, 80, 60),
        why_band="Ours: 80 is a listing with one thing left to mend, below 60 there are several.",
        alert="below 60",
        roles=(*LEADS, "catalogue"),
        source=f"{DETAILS}; pictures measured by us",
        lag=READ_ON,
        needs=(Need.SWEEPS, Need.DETAILS),
        counts="active",
        combine=Combine.MEAN,
        covers="details known for",
        measure=_quality,
    ),
    Card(
        key=AT_RISK,
        title="At risk",
        kind="ours",
        formula="Listings on sale, or waiting to go on sale, on which a finding of our checks stands: what an audit "
        f"would probably stop; {ESTIMATED} Beside it: how many were found.",
        unit="listings",
        window=Window.RT,
        band=Band(Direction.LOWER, 0, 25),
        why_band="Ours: 25 are what one person mends in a week, five a day, before an audit finds them.",
        alert="none",
        roles=(*LEADS, "catalogue"),
        source=f"{DETAILS}; our checks",
        lag=READ_ON,
        needs=(Need.SWEEPS, Need.DETAILS),
        counts="active",
        covers="checked",
        view=View(statuses=(Status.ACTIVE,)),
        measure=_at_risk,
    ),
)
