"""The words of an event: its figures, its note, the change by reason. Pure functions; all texts are plain."""

from __future__ import annotations

from collections.abc import Mapping

from aexdash.alerts.conditions.base import Condition
from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.alerts.reading import Reading
from aexdash.words.card_units import amount

EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.OPENED: "opened",
    EventKind.WORSENED: "got worse",
    EventKind.CHANGED: "changed",
    EventKind.CLOSED: "closed",
}


def figures(recorded: RecordedEvent) -> str:
    """Write the value and its baseline with difference and percentage; the level instead when it is not the value."""
    condition, reading = recorded.rule.condition, recorded.event.reading
    unit = condition.card_unit
    if unit is None or reading.value is None:
        return _level(condition, reading)
    parts = [amount(reading.value, unit)]
    if reading.baseline is not None:
        parts.append(f"{condition.baseline_words} {amount(reading.baseline, unit)} ({_difference(reading)})")
    if not condition.level_is_value:
        parts.append(_level(condition, reading))
    return ", ".join(part for part in parts if part)


def value_words(recorded: RecordedEvent) -> str:
    """Write the value without baseline; the level instead when it is not the value."""
    return _value(recorded.rule.condition, recorded.event.reading)


def in_short(recorded: RecordedEvent) -> str:
    """Say what an event found in a few words, without its baseline."""
    return reading_in_short(recorded.rule.condition, recorded.event.reading)


def reading_in_short(condition: Condition, reading: Reading, *, with_note: bool = True) -> str:
    """Say what a condition found in a few words, without its baseline."""
    because = reading.because.rstrip(".") if with_note else ""
    if because and condition.note_says_it_all:
        return because
    return "; ".join(part for part in (_value(condition, reading), because) if part)


def found(recorded: RecordedEvent) -> str:
    """Say what an event found: the figures and the note."""
    parts = (figures(recorded), recorded.event.reading.because.rstrip("."))
    return "; ".join(part for part in parts if part) or "nothing can be told"


def changes_of(codes: Mapping[str, int], before: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """List reasons with their listings now and the change, the greatest change first."""
    both = dict.fromkeys((*codes, *before))
    changes = [(code, codes.get(code, 0), codes.get(code, 0) - before.get(code, 0)) for code in both]
    return sorted(changes, key=lambda change: (-abs(change[2]), -change[1], change[0]))


def reasons_told(recorded: RecordedEvent) -> list[tuple[str, int, int]]:
    """List the reasons of what is held as `changes_of`; none for an event about no listings, or of what is in audit."""
    told = recorded.is_about_listings and recorded.rule.condition.has_reasons
    return changes_of(recorded.codes, recorded.codes_before) if told else []


def signed(number: float) -> str:
    """Write a difference with its sign; 0 has none."""
    shown = f"{abs(number):,.4g}" if abs(number) < 10_000 else f"{abs(number):,.0f}"
    return shown if not number else f"{'+' if number > 0 else '−'}{shown}"


def _value(condition: Condition, reading: Reading) -> str:
    unit, value = condition.card_unit, reading.value
    return _level(condition, reading) if unit is None or value is None else amount(value, unit)


def _level(condition: Condition, reading: Reading) -> str:
    level, unit = reading.level, condition.unit
    return "" if level is None else f"{level:,.4g} {unit.removesuffix('s') if level == 1 else unit}"


def _difference(reading: Reading) -> str:
    value, baseline = reading.value or 0.0, reading.baseline or 0.0
    percent = f", {signed(round(100 * (value - baseline) / abs(baseline)))} %" if baseline else ""
    return f"{signed(value - baseline)}{percent}"
