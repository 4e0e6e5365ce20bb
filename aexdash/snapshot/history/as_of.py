"""Finds the listed periods that contained a moment, without reading all that came before or after it.

An index can follow one end of a period, not both. So the index `period_stretch` sorts periods into six classes by their
length, called stretches, and within a stretch by their start. A period of a stretch that contained a moment began
before it by at most the longest length of that stretch. Open periods are a stretch of their own.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from aexdash.clock import to_text

STRETCH = """CASE
        WHEN ended_at IS NULL THEN -1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 21600 THEN 0
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 86400 THEN 1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 345600 THEN 2
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 1382400 THEN 3
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 5529600 THEN 4
        ELSE 5 END"""
"""The stretch of a period, -1 if it is open. SQLite uses the index only for this very text, so it must not change."""

LONGEST = {0: 21_600, 1: 86_400, 2: 345_600, 3: 1_382_400, 4: 5_529_600}
"""The longest length of a period, in seconds, by stretch; stretches -1 and 5 have no limit."""

CONTAINED = f"""json_each(:stretches) AS stretch
    CROSS JOIN status_period INDEXED BY period_stretch
        ON listed = 1 AND {STRETCH} = stretch.value ->> 0
            AND started_at > stretch.value ->> 1 AND started_at <= :as_of
            AND (ended_at IS NULL OR ended_at > :as_of)"""
"""The listed periods that contained `:as_of`, for a FROM clause; the query has to restrict `store_id` in its WHERE
clause. The table is `status_period`, without alias."""


def bound(at: datetime) -> dict[str, object]:
    """Return the parameters of `CONTAINED` for a moment: with each stretch, the moment after which periods began."""
    limited = [(stretch, to_text(at - timedelta(seconds=longest + 1))) for stretch, longest in LONGEST.items()]
    return {"as_of": to_text(at), "stretches": json.dumps([(-1, ""), *limited, (5, "")])}


def open_now() -> dict[str, object]:
    """Return the parameters of `CONTAINED` for the present: every open period, even if a clock was set back since."""
    return {"as_of": "9999", "stretches": json.dumps([(-1, "")])}
