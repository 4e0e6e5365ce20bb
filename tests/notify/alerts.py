"""Makes recorded events for tests of delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.model import Episode, Event, EventKind, RecordedEvent, Rule
from aexdash.alerts.reading import Reading
from aexdash.model import Severity

NINTH = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
SMALL, BRAND = "image.main_too_small", "attribute.brand_missing"
FIVE = tuple(1005000000000001 + number for number in range(5))
ANYTHING_HELD = Rule(
    key="held",
    title="Anything is held",
    condition=Threshold(card="aex_rejected_auditing_listings", limit=0, worse_at=20),
    severity=Severity.MEDIUM,
    hold_minutes=10,
)
"""A rule for tests, so that the rule that ships can be changed freely."""

HELD = Reading(level=5, value=5, baseline=0, marks=(SMALL, BRAND), listings=FIVE)


def recorded_event(
    kind: EventKind = EventKind.OPENED,
    number: int = 1,
    *,
    at: datetime = NINTH,
    rule: Rule = ANYTHING_HELD,
    reading: Reading = HELD,
    severity: Severity | None = None,
    store: str = "main",
    trace: str = "held-main-1",
    codes: dict[str, int] | None = None,
    before: dict[str, int] | None = None,
    owner: str = "",
) -> RecordedEvent:
    """Return an event of an episode open since 8:00; five listings are held, for two reasons (4 and 1)."""
    severity = severity or rule.severity
    since = NINTH - timedelta(minutes=10)
    closed_at = at if kind is EventKind.CLOSED else None
    episode = Episode(
        id=1,
        trace=trace,
        rule_key=rule.key,
        title=rule.title,
        store=store,
        severity=severity,
        since=since,
        opened_at=NINTH,
        closed_at=closed_at,
        at=at,
        reading=reading,
        owner=owner,
    )
    event = Event(kind, at, severity, since, reading)
    codes = {SMALL: 4, BRAND: 1} if codes is None else codes
    return RecordedEvent(number, episode, event, rule, codes, before or {}, at - timedelta(minutes=2))


def closing_event(number: int = 2, **words: object) -> RecordedEvent:
    """The end of that episode, two days later."""
    nothing = Reading(level=0, value=0)
    given = {"at": NINTH + timedelta(days=2), "reading": nothing, "codes": {}, "before": {SMALL: 4, BRAND: 1}} | words
    return recorded_event(EventKind.CLOSED, number, **given)  # type: ignore[arg-type]


def like(event: RecordedEvent, **changes: object) -> RecordedEvent:
    """The same event of another episode."""
    return replace(event, episode=replace(event.episode, **changes))  # type: ignore[arg-type]
