"""The words for listings that left sale: how many, where to, and why as far as AliExpress says. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from aexdash.model import Status
from aexdash.snapshot.compared.expiring import Expiring, ExpiringSoon
from aexdash.snapshot.compared.gone import Gone
from aexdash.snapshot.compared.standing import StatusRead
from aexdash.snapshot.matched.report import StockThen
from aexdash.words.common import STATUS_WORDS, moment, plural

CAUSE_WORDS: Mapping[str, str] = {
    "expire_offline": "expired",
    "user_offline": "taken off by hand",
    "violate_offline": "taken down for a violation",
    "punish_offline": "taken down as a penalty",
    "degrade_offline": "taken down: service level",
    "industry_offline": "taken down: access to the industry not renewed",
}
"""What AliExpress' words for the cause of offline mean (reference sources.md §2.2)."""

Asked = tuple[str, int, datetime]
"""A listing and a moment: store key, product id, moment."""

Titles = Mapping[str, str]
"""How stores are called, by key; without it they are named by their keys."""

Reads = Mapping[tuple[str, Status], StatusRead]
"""When what is on sale was last read and next, by (store key, status)."""


def where_words(one: Gone) -> str:
    """Say where a listing went: `offline (expired)`, `rejected`; an unknown word of AliExpress stays as it is."""
    status = STATUS_WORDS[one.to]
    return f"{status} ({CAUSE_WORDS.get(one.cause, one.cause)})" if one.cause else status


def when_words(one: Gone, zone: tzinfo = UTC) -> str:
    """Say when it left, with both ends of what is known."""
    after = f"after {moment(one.after, zone)}, " if one.after else ""
    return f"{after}by {moment(one.by, zone)}"


def stock_words(one: Gone, zone: tzinfo = UTC) -> str:
    """Say what stock it had when its detail was last read, and when that was."""
    return "not known" if one.stock is None else f"{one.stock:,} on {moment(one.stock_at, zone)}"


def stock_then_words(then: StockThen | None, zone: tzinfo = UTC) -> str:
    """Say what stock the shop had of it, and by which reading; not known where no shop had shown it by then."""
    if then is None or then.read_at is None:
        return "not known"
    pieces = "not known" if then.pieces is None else f"{then.pieces:,}"
    return f"{pieces}, shop read {moment(then.read_at, zone)}"


def out_words(gone: Sequence[Gone], then: Mapping[Asked, StockThen]) -> str:
    """Say how many of what left sale had nothing left in the shop, of those of which that is known; else nothing."""
    known = [one for one in gone if asked_of(one) in then and then[asked_of(one)].pieces is not None]
    if not known:
        return ""
    out = sum(then[asked_of(one)].is_out for one in known)
    return f"Out of stock in the shop at that time: {out:,} of {len(known):,} of which that is known."


def asked_of(one: Gone) -> Asked:
    """Return for which moment the stock of a listing that left sale is asked: when it was first seen to be gone."""
    return one.store, one.product_id, one.by


def summary(
    gone: Sequence[Gone],
    start: datetime,
    end: datetime,
    reads: Reads,
    zone: tzinfo = UTC,
    *,
    titles: Titles | None = None,
) -> str:
    """Say how many were seen to leave sale in a span and where to; not known where nobody read it.

    A store of which what is on sale was not read can have more: what it held is read more often, and shows some.
    """
    span = f"after {moment(start, zone)} and up to {moment(end, zone)}"
    read = sum(bool(one.read_at and one.read_at > start) for one in reads.values())
    begun = any(one.begun_after(start) for one in reads.values())
    if not (read or gone):
        return f"Not known: what is on sale was not read {span}."
    if not gone:
        part = "" if read == len(reads) else f", in {read:,} of {plural(len(reads), 'store')}"
        return f"No listing was seen to leave sale {span}{part}.{begun_words(reads, start, zone, titles)}"
    to = Counter(where_words(one) for one in gone).most_common()
    back = sum(one.is_back for one in gone)
    again = f"; {back:,} of them {'is' if back == 1 else 'are'} on sale again" if back else ""
    where = ", ".join(f"{many:,} {words}" for words, many in to)
    bound = "" if read == len(reads) and not begun else "At least "
    seen = f"{bound}{plural(len(gone), 'listing')} seen to leave sale {span}: {where}{again}."
    return f"{seen}{begun_words(reads, start, zone, titles)}"


def is_known(reads: Reads, start: datetime) -> bool | None:
    """Whether a span was read of every store from its start on; None: of none."""
    read = [bool(one.read_at and one.read_at > start) for one in reads.values()]
    if not any(read):
        return None
    return all(read) and not any(one.begun_after(start) for one in reads.values())


def begun_words(reads: Reads, start: datetime, zone: tzinfo = UTC, titles: Titles | None = None) -> str:
    """Say, to follow a sentence on a span, in which stores reading began within it; nothing where in none."""
    begun = {store: at for (store, _), one in reads.items() if (at := one.begun_after(start))}
    if not begun:
        return ""
    which = "" if len(reads) == 1 else f" in {_names(list(begun), titles)}"
    when = moment(min(begun.values()), zone)
    return f" First read{which} {when}{' or later' if len(set(begun.values())) > 1 else ''}: nothing is known before."


def not_read_in(reads: Reads, start: datetime) -> list[str]:
    """Return the stores that nobody has read since the start of a span."""
    return [store for (store, _), one in reads.items() if one.read_at is None or one.read_at <= start]


def read_words(reads: Reads, start: datetime, zone: tzinfo = UTC, titles: Titles | None = None) -> str:
    """Say when what is on sale was last read in a span, of several stores the longest ago, and where it was not."""
    unread = not_read_in(reads, start)
    last = min((one.read_at for one in reads.values() if one.read_at and one.read_at > start), default=None)
    words = (
        f"What is on sale was last read {moment(last, zone)}: what went offline or was deleted since is not seen yet."
        if last
        else ""
    )
    return " ".join(filter(None, (words, f"Not read in this span: {_names(unread, titles)}." if unread else "")))


def _names(stores: Sequence[str], titles: Titles | None) -> str:
    return ", ".join((titles or {}).get(key, key) for key in stores)


def is_expiring_known(soon: ExpiringSoon, reads: Reads) -> bool | None:
    """Whether of everything on sale the date is known on which it expires; None: of nothing."""
    if all(one.read_at is None for one in reads.values()) or (soon.on_sale and not soon.dated):
        return None
    return soon.dated == soon.on_sale and all(one.read_at for one in reads.values())


def expiring_words(
    soon: ExpiringSoon, days: int, reads: Reads, zone: tzinfo = UTC, titles: Titles | None = None
) -> str:
    """Say how many on sale expire within some days, and of how many the date is known; never none where of none.

    Stores of which nobody has read what is on sale are named.
    """
    never = [store for (store, _), one in reads.items() if one.read_at is None]
    lacking = f" What is on sale was never read in {_names(never, titles)}." if never else ""
    last = min((one.read_at for one in reads.values() if one.read_at), default=None)
    if last is None:
        return "Not known: what is on sale was never read."
    if not soon.on_sale:
        return f"No listing was on sale when last read, {moment(last, zone)}.{lacking}"
    if not soon.dated:
        return f"Not known: AliExpress tells no end date of the {plural(soon.on_sale, 'listing')} on sale.{lacking}"
    many = len(soon.listings)
    part = soon.dated < soon.on_sale
    known = f"Of {soon.on_sale:,} on sale the date is known of {soon.dated:,}: of these, " if part else ""
    over = f"; the date of {soon.overdue:,} is over, and they were on sale when last read" if soon.overdue else ""
    within = f"within {plural(days, 'day')}"
    none = f"{'none' if part else 'None'} expires {within}"
    words = f"{plural(many, 'listing expires', 'listings expire')} {within}" if many else none
    return f"{known}{words}{over}. Last read {moment(last, zone)}.{lacking}"


def ends_words(one: Expiring, now: datetime, zone: tzinfo = UTC) -> str:
    """Say when a listing expires and in how many whole days."""
    days = (one.at - now).days
    left = "within a day" if days < 1 else f"in {plural(days, 'day')}"
    return f"{left}, {moment(one.at, zone)}"
