"""Stores the values of the cards after a sync, so that their history can be shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from sqlite_utils import Database

from aexdash.cards.model import CardValue, Need
from aexdash.cards.registry import CARDS, values
from aexdash.cards.window import DAYS
from aexdash.snapshot.file import transaction
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history.card_values import DayEnd
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.on_sale import KEPT
from aexdash.snapshot.stores import key_of

DAYS_A_RUN = 14
"""The most ends of days written in one run; after a long pause, or for a new file, the next runs write the others."""

GAPS = dict.fromkeys((*CARDS, *KEPT), CardValue(None, note="Nothing was read on that day."))
"""The values of a day without a complete run, by card key."""


OF_SHOP_THEN = {
    key: CardValue(None, note="The shop was not read since.") for key, card in CARDS.items() if Need.SHOP in card.needs
}
"""The values of cards beside a shop whose last reading does not speak for the moment, by card key."""

WHOLE_DAYS = tuple(key for key, card in CARDS.items() if card.window in DAYS)
"""The cards that count whole days: their values depend on where a day begins."""


def record_cards(db: Database, store_id: int, at: datetime, zone: tzinfo = UTC) -> int:
    """Store the values of a store's cards at `at`, where they changed, and at the end of each day that is over.

    Days are those of `zone`. When it is another one than before, the values of cards that count whole days are worked
    out anew, for the latest days first.

    Returns how many values were written. A day that no complete run covers ends with no data.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    key = key_of(db.conn, store_id)
    card_values.forget_other_days(db, store_id, WHOLE_DAYS, zone)
    ends = card_values.days_to_end(db.conn, store_id, WHOLE_DAYS[0], at, DAYS_A_RUN, zone=zone)
    days = {end.at: _values(db, key, end.at, at, zone) if end.covered else GAPS for end in reversed(ends)}
    again = {then: _after_a_gap(db, store_id, then, at, zone) for then in _read_again(db, store_id, ends, at)}
    # Computed before the transaction, so that other writers do not wait for it.
    present = _values(db, key, None, at, zone)
    with transaction(db):
        written = sum(
            card_values.keep(db, store_id, {**days, **again}[then], then, day_end=then in days)
            for then in sorted({*days, *again})
        )
        written += card_values.keep(db, store_id, present, at)
        card_values.mark_valued(db, store_id)
    return written


def record_missing_cards(db: Database, store_id: int, zone: tzinfo = UTC) -> int:
    """Store the values of a store's last reading where a process ended between the two; return how many were written.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    at = card_values.not_valued(db.conn, store_id)
    return record_cards(db, store_id, at, zone) if at else 0


def _read_again(db: Database, store_id: int, ends: Iterable[DayEnd], at: datetime) -> set[datetime]:
    """Return the moments before `at` at which the store was read again, after ends of days that nobody read."""
    found = {card_values.read_again(db.conn, store_id, end.at) for end in ends if not end.covered}
    return {then for then in found if then and then < at}


def _after_a_gap(db: Database, store_id: int, then: datetime, now: datetime, zone: tzinfo) -> dict[str, CardValue]:
    """Compute the values at a reading that wrote none because they had not changed: now a gap is put before it."""
    kept = card_values.kept_at(db.conn, store_id, then)
    of_then = _values(db, key_of(db.conn, store_id), then, now, zone)
    return {key: value for key, value in of_then.items() if key not in kept}


def _values(db: Database, key: str, as_of: datetime | None, now: datetime, zone: tzinfo) -> dict[str, CardValue]:
    """Compute the values of the cards and of the parts that some have; for the present nothing stored is used."""
    measures = Measures(lambda: contextlib.nullcontext(db.conn), [key], as_of, now, zone=zone, live=as_of is None)
    of_cards = values(measures)
    if measures.shops_behind():  # what is stored speaks for its moment: alerts and comparisons take it as known
        of_cards |= OF_SHOP_THEN
    ratios = measures.ratios()
    return {**{part: _ratio(ratios.get(part)) for part in KEPT}, **{key: _sure(one) for key, one in of_cards.items()}}


def _sure(value: CardValue) -> CardValue:
    """Return a value as it is kept: *at least 0* is no data, since a chart would draw it as the 0 that is good news.

    So is what is kept as 0, with one decimal, the age of what was first seen an hour ago; and a 0 of a window of which
    a part was not read.
    """
    is_zero = value.value is not None and value.numerator is None and round(value.value, 1) == 0
    is_sure = value.reach.is_window_read and not value.at_least
    return value if is_sure or not is_zero else CardValue(None)


def _ratio(ratio: tuple[float, float] | None) -> CardValue:
    """Return numerator ÷ denominator; no data where it is not known any more, so that the last one does not go on."""
    return CardValue(ratio[0] / ratio[1], *ratio) if ratio else CardValue(None)
