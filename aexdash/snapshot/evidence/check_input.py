"""The input of our checks: listings of which something new is known since they were last checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from aexdash.model import Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, PictureFacts
from aexdash.snapshot.columns import moment
from aexdash.snapshot.evidence import pictures as images
from aexdash.snapshot.evidence.scope import ON_SALE_KNOWN
from aexdash.snapshot.evidence.stored import (
    CATEGORY,
    PICTURE,
    read_attributes,
    read_category,
    read_outside,
    read_pictures,
    read_skus,
    read_texts,
    read_words,
)
from aexdash.snapshot.file import transaction
from aexdash.snapshot.sql import HELD_STATUSES

UNCHECKED = f"""
SELECT p.id, p.product_id, st.model, coalesce(l.currency, st.currency), l.title, l.image_urls, p.status,
    {CATEGORY}, w.words,
    (SELECT others FROM duplicate WHERE store_id = :store AND product_id = p.product_id AND kind = 'title'),
    (SELECT others FROM duplicate WHERE store_id = :store AND product_id = p.product_id AND kind = 'picture'),
    p.platform_status, l.modified_at, d.read_at, d.category_id, d.titles, d.attributes, d.skus, d.image_urls,
    d.modified_raw, d.extra, d.weight, d.sides, d.eu_person, d.qualifications,
    d.description_chars, d.description_pictures, d.outside
FROM (  -- the limit first, so that the joins below read only the rows that are returned
    SELECT id, started_at, 0 AS later FROM status_period AS p INDEXED BY period_unchecked
    WHERE store_id = :store AND ended_at IS NULL AND checked = 0 AND status IN {HELD_STATUSES}
    UNION ALL SELECT p.id, p.started_at, 1 {ON_SALE_KNOWN} AND p.checked = 0
    ORDER BY later, started_at LIMIT :limit
) AS due
JOIN status_period AS p ON p.id = due.id
JOIN store AS st ON st.id = p.store_id
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
LEFT JOIN category AS c ON c.store_id = p.store_id AND c.category_id = coalesce(d.category_id, l.category_id)
LEFT JOIN word_check AS w ON w.store_id = p.store_id AND w.product_id = p.product_id
    AND w.title = l.title AND w.category_id = p.category_id
ORDER BY due.later, due.started_at
"""  # noqa: S608
"""Held listings come first. Listings on sale are included once more is known of them than the list shows."""

PICTURES = f"SELECT {PICTURE} FROM picture WHERE url IN (SELECT value FROM json_each(?))"  # noqa: S608


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What our checks read of a listing; None, or a picture that is absent, is not known.

    `same_title` and `same_picture` are ids of other listings of the store with the same title or main picture, the
    first few by id.
    """

    period_id: int
    product_id: int
    model: str
    currency: str | None
    title: str
    image_urls: tuple[str, ...]
    status: Status
    detail: Detail | None
    category: CategoryRules | None
    pictures: dict[str, PictureFacts]
    words: tuple[ObjectionableWord, ...] | None
    same_title: tuple[int, ...]
    same_picture: tuple[int, ...]


def unchecked(db: Database, store_id: int, limit: int) -> list[CheckInput]:
    """List listings, held or on sale, that have to be checked, at most `limit`.

    Raises:
        StorageError: the snapshot cannot be written (listings whose pictures were measured are marked first).
    """
    with transaction(db) as connection:
        images.tell_periods(connection)
        rows = connection.execute(UNCHECKED, {"store": store_id, "limit": limit}).fetchall()
        return [_check_input(db, row) for row in rows]


def _check_input(db: Database, row: Sequence[Any]) -> CheckInput:
    period, product_id, model, currency, title, listed_images, status = row[:7]
    words, same_title, same_picture = row[13:16]
    detail = _detail(product_id, Status(status), row[16:])
    urls = tuple(dict.fromkeys((*json.loads(listed_images), *(detail.image_urls if detail else ()))))
    return CheckInput(
        period_id=period,
        product_id=product_id,
        model=model,
        currency=currency,
        title=title,
        image_urls=urls,
        status=Status(status),
        detail=detail,
        category=read_category(row[7:13]),
        pictures=read_pictures(db.conn.execute(PICTURES, [json.dumps(urls)])),
        words=read_words(words),
        same_title=tuple(json.loads(same_title or "[]")),
        same_picture=tuple(json.loads(same_picture or "[]")),
    )


def _detail(product_id: int, status: Status, row: Sequence[Any]) -> Detail | None:
    platform_status, modified_at, read_at, category_id, titles, attributes, skus, image_urls, modified_raw, extra = row[
        :10
    ]
    weight, sides, eu_person, qualifications, description_chars, description_pictures, outside = row[10:]
    if read_at is None:
        return None
    return Detail(
        product_id=product_id,
        status=status,
        platform_status=platform_status,
        category_id=category_id,
        titles=json.loads(titles),
        image_urls=tuple(json.loads(image_urls)),
        attributes=read_attributes(attributes),
        skus=read_skus(skus),
        modified_raw=modified_raw,
        modified_at=moment(modified_at),
        extra=extra,
        weight=weight,
        sides=tuple(json.loads(sides)),
        eu_person=eu_person,
        qualifications=read_texts(qualifications),
        description_chars=description_chars,
        description_pictures=description_pictures,
        outside=read_outside(outside),
    )
