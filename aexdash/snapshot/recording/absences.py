"""Listings that a run found nowhere and that the platform says do not exist: kept until a second run agrees.

An absence is forgotten when a run shows the listing again, or when it is taken as deleted. Those of kind
`filter_ignored` rest on a sweep, so each sweep replaces them; pulses leave them alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aexdash.clock import from_text
from aexdash.storage.text import storable

AbsenceKind = Literal["refused", "filter_ignored"]

EARLIER = "SELECT product_id, kind, as_of FROM absence WHERE store_id = ?"

OPEN_PERIODS = """
SELECT count(*) FROM status_period INDEXED BY period_open_by_status
WHERE store_id = ? AND status = ? AND ended_at IS NULL
"""

LATELY_ON_SALE = """
SELECT product_id FROM status_period INDEXED BY period_open_by_status
WHERE store_id = ? AND status = 'active' AND ended_at IS NULL AND missing_after IS NULL
ORDER BY started_at DESC, product_id LIMIT ?
"""

FORGET_SHOWN = """
DELETE FROM absence WHERE store_id = ? AND product_id IN (SELECT product_id FROM temp.staged)
"""

FORGET_OF_LAST_SWEEP = "DELETE FROM absence WHERE store_id = ? AND kind = 'filter_ignored'"

KEEP = """
INSERT INTO absence (store_id, product_id, kind, run_id, as_of) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (store_id, product_id) DO UPDATE SET
    kind = excluded.kind, run_id = excluded.run_id, as_of = excluded.as_of
"""

NOTE = """
UPDATE status_period SET note = ?
WHERE store_id = ? AND product_id = ? AND ended_at IS NULL AND status = 'deleted' AND started_at = ?
"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier runs found absent, by product id: the moment of the run that did.

    `refused`: every list was whole and did not show it. `swept`: absent from the last sweep, whose lists ignore ids.
    """

    refused: Mapping[int, datetime]
    swept: Mapping[int, datetime]


@dataclass(slots=True)
class Absences:
    """What a run makes of absences: which still wait for a second run, and why others are taken as deleted."""

    waiting: dict[int, AbsenceKind] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)


def earlier(connection: sqlite3.Connection, store: int) -> Earlier:
    """Return the absences that earlier runs found; those of sweeps are of the last one that was recorded."""
    found: dict[str, dict[int, datetime]] = {"refused": {}, "filter_ignored": {}}
    for product_id, kind, as_of in connection.execute(EARLIER, [store]):
        found[kind][product_id] = from_text(as_of)
    return Earlier(refused=found["refused"], swept=found["filter_ignored"])


def open_periods(connection: sqlite3.Connection, store: int, status: str) -> int:
    """Count the listings that are in a status as the last run left it."""
    return int(connection.execute(OPEN_PERIODS, [store, status]).fetchone()[0])


def lately_on_sale(connection: sqlite3.Connection, store: int, limit: int) -> list[int]:
    """List a few listings that were on sale as the last run left it, the latest arrivals first."""
    return [product_id for (product_id,) in connection.execute(LATELY_ON_SALE, [store, limit])]


def keep(  # noqa: PLR0917 - each argument is needed, and none has a natural default
    connection: sqlite3.Connection, store: int, kind: str, run_id: int, as_of: str, absences: Absences
) -> None:
    """Record what a run made of absences. The caller holds the transaction of the run, whose changes are written."""
    connection.execute(FORGET_SHOWN, [store])
    if kind == "sweep":
        connection.execute(FORGET_OF_LAST_SWEEP, [store])
    rows: Iterable[tuple[object, ...]] = (
        (store, product_id, of_kind, run_id, as_of) for product_id, of_kind in absences.waiting.items()
    )
    connection.executemany(KEEP, rows)
    connection.executemany(
        NOTE, [(storable(note), store, product_id, as_of) for product_id, note in absences.notes.items()]
    )
