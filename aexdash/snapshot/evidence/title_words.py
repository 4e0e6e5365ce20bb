"""Words of titles that the platform objects to: for which listings it was not asked yet, and recording its answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.platform_data import ObjectionableWord
from aexdash.snapshot.evidence.scope import ORDER, PERIODS, Scope
from aexdash.snapshot.evidence.stored import NOT_TOLD, write_rows
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version

NEEDS_WORDS = """
SELECT p.product_id, p.category_id, l.title FROM {periods}
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN word_check AS w ON w.store_id = p.store_id AND w.product_id = p.product_id
WHERE p.category_id IS NOT NULL AND l.title <> ''
    AND (w.title IS NOT l.title OR w.category_id IS NOT p.category_id)
{order} LIMIT :limit
"""

UPSERT_WORDS = """
INSERT INTO word_check (store_id, product_id, category_id, title, words, checked_at)
VALUES (:store, :product_id, :category_id, :title, :words, :now)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    category_id = excluded.category_id, title = excluded.title, words = excluded.words,
    checked_at = excluded.checked_at
"""

WORDS_TELL_PERIOD = """
UPDATE status_period SET checked = 0, known = max(known, 1)
WHERE store_id = :store AND product_id = :product_id AND ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class NeedsWords:
    """A listing for whose title and category the platform was not asked yet."""

    product_id: int
    category_id: int
    title: str


def needs_words(db: Database, store_id: int, scope: Scope, limit: int) -> list[NeedsWords]:
    """List listings for whose title the platform was not asked yet; those without a known category are left out."""
    sql = NEEDS_WORDS.format(periods=PERIODS[scope], order=ORDER[scope])
    return [NeedsWords(*row) for row in db.conn.execute(sql, {"store": store_id, "limit": limit})]


def record_words(
    db: Database,
    store_id: int,
    answers: Iterable[tuple[NeedsWords, tuple[ObjectionableWord, ...] | None]],
    now: datetime,
) -> None:
    """Record the words that the platform objects to in titles, none included; the listings are checked again.

    A title that the platform refuses to judge (None) is not asked about again, and stays not told.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    rows = [
        {
            "store": store_id,
            "product_id": listing.product_id,
            "category_id": listing.category_id,
            "title": listing.title,
            "words": NOT_TOLD if words is None else write_rows(words),
            "now": to_text(now),
        }
        for listing, words in answers
    ]
    if not rows:
        return
    with transaction(db) as connection:
        connection.executemany(UPSERT_WORDS, rows)
        connection.executemany(WORDS_TELL_PERIOD, [row for row in rows if row["words"] != NOT_TOLD])
        bump_version(connection)
