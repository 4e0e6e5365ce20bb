"""Stores the values of the cards after a sync, so that their history can be shown."""

from __future__ import annotations

import contextlib
from datetime import datetime

from sqlite_utils import Database

from aexdash.cards.held import HERO
from aexdash.cards.model import CardValue
from aexdash.cards.registry import CARDS, values
from aexdash.snapshot.file import transaction
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.on_sale import KEPT
from aexdash.snapshot.stores import key_of

DAYS_A_RUN = 14
"""The most ends of days written in one run; after a long pause, or for a new file, the next runs write the others."""

GAPS = dict.fromkeys((*CARDS, *KEPT), CardValue(None, note="Nothing was read on that day."))
"""The values of a day without a complete run, by card key."""


def record_cards(db: Database, store_id: int, at: datetime) -> int:
    """Store the values of a store's cards at `at`, where they changed, and at the end of each day that is over.

    Returns how many values were written. A day that no complete run covers ends with no data.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    key = key_of(db.conn, store_id)
    ends = reversed(card_values.days_to_end(db.conn, store_id, HERO.key, at, DAYS_A_RUN))
    days = {day.at: _values(db, key, day.at, at) if day.covered else GAPS for day in ends}
    present = _values(db, key, None, at)  # computed before the transaction, so that other writers do not wait for it
    with transaction(db):
        written = sum(card_values.keep(db, store_id, ended, day, day_end=True) for day, ended in days.items())
        return written + card_values.keep(db, store_id, present, at)


def _values(db: Database, key: str, as_of: datetime | None, now: datetime) -> dict[str, CardValue]:
    """Compute the values of the cards and of the parts that some have; for the present nothing stored is used."""
    measures = Measures(lambda: contextlib.nullcontext(db.conn), [key], as_of, now, live=as_of is None)
    of_cards = values(measures)
    ratios = measures.ratios()
    return {**{part: _ratio(ratios.get(part)) for part in KEPT}, **of_cards}


def _ratio(ratio: tuple[float, float] | None) -> CardValue:
    """Return numerator ÷ denominator; no data where it is not known any more, so that the last one does not go on."""
    return CardValue(ratio[0] / ratio[1], *ratio) if ratio else CardValue(None)
