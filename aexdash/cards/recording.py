"""Records what the cards say after a sync, so that their past can be shown."""

from __future__ import annotations

import contextlib
from datetime import datetime

from sqlite_utils import Database

from aexdash.cards.held import HERO
from aexdash.cards.model import CardValue
from aexdash.cards.registry import CARDS, values
from aexdash.snapshot import health
from aexdash.snapshot.file import transaction
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.on_sale import KEPT

DAYS_A_RUN = 14
"""Ends of days written in one run: after a long pause, or for a store with a past, the next runs go on."""

GAPS = dict.fromkeys((*CARDS, *KEPT), CardValue(None, note="Nothing was read on that day."))


def record_cards(db: Database, store_id: int, at: datetime) -> int:
    """Write what the cards say of a store at `at`, where it changed, and at the end of days that are over.

    Returns how many values were written. A day that no complete run covers ends with no data.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    key = next(store.key for store in health.stores(db.conn) if store.id == store_id)
    ends = reversed(card_values.days_to_end(db.conn, store_id, HERO.key, at, DAYS_A_RUN))
    days = {day.at: _told(db, key, day.at, at) if day.covered else GAPS for day in ends}
    present = _told(db, key, None, at)  # worked out before the write transaction, which others wait for
    with transaction(db):
        written = sum(card_values.keep(db, store_id, told, day, day_end=True) for day, told in days.items())
        return written + card_values.keep(db, store_id, present, at)


def _told(db: Database, key: str, as_of: datetime | None, now: datetime) -> dict[str, CardValue]:
    """What the cards say, and the ratios of the parts that some have; the present is counted anew."""
    measures = Measures(lambda: contextlib.nullcontext(db.conn), [key], as_of, now, live=as_of is None)
    told = values(measures)
    ratios = measures.ratios()
    return {**{part: _ratio(ratios.get(part)) for part in KEPT}, **told}


def _ratio(halves: tuple[float, float] | None) -> CardValue:
    """The ratio of a part, or no data where nothing is known of it any more: an earlier ratio must not go on."""
    return CardValue(halves[0] / halves[1], *halves) if halves else CardValue(None)
