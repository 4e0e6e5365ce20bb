"""Records a reading of a shop: the reading itself, and what it changed, in one transaction.

What a reading did not show stays as it is, unless it read the whole catalogue to its end. So a failed or partial one
never takes anything away, and never says 0.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from aexdash.clock import TICK, from_text, to_text
from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome
from aexdash.snapshot.shops.staging import ShopStaging
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of
from aexdash.storage.text import storable

FACTS = (
    *("product_id", "sku", "match_key", "title", "variant_title", "state", "platform_state", "channels", "feedback"),
    *("price", "currency", "tracked", "picture_url"),
)
"""The columns of which a change begins a new period."""

ENSURE_SHOP = """
INSERT INTO shop (key, kind, title, matching, watched, added_at)
VALUES (:key, :kind, :title, :matching, 1, :added_at)
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, title = excluded.title, matching = excluded.matching, watched = 1
WHERE (kind, title, matching, watched) IS NOT (excluded.kind, excluded.title, excluded.matching, 1)
"""

LAST = "SELECT max(ended_at) FROM shop_reading WHERE shop_id = ?"

LAST_COMPLETE = """
SELECT began_at FROM shop_reading WHERE shop_id = ? AND outcome = 'complete' AND scope = 'catalogue'
ORDER BY id DESC LIMIT 1
"""

INSERT_READING = """
INSERT INTO shop_reading (shop_id, scope, began_at, ended_at, outcome, products, variants, changes, error_kind, message,
    unread)
VALUES (:shop, :scope, :began_at, :ended_at, :outcome, :products, :variants, 0, :error_kind, :message, :unread)
"""

# What came, a row a variant. Of a partial reading some channels of a product may not have come, so those that were
# known before stay, and without any the channels are not known.
NOW = """
CREATE TEMP TABLE shop_now AS
SELECT v.variant_id, v.product_id, v.sku, coalesce(v.match_key, CASE WHEN :keyed THEN NULL ELSE p.match_key END)
        AS match_key,
    p.title, v.variant_title, p.state, p.platform_state,
    CASE WHEN :whole THEN p.channels ELSE o.channels END AS channels, p.feedback, v.price, :currency AS currency,
    v.tracked, coalesce(v.picture_url, p.picture_url) AS picture_url,
    v.stock, coalesce(v.updated_at, p.updated_at) AS updated_at
FROM temp.shop_variant AS v JOIN temp.shop_product AS p ON p.product_id = v.product_id
LEFT JOIN shop_period AS o ON o.shop_id = :shop AND o.variant_id = v.variant_id AND o.ended_at IS NULL
"""

# Which variants differ is found out before anybody is kept from writing; where nothing has changed these stay empty.
CHANGED = f"""
CREATE TEMP TABLE shop_changed AS
SELECT n.variant_id FROM temp.shop_now AS n
LEFT JOIN shop_period AS o ON o.shop_id = :shop AND o.variant_id = n.variant_id AND o.ended_at IS NULL
WHERE o.id IS NULL
    OR ({", ".join(f"o.{name}" for name in FACTS)}) IS NOT ({", ".join(f"n.{name}" for name in FACTS)})
"""  # noqa: S608

RESTOCKED = """
CREATE TEMP TABLE shop_restocked AS
SELECT n.variant_id FROM temp.shop_now AS n
LEFT JOIN shop_stock AS o ON o.shop_id = :shop AND o.variant_id = n.variant_id AND o.ended_at IS NULL
WHERE o.id IS NULL OR o.stock IS NOT n.stock
"""

ABSENT = """
CREATE TEMP TABLE shop_absent AS
SELECT o.variant_id FROM shop_period AS o
WHERE :whole_catalogue AND o.shop_id = :shop AND o.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM temp.shop_now AS n WHERE n.variant_id = o.variant_id)
"""

INDEX = "CREATE UNIQUE INDEX temp.shop_now_variant ON shop_now (variant_id)"

FOUND = ("shop_now", "shop_changed", "shop_restocked", "shop_absent")

LAST_SEEN = "max(coalesce(:complete, ''), (SELECT began_at FROM shop_reading WHERE id = o.started_by))"

END_CHANGED = f"""
UPDATE shop_period AS o
SET ended_at = :ended_at, ended_by = :reading, ended_as = 'changed', ended_after = {LAST_SEEN}
FROM temp.shop_changed AS n WHERE o.shop_id = :shop AND o.ended_at IS NULL AND o.variant_id = n.variant_id
"""  # noqa: S608

END_ABSENT = f"""
UPDATE shop_period AS o
SET ended_at = :ended_at, ended_by = :reading, ended_as = 'absent', ended_after = {LAST_SEEN}
FROM temp.shop_absent AS n WHERE o.shop_id = :shop AND o.ended_at IS NULL AND o.variant_id = n.variant_id
"""  # noqa: S608

BEGIN = f"""
INSERT INTO shop_period (shop_id, variant_id, {", ".join(FACTS)}, started_at, started_after, started_by)
SELECT :shop, n.variant_id, {", ".join(f"n.{name}" for name in FACTS)}, :ended_at,
    coalesce(before.ended_after, :complete), :reading
FROM temp.shop_changed AS c JOIN temp.shop_now AS n ON n.variant_id = c.variant_id
LEFT JOIN shop_period AS before ON before.shop_id = :shop AND before.variant_id = n.variant_id
    AND before.ended_by = :reading AND before.ended_as = 'changed'
"""  # noqa: S608

END_STOCK, END_STOCK_ABSENT = (
    f"""
    UPDATE shop_stock AS o SET ended_at = :ended_at, ended_by = :reading, ended_after = {LAST_SEEN}
    FROM temp.{table} AS n WHERE o.shop_id = :shop AND o.ended_at IS NULL AND o.variant_id = n.variant_id
    """  # noqa: S608
    for table in ("shop_restocked", "shop_absent")
)

BEGIN_STOCK = """
INSERT INTO shop_stock (shop_id, variant_id, stock, started_at, started_after, started_by)
SELECT :shop, n.variant_id, n.stock, :ended_at, coalesce(before.ended_after, :complete), :reading
FROM temp.shop_restocked AS c JOIN temp.shop_now AS n ON n.variant_id = c.variant_id
LEFT JOIN shop_stock AS before ON before.shop_id = :shop AND before.variant_id = n.variant_id
    AND before.ended_by = :reading
"""

TOUCH = """
INSERT INTO shop_touched (shop_id, variant_id, updated_at)
SELECT :shop, variant_id, updated_at FROM temp.shop_now WHERE updated_at IS NOT NULL
ON CONFLICT (shop_id, variant_id) DO UPDATE SET updated_at = excluded.updated_at
WHERE updated_at <> excluded.updated_at
"""


LOST_SHARE = 0.5
"""A shop that lost more than this share of its variants is not believed from one reading."""

VANISHED = "vanished"
"""The kind of a reading that came to its end and of which too many variants were gone at once."""

LOST = """
SELECT count(*), coalesce(sum(w.variant_id IS NOT NULL), 0) FROM shop_period AS o
LEFT JOIN shop_absence AS w ON w.shop_id = o.shop_id AND w.variant_id = o.variant_id
WHERE o.shop_id = :shop AND o.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM temp.shop_variant AS n WHERE n.variant_id = o.variant_id)
"""
"""How many standing variants did not come, and of how many of these the last doubted reading said the same."""

SHOWN_AGAIN = """
DELETE FROM shop_absence WHERE shop_id = :shop
    AND EXISTS (SELECT 1 FROM temp.shop_now AS n WHERE n.variant_id = shop_absence.variant_id)
"""

WAIT = """
INSERT OR IGNORE INTO shop_absence (shop_id, variant_id)
SELECT o.shop_id, o.variant_id FROM shop_period AS o
WHERE o.shop_id = :shop AND o.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM temp.shop_now AS n WHERE n.variant_id = o.variant_id)
"""

STEPS = (END_CHANGED, END_ABSENT, BEGIN, END_STOCK, END_STOCK_ABSENT, BEGIN_STOCK)


@dataclass(frozen=True, slots=True)
class ReadingEnd:
    """How a reading of a shop ended. `began_at` and `ended_at` are in UTC; `message` says why it is not complete."""

    began_at: datetime
    ended_at: datetime
    outcome: ReadingOutcome
    scope: str = "catalogue"
    message: str = ""
    error_kind: str | None = None
    unread: tuple[str, ...] = ()
    currency: str | None = None


def ensure_shop(
    db: Database, *, key: str, kind: str, title: str, matching: Matching, stores: Sequence[str], now: datetime
) -> int:
    """Add a shop to the snapshot, or update its row and its stores; return its id there.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    row = {"key": key, "kind": kind, "title": storable(title), "matching": matching.value, "added_at": to_text(now)}
    with transaction(db) as connection:
        changed = connection.execute(ENSURE_SHOP, row).rowcount
        (shop,) = connection.execute("SELECT id FROM shop WHERE key = ?", [key]).fetchone()
        kept = {name for (name,) in connection.execute("SELECT store_key FROM shop_store WHERE shop_id = ?", [shop])}
        if kept != set(stores):
            connection.execute("DELETE FROM shop_store WHERE shop_id = ?", [shop])
            connection.executemany(
                "INSERT INTO shop_store VALUES (?, ?)", [(shop, name) for name in sorted(set(stores))]
            )
        if changed or kept != set(stores):
            bump_version(connection)
    return int(shop)


def keep_watched(db: Database, keys: Sequence[str]) -> None:
    """Mark the shops that the settings no longer name: they are kept for their history and no longer read.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    sql = "UPDATE shop SET watched = 0 WHERE watched = 1 AND key NOT IN (SELECT value FROM json_each(?))"
    with transaction(db) as connection:
        if connection.execute(sql, [json.dumps(list(keys))]).rowcount:
            bump_version(connection)


def identity_of(connection: sqlite3.Connection, shop: int) -> str | None:
    """Return the platform's own name of a shop, None where no reading told it yet."""
    row = connection.execute("SELECT identity FROM shop WHERE id = ?", [shop]).fetchone()
    return str(row[0]) if row and row[0] else None


def name_identity(db: Database, shop: int, identity: str) -> None:
    """Record the platform's own name of a shop.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        connection.execute("UPDATE shop SET identity = ? WHERE id = ?", [storable(identity), shop])


def last_reading(connection: sqlite3.Connection, key: str) -> tuple[datetime, ReadingOutcome] | None:
    """Return when the whole of a shop was last read, and what became of it; None where it never was."""
    sql = """
    SELECT r.ended_at, r.outcome FROM shop_reading AS r JOIN shop AS s ON s.id = r.shop_id
    WHERE s.key = ? AND r.scope = 'catalogue' ORDER BY r.id DESC LIMIT 1
    """
    row = connection.execute(sql, [key]).fetchone()
    return (from_text(row[0]), ReadingOutcome(row[1])) if row else None


def standing(connection: sqlite3.Connection, shop: int) -> int:
    """Count the variants that a shop is known to have."""
    sql = "SELECT count(*) FROM shop_period WHERE shop_id = ? AND ended_at IS NULL"
    return int(connection.execute(sql, [shop]).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Lost:
    """What did not come with a reading of a whole shop: of `known` variants `gone`, `confirmed` by one before."""

    known: int
    gone: int
    confirmed: int

    @property
    def is_doubtful(self) -> bool:
        """Whether too many are gone at once of those that no reading before has missed."""
        return self.gone - self.confirmed > (self.known - self.confirmed) * LOST_SHARE


def lost(connection: sqlite3.Connection, shop: int) -> Lost:
    """Compare what is staged of a shop with what is known of it."""
    gone, confirmed = connection.execute(LOST, {"shop": shop}).fetchone()
    return Lost(standing(connection, shop), gone, confirmed)


def record_reading(
    db: Database, shop: int, staging: ShopStaging | None, end: ReadingEnd, *, keyed: bool = False
) -> int:
    """Record a reading of a shop, with what `staging` (settled) holds; None of a failed one. Return its id.

    `keyed`: keys of a mapping file stand in the place of those that products tell.

    Raises:
        StorageError: the snapshot cannot be written; it is as it was before the reading.
    """
    complete = end.outcome is ReadingOutcome.COMPLETE
    bound: dict[str, object] = {
        "shop": shop,
        "scope": end.scope,
        "began_at": to_text(end.began_at),
        "outcome": end.outcome.value,
        "products": staging.products if staging else 0,
        "variants": staging.variants if staging else 0,
        "error_kind": end.error_kind,
        "message": storable(end.message),
        "unread": json.dumps([storable(text) for text in end.unread], ensure_ascii=False),
        "currency": end.currency,
        "whole": int(complete),
        "whole_catalogue": int(complete and end.scope == "catalogue"),
        "keyed": int(keyed),
    }
    before = _last_id(db.conn, shop)
    if staging:
        _compare(db.conn, bound)
    with transaction(db) as connection:
        if staging and _last_id(connection, shop) != before:
            _compare(connection, bound)  # another process has read the shop meanwhile
        bound["ended_at"] = _after_the_last(connection, shop, end.ended_at)
        bound["complete"] = _last_complete(connection, shop)
        bound["reading"] = reading = connection.execute(INSERT_READING, bound).lastrowid
        if staging:
            changes = sum(connection.execute(step, bound).rowcount for step in STEPS)
            connection.execute(TOUCH, bound)
            connection.execute("UPDATE shop_reading SET changes = ? WHERE id = ?", [changes, reading])
            _keep_absences(connection, bound, end)
        if bound["whole_catalogue"] and end.currency:
            connection.execute("UPDATE shop SET currency = ? WHERE id = ?", [end.currency, shop])
        bump_version(connection)
    if staging:
        _forget(db.conn)
    assert reading is not None  # an INSERT that did not raise has a row
    return reading


def _keep_absences(connection: sqlite3.Connection, bound: dict[str, object], end: ReadingEnd) -> None:
    """Keep what a doubted reading did not show, for the next to confirm; what came is not absent."""
    if bound["whole_catalogue"]:
        connection.execute("DELETE FROM shop_absence WHERE shop_id = :shop", bound)
        return
    connection.execute(SHOWN_AGAIN, bound)
    if end.error_kind == VANISHED:
        connection.execute(WAIT, bound)


def _compare(connection: sqlite3.Connection, bound: dict[str, object]) -> None:
    """Find out what differs from what stands, in temporary tables."""
    _forget(connection)
    try:
        for statement in (NOW, INDEX, CHANGED, RESTOCKED, ABSENT):
            connection.execute(statement, bound if ":" in statement else {})
    except sqlite3.Error as error:
        raise in_words(error, path_of(connection), WHAT) from error


def _forget(connection: sqlite3.Connection) -> None:
    for table in FOUND:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _last_id(connection: sqlite3.Connection, shop: int) -> int | None:
    row = connection.execute("SELECT max(id) FROM shop_reading WHERE shop_id = ?", [shop]).fetchone()
    return row[0] if row else None


def _after_the_last(connection: sqlite3.Connection, shop: int, ended_at: datetime) -> str:
    """The end of a reading; where a clock was set back, just after that of the last one."""
    (last,) = connection.execute(LAST, [shop]).fetchone()
    told = to_text(ended_at)
    return told if last is None or told > last else to_text(from_text(last) + TICK)


def _last_complete(connection: sqlite3.Connection, shop: int) -> str | None:
    row = connection.execute(LAST_COMPLETE, [shop]).fetchone()
    return row[0] if row else None
