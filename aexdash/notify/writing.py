"""Makes messages of events: which rule, what it found, against what, since when, which reasons, which listings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from aexdash.alerts.model import Anomaly, Condition, EventKind, Reading, Rise, Severity, Threshold, Told
from aexdash.cards import CARDS
from aexdash.notify.links import link_to
from aexdash.notify.messages import Line, Message, MessageKind, harmless
from aexdash.notify.payload import changes_of, payload_of, payload_of_message
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.words.alerts import unit_of
from aexdash.words.card_units import amount
from aexdash.words.common import moment, plural, span
from aexdash.words.rules import sentence

MOST_REASONS = 6
MOST_LISTINGS = 5
MOST_EPISODES = 20

Titles = Callable[[str, Collection[int]], Mapping[int, str]]
"""Titles of listings of a store, by id; those that are not known are left out."""

AGAIN = "It is not certain that this arrived before, so it is sent again; copies have the same id."

OVER = (MessageKind.CLOSED, MessageKind.PASSED)

_BEGINS: Mapping[MessageKind, str] = {
    MessageKind.WORSENED: "Now {severity}",
    MessageKind.CHANGED: "Changed",
    MessageKind.CLOSED: "Over",
    MessageKind.PASSED: "Came and went",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages. `stores` are titles by key, `address` is where the pages are."""

    taxonomy: Taxonomy
    stores: Mapping[str, str]
    address: str
    titles: Titles

    def message(self, told: Sequence[Told], now: datetime, *, again: bool = False) -> Message:
        """Write one message of events of one episode that waited together, in the order they came in."""
        last, kind = told[-1], _kind(told)
        shown = _shown(told, kind)
        listings = self._listings(shown)
        lines = (*self._lines(shown, kind, listings, now), *_again(again))
        written = Message(
            kind=kind,
            id=f"{last.episode.trace}-{last.id}",
            trace=last.episode.trace,
            title=self._title(last, kind),
            lines=(*lines, Line("Trace", f"{last.episode.trace}-{last.id}")),
            link=link_to(shown, self.address, past=kind in OVER),
        )
        facts = payload_of(shown, listings, self.taxonomy, self.stores, events=[one.id for one in told], now=now)
        return replace(written, payload=facts | payload_of_message(written, now, again=again))

    def summary(self, episodes: Sequence[Sequence[Told]], now: datetime, *, again: bool = False) -> Message:
        """Write one message of several episodes of which nobody could be told when they happened, the worst first."""
        ordered = sorted(episodes, key=lambda told: (told[-1].event.severity.rank, told[-1].event.since, told[0].id))
        lasts = [told[-1] for told in ordered]
        parts = [self.message(told, now) for told in ordered]
        items = [_in_short(part, told[-1]) for part, told in zip(parts, ordered, strict=True)]
        more = (f"and {len(items) - MOST_EPISODES:,} more",) if len(items) > MOST_EPISODES else ()
        still = sum(last.event.kind is not EventKind.CLOSED for last in lasts)
        first, newest = min(told.id for told in chain(*episodes)), max(last.id for last in lasts)
        said = f"{plural(len(items), 'alert')}, {still:,} of them still open. They waited and are told in one message."
        name = f"summary-{first}-{newest}"
        written = Message(
            kind=MessageKind.SUMMARY,
            id=name,
            trace=name,
            title=f"{plural(len(items), 'alert')} that waited",
            lines=(Line("What happened", said, (*items[:MOST_EPISODES], *more)), *_again(again), Line("Trace", name)),
            link=f"{self.address}/",
        )
        episodes_told = [part.payload for part in parts]
        return replace(written, payload=payload_of_message(written, now, again=again) | {"episodes": episodes_told})

    def test(self, channel: str, now: datetime) -> Message:
        """Write a message that shows that a channel works."""
        name = f"test-{channel}-{now:%Y%m%dT%H%M%S}"
        said = "Somebody asked for it. Alerts for this channel arrive in the same way."
        written = Message(
            kind=MessageKind.TEST,
            id=name,
            trace=name,
            title=f"Test of channel {channel}",
            lines=(Line("Test", said), Line("Sent", moment(now)), Line("Trace", name)),
            link=f"{self.address}/sensitivity",
        )
        return replace(written, payload=payload_of_message(written, now))

    def _title(self, told: Told, kind: MessageKind) -> str:
        severity = told.event.severity
        begin = _BEGINS.get(kind, "{severity}").format(severity=severity.value)
        store = self.stores.get(told.episode.store, told.episode.store)
        figure = "" if kind in OVER else value_words(told)
        parts = (f"{begin[:1].upper()}{begin[1:]}: {harmless(told.rule.title)}", harmless(store), figure)
        return " · ".join(part for part in parts if part)

    def _lines(
        self, told: Told, kind: MessageKind, listings: Sequence[tuple[int, str]], now: datetime
    ) -> Iterable[Line]:
        event, reading = told.event, told.event.reading
        yield Line("Rule", harmless(sentence(told.rule)))
        if now_words := figures(told):
            yield Line("Then" if kind is MessageKind.PASSED else "Now", now_words)
        if reading.because:
            yield Line("Note", harmless(reading.because))
        yield Line("Since", _since(told, kind))
        if reasons := self._reasons(told):
            yield Line("Reasons of what is held", items=reasons)
        if listings:
            shown = tuple(f"{number} {harmless(title)}".rstrip() for number, title in listings)
            more = len(reading.listings) - len(shown)
            yield Line("Listings", items=(*shown, f"and {more:,} more") if more else shown)
        if told.episode.owner:
            yield Line("Owner", harmless(told.episode.owner))
        yield Line("Severity", event.severity.value)
        yield Line("Data", _age(told.data_at, now))

    def _reasons(self, told: Told) -> tuple[str, ...]:
        changes = changes_of(told.codes, told.codes_before)
        lines = [f"{count:,} {self.taxonomy.label(code)} ({_signed(delta)})" for code, count, delta in changes]
        more = len(lines) - MOST_REASONS
        return (*lines[:MOST_REASONS], f"and {more:,} more") if more > 0 else tuple(lines)

    def _listings(self, told: Told) -> list[tuple[int, str]]:
        first = told.event.reading.listings[:MOST_LISTINGS]
        titles = self.titles(told.episode.store, first) if first else {}
        return [(number, titles.get(number, "")) for number in first]


def _again(again: bool) -> list[Line]:
    return [Line("Again", AGAIN)] if again else []


def _kind(told: Sequence[Told]) -> MessageKind:
    kinds = [one.event.kind for one in told]
    if EventKind.OPENED in kinds:
        return MessageKind.PASSED if kinds[-1] is EventKind.CLOSED else MessageKind.OPENED
    worst = EventKind.WORSENED if EventKind.WORSENED in kinds and kinds[-1] is EventKind.CHANGED else kinds[-1]
    return MessageKind(worst.value)


def _shown(told: Sequence[Told], kind: MessageKind) -> Told:
    """What the message shows: the last event, of what came and went the worst; changes count from before the first."""
    first, last = told[0], told[-1]
    if kind is not MessageKind.PASSED:
        return replace(last, codes_before=first.codes_before)
    worst = min(reversed(told[:-1]), key=lambda one: one.event.severity.rank)
    return replace(worst, episode=last.episode, codes_before=first.codes_before, data_at=last.data_at)


def _since(told: Told, kind: MessageKind) -> str:
    event, opened, closed = told.event, told.episode.opened_at, told.episode.closed_at
    if kind in OVER and closed:
        return f"{moment(event.since)}; opened {moment(opened)}, over {moment(closed)} ({span(closed - opened)})"
    return f"{moment(event.since)} ({span(event.at - event.since)} when this was found)"


def figures(told: Told) -> str:
    """The value against its baseline, with the difference and its percentage; the level where it is another number."""
    condition, reading = told.rule.condition, told.event.reading
    unit = _unit_of_card(condition)
    if unit is None or reading.value is None:
        return _level(told)
    parts = [amount(reading.value, unit)]
    if reading.baseline is not None:
        when = "a day before" if isinstance(condition, Threshold) else "usually"
        parts.append(f"{when} {amount(reading.baseline, unit)} ({_difference(reading)})")
    if not isinstance(condition, Threshold):
        parts.append(_level(told))
    return ", ".join(part for part in parts if part)


def value_words(told: Told) -> str:
    """The value alone; the level where that is another number."""
    unit, value = _unit_of_card(told.rule.condition), told.event.reading.value
    return _level(told) if unit is None or value is None else amount(value, unit)


def _level(told: Told) -> str:
    level, unit = told.event.reading.level, unit_of(told.rule.condition)
    return "" if level is None else f"{level:,.4g} {unit.removesuffix('s') if level == 1 else unit}"


def _unit_of_card(condition: Condition) -> str | None:
    if isinstance(condition, Threshold | Rise | Anomaly) and condition.card in CARDS:
        return CARDS[condition.card].unit
    return None


def _difference(reading: Reading) -> str:
    value, baseline = reading.value or 0.0, reading.baseline or 0.0
    percent = f", {_signed(round(100 * (value - baseline) / abs(baseline)))} %" if baseline else ""
    return f"{_signed(value - baseline)}{percent}"


def _signed(number: float) -> str:
    shown = f"{abs(number):,.4g}" if abs(number) < 10_000 else f"{abs(number):,.0f}"
    return shown if not number else f"{'+' if number > 0 else '−'}{shown}"


def _age(data_at: datetime | None, now: datetime) -> str:
    if data_at is None:
        return "This store was never read completely."
    return f"Last read completely {moment(data_at)}, {span(now - data_at)} before this message."


def _in_short(part: Message, told: Told) -> str:
    severity: Severity = told.event.severity
    over = "over" if told.event.kind is EventKind.CLOSED else f"open since {moment(told.event.since)}"
    return f"{part.title} ({severity.value}, {over}) {part.link}"
