"""The pictures of listings: which are not measured yet, and recording what was measured."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.platform_data import PictureFacts
from aexdash.snapshot.evidence.duplicates import call_for_comparison
from aexdash.snapshot.evidence.scope import ON_SALE_KNOWN, PERIODS, Scope
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

PICTURE_AGAIN = timedelta(days=1)
"""A picture that could not be measured is tried again after this time."""

# Joins a period `p` with every picture of its listing: those of the list (kind 1) and of the detail (kind 2).
IMAGES = """
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
CROSS JOIN (SELECT 1 AS kind UNION ALL SELECT 2) AS k
CROSS JOIN json_each(CASE k.kind WHEN 1 THEN l.image_urls ELSE coalesce(d.image_urls, '[]') END) AS image
"""

UNMEASURED = "picture.url IS NULL OR (picture.state <> 'measured' AND picture.measured_at <= :try_again)"

NEEDS_PICTURES = f"""
SELECT image.value FROM {PERIODS["held"]} {IMAGES}
LEFT JOIN picture ON picture.url = image.value
WHERE {UNMEASURED} OR (picture.state = 'measured' AND picture.thumbnail IS NULL AND picture.note = '')
GROUP BY image.value
ORDER BY min(image.key), max(p.started_at) DESC, image.value LIMIT :limit
"""  # noqa: S608
"""Main pictures come first: an audit looks at them, and the worklist shows their thumbnails. A picture of which only
the first bytes were read is measured but has no thumbnail and no note."""

NEEDS_PICTURES_ON_SALE = f"""
SELECT DISTINCT shown.url FROM (
    SELECT l.image_urls ->> '$[0]' AS url FROM {PERIODS["at_risk"]}
    CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
    UNION ALL
    SELECT image.value FROM {PERIODS["at_risk"]} {IMAGES}
) AS shown
LEFT JOIN picture ON picture.url = shown.url
WHERE shown.url IS NOT NULL AND ({UNMEASURED})
LIMIT :limit
"""  # noqa: S608
"""Main pictures come first here too. There is no ORDER BY, so that the limit ends the search."""

UPSERT_PICTURE = """
INSERT INTO picture (url, state, width, height, format, size_bytes, thumbnail, note, content, measured_at, news)
VALUES (:url, :state, :width, :height, :format, :size_bytes, :thumbnail, :note, :content, :now, 1)
ON CONFLICT (url) DO UPDATE SET
    -- news: something that checks depend on has changed
    news = news OR state <> excluded.state OR (width, height, format, size_bytes, content) IS NOT
        (coalesce(excluded.width, width), coalesce(excluded.height, height), coalesce(excluded.format, format),
         coalesce(excluded.size_bytes, size_bytes), coalesce(excluded.content, content)),
    state = excluded.state, width = coalesce(excluded.width, width), height = coalesce(excluded.height, height),
    format = coalesce(excluded.format, format), size_bytes = coalesce(excluded.size_bytes, size_bytes),
    thumbnail = coalesce(excluded.thumbnail, thumbnail), note = excluded.note,
    content = coalesce(excluded.content, content), measured_at = excluded.measured_at
"""
"""A picture that the platform has removed keeps its measurements and its thumbnail."""

NEWS = "SELECT EXISTS (SELECT 1 FROM picture WHERE news = 1)"

SHOW_NEWS = "CROSS JOIN picture ON picture.url = image.value AND picture.news = 1"

NEWS_TELL_PERIODS = f"""
UPDATE status_period SET checked = 0, known = max(known, 1) WHERE id IN (
    SELECT p.id FROM (SELECT p.* {ON_SALE_KNOWN} AND p.checked = 1) AS p {IMAGES} {SHOW_NEWS}
    UNION SELECT p.id FROM (SELECT * FROM {PERIODS["held"]} WHERE p.checked = 1) AS p {IMAGES} {SHOW_NEWS}
)
"""  # noqa: S608

NO_MORE_NEWS = "UPDATE picture SET news = 0 WHERE news = 1"


def needs_pictures(
    db: Database, store_id: int, limit: int, now: datetime | None = None, scope: Scope = "held"
) -> list[str]:
    """List the URLs of pictures that are not measured, main pictures first, at most `limit`.

    With `now`, also those that could not be measured a day before. In the scope `held` also pictures without a
    thumbnail of which only the first bytes were read. Where none is missing, the scope `at_risk` reads every listing on
    sale: some seconds for a million.
    """
    bound = {"store": store_id, "try_again": to_text(now - PICTURE_AGAIN) if now else "", "limit": limit}
    sql = NEEDS_PICTURES if scope == "held" else NEEDS_PICTURES_ON_SALE
    return [url for (url,) in db.conn.execute(sql, bound)]


def record_pictures(db: Database, facts: Iterable[PictureFacts], now: datetime) -> None:
    """Record what was measured on pictures; where it changed, `tell_periods` marks their listings to be checked again.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    rows = [{**asdict(fact), "now": to_text(now), "note": storable(fact.note)} for fact in facts]
    if not rows:
        return
    with transaction(db) as connection:
        connection.executemany(UPSERT_PICTURE, rows)
        if any(row["content"] for row in rows):
            call_for_comparison(connection)
        bump_version(connection)


def tell_periods(connection: sqlite3.Connection) -> None:
    """Mark the listings of all stores to be checked again whose pictures have changed since the last call.

    One call serves many pictures, because it reads every held listing and every one at risk of which more is known.
    """
    if not connection.execute(NEWS).fetchone()[0]:
        return
    for (store,) in connection.execute("SELECT id FROM store").fetchall():
        connection.execute(NEWS_TELL_PERIODS, {"store": store})
    connection.execute(NO_MORE_NEWS)
