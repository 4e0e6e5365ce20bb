"""The last quality score of each listing."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import ListingQuality
from aexdash.snapshot.evidence.quality_sums import PARTS
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

_MEASURED = ("score", *PARTS, "required", "filled", "worst")

RECORD = f"""
INSERT INTO listing_quality (store_id, product_id, {", ".join(_MEASURED)}, at)
VALUES (:store, :product_id, {", ".join(f":{name}" for name in _MEASURED)}, :at)
ON CONFLICT (store_id, product_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _MEASURED)},
    at = excluded.at
WHERE {" OR ".join(f"{name} IS NOT excluded.{name}" for name in _MEASURED)}
"""  # noqa: S608

READ = f"""
SELECT {", ".join(_MEASURED)} FROM listing_quality
WHERE store_id = :store AND product_id = :product_id AND at <= :at
"""  # noqa: S608


def record_quality(db: Database, store_id: int, product_id: int, quality: ListingQuality, at: datetime) -> None:
    """Record the quality of a listing; where it has not changed, nothing is written.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    row = {
        "store": store_id,
        "product_id": product_id,
        "at": to_text(at),
        "score": quality.score,
        **quality.parts,
        "required": quality.required,
        "filled": quality.filled,
        "worst": storable(quality.worst),
    }
    with transaction(db) as connection:
        if connection.execute(RECORD, row).rowcount > 0:
            bump_version(connection)


def quality_of(connection: sqlite3.Connection, store_id: int, product_id: int, at: str) -> ListingQuality | None:
    """Read the quality of a listing at a stored moment; None if it was not scored yet, or scored again since."""
    row = connection.execute(READ, {"store": store_id, "product_id": product_id, "at": at}).fetchone()
    if row is None:
        return None
    score, *parts = row[: len(PARTS) + 1]
    return ListingQuality(score, dict(zip(PARTS, parts, strict=True)), *row[len(PARTS) + 1 :])
