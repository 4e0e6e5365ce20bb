"""The details of listings: which are missing, and recording what the detail call returned."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.platform_data import Detail
from aexdash.snapshot.evidence.attempts import DETAIL_TELLS_ATTEMPT
from aexdash.snapshot.evidence.scope import ORDER, PERIODS, Scope
from aexdash.snapshot.evidence.stored import write_rows, write_texts
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

DETAIL_AGAIN = timedelta(hours=1)
"""A detail that could not be read is tried again after this time."""

NEEDS_DETAIL = """
SELECT p.product_id, l.modified_raw FROM {periods}
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE d.product_id IS NULL OR d.modified_raw IS NOT l.modified_raw OR (d.note <> '' AND d.tried_at <= :try_again)
{order} LIMIT :limit
"""

UPSERT_DETAIL = """
INSERT INTO listing_detail (store_id, product_id, read_at, tried_at, modified_raw, category_id, titles, attributes,
    skus, image_urls, extra, weight, sides, eu_person, qualifications, description_chars, description_pictures,
    outside)
VALUES (:store, :product_id, :now, :now,
    (SELECT modified_raw FROM listing WHERE store_id = :store AND product_id = :product_id),
    :category_id, :titles, :attributes, :skus, :image_urls, :extra, :weight, :sides, :eu_person, :qualifications,
    :description_chars, :description_pictures, :outside)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    read_at = excluded.read_at, tried_at = excluded.tried_at, modified_raw = excluded.modified_raw,
    category_id = coalesce(excluded.category_id, category_id), titles = excluded.titles,
    attributes = excluded.attributes, skus = excluded.skus, image_urls = excluded.image_urls, extra = excluded.extra,
    weight = excluded.weight, sides = excluded.sides, eu_person = excluded.eu_person,
    qualifications = excluded.qualifications, description_chars = excluded.description_chars,
    description_pictures = excluded.description_pictures, outside = excluded.outside, note = ''
"""
"""`modified_raw` is that of the listing, not of the detail: it is compared with the listing's to see whether the detail
is current, and the two calls write the same moment differently."""

DETAIL_TELLS_LISTING = """
UPDATE listing SET category_id = coalesce(:category_id, category_id),
    sku_codes = CASE WHEN :sku_codes = '[]' THEN sku_codes ELSE :sku_codes END
WHERE store_id = :store AND product_id = :product_id
"""

DETAIL_TELLS_PERIOD = """
UPDATE status_period SET checked = 0, known = 2, category_id = coalesce(:category_id, category_id)
WHERE store_id = :store AND product_id = :product_id AND ended_at IS NULL
"""

FAILED_DETAIL = """
INSERT INTO listing_detail (store_id, product_id, tried_at, modified_raw, note)
VALUES (:store, :product_id, :now, :modified_raw, :note)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    tried_at = excluded.tried_at, modified_raw = excluded.modified_raw, note = excluded.note
"""


@dataclass(frozen=True, slots=True)
class NeedsDetail:
    """A listing whose present detail is not known; `modified_raw` is the platform's time of its last change."""

    product_id: int
    modified_raw: str | None


def needs_detail(db: Database, store_id: int, now: datetime, limit: int, scope: Scope = "held") -> list[NeedsDetail]:
    """List listings whose detail is missing, older than their last change, or failed more than an hour ago.

    Those at risk come in the order of chance (`scope.PLACE`), so that at any time those read are a random sample. The
    scope `at_risk` reads every listing on sale: some seconds for a million.
    """
    bound = {"store": store_id, "try_again": to_text(now - DETAIL_AGAIN), "limit": limit}
    sql = NEEDS_DETAIL.format(periods=PERIODS[scope], order=ORDER[scope])
    return [NeedsDetail(*row) for row in db.conn.execute(sql, bound)]


def record_details(db: Database, store_id: int, details: Iterable[Detail], now: datetime) -> None:
    """Record details, keep them with the rejections that they are of, and mark their listings to be checked again.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    rows = [_detail_row(store_id, detail, now) for detail in details]
    if not rows:
        return
    with transaction(db) as connection:
        for statement in (UPSERT_DETAIL, DETAIL_TELLS_LISTING, DETAIL_TELLS_PERIOD, DETAIL_TELLS_ATTEMPT):
            connection.executemany(statement, rows)
        bump_version(connection)


def _detail_row(store_id: int, detail: Detail, now: datetime) -> dict[str, object]:
    codes = tuple(dict.fromkeys(sku.code for sku in detail.skus if sku.code))
    return {
        "store": store_id,
        "product_id": detail.product_id,
        "now": to_text(now),
        "category_id": detail.category_id,
        "titles": storable(json.dumps(detail.titles, ensure_ascii=False)),
        "attributes": write_rows(detail.attributes),
        "skus": write_rows(detail.skus),
        "image_urls": write_texts(detail.image_urls),
        "sku_codes": write_texts(codes),
        "extra": storable(detail.extra),
        "weight": detail.weight and storable(detail.weight),
        "sides": write_texts(detail.sides),
        "eu_person": detail.eu_person and storable(detail.eu_person),
        "qualifications": write_texts(detail.qualifications),
        "description_chars": detail.description_chars,
        "description_pictures": detail.description_pictures,
        "outside": None if detail.outside is None else storable(json.dumps(asdict(detail.outside), ensure_ascii=False)),
    }


def record_detail_failure(  # noqa: PLR0917
    db: Database, store_id: int, product_id: int, modified_raw: str | None, note: str, now: datetime
) -> None:
    """Record that a detail could not be read, and why; an earlier detail stays.

    Raises:
        StorageError: the snapshot cannot be written.
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
