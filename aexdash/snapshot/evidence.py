"""What is still to be learnt about held listings, and recording it: details, categories, pictures, reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import AttributeRule, Detail, ListingAttribute, PictureFacts, Sku, Status
from aexdash.snapshot import books
from aexdash.snapshot.card import read_rules
from aexdash.snapshot.file import transaction
from aexdash.snapshot.observed import json_array, storable
from aexdash.snapshot.rows import moment
from aexdash.snapshot.standing import open_period_ids, record_reasons, with_platform_reasons

__all__ = [
    "CheckInput",
    "NeedsDetail",
    "needs_detail",
    "needs_pictures",
    "open_period_ids",
    "record_category",
    "record_detail_failure",
    "record_details",
    "record_pictures",
    "record_reasons",
    "unchecked",
    "unknown_categories",
    "with_platform_reasons",
]

DETAIL_AGAIN = timedelta(hours=1)
PICTURE_AGAIN = timedelta(days=1)

HELD = "p.ended_at IS NULL AND p.listed = 1 AND p.status IN ('rejected', 'auditing')"

HELD_PERIODS = "status_period AS p INDEXED BY period_open_listed"

NEEDS_DETAIL = f"""
SELECT p.product_id, l.modified_raw FROM {HELD_PERIODS}
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND {HELD}
    AND (d.product_id IS NULL OR d.modified_raw IS NOT l.modified_raw OR (d.note <> '' AND d.tried_at <= :try_again))
ORDER BY p.status DESC, p.started_at DESC, p.product_id LIMIT :limit
"""  # noqa: S608
"""Rejected before auditing, the latest first: those are looked at next."""

UPSERT_DETAIL = """
INSERT INTO listing_detail (store_id, product_id, read_at, tried_at, modified_raw, category_id, titles, attributes,
    skus, image_urls, extra)
VALUES (:store, :product_id, :now, :now,
    (SELECT modified_raw FROM listing WHERE store_id = :store AND product_id = :product_id),
    :category_id, :titles, :attributes, :skus, :image_urls, :extra)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    read_at = excluded.read_at, tried_at = excluded.tried_at, modified_raw = excluded.modified_raw,
    category_id = coalesce(excluded.category_id, category_id), titles = excluded.titles,
    attributes = excluded.attributes, skus = excluded.skus, image_urls = excluded.image_urls, extra = excluded.extra,
    note = ''
"""
"""A detail belongs to the listing as the list showed it: the two calls write the same moment in different ways."""

DETAIL_TELLS_LISTING = """
UPDATE listing SET category_id = coalesce(:category_id, category_id),
    sku_codes = CASE WHEN :sku_codes = '[]' THEN sku_codes ELSE :sku_codes END
WHERE store_id = :store AND product_id = :product_id
"""

DETAIL_TELLS_PERIOD = f"""
UPDATE status_period AS p SET checked = 0, category_id = coalesce(:category_id, p.category_id)
WHERE p.store_id = :store AND p.product_id = :product_id AND {HELD}
"""  # noqa: S608

FAILED_DETAIL = """
INSERT INTO listing_detail (store_id, product_id, tried_at, modified_raw, note)
VALUES (:store, :product_id, :now, :modified_raw, :note)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    tried_at = excluded.tried_at, modified_raw = excluded.modified_raw, note = excluded.note
"""

UNKNOWN_CATEGORIES = f"""
SELECT DISTINCT p.category_id FROM {HELD_PERIODS}
LEFT JOIN category AS c ON c.store_id = p.store_id AND c.category_id = p.category_id
WHERE p.store_id = :store AND {HELD} AND p.category_id IS NOT NULL AND (c.read_at IS NULL OR c.read_at <= :oldest)
ORDER BY p.category_id LIMIT :limit
"""  # noqa: S608

UPSERT_CATEGORY = """
INSERT INTO category (store_id, category_id, name, rules, read_at) VALUES (:store, :category_id, :name, :rules, :now)
ON CONFLICT (store_id, category_id) DO UPDATE SET
    name = coalesce(nullif(excluded.name, ''), name), rules = excluded.rules, read_at = excluded.read_at
"""

CATEGORY_TELLS_PERIODS = f"""
UPDATE status_period AS p SET checked = 0
WHERE p.store_id = :store AND p.category_id = :category_id AND p.checked = 1 AND {HELD}
"""  # noqa: S608

IMAGES = f"""
FROM {HELD_PERIODS}
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
CROSS JOIN (SELECT 1 AS kind UNION ALL SELECT 2) AS k
CROSS JOIN json_each(CASE k.kind WHEN 1 THEN l.image_urls ELSE coalesce(d.image_urls, '[]') END) AS image
"""

NEEDS_PICTURES = f"""
SELECT image.value {IMAGES}
LEFT JOIN picture ON picture.url = image.value
WHERE p.store_id = :store AND {HELD}
    AND (picture.url IS NULL OR (picture.state <> 'measured' AND picture.measured_at <= :try_again))
GROUP BY image.value
ORDER BY min(image.key), max(p.started_at) DESC, image.value LIMIT :limit
"""
"""Main pictures first: they are what a review looks at, and what a row shows."""

UPSERT_PICTURE = """
INSERT INTO picture (url, state, width, height, format, size_bytes, thumbnail, note, measured_at)
VALUES (:url, :state, :width, :height, :format, :size_bytes, :thumbnail, :note, :now)
ON CONFLICT (url) DO UPDATE SET
    state = excluded.state, width = coalesce(excluded.width, width), height = coalesce(excluded.height, height),
    format = coalesce(excluded.format, format), size_bytes = coalesce(excluded.size_bytes, size_bytes),
    thumbnail = coalesce(excluded.thumbnail, thumbnail), note = excluded.note, measured_at = excluded.measured_at
"""
"""A picture that the platform has removed keeps what was measured of it, and its thumbnail."""

PICTURES_TELL_PERIODS = f"""
UPDATE status_period SET checked = 0
WHERE checked = 1 AND id IN (
    SELECT p.id {IMAGES} WHERE {HELD} AND p.checked = 1 AND image.value IN (SELECT value FROM json_each(:urls))
)
"""  # noqa: S608

UNCHECKED = """
SELECT p.id, p.product_id, p.status, p.platform_status, l.title, l.image_urls, l.modified_at,
    d.read_at, d.category_id, d.titles, d.attributes, d.skus, d.image_urls, d.modified_raw, d.extra, c.rules
FROM status_period AS p
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
LEFT JOIN category AS c ON c.store_id = p.store_id AND c.category_id = coalesce(d.category_id, l.category_id)
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.checked = 0 AND p.status IN ('auditing', 'rejected')
ORDER BY p.started_at LIMIT :limit
"""

PICTURES = """
SELECT url, state, width, height, format, size_bytes, thumbnail, note FROM picture
WHERE url IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class NeedsDetail:
    """A held listing whose detail is not known as it is now."""

    product_id: int
    modified_raw: str | None


@dataclass(frozen=True, slots=True)
class CheckInput:
    """All that our checks look at. `detail` and `category_rules` are None while they are not known."""

    period_id: int
    product_id: int
    title: str
    image_urls: tuple[str, ...]
    status: Status
    detail: Detail | None
    category_rules: tuple[AttributeRule, ...] | None
    pictures: dict[str, PictureFacts]


class CategoryFacts(Protocol):
    """What a category asks for, as the platform's side tells it."""

    @property
    def category_id(self) -> int:
        """The platform's id of the category."""

    @property
    def name(self) -> str:
        """Its name, empty where that was not told."""

    @property
    def rules(self) -> tuple[AttributeRule, ...]:
        """What it asks of each attribute."""


def needs_detail(db: Database, store_id: int, now: datetime, limit: int) -> list[NeedsDetail]:
    """List held listings whose detail is missing or of another modification; a failed one again after an hour."""
    bound = {"store": store_id, "try_again": to_text(now - DETAIL_AGAIN), "limit": limit}
    return [NeedsDetail(*row) for row in db.conn.execute(NEEDS_DETAIL, bound)]


def record_details(db: Database, store_id: int, details: Iterable[Detail], now: datetime) -> None:
    """Record details; what they tell is checked again.

    Raises:
        SnapshotError: the snapshot cannot be written.
    """
    rows = [_detail_row(store_id, detail, now) for detail in details]
    if not rows:
        return
    with transaction(db) as connection:
        for statement in (UPSERT_DETAIL, DETAIL_TELLS_LISTING, DETAIL_TELLS_PERIOD):
            connection.executemany(statement, rows)
        books.bump_version(connection)


def _detail_row(store_id: int, detail: Detail, now: datetime) -> dict[str, object]:
    codes = tuple(dict.fromkeys(sku.code for sku in detail.skus if sku.code))
    return {
        "store": store_id,
        "product_id": detail.product_id,
        "now": to_text(now),
        "category_id": detail.category_id,
        "titles": storable(json.dumps(detail.titles, ensure_ascii=False)),
        "attributes": _json_rows(detail.attributes),
        "skus": _json_rows(detail.skus),
        "image_urls": storable(json_array(detail.image_urls)),
        "sku_codes": storable(json_array(codes)),
        "extra": storable(detail.extra),
    }


def _json_rows(rows: Iterable[ListingAttribute | Sku | AttributeRule]) -> str:
    return storable(json.dumps([asdict(row) for row in rows], ensure_ascii=False))


def record_detail_failure(  # noqa: PLR0917
    db: Database, store_id: int, product_id: int, modified_raw: str | None, note: str, now: datetime
) -> None:
    """Record that a detail could not be read; what was known of it before stays.

    Raises:
        SnapshotError: the snapshot cannot be written.
    """
    row = {
        "store": store_id,
        "product_id": product_id,
        "modified_raw": modified_raw,
        "note": storable(note) or "unknown error",
        "now": to_text(now),
    }
    with transaction(db) as connection:
        connection.execute(FAILED_DETAIL, row)


def unknown_categories(
    db: Database, store_id: int, now: datetime, max_age_days: float = 7, limit: int = -1
) -> list[int]:
    """List the categories of held listings whose rules are not known, or were read too long ago."""
    bound = {"store": store_id, "oldest": to_text(now - timedelta(days=max_age_days)), "limit": limit}
    return [category_id for (category_id,) in db.conn.execute(UNKNOWN_CATEGORIES, bound)]


def record_category(db: Database, store_id: int, rules: CategoryFacts, now: datetime) -> None:
    """Record what a category asks for; its held listings are checked again.

    Raises:
        SnapshotError: the snapshot cannot be written.
    """
    row = {
        "store": store_id,
        "category_id": rules.category_id,
        "name": storable(rules.name),
        "rules": _json_rows(rules.rules),
        "now": to_text(now),
    }
    with transaction(db) as connection:
        connection.execute(UPSERT_CATEGORY, row)
        connection.execute(CATEGORY_TELLS_PERIODS, row)
        books.bump_version(connection)


def needs_pictures(db: Database, store_id: int, limit: int, now: datetime | None = None) -> list[str]:
    """List the pictures of held listings that are not measured, main pictures first.

    Given `now`, those that failed more than a day before are listed as well.
    """
    bound = {"store": store_id, "try_again": to_text(now - PICTURE_AGAIN) if now else "", "limit": limit}
    return [url for (url,) in db.conn.execute(NEEDS_PICTURES, bound)]


def record_pictures(db: Database, facts: Iterable[PictureFacts], now: datetime) -> None:
    """Record what was measured on pictures; the held listings that show them are checked again.

    Raises:
        SnapshotError: the snapshot cannot be written.
    """
    rows = [{**asdict(fact), "now": to_text(now), "note": storable(fact.note)} for fact in facts]
    if not rows:
        return
    with transaction(db) as connection:
        connection.executemany(UPSERT_PICTURE, rows)
        connection.execute(PICTURES_TELL_PERIODS, {"urls": json.dumps([row["url"] for row in rows])})
        books.bump_version(connection)


def unchecked(db: Database, store_id: int, limit: int) -> list[CheckInput]:
    """List held listings about which something is known that our checks have not looked at yet."""
    rows = db.conn.execute(UNCHECKED, {"store": store_id, "limit": limit}).fetchall()
    return [_check_input(db, row) for row in rows]


def _check_input(db: Database, row: Sequence[Any]) -> CheckInput:
    period, product_id, status, word, title, images, modified_at, read_at, *told, rules = row
    detail = _detail(product_id, Status(status), word, moment(modified_at), told) if read_at else None
    urls = tuple(dict.fromkeys((*json.loads(images), *(detail.image_urls if detail else ()))))
    pictures = [PictureFacts(*facts) for facts in db.conn.execute(PICTURES, [json.dumps(urls)])]
    return CheckInput(
        period_id=period,
        product_id=product_id,
        title=title,
        image_urls=urls,
        status=Status(status),
        detail=detail,
        category_rules=read_rules(rules) if rules else None,
        pictures={picture.url: picture for picture in pictures},
    )


def _detail(product_id: int, status: Status, word: str, modified_at: datetime | None, told: Sequence[Any]) -> Detail:
    category_id, titles, attributes, skus, images, modified_raw, extra = told
    return Detail(
        product_id=product_id,
        status=status,
        platform_status=word,
        category_id=category_id,
        titles=json.loads(titles),
        image_urls=tuple(json.loads(images)),
        attributes=tuple(ListingAttribute(**attribute) for attribute in json.loads(attributes)),
        skus=tuple(Sku(**sku) for sku in json.loads(skus)),
        modified_raw=modified_raw,
        modified_at=modified_at,
        extra=extra,
    )
