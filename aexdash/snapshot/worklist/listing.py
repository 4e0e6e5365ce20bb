"""Reads everything known of one listing, now or at a past moment."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.model import Status
from aexdash.platform_data import CategoryRules
from aexdash.snapshot.columns import moment
from aexdash.snapshot.evidence.quality import quality_of
from aexdash.snapshot.evidence.stored import (
    CATEGORY,
    PICTURE,
    read_attributes,
    read_category,
    read_pictures,
    read_skus,
    read_texts,
)
from aexdash.snapshot.readmodels import ListingCard, PeriodRow
from aexdash.snapshot.trade.orders import orders_known
from aexdash.snapshot.worklist.filters import Selection
from aexdash.snapshot.worklist.rows import reason_rows, work_rows

LISTING = """
SELECT l.created_at, l.created_raw, l.first_seen_at, l.image_urls, l.category_id, d.read_at, d.category_id, d.titles,
    d.attributes, d.skus, coalesce(nullif(d.extra, ''), l.extra), d.weight, coalesce(d.sides, '[]'), d.eu_person,
    d.qualifications
FROM listing AS l LEFT JOIN listing_detail AS d USING (store_id, product_id)
WHERE l.store_id = :store AND l.product_id = :product_id
"""

PERIODS = """
SELECT id, status, platform_status, cause, audit_kind, attempt, started_after, started_at,
    CASE WHEN ended_at <= :at THEN ended_after END, CASE WHEN ended_at <= :at THEN ended_at END, note
FROM (  -- ended and open periods apart, because each has a partial index of its own
    SELECT * FROM status_period WHERE store_id = :store AND product_id = :product_id AND ended_at IS NOT NULL
    UNION ALL SELECT * FROM status_period WHERE store_id = :store AND product_id = :product_id AND ended_at IS NULL
)
WHERE started_at <= :at ORDER BY started_at
"""

PICTURES = f"""
SELECT {PICTURE}
FROM json_each(:urls) AS image JOIN picture ON picture.url = image.value
GROUP BY image.value ORDER BY min(image.key)
"""  # noqa: S608

RULES = f"SELECT {CATEGORY} FROM category AS c WHERE c.store_id = ? AND c.category_id = ?"  # noqa: S608


def listing(
    connection: sqlite3.Connection, store: int, product_id: int, as_of: datetime | None, selection: Selection
) -> ListingCard | None:
    """Read a listing; None where it is not known, or was not known at that moment."""
    bound: dict[str, object] = {
        "store": store,
        "product_id": product_id,
        "at": to_text(as_of) if as_of else "9999",
    }
    periods = connection.execute(PERIODS, bound).fetchall()
    known = connection.execute(LISTING, bound).fetchone()
    if not periods or known is None:
        return None
    created_at, created_raw, first_seen, urls, category, read_at, detailed, titles, attributes, skus, extra = known[:11]
    weight, sides, eu_person, qualifications = known[11:]
    row = work_rows(connection, [periods[-1][0]], selection)[0]
    return ListingCard(
        row=row,
        created_at=moment(created_at),
        created_raw=created_raw,
        first_seen_at=from_text(first_seen),
        periods=_periods(connection, periods, selection),
        pictures=tuple(read_pictures(connection.execute(PICTURES, {"urls": urls})).values()),
        titles=json.loads(titles or "{}"),
        attributes=read_attributes(attributes),
        category=_category(connection, store, detailed or category or row.category_id),
        skus=read_skus(skus),
        detail_read_at=moment(read_at),
        extra=extra,
        weight=weight,
        sides=tuple(json.loads(sides)),
        eu_person=eu_person,
        qualifications=read_texts(qualifications),
        quality=quality_of(connection, store, product_id, str(bound["at"])),
        orders=orders_known(connection, store),
    )


def _periods(
    connection: sqlite3.Connection, periods: list[tuple[object, ...]], selection: Selection
) -> tuple[PeriodRow, ...]:
    """Return the timeline, with every reason ever seen in each period, standing or vanished."""
    seen = "r.first_seen_at <= :as_of" if "as_of" in selection.bound else "true"
    reasons = reason_rows(connection, {**selection.bound, "ids": json.dumps([row[0] for row in periods])}, seen)
    return tuple(
        PeriodRow(
            status=Status(str(row[1])),
            platform_status=str(row[2]),
            cause=_text(row[3]),
            audit_kind=_text(row[4]),
            attempt=int(str(row[5])),
            started_after=moment(_text(row[6])),
            started_at=from_text(str(row[7])),
            ended_after=moment(_text(row[8])),
            ended_at=moment(_text(row[9])),
            reasons=reasons.get(int(str(row[0])), ()),
            note=str(row[10]),
        )
        for row in periods
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _category(connection: sqlite3.Connection, store: int, category: int | None) -> CategoryRules | None:
    row = connection.execute(RULES, [store, category]).fetchone()
    return read_category(row) if row else None
