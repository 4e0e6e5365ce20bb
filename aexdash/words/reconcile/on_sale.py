"""The words for listings on sale that sell nothing, and for those that were changed after they were approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.snapshot.compared.changed_again import ChangedAgain
from aexdash.snapshot.compared.standing import StatusRead
from aexdash.snapshot.compared.unsold import Unsold, UnsoldOfStore
from aexdash.words.common import STATUS_WORDS, moment, plural
from aexdash.words.reconcile.gone import begun_words, not_read_in

Reads = Mapping[tuple[str, Status], StatusRead]
"""When what is on sale was last read and next, by (store key, status)."""

Titles = Mapping[str, str]
"""How stores are called, by key; without it they are named by their keys."""

EDITS = (
    "An edit sends a listing back into audit, and AliExpress may look again on its own. Its time of the last change "
    "moves with stock and price too."
)


def is_unsold_known(stores: Sequence[UnsoldOfStore], reads: Reads) -> bool | None:
    """Whether of every store what is on sale and all orders of the days were read; None: of none."""
    known = [bool(one.until and reads[one.store, Status.ACTIVE].read_at) for one in stores]
    if not any(known):
        return None
    return all(known) and all(one.whole for one in stores)


def unsold_words(
    stores: Sequence[UnsoldOfStore], days: int, reads: Reads, zone: tzinfo = UTC, titles: Titles | None = None
) -> str:
    """Say how many on sale sold nothing in some days, and of which stores that is not known or only at most so many."""
    named = titles or {}
    never = [one.store for one in stores if reads[one.store, Status.ACTIVE].read_at is None]
    seen = [one for one in stores if one.store not in never]
    told = [one for one in seen if one.until]
    untold = "".join(f" {_untold(one, named)}" for one in seen if not one.until)
    unread = f" What is on sale was never read in {', '.join(named.get(key, key) for key in never)}." if never else ""
    if not told:
        return f"Not known which listings on sale sold nothing.{untold}{unread}"
    last = f" What is on sale was last read {moment(_last_read(reads), zone)}."
    rest = f"{_younger(told, days)}{last}{''.join(f' {_partly(one, named, zone)}' for one in told if not one.whole)}"
    long_enough = sum(one.on_sale - one.younger for one in told)
    if not long_enough:
        return f"No listing is known to have been on sale for {plural(days, 'day')}.{rest}{untold}{unread}"
    many, before = _count(told), sum(bool(one.units_before) for store in told for one in store.listings)
    counted = "None" if not many else f"{many:,}" if all(one.whole for one in told) else f"At most {many:,}"
    ends = {one.until for one in told if one.until}
    until = f" up to {moment(min(ends), zone)}" + (" or later" if len(ends) > 1 else "")
    sold = f"; {before:,} of them had sold before" if before else ""
    of = f"{plural(long_enough, 'listing')} on sale for {plural(days, 'day')}"
    return f"{counted} of {of} sold nothing in the days{until}{sold}.{rest}{untold}{unread}"


def _last_read(reads: Reads) -> datetime | None:
    """Return when what is on sale was last read, of several stores the longest ago."""
    return min((one.read_at for one in reads.values() if one.read_at), default=None)


def _count(stores: Sequence[UnsoldOfStore]) -> int:
    return sum(len(one.listings) for one in stores)


def _younger(stores: Sequence[UnsoldOfStore], days: int) -> str:
    younger = sum(one.younger for one in stores)
    if not younger:
        return ""
    are = "is" if younger == 1 else "are"
    return f" {younger:,} {are} not known to have been on sale for {plural(days, 'day')}, and left out."


def _partly(one: UnsoldOfStore, named: Titles, zone: tzinfo) -> str:
    name = named.get(one.store, one.store)
    return f"Orders of {name} were read from {moment(one.read_from, zone)} on: some may have sold before that."


def _untold(one: UnsoldOfStore, named: Titles) -> str:
    why = f": {one.note.rstrip('.')}" if one.note else ""
    return f"Orders of {named.get(one.store, one.store)} were not read{why}."


def sold_words(one: Unsold, zone: tzinfo = UTC) -> str:
    """Say when a listing last sold, as far as orders were read."""
    if one.last_sale is None:
        return "none in the orders that were read"
    return f"{moment(one.last_sale, zone)}; {plural(one.units_before, 'piece')} before"


def since_words(one: Unsold, until: datetime, zone: tzinfo = UTC) -> str:
    """Say since when a listing has been on sale, and for how many days up to the last order that was read."""
    bound = "≥ " if one.or_longer else ""
    return f"{bound}{plural((until - one.since) // DAY, 'day')}, since {moment(one.since, zone)}"


def pieces_words(one: Unsold, zone: tzinfo = UTC) -> str:
    """Say what stock it had when its detail was last read, and when that was."""
    return "not known" if one.stock is None else f"{one.stock:,} on {moment(one.stock_at, zone)}"


def changed_words(
    found: Sequence[ChangedAgain],
    start: datetime,
    end: datetime,
    reads: Reads,
    zone: tzinfo = UTC,
    *,
    titles: Titles | None = None,
) -> str:
    """Say how many approved listings were changed again; not known where nobody read what is on sale in the span."""
    span = f"after {moment(start, zone)} and up to {moment(end, zone)}"
    unread = not_read_in(reads, start)
    if len(unread) == len(reads) and not found:
        return f"Not known: what is on sale was not read {span}."
    named = titles or {}
    begun = begun_words(reads, start, zone, titles)
    lacking = f" Not read in this span: {', '.join(named.get(key, key) for key in unread)}." if unread else ""
    lacking += begun
    if not found:
        return f"No listing approved {span} was seen to change again.{lacking}"
    edited = sum(one.edited_at is not None for one in found)
    parts = [f"{len(found) - edited:,} went into audit again"] if edited < len(found) else []
    parts += [f"{edited:,} on sale still, edited since"] if edited else []
    bound = "At least " if unread or begun else ""
    return f"{bound}{plural(len(found), 'listing')} approved {span} and changed again: {', '.join(parts)}.{lacking}"


def approved_words(one: ChangedAgain, zone: tzinfo = UTC) -> str:
    """Say between which two readings a listing was approved."""
    after = f"after {moment(one.approved_after, zone)}, " if one.approved_after else ""
    return f"{after}by {moment(one.approved_by, zone)}"


def again_words(one: ChangedAgain, zone: tzinfo = UTC) -> str:
    """Say how a listing was changed again, and when."""
    if one.again_by is None:
        return f"edited {moment(one.edited_at, zone)} by AliExpress' word, on sale still"
    after = f"after {moment(one.again_after, zone)}, " if one.again_after else ""
    return f"in audit again {after}by {moment(one.again_by, zone)}; now {STATUS_WORDS[one.now]}"
