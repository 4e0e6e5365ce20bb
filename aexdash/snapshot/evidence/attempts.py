"""Keeps what a listing was when it was rejected, so that it can be told what was changed before the next rejection.

The list tells it as the rejection is seen. The detail is read later: it belongs to the attempt only while the listing
has not been changed since.
"""

from __future__ import annotations

DETAIL = """json_object('titles', json(d.titles), 'attributes', json(d.attributes), 'skus', json(d.skus),
    'image_urls', json(d.image_urls), 'weight', d.weight, 'sides', json(d.sides), 'eu_person', d.eu_person,
    'qualifications', json(d.qualifications), 'description_chars', d.description_chars,
    'description_pictures', d.description_pictures)"""
"""What the detail `d` tells, as kept with an attempt."""

IS_CURRENT = "d.read_at IS NOT NULL AND d.note = '' AND d.modified_raw IS l.modified_raw"
"""Whether the detail `d` is that of the listing `l` as the list tells it. Where its last reading failed, as the note
says, it is an earlier one."""

LISTED = f"""json_object('title', l.title, 'image_urls', json(l.image_urls), 'price_min', l.price_min,
    'price_max', l.price_max, 'currency', l.currency,
    'category_id', CASE WHEN s.category_id IS NOT NULL OR {IS_CURRENT} THEN l.category_id END,
    'sku_codes', CASE WHEN s.sku_codes <> '[]' OR {IS_CURRENT} THEN json(l.sku_codes) ELSE json('[]') END)"""
"""What the list, whose row of this run is `s`, tells of a listing `l`. Category and SKU codes may be known by an
earlier detail only; then they are not told."""

KEEP_ATTEMPTS = f"""
INSERT INTO attempt (period_id, store_id, product_id, number, at, modified_raw, listed, detail)
SELECT p.id, p.store_id, p.product_id, p.attempt, p.started_at, l.modified_raw, {LISTED},
    CASE WHEN {IS_CURRENT} THEN {DETAIL} END
FROM temp.change AS c JOIN temp.fact AS s ON s.seq = c.seq
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = :store AND p.product_id = c.product_id AND p.ended_at IS NULL
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE c.moved AND c.to_status = 'rejected'
ORDER BY p.id
"""  # noqa: S608
"""Keeps every listing that a run saw move to rejected, after its period was opened and the list's facts were stored."""

DETAIL_TELLS_ATTEMPT = f"""
UPDATE attempt SET detail = {DETAIL},
    listed = iif(attempt.listed ->> '$.category_id' IS NULL,
        json_set(attempt.listed, '$.category_id', d.category_id), attempt.listed)
FROM status_period AS p
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.product_id = :product_id AND p.ended_at IS NULL AND attempt.period_id = p.id
    AND attempt.detail IS NULL AND attempt.modified_raw IS l.modified_raw AND {IS_CURRENT}
    -- Where the list does not say when a listing was changed, nothing that it tells may have changed.
    AND (l.modified_raw IS NOT NULL OR l.changed_at <= attempt.at)
"""  # noqa: S608
"""Adds the detail to the attempt of the present rejection, if the listing is still what was rejected. Some lists do not
tell the category, and then the detail does."""
