"""What an open episode says now, beside what it said when it opened: for pages and commands, which show the present."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from aexdash.alerts.conditions.of_card import CardCondition
from aexdash.alerts.episodes.event_words import reading_in_short
from aexdash.alerts.model import RecordedEvent, Rule
from aexdash.alerts.reading import Reading
from aexdash.cards.registry import value as value_of
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Reach
from aexdash.view import View
from aexdash.words import statements


@dataclass(frozen=True, slots=True)
class Present:
    """What the condition of a rule finds in a store when it was last read, and what that may speak for."""

    reading: Reading
    reach: Reach


def present(snapshot: Snapshot, spec: str, store: str, now: datetime, appeal_days: Mapping[str, int]) -> Present:
    """Read the condition of a rule (as JSON) at the last reading of a store; a rule about missing data, at `now`.

    The value of a card is counted as its tile counts it, so that both show one number.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    condition = Rule.model_validate_json(spec).condition
    reach = snapshot.hero(View(store=store)).reach
    facts = snapshot.alert_facts(store, appeal_days)
    facts.refresh(now)
    at = now if condition.is_about_data else facts.sync_health_now().complete_at
    reading = condition.read(facts, at) if at else Reading(None)
    if condition.is_about_data:
        return Present(reading, Reach())
    if isinstance(condition, CardCondition) and condition.known_card:
        card = value_of(condition.known_card, snapshot.measures([store]))
        because = "" if reading.level is None else reading.because
        return Present(replace(reading, value=card.value, because=because), card.reach)
    return Present(reading, reach)


def now_and_then(opened: RecordedEvent, now: Present | None, zone: tzinfo = UTC) -> str:
    """Say in a few words what an open episode is about now, as of when, and what it was when it opened."""
    condition = opened.rule.condition
    then = reading_in_short(condition, opened.event.reading, with_note=False)
    if now is None:
        return statements.when_opened(then) if then else ""
    said = reading_in_short(condition, now.reading)
    said = f"{said}{statements.when_words(now.reach, zone)}" if said else ""
    differs = then and then != reading_in_short(condition, now.reading, with_note=False)
    return " · ".join(part for part in (said, statements.when_opened(then) if differs else "") if part)
