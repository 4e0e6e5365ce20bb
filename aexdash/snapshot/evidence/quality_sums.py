"""Sums of quality over all listings of a store, kept by triggers: adding up a million rows takes a second a sync.

The triggers are part of migration 0003. Scores are summed in tenths, as whole numbers, so that a sum that has been
added to and taken from a million times is still what adding up gives.
"""

from __future__ import annotations

PARTS = ("pictures", "attributes", "title", "description", "skus")
"""The columns of the parts; `aexdash.checks.quality` has parts of the same keys."""

_SCORES = ", ".join(f"sum({part}_tenths) / 10.0, sum({part}_known)" for part in ("score", *PARTS))

TOTALS = f"""
SELECT sum(complete), sum(counted), sum(filled), sum(required), {_SCORES}
FROM quality_sum WHERE store_id = :store
"""  # noqa: S608
"""Numerator and denominator of completeness, of the filled attributes, of the score and of each part; null: nothing."""
