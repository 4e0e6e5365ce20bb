"""Sums of quality scores over all listings of a store. Triggers update them; adding up a million rows takes a second.

The triggers are in migration 0003. Scores are summed as whole numbers of tenths, so that no rounding error grows with
the number of updates.
"""

from __future__ import annotations

PARTS = ("pictures", "attributes", "title", "description", "skus")
"""The columns of the parts; `aexdash.checks.quality` has parts of the same keys."""

_SCORES = ", ".join(f"sum({part}_tenths) / 10.0, sum({part}_known)" for part in ("score", *PARTS))

TOTALS = f"""
SELECT sum(complete), sum(counted), sum(filled), sum(required), {_SCORES}
FROM quality_sum WHERE store_id = :store
"""  # noqa: S608
"""Numerator and denominator of completeness, of filled attributes, of the score and of each part; null where no listing
was scored."""
