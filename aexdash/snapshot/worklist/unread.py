"""Counts the held listings of which not everything that may name a reason was read."""

from __future__ import annotations

import sqlite3

from aexdash.snapshot.evidence.scope import PERIODS
from aexdash.snapshot.history import counts
from aexdash.snapshot.stores import Stores

UNREAD = f"""
SELECT count(*) FROM {PERIODS["held"]}
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
LEFT JOIN category AS c ON c.store_id = p.store_id AND c.category_id = p.category_id
WHERE p.checked = 0
    OR d.read_at IS NULL OR d.note <> '' OR d.modified_raw IS NOT l.modified_raw
    OR (p.category_id IS NOT NULL AND c.read_at IS NULL)
    OR EXISTS (
        SELECT 1 FROM json_each(l.image_urls) AS image
        WHERE NOT EXISTS (SELECT 1 FROM picture WHERE url = image.value)
    )
    OR EXISTS (
        SELECT 1 FROM json_each(d.image_urls) AS image
        WHERE NOT EXISTS (SELECT 1 FROM picture WHERE url = image.value)
    )
"""  # noqa: S608
"""Of these the details, the rules of the category or a picture are missing, or what was read was not checked yet.

A picture that cannot be had was asked for, and nothing more is to be expected of it.
"""


def held_unread(connection: sqlite3.Connection, store_keys: Stores) -> int:
    """Count the listings held now whose reasons are not all read yet."""
    return counts.total(connection, UNREAD, counts.ids_of(connection, store_keys), {})
