"""The rules that ship, and notes on stores that lack the data a rule needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aexdash.alerts.conditions import (
    Anomaly,
    Concentration,
    NewReason,
    NoData,
    OneListing,
    Silence,
    Subject,
    Threshold,
)
from aexdash.alerts.facts import Facts
from aexdash.alerts.limits import Way
from aexdash.alerts.model import Rule
from aexdash.model import Severity

DAY_MINUTES = 24 * 60

SHIPPED = (
    Rule(
        key="held",
        title="Anything is held",
        condition=Threshold(card="aex_rejected_auditing_listings", limit=0, worse_at=20),
        severity=Severity.MEDIUM,
        hold_minutes=45,  # what one upload spoils is held within the hour, listing by listing: one message, not five
    ),
    Rule(
        key="worse-than-usual",
        title="More rejected than usual",
        condition=Anomaly(card="aex_rejected_listings_24h", recovers_at=2, weeks=12),
        severity=Severity.HIGH,
    ),
    Rule(
        key="share-of-catalogue",
        title="Much of the catalogue is held",
        condition=Threshold(card="aex_listing_suppressed_pct", limit=5, recovers_at=4.5),
        severity=Severity.CRITICAL,
    ),
    Rule(
        key="one-cause",
        title="One cause behind the new ones",
        condition=Concentration(recovers_at=50),
        severity=Severity.HIGH,
    ),
    Rule(
        key="new-reason",
        title="A new reason",
        condition=NewReason(),
        severity=Severity.LOW,
    ),
    Rule(
        key="stuck",
        title="Stuck in audit",
        condition=OneListing(subject=Subject.STUCK),
        severity=Severity.LOW,
        change_minutes=DAY_MINUTES,
    ),
    Rule(
        key="deadline",
        title="A deadline is near",
        condition=OneListing(subject=Subject.DEADLINE, hours=48),
        severity=Severity.HIGH,
    ),
    Rule(
        key="regressed",
        title="Rejected again",
        condition=OneListing(subject=Subject.REGRESSED, hours=24),
        severity=Severity.MEDIUM,
        change_minutes=240,
    ),
    Rule(
        key="feed",
        title="The feed's validation rejects rows",
        condition=Threshold(card="aex_listings_failing_feedonomics_validation", limit=5),
        severity=Severity.MEDIUM,
    ),
    Rule(
        key="no-data",
        title="No data",
        condition=NoData(silence=Silence.WALK, limit=30),
        severity=Severity.HIGH,
        silenced=False,
    ),
    Rule(
        key="sign-in",
        title="The sign-in ends soon",
        condition=NoData(silence=Silence.SIGN_IN, limit=72, way=Way.BELOW),
        severity=Severity.MEDIUM,
        silenced=False,
    ),
    Rule(
        key="budget",
        title="The calls of this hour are nearly used",
        condition=NoData(silence=Silence.BUDGET, limit=90),
        severity=Severity.MEDIUM,
        silenced=False,
    ),
    Rule(
        key="partial",
        title="Runs end partial or failed",
        condition=NoData(silence=Silence.PARTIAL, limit=2),
        severity=Severity.LOW,
        silenced=False,
    ),
)

DEFAULTS: dict[str, Rule] = {rule.key: rule for rule in SHIPPED}
"""The rules that ship, by key."""


def notes(rule: Rule, stores: Mapping[str, Facts], at: datetime) -> list[str]:
    """List the stores for which a rule has no data now, with the reason, a sentence each.

    `stores` are facts by the key of the store.
    """
    readings = {key: rule.condition.read(facts, at) for key, facts in stores.items()}
    return [f"Silent at {key}: {found.because}" for key, found in readings.items() if found.level is None]
