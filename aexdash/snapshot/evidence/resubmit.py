"""Whether a rejected listing may be resubmitted, told from its reasons: one rule, for now and for any moment."""

from __future__ import annotations

STANDS = "r.vanished_at IS NULL"
GONE = "r.vanished_at IS NOT NULL"

STOOD_THEN = "r.first_seen_at <= :as_of AND (r.vanished_at IS NULL OR r.vanished_at > :as_of)"
GONE_THEN = "r.vanished_at <= :as_of"

FAMILY = "substr(r.code, 1, instr(r.code || '.', '.'))"


def rule(period: str, standing: str, vanished: str) -> str:
    """Write the rule in SQL for the periods of a table: `not_yet`, `ready` or empty text.

    `standing` and `vanished` are conditions on a reason `r`. Not yet, while a finding of the period stands; ready, once
    one has vanished, none stands, and what the platform or Seller Center still says is of families that were mended.
    """
    of_period = f"FROM listing_reason AS r WHERE r.period_id = {period}.id"
    found, mended = f"{of_period} AND r.provenance = 'check' AND {standing}", f"r.provenance = 'check' AND {vanished}"
    return f"""CASE
        WHEN {period}.status <> 'rejected' THEN ''
        WHEN EXISTS (SELECT 1 {found}) THEN 'not_yet'
        WHEN EXISTS (SELECT 1 {of_period} AND {mended}) AND NOT EXISTS (
            SELECT {FAMILY} {of_period} AND r.provenance IN ('platform', 'seller_center') AND {standing}
            EXCEPT SELECT {FAMILY} {of_period} AND {mended}
        ) THEN 'ready'
        ELSE ''
    END"""
