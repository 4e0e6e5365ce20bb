"""Computes the values of cards in plain Python from a list of periods, as a model to compare with."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aexdash.model import HELD, Status

TAKEN_DOWN = "violate_offline"
DAY = timedelta(days=1)

ReadAt = Callable[[str, datetime], datetime]
"""When a store was last completely read, at or before a moment: there ages end."""


@dataclass(frozen=True)
class Stay:
    """A listing of a store was in a status from `start` until `end` (None: it still is).

    `seen`: we saw it come; `came`: and the store was read right before. `sold` is what it sold a day before it was
    held, None where that was not worked out.
    """

    store: str
    listing: int
    status: Status
    start: datetime
    end: datetime | None
    seen: bool
    cause: str | None = None
    sold: float | None = None
    finding: bool = False
    came: bool = True

    def at(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


def told(
    stays: list[Stay], connected: dict[str, datetime], moment: datetime, read_at: ReadAt
) -> dict[str, float | None]:
    """Every card that is told by periods alone, at a moment. `connected`: when each store was first read."""
    stores = [store for store, first in connected.items() if first <= moment]
    if not stores:
        return {}
    mine = [stay for stay in stays if stay.store in stores]
    here = [stay for stay in mine if stay.at(moment)]
    held = [stay for stay in here if stay.status in HELD]
    present = [stay for stay in here if stay.status is not Status.DELETED]
    taken_down = [stay for stay in here if stay.status is Status.OFFLINE and stay.cause == TAKEN_DOWN]
    all_along = [stay for stay in mine if stay.store not in joined(connected, moment)]
    lengths = [days(spell) for spell in cleared(all_along, moment) if spell[0].came and spell[-1].came]
    rejections = [
        stay for stay in all_along if stay.status is Status.REJECTED and stay.seen and in_30_days(stay.start, moment)
    ]
    again = [stay for stay in rejections if any(is_earlier_rejection(one, stay) for one in mine)]
    return {
        "aex_rejected_auditing_listings": len(held),
        "aex_rejected_listings_24h": len(
            {
                (stay.store, stay.listing)
                for stay in mine
                if stay.status is Status.REJECTED and stay.seen and moment - DAY < stay.start <= moment
            }
        ),
        "aex_active_listings": sum(stay.status is Status.ACTIVE for stay in here),
        "aex_total_listings": len(present),
        "aex_listing_suppressed_pct": 100 * len(held) / len(present) if present else None,
        "aexdash_oldest_rejected_days": oldest(here, Status.REJECTED, moment, read_at),
        "aexdash_oldest_auditing_days": oldest(here, Status.AUDITING, moment, read_at),
        "aexdash_time_to_clear_median_days": statistics.median(lengths) if lengths else None,
        "aexdash_time_to_clear_p90_days": nearest_rank(lengths) if lengths else None,
        "aexdash_stuck_in_audit": sum(stuck(stays, store, read_at(store, moment)) for store in stores),
        "aexdash_rerejection_rate": 100 * len(again) / len(rejections) if rejections else None,
        "aexdash_taken_down": len(taken_down),
        "aexdash_at_risk": sum(stay.finding and stay.status is Status.ACTIVE for stay in here) or None,
        "aexdash_money_held_back": sum(stay.sold or 0 for stay in held)
        if not held or any(stay.sold is not None for stay in held)
        else None,
        **dict.fromkeys(("aexdash_shop_drift", "aexdash_fixed_in_shop")),  # these stores have no shop
    }


def joined(connected: dict[str, datetime], moment: datetime) -> set[str]:
    """Stores first read within the 30 whole days, and more than a day after the first of those that count.

    Of what was held in them before, nobody knows, so they take no part in lengths and repeats.
    """
    start = max(whole_days(moment) - 30 * DAY, min(connected.values()) + DAY)
    return {store for store, first in connected.items() if first > start}


def whole_days(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def in_30_days(at: datetime, moment: datetime) -> bool:
    return whole_days(moment) - 30 * DAY < at <= whole_days(moment)


def oldest(here: list[Stay], status: Status, moment: datetime, read_at: ReadAt) -> float:
    return max(((read_at(stay.store, moment) - stay.start) / DAY for stay in here if stay.status is status), default=0)


def spells(stays: list[Stay]) -> list[list[Stay]]:
    """Held stays that follow each other without a break, with the stay after them, if any."""
    found: list[list[Stay]] = []
    for one in {(stay.store, stay.listing) for stay in stays}:
        line = sorted((stay for stay in stays if (stay.store, stay.listing) == one), key=lambda stay: stay.start)
        spell: list[Stay] = []
        for stay in line:
            spell.append(stay)
            if stay.status not in HELD:
                found.append(spell)
                spell = []
    return [spell for spell in found if len(spell) > 1]


def cleared(stays: list[Stay], moment: datetime) -> list[list[Stay]]:
    """Spells that ended on sale in the 30 whole days before."""
    return [
        spell for spell in spells(stays) if spell[-1].status is Status.ACTIVE and in_30_days(spell[-1].start, moment)
    ]


def days(spell: list[Stay]) -> float:
    return (spell[-1].start - spell[0].start) / DAY


def nearest_rank(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def is_earlier_rejection(one: Stay, stay: Stay) -> bool:
    return (
        (one.store, one.listing) == (stay.store, stay.listing)
        and one.status is Status.REJECTED
        and one.start < stay.start
    )


def stuck(stays: list[Stay], store: str, moment: datetime) -> int:
    audits = [stay for stay in stays if stay.store == store and stay.status is Status.AUDITING]
    ended = [
        (stay.end - stay.start) / DAY
        for stay in audits
        if stay.seen and stay.end and moment - 90 * DAY < stay.end <= moment
    ]
    limit = nearest_rank(ended) if len(ended) >= 20 else 3
    return sum((moment - stay.start) / DAY > limit for stay in audits if stay.at(moment))
