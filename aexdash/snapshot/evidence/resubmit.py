"""Decides from the reasons of a rejected listing whether it may be resubmitted; the same rule for now and the past."""

from __future__ import annotations

STANDS = "r.vanished_at IS NULL"
GONE = "r.vanished_at IS NOT NULL"

STOOD_THEN = "r.first_seen_at <= :as_of AND (r.vanished_at IS NULL OR r.vanished_at > :as_of)"
GONE_THEN = "r.vanished_at <= :as_of"

FAMILY = "substr(r.code, 1, instr(r.code || '.', '.'))"
"""The family of a reason `r`: its code up to the first dot."""


def rule(period: str, standing: str, vanished: str) -> str:
    """Return an SQL expression for a period: `not_yet`, `ready` or an empty text.

    `period` is the alias of `status_period`; `standing` and `vanished` are conditions on a reason `r`. It is `not_yet`
    while one of our findings stands. It is `ready` when a finding has vanished, none stands, and every reason of the
    platform or Seller Center that stands is of the family of a vanished finding.
    """
    of_period = f"FROM listing_reason AS r WHERE r.period_id = {period}.id"
    finding, mended = f"{of_period} AND r.provenance = 'check' AND {standing}", f"r.provenance = 'check' AND {vanished}"
    return f"""CASE
        WHEN {period}.status <> 'rejected' THEN ''
        WHEN EXISTS (SELECT 1 {finding}) THEN 'not_yet'
        WHEN EXISTS (SELECT 1 {of_period} AND {mended}) AND NOT EXISTS (
            SELECT {FAMILY} {of_period} AND r.provenance IN ('platform', 'seller_center') AND {standing}
            EXCEPT SELECT {FAMILY} {of_period} AND {mended}
        ) THEN 'ready'
        ELSE ''
    END"""
