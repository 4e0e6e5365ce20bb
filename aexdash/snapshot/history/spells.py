"""Spells: the time a listing was held without a break. They are stored when they end.

Every held period has the beginning of its spell in `held_since` and `held_after`, from when it opens on.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from aexdash.clock import to_text
from aexdash.snapshot.history.readings import began_unseen
from aexdash.snapshot.sql import HELD_STATUSES

CODES = """coalesce((
    SELECT group_concat(code, '|') FROM (
        SELECT DISTINCT substr(value, 1, instr(value, '@') - 1) AS code
        FROM json_each('[' || replace(json_quote(all_codes), '|', '","') || ']') WHERE value <> '' ORDER BY code
    )
), '')"""
"""The distinct codes, with `|` between, in the column `all_codes`: several `|code@provenance|…|` texts, one after the
other."""

SELECT = f"""
-- The held periods that ended by leaving both held statuses, each with the beginning of its spell.
WITH ended AS MATERIALIZED (
    SELECT p.store_id, p.product_id, p.started_at, p.ended_at, p.ended_to, p.held_since, p.held_after
    FROM status_period AS p INDEXED BY period_listed_ended
    WHERE {{which}} AND p.listed = 1 AND p.ended_at IS NOT NULL
        AND p.status IN {HELD_STATUSES} AND p.ended_to NOT IN {HELD_STATUSES}
)
{{into}}
SELECT store_id, ended_at, product_id, begun_at, ended_to, seconds, whole, {CODES}
FROM (
    SELECT e.store_id, e.ended_at, e.product_id, e.held_since AS begun_at, e.ended_to,
        -- unixepoch() drops milliseconds, which stand at character 21 of a moment.
        ((unixepoch(e.ended_at) - unixepoch(e.held_since)) * 1000
            + substr(e.ended_at, 21, 3) - substr(e.held_since, 21, 3)) / 1000.0 AS seconds,
        e.held_after IS NOT NULL AS whole, group_concat(s.codes, '') AS all_codes
    FROM ended AS e
    CROSS JOIN status_period AS s INDEXED BY period_listed_of_listing  -- all periods of the spell
        ON s.listed = 1 AND s.store_id = e.store_id AND s.product_id = e.product_id AND s.ended_at IS NOT NULL
            AND s.started_at BETWEEN e.held_since AND e.started_at
    GROUP BY e.store_id, e.ended_at, e.product_id
)
"""  # noqa: S608
"""The spells that have ended; `which` is a condition on their last period `p`, `into` what is done with them."""

COLUMNS = "store_id, ended_at, product_id, begun_at, ended_to, seconds, whole, codes"

KEEP = SELECT.format(into=f"INSERT INTO spell ({COLUMNS})", which="p.store_id = :store AND p.ended_at = :as_of")

HELD_NOW = f"""
SELECT id, store_id, product_id, started_at, held_since, held_after FROM status_period INDEXED BY period_open_listed
WHERE store_id = :store AND listed = 1 AND ended_at IS NULL AND status IN {HELD_STATUSES}
"""  # noqa: S608

FIRST_OF_SPELL = """CASE WHEN p.held_since = p.started_at THEN p.id ELSE (
    SELECT s.id FROM status_period AS s INDEXED BY period_listed_of_listing
    WHERE s.listed = 1 AND s.store_id = p.store_id AND s.product_id = p.product_id AND s.ended_at IS NOT NULL
        AND s.started_at = p.held_since
) END"""
"""The id of the first period of the spell of a held period `p`."""

LENGTH_KNOWN = (
    f"NOT ({began_unseen('store_id', 'nullif(whole, 0)', 'begun_at')} OR {began_unseen('store_id', '1', 'ended_at')})"
)
"""The condition, in SQL, that a spell was seen to begin and to end; else it was longer than it looks, or shorter."""

CLEARED = f"""
SELECT codes, seconds FROM spell
WHERE store_id = :store AND ended_at > :start AND ended_at <= :end AND ended_to = 'active' AND {LENGTH_KNOWN}
"""  # noqa: S608


def select(which: str) -> str:
    """Return the query for the spells whose last period `p` fulfils a condition; its columns are those of `spell`."""
    return SELECT.format(into="", which=which)


def keep(connection: sqlite3.Connection, store: int, as_of: str) -> None:
    """Store the spells that the run at `as_of` has ended."""
    connection.execute(KEEP, {"store": store, "as_of": as_of})


@lru_cache(maxsize=4096)
def codes_of(codes: str) -> tuple[str, ...]:
    """Split the stored codes of a spell."""
    return tuple(codes.split("|")) if codes else ()


def lengths(connection: sqlite3.Connection, store: int, start: datetime, end: datetime) -> dict[str, list[float]]:
    """Return the lengths, in seconds, of the spells that ended in active after `start` and up to `end`.

    They are grouped by their stored codes, which `codes_of` splits. Spells that nobody saw begin or end are left out:
    they had begun when we first read the store, or came or went while nobody read it.
    """
    bound = {"store": store, "start": to_text(start), "end": to_text(end)}
    by_codes: dict[str, list[float]] = defaultdict(list)
    for codes, seconds in connection.execute(CLEARED, bound):
        by_codes[codes].append(seconds)
    return by_codes


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the percentile of sorted values: the smallest that `percent` of them do not exceed (nearest rank)."""
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]
