"""Sets the listings of a store beside its shops and keeps what differs, as periods: from one comparison to another.

A comparison is made of what was read last on either side. A shop that was never read completely says nothing to be
missing; a listing that no longer stands anywhere keeps what was told of it last, as ended.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from aexdash.clock import from_text_or_none, to_text
from aexdash.snapshot.file import transaction
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.matched.differences import OurListing, OurSku
from aexdash.snapshot.matched.telling import Listed, codes_of, side_of, told_of
from aexdash.snapshot.shops.readmodels import ShopRow
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

LISTINGS = """
SELECT p.product_id, p.status, p.started_at, p.codes, l.title, d.titles, l.price_min, l.currency, l.sku_codes,
    CASE WHEN d.read_at IS NOT NULL THEN d.skus END, l.modified_at
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected', 'offline')
"""

KEPT = "SELECT product_id, words, told, started_at FROM listing_source WHERE store_id = ? AND ended_at IS NULL"

END = """
UPDATE listing_source SET ended_at = :now WHERE store_id = :store AND product_id = :product AND ended_at IS NULL
"""

BEGIN = """
INSERT INTO listing_source (store_id, product_id, words, told, started_at)
VALUES (:store, :product, :words, :told, :now)
"""

DUE = """
SELECT st.key,
    c.compared_at IS NULL OR EXISTS (
        SELECT 1 FROM shop_reading AS r
        WHERE r.shop_id IN (SELECT shop_id FROM shop_store WHERE store_key = st.key) AND r.ended_at > c.compared_at
    )
FROM store AS st LEFT JOIN source_compared AS c ON c.store_id = st.id
WHERE st.watched = 1 AND (
    c.compared_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM shop AS s JOIN shop_store AS o ON o.shop_id = s.id
        WHERE o.store_key = st.key AND s.watched = 1)
)
"""

TELL = """
UPDATE listing_source SET words = :words, told = :told
WHERE store_id = :store AND product_id = :product AND ended_at IS NULL
"""

FORGET = "DELETE FROM listing_source WHERE store_id = ?"

COMPARED = """
INSERT INTO source_compared (store_id, compared_at, shop_read_at, whole, speaks_until)
VALUES (:store, :now, :read_at, :whole, :speaks_until)
ON CONFLICT (store_id) DO UPDATE SET compared_at = excluded.compared_at, shop_read_at = excluded.shop_read_at,
    whole = excluded.whole, speaks_until = excluded.speaks_until
"""

LAST_COMPARED = "SELECT shop_read_at, whole, speaks_until FROM source_compared WHERE store_id = ?"


def due_stores(connection: sqlite3.Connection) -> dict[str, bool]:
    """Return the stores that have a shop, or had one; true where a shop was read since the last comparison."""
    return {key: bool(news) for key, news in connection.execute(DUE)}


def refresh_sources(db: Database, store_key: str, now: datetime, stale_after: StaleAfter) -> int:
    """Compare the listings of a store with its shops, and keep what came of it; return how many rows were written.

    A store without a shop has none. `stale_after` says for how many seconds a complete reading of a shop speaks for
    the time after it. Call it after a reading of a shop, after a run that changed listings, and when that is another.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    row = db.conn.execute("SELECT id, model FROM store WHERE key = ?", [store_key]).fetchone()
    if row is None:
        return 0
    store, model = row
    report = ShopReport(lambda: nullcontext(db.conn))
    shops = report.of_store(store_key)
    if not shops:
        return _forget(db, store)
    listed = {one.ours.product_id: one for one in _listed(db.conn, store)}
    sides = [side_of(report, shop, {one: told.sku_codes for one, told in listed.items()}) for shop in shops]
    told = {one: told_of(db.conn, of, sides, model) for one, of in listed.items()}
    return _keep(db, store, told, _read_of(shops, stale_after), now)


def _listed(connection: sqlite3.Connection, store: int) -> Iterator[Listed]:
    for row in connection.execute(LISTINGS, {"store": store}):
        product_id, status, since, codes, title, titles, price, currency, sku_codes, skus, modified = row
        named = codes_of(sku_codes, read=skus is not None)
        every = (title, *json.loads(titles).values()) if titles and titles != "{}" else (title,)
        yield Listed(
            OurListing(product_id, every, price, currency, _skus(skus, named or ()), from_text_or_none(modified)),
            status,
            since,
            codes,
            named,
        )


def _skus(text: str | None, codes: Sequence[str]) -> tuple[OurSku, ...] | None:
    """Read the SKUs of a detail; without one, a listing of a single code has that one and the price of the list."""
    if text is None:
        return (OurSku(codes[0], None, None),) if len(codes) == 1 else None
    return tuple(OurSku(one.get("code") or "", one.get("price"), one.get("currency")) for one in json.loads(text))


def _read_of(shops: Sequence[ShopRow], stale_after: StaleAfter) -> dict[str, object]:
    """Say when the shops were last read completely and up to when that speaks, of several the earliest of each."""
    ends = {shop.key: shop.complete.ended_at for shop in shops if shop.complete}
    read_at = min(ends.values(), default=None)
    until = min((at + timedelta(seconds=stale_after(shop)) for shop, at in ends.items()), default=None)
    return {
        "read_at": read_at and to_text(read_at),
        "whole": int(len(ends) == len(shops)),
        "speaks_until": until and to_text(until),
    }


def _keep(
    db: Database, store: int, told: dict[int, tuple[str, list[dict[str, Any]]]], read: dict[str, object], now: datetime
) -> int:
    """Write what has changed since the last comparison; what did not stays as it is."""
    kept = {one: (words, text, at) for one, words, text, at in db.conn.execute(KEPT, [store])}
    moment = to_text(now)
    steps: dict[str, list[dict[str, object]]] = defaultdict(list)
    for product, (words, rows) in told.items():
        text = storable(json.dumps(rows, ensure_ascii=False))
        bound = {"store": store, "product": product, "words": words, "told": text, "now": moment}
        before = kept.pop(product, None)
        if before and before[:2] == (words, text):
            continue
        if before and (before[0] == words or before[2] >= moment):
            steps[TELL].append(bound)
        else:
            steps[END if before else BEGIN].append(bound)
            steps[BEGIN] += [bound] if before else []
    steps[END] += [
        {"store": store, "product": product, "now": moment} for product, one in kept.items() if one[2] < moment
    ]
    changed = sum(map(len, steps.values()))
    of_other_reading = db.conn.execute(LAST_COMPARED, [store]).fetchone() != tuple(read.values())
    with transaction(db) as connection:
        for sql in (END, BEGIN, TELL):
            connection.executemany(sql, steps[sql])
        connection.execute(COMPARED, {"store": store, "now": moment, **read})
        if changed or of_other_reading:
            bump_version(connection)
    return changed


def _forget(db: Database, store: int) -> int:
    """Delete what was told of a store that has no shop any more."""
    if not db.conn.execute("SELECT 1 FROM source_compared WHERE store_id = ?", [store]).fetchone():
        return 0
    with transaction(db) as connection:
        gone = connection.execute(FORGET, [store]).rowcount
        connection.execute("DELETE FROM source_compared WHERE store_id = ?", [store])
        bump_version(connection)
    return int(gone)
