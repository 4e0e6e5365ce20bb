"""Random samples of the listings on sale: those read in the order of chance, and what was measured on them.

The listings before the first one that was not asked for, in that order, are the sample, whoever of them was read for
another reason. There are two strata: listings that were held before, of which nearly all were read while they were
held, and the others. A detail that was asked for and not read, or cannot be measured, stays in the sample as unknown.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from aexdash.estimate import Sample
from aexdash.snapshot.evidence.scope import PERIODS, PLACE
from aexdash.snapshot.sql import HELD_STATUSES

LISTINGS = f"""
SELECT {PLACE} AS place, p.status = 'active' AS active, d.product_id IS NOT NULL AS asked,
    p.known = 2 AND p.checked = 1 AS checked, instr(p.codes, '@check|') > 0 AS found,
    q.score, q.required, q.filled,
    EXISTS (
        SELECT 1 FROM status_period AS h INDEXED BY period_listed_of_listing
        WHERE h.store_id = p.store_id AND h.product_id = p.product_id AND h.listed = 1 AND h.ended_at IS NOT NULL
            AND h.status IN {HELD_STATUSES}
    ) AS was_held
FROM {PERIODS["at_risk"]}
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
LEFT JOIN listing_quality AS q ON q.store_id = p.store_id AND q.product_id = p.product_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of three values, a sample a stratum, each of which may be wholly read.

    Whether all required attributes are filled (1 or 0) and the quality score (0-100) are of listings on sale; whether a
    finding of ours stands (1 or 0) is also of those that wait to go on sale.
    """

    complete: list[Sample]
    score: list[Sample]
    at_risk: list[Sample]


def _sums(population: str, known: str, value: str, known_beside: str = "") -> str:
    """Return the columns of a `Sample`, in the order of its fields; `known_beside` is what is known outside it."""
    drawn = f"{population} AND drawn"
    of_sample, of_all = (
        f"FILTER (WHERE {drawn} AND {known})",
        f"FILTER (WHERE {population} AND {known_beside or known})",
    )
    powers = ", ".join(
        f"total({power}) {of_sample}" for power in (value, f"{value}*{value}", f"{value}*{value}*{value}")
    )
    counts = f"count(*) FILTER (WHERE {population}), count(*) FILTER (WHERE {drawn}), count(*) {of_sample}"
    return f"{counts}, {powers}, count(*) {of_all}, total({value}) {of_all}"


MEASURED = (
    _sums("active", "required IS NOT NULL AND filled IS NOT NULL", "(filled >= required)"),
    _sums("active", "score IS NOT NULL", "score"),
    _sums("1", "checked", "found", "(checked OR found)"),
)

SAMPLES = f"""
WITH one AS MATERIALIZED ({LISTINGS}),
unread AS (SELECT was_held, min(place) FILTER (WHERE NOT asked) AS first FROM one GROUP BY was_held)
SELECT {", ".join(MEASURED)}
FROM (SELECT one.*, place < coalesce(first, 2147483648) AS drawn FROM one JOIN unread USING (was_held))
GROUP BY was_held
"""  # noqa: S608


def samples(connection: sqlite3.Connection, store_id: int) -> Samples:
    """Read the samples of a store, as they are now: some seconds for a million listings on sale."""
    columns = 8
    strata = [
        [Sample(*row[start : start + columns]) for start in range(0, len(row), columns)]
        for row in connection.execute(SAMPLES, {"store": store_id})
    ]
    complete, score, at_risk = zip(*strata, strict=True) if strata else ((), (), ())
    return Samples(list(complete), list(score), list(at_risk))
