"""Listings that were approved in a span and changed again since: sent back into audit, or edited while on sale."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, from_text_or_none, to_text
from aexdash.model import Status

APPROVED = """p.store_id = :store AND p.status = 'active' AND p.came_from IN ('auditing', 'rejected')
    AND p.started_at > :start AND p.started_at <= :end"""

# What is on sale still is told by the day of its last change, what left for an audit by that; a rejection without an
# audit in sight is AliExpress' own second thought and no change.
CHANGED_AGAIN = f"""
SELECT p.product_id, coalesce(l.title, ''), p.started_after, p.started_at, NULL, NULL, l.modified_at, p.status
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
WHERE p.ended_at IS NULL AND {APPROVED} AND l.modified_at > p.started_at
UNION ALL
SELECT p.product_id, coalesce(l.title, ''), p.started_after, p.started_at, p.ended_after, p.ended_at, NULL, o.status
FROM status_period AS p INDEXED BY period_of_listing
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN status_period AS o INDEXED BY period_open
    ON o.store_id = p.store_id AND o.product_id = p.product_id AND o.ended_at IS NULL
WHERE p.ended_at IS NOT NULL AND {APPROVED} AND p.ended_to = 'auditing'
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class ChangedAgain:
    """A listing that passed its audit after `approved_after` (None: not known) and by `approved_by`.

    Either it was seen to go into audit again, after `again_after` and by `again_by`, or it is on sale still and
    AliExpress says that it was changed at `edited_at`, later than the reading that saw it approved. `now` is the status
    it has now.
    """

    store: str
    product_id: int
    title: str
    approved_after: datetime | None
    approved_by: datetime
    again_after: datetime | None
    again_by: datetime | None
    edited_at: datetime | None
    now: Status


def changed_again(
    connection: sqlite3.Connection, store: int, key: str, start: datetime, end: datetime
) -> Iterator[ChangedAgain]:
    """Yield the listings of a store that were approved after `start` and up to `end`, and changed since."""
    bound = {"store": store, "start": to_text(start), "end": to_text(end)}
    for product_id, title, after, by, again_after, again_by, edited, now in connection.execute(CHANGED_AGAIN, bound):
        yield ChangedAgain(
            store=key,
            product_id=product_id,
            title=title,
            approved_after=from_text_or_none(after),
            approved_by=from_text(by),
            again_after=from_text_or_none(again_after),
            again_by=from_text_or_none(again_by),
            edited_at=from_text_or_none(edited),
            now=Status(now) if now else Status.OTHER,
        )
