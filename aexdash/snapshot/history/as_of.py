"""Which listed periods contained a moment, found without reading all that came before or after it.

An index can follow one end of a period, not both. So periods are indexed by how long they lasted, in six stretches, and
within a stretch by their start: one that contained a moment began at most its stretch before it.
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
"""The stretch of a period; -1 is open. The text is the index's own, so that SQLite knows it again."""

LONGEST = {0: 21_600, 1: 86_400, 2: 345_600, 3: 1_382_400, 4: 5_529_600}
"""The most seconds that a period of a stretch lasted; the others have no limit."""

CONTAINED = f"""json_each(:stretches) AS stretch
    CROSS JOIN status_period INDEXED BY period_stretch
        ON listed = 1 AND {STRETCH} = stretch.value ->> 0
            AND started_at > stretch.value ->> 1 AND started_at <= :as_of
            AND (ended_at IS NULL OR ended_at > :as_of)"""
"""The listed periods that contained `:as_of`, as a source without alias; name the store in the WHERE."""


def bound(at: datetime) -> dict[str, object]:
    """Return what `CONTAINED` is bound to for a moment."""
    begun = [(stretch, to_text(at - timedelta(seconds=most + 1))) for stretch, most in LONGEST.items()]
    return {"as_of": to_text(at), "stretches": json.dumps([(-1, ""), *begun, (5, "")])}


def open_now() -> dict[str, object]:
    """Return what `CONTAINED` is bound to for the present: what is open, also where the clock went back since."""
    return {"as_of": "9999", "stretches": json.dumps([(-1, "")])}
