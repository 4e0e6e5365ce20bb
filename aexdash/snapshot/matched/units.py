"""What a funnel is counted of: each variant of a store's shops with how far it got, and each listing of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from aexdash.clock import DAY, from_text_or_none, to_text
from aexdash.model import Status
from aexdash.shops.records import SourceState
from aexdash.snapshot.columns import moment
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.telling import codes_of, side_of
from aexdash.snapshot.shops.readmodels import Matching
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.trade.orders import COUNTS, order_state

LISTINGS = """
SELECT p.product_id, p.status, p.cause, l.title, l.sku_codes, d.read_at IS NOT NULL
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status <> 'deleted'
"""

FEED_FILE = """
SELECT id, coalesce(dated_at, read_at), name FROM feed_file
WHERE store_id = :store AND rows > 0 AND coalesce(dated_at, read_at) <= :now
ORDER BY coalesce(dated_at, read_at) DESC, id DESC LIMIT 1
"""
"""The newest validation file that could be read; its predecessors may tell of what was mended since."""

REFUSED = "SELECT DISTINCT trim(sku) FROM feed_row WHERE file_id = ? AND rejected"

SOLD = f"""
SELECT DISTINCT o.product_id FROM order_line AS o
WHERE o.store_id = :store AND o.created_at >= :start AND o.created_at < :until AND {COUNTS}
"""  # noqa: S608

READ = """
SELECT max(r.as_of) FROM walk AS w JOIN sync_run AS r ON r.id = w.run_id
WHERE w.store_id = :store AND w.status = :status AND w.complete = 1
"""

HELD_READ = f"""
SELECT max(r.as_of) FROM sync_run AS r WHERE r.store_id = :store AND 2 = (
    SELECT count(*) FROM walk AS w WHERE w.run_id = r.id AND w.status IN {HELD_STATUSES} AND w.complete = 1
)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class StepRead:
    """When what a step is about was last read; None: never. `whole`: all of it was read then."""

    at: datetime | None
    whole: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A variant of a shop, for one store. None in `refused`, `status` and `sold` is *not read*.

    `listing` is the product id that it is. `sold`: its listing was sold in the days that are asked about. `key` is what
    it is matched by; `candidates` are the product ids that an ambiguous one may be.
    """

    store: str
    shop: str
    variant_id: str
    sku: str
    title: str
    state: SourceState
    channels: tuple[str, ...] | None
    fate: Fate
    listing: int | None = None
    refused: bool | None = None
    status: Status | None = None
    cause: str | None = None
    sold: bool | None = None
    key: str = ""
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TheirUnit:
    """A listing of a store, and what became of it when it was matched with the shops: of several the best.

    `codes` are its SKU codes as far as they were read; `candidates` are the variants, each by shop and id, that an
    ambiguous one may be.
    """

    store: str
    product_id: int
    title: str
    status: Status
    fate: Fate
    codes: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One store with its shops. `reads` are by step: shop, feed, known, audit, on_sale, sold.

    `every_status`: AliExpress was read in every status, so all its listings are there, if not the codes of all.
    """

    store: str
    units: tuple[Unit, ...]
    theirs: tuple[TheirUnit, ...]
    reads: Mapping[str, StepRead]
    every_status: bool = False


_BEST = (Fate.MATCHED, Fate.PROBABLE, Fate.AMBIGUOUS, Fate.UNREAD, Fate.ALONE, Fate.NO_KEY)


def side(connection: sqlite3.Connection, store: int, key: str, now: datetime, days: int) -> Side | None:
    """Read the units of a store; None where it has no shop."""
    report = ShopReport(lambda: nullcontext(connection))
    shops = report.of_store(key)
    if not shops:
        return None
    bound: dict[str, object] = {"store": store, "now": to_text(now)}
    listed = {row[0]: row[1:] for row in connection.execute(LISTINGS, bound)}
    codes = {one: codes_of(row[3], read=bool(row[4])) for one, row in listed.items()}
    feed, refused = _feed(connection, bound)
    orders, sold = _sold(connection, store, now, days)
    units: list[Unit] = []
    fates: dict[int, Fate] = {}
    may_be: dict[int, list[tuple[str, str]]] = {}
    for shop in shops:
        told = side_of(report, shop, codes)
        by_sku = shop.matching is Matching.SKU
        for variant in told.variants.values():
            found = told.matches.of_variant[variant.variant_id]
            listing = found.listings[0] if found.fate in (Fate.MATCHED, Fate.PROBABLE) else None
            status, cause = listed[listing][:2] if listing is not None else (None, None)
            units.append(
                Unit(
                    store=key,
                    shop=shop.key,
                    variant_id=variant.variant_id,
                    sku=variant.sku or "",
                    title=variant.title,
                    state=variant.state,
                    channels=variant.channels,
                    fate=found.fate,
                    listing=listing,
                    refused=None if feed.at is None else (variant.sku or "") in refused,
                    status=None if status is None else Status(status),
                    cause=cause,
                    sold=None if sold is None or listing is None else listing in sold,
                    key=((variant.sku if by_sku else variant.match_key) or "").strip(),
                    candidates=found.listings if found.fate is Fate.AMBIGUOUS else (),
                )
            )
        for one, fate in told.matches.of_listing.items():
            fates[one] = min(fates.get(one, fate), fate, key=_BEST.index)
            if fate is Fate.AMBIGUOUS:
                may_be.setdefault(one, []).extend((shop.key, variant) for variant in told.matches.variants_of[one])
    theirs = tuple(
        TheirUnit(
            store=key,
            product_id=one,
            title=row[2],
            status=Status(row[0]),
            fate=fates[one],
            codes=codes[one] or (),
            candidates=tuple(may_be.get(one, ())) if fates[one] is Fate.AMBIGUOUS else (),
        )
        for one, row in listed.items()
    )
    complete = [shop.complete.ended_at for shop in shops if shop.complete]
    names = ", ".join(shop.title or shop.key for shop in shops)
    whole = len(complete) == len(shops)
    read, every_status = _read(connection, store)
    if Fate.UNREAD in fates.values():  # any of them may be any variant
        read["known"] = replace(read["known"], whole=False)
    reads = {
        "shop": StepRead(min(complete, default=None), whole, names),
        "feed": feed,
        **read,
        "sold": orders,
    }
    return Side(key, tuple(units), theirs, reads, every_status)


def _feed(connection: sqlite3.Connection, bound: dict[str, object]) -> tuple[StepRead, set[str]]:
    row = connection.execute(FEED_FILE, bound).fetchone()
    if row is None:
        return StepRead(None, whole=False), set()
    file, at, name = row
    return StepRead(moment(at), whole=True, about=name), {sku for (sku,) in connection.execute(REFUSED, [file])}


def _sold(connection: sqlite3.Connection, store: int, now: datetime, days: int) -> tuple[StepRead, set[int] | None]:
    """Return how far orders were read, and the listings sold in the days up to there; None: not read."""
    state = order_state(connection, store)
    if state.read_from is None or state.read_until is None or state.read_until <= state.read_from:
        return StepRead(None, whole=False, about=state.note), None
    until = min(state.read_until, now)
    start = until - days * DAY
    bound = {"store": store, "start": to_text(start), "until": to_text(until)}
    sold = {product for (product,) in connection.execute(SOLD, bound)}
    return StepRead(until, whole=state.read_from <= start), sold


def _read(connection: sqlite3.Connection, store: int) -> tuple[dict[str, StepRead], bool]:
    """Return when AliExpress was read: all of it, what is held, and what is on sale; and whether every status was."""
    (held,) = connection.execute(HELD_READ, {"store": store}).fetchone()
    active, offline = (
        connection.execute(READ, {"store": store, "status": status}).fetchone()[0] for status in ("active", "offline")
    )
    every = [at for at in (held, active, offline) if at]
    whole = len(every) == 3
    reads = {
        "known": StepRead(from_text_or_none(min(every, default=None)), whole=whole),
        "audit": StepRead(from_text_or_none(held), whole=held is not None),
        "on_sale": StepRead(from_text_or_none(active), whole=active is not None),
    }
    return reads, whole
