"""Sets the listings of a store beside its shops and keeps what differs, as periods: from one comparison to another.

A comparison is made of what was read last on either side. A shop that was never read completely says nothing to be
missing; a listing that no longer stands anywhere keeps what was told of it last, as ended.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from aexdash.clock import from_text_or_none, to_text
from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.matched.differences import OurListing, OurSku
from aexdash.snapshot.matched.telling import Listed, bare_side_of, codes_of, told_of, with_variants
from aexdash.snapshot.shops.readmodels import ShopRow
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of
from aexdash.storage.text import storable

LISTINGS = """
SELECT p.product_id, p.status, p.started_at, p.codes, l.title, d.titles, l.price_min, l.currency, l.sku_codes,
    CASE WHEN d.read_at IS NOT NULL THEN d.skus END, l.modified_at
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected', 'offline')
"""

CODES = """
SELECT p.product_id, l.sku_codes, d.read_at IS NOT NULL
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected', 'offline')
"""

BATCH = 1000
"""Listings that are compared at a time, so that memory grows with codes and ids alone."""

CREATE = (
    "DROP TABLE IF EXISTS temp.source_told",
    "CREATE TEMP TABLE source_told (product_id INTEGER PRIMARY KEY, words TEXT, told TEXT)",
)
"""What this comparison tells of each listing; in the end of those alone of which something else was told before, with
null for a listing that stands nowhere any more."""

ADD = "INSERT INTO temp.source_told (product_id, words, told) VALUES (?, ?, ?)"

STANDS_NOWHERE = """
INSERT INTO temp.source_told (product_id)
SELECT product_id FROM listing_source WHERE store_id = :store AND ended_at IS NULL AND started_at < :now
    AND product_id NOT IN (SELECT product_id FROM temp.source_told)
"""

SAME_AS_BEFORE = """
DELETE FROM temp.source_told WHERE EXISTS (
    SELECT 1 FROM listing_source AS s WHERE s.store_id = :store AND s.product_id = source_told.product_id
        AND s.ended_at IS NULL AND s.words = source_told.words AND s.told = source_told.told
)
"""

# Other figures with the same words begin no period, nor does a second comparison of the same moment.
TELL = """
UPDATE listing_source SET words = t.words, told = t.told FROM temp.source_told AS t
WHERE listing_source.store_id = :store AND listing_source.product_id = +t.product_id
    AND listing_source.ended_at IS NULL AND t.words IS NOT NULL
    AND (listing_source.words = t.words OR listing_source.started_at >= :now)
"""

END = """
UPDATE listing_source SET ended_at = :now FROM temp.source_told AS t
WHERE listing_source.store_id = :store AND listing_source.product_id = +t.product_id
    AND listing_source.ended_at IS NULL AND listing_source.words IS NOT t.words
"""

BEGIN = """
INSERT INTO listing_source (store_id, product_id, words, told, started_at)
SELECT :store, t.product_id, t.words, t.told, :now FROM temp.source_told AS t
WHERE t.words IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM listing_source AS s
    WHERE s.store_id = :store AND s.product_id = t.product_id AND s.ended_at IS NULL
)
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
    bound = {"store": store, "now": to_text(now)}
    with _one_state(db):
        shops = report.of_store(store_key)
        if shops:
            _compare(db.conn, store, report, shops, model)
            for statement in (STANDS_NOWHERE, SAME_AS_BEFORE):
                db.conn.execute(statement, bound)
    return _keep(db, {**bound, **_read_of(shops, stale_after)}) if shops else _forget(db, store)


@contextmanager
def _one_state(db: Database) -> Iterator[None]:
    """Have all queries of a block see the same state of the file; nothing but temporary tables is written in it.

    Raises:
        StorageError: they cannot be written (full disk).
    """
    connection = db.conn
    try:
        connection.execute("BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    except sqlite3.Error as error:
        raise in_words(error, path_of(connection), WHAT) from error


def _compare(connection: sqlite3.Connection, store: int, report: ShopReport, shops: list[ShopRow], model: str) -> None:
    """Fill `temp.source_told`, a batch of listings at a time."""
    for statement in CREATE:
        connection.execute(statement)
    codes = {one: codes_of(text, read=bool(read)) for one, text, read in connection.execute(CODES, {"store": store})}
    sides = [bare_side_of(report, shop, codes) for shop in shops]
    cursor = connection.execute(LISTINGS, {"store": store})
    while rows := cursor.fetchmany(BATCH):
        batch = list(_listed(rows))
        of_batch = [with_variants(report, side, [one.ours.product_id for one in batch]) for side in sides]
        connection.executemany(ADD, [_row(of, *told_of(connection, of, of_batch, model)) for of in batch])


def _row(of: Listed, words: str, told: list[dict[str, Any]]) -> tuple[int, str, str]:
    return of.ours.product_id, words, storable(json.dumps(told, ensure_ascii=False))


def _listed(rows: Iterable[tuple[Any, ...]]) -> Iterator[Listed]:
    for row in rows:
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


def _keep(db: Database, bound: dict[str, object]) -> int:
    """Write what has changed since the last comparison; what did not stays as it is."""
    read = tuple(bound[name] for name in ("read_at", "whole", "speaks_until"))
    of_other_reading = db.conn.execute(LAST_COMPARED, [bound["store"]]).fetchone() != read
    with transaction(db) as connection:
        changed = sum(connection.execute(sql, bound).rowcount for sql in (TELL, END, BEGIN))
        connection.execute(COMPARED, bound)
        if changed or of_other_reading:
            bump_version(connection)
    db.conn.execute("DELETE FROM temp.source_told")
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
