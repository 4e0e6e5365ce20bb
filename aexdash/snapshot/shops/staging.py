"""What a reading of a shop has told so far, in temporary tables of the writing connection; others do not see it.

Products, variants and channels come in any order and may come twice; the last of each counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.shops.records import ChannelFeedback, Part, ProductOnChannel, ShopProduct, ShopVariant
from aexdash.snapshot.file import WHAT
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of
from aexdash.storage.text import json_array, storable_row

BATCH = 2000
"""Parts that are staged at a time, so that memory does not grow with the catalogue."""

CREATE = (
    "DROP TABLE IF EXISTS temp.shop_product",
    "DROP TABLE IF EXISTS temp.shop_variant",
    "DROP TABLE IF EXISTS temp.shop_channel",
    """
    CREATE TEMP TABLE shop_product (
        product_id TEXT PRIMARY KEY, title TEXT NOT NULL, state TEXT NOT NULL, platform_state TEXT NOT NULL,
        picture_url TEXT, updated_at TEXT, match_key TEXT, channels TEXT, feedback TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE shop_variant (
        variant_id TEXT PRIMARY KEY, product_id TEXT NOT NULL, sku TEXT, variant_title TEXT NOT NULL, price TEXT,
        stock INTEGER, tracked INTEGER, picture_url TEXT, updated_at TEXT, match_key TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE shop_channel (
        product_id TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (product_id, channel)
    ) WITHOUT ROWID
    """,
)

ADD: dict[type, str] = {
    ShopProduct: "INSERT OR REPLACE INTO temp.shop_product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ShopVariant: "INSERT OR REPLACE INTO temp.shop_variant VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ProductOnChannel: "INSERT OR IGNORE INTO temp.shop_channel VALUES (?, ?)",
}

MERGE_CHANNELS = """
UPDATE temp.shop_product AS p SET channels = (
    SELECT json_group_array(channel) FROM (
        SELECT value AS channel FROM json_each(p.channels)
        UNION SELECT channel FROM temp.shop_channel AS c WHERE c.product_id = p.product_id
        ORDER BY channel
    )
)
WHERE p.channels IS NOT NULL
"""

KEYS = """
UPDATE temp.shop_variant SET match_key = :key WHERE sku = :sku
"""

ORPHANS = """
SELECT count(*) FROM temp.shop_variant AS v
WHERE NOT EXISTS (SELECT 1 FROM temp.shop_product AS p WHERE p.product_id = v.product_id)
"""

CHILDLESS = """
SELECT count(*) FROM temp.shop_product AS p
WHERE p.product_id NOT IN (SELECT product_id FROM temp.shop_variant)
"""


class ShopStaging:
    """What one reading of one shop has told. Only one can exist on a connection: a new one deletes that of the last."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._waiting: list[Part] = []
        for statement in CREATE:
            self._do(statement)

    def add(self, parts: Iterable[Part]) -> None:
        """Stage what a shop told.

        Raises:
            StorageError: the temporary tables cannot be written (full disk).
        """
        for part in parts:
            self._waiting.append(part)
            if len(self._waiting) >= BATCH:
                self._flush()

    def settle(self, keys: Mapping[str, str] | None = None) -> None:
        """Put channels to their products, and the keys of a mapping file, by SKU, to their variants."""
        self._flush()
        self._do(MERGE_CHANNELS)
        if keys is not None:
            self._do("UPDATE temp.shop_variant SET match_key = NULL")
            self._many(KEYS, ({"sku": sku, "key": key} for sku, key in keys.items()))

    @property
    def products(self) -> int:
        """How many different products came."""
        return self._count("SELECT count(*) FROM temp.shop_product")

    @property
    def variants(self) -> int:
        """How many different variants came."""
        return self._count("SELECT count(*) FROM temp.shop_variant")

    @property
    def orphans(self) -> int:
        """How many variants came without their product."""
        return self._count(ORPHANS)

    @property
    def childless(self) -> int:
        """How many products came without any variant."""
        return self._count(CHILDLESS)

    def _count(self, sql: str) -> int:
        self._flush()
        return int(self._do(sql).fetchone()[0])

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for kind, sql in ADD.items():
            self._many(sql, [storable_row(_row(part)) for part in waiting if type(part) is kind])

    def _many(self, sql: str, rows: Iterable[object]) -> None:
        try:
            self.db.conn.execute("BEGIN")
            try:
                self.db.conn.executemany(sql, rows)  # type: ignore[arg-type]
                self.db.conn.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise
        except sqlite3.Error as error:
            raise in_words(error, path_of(self.db.conn), WHAT) from error

    def _do(self, sql: str) -> sqlite3.Cursor:
        try:
            return self.db.conn.execute(sql)
        except sqlite3.Error as error:
            raise in_words(error, path_of(self.db.conn), WHAT) from error


def _row(part: Part) -> tuple[object, ...]:
    if isinstance(part, ProductOnChannel):
        return (part.product_id, part.channel)
    updated = part.updated_at and to_text(part.updated_at)
    if isinstance(part, ShopProduct):
        channels = None if part.channels is None else json_array(part.channels)
        feedback = None if part.feedback is None else _feedback(part.feedback)
        state = part.state.value, part.platform_state
        return (part.product_id, part.title, *state, part.picture_url, updated, part.match_key, channels, feedback)
    sku = part.sku.strip() if part.sku else ""
    price = None if part.price is None else format(part.price, "f")
    tracked = None if part.tracked is None else int(part.tracked)
    told = (part.variant_id, part.product_id, sku or None, part.title, price)
    return (*told, part.stock, tracked, part.picture_url, updated, part.match_key)


def _feedback(told: tuple[ChannelFeedback, ...]) -> str:
    rows = [
        {"channel": one.channel, "state": one.state.value, "messages": one.messages, "at": one.at and to_text(one.at)}
        for one in sorted(told, key=lambda one: (one.channel, one.state.value, one.messages))
    ]
    return json.dumps(rows, ensure_ascii=False)
