"""Makes messages of events: which rule, what it found, against what, since when, which reasons, which listings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from aexdash.alerts.event_words import changes_of, figures, signed, value_words
from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.alerts.sentences import sentence
from aexdash.notify.links import link_to
from aexdash.notify.messages import Line, Message, MessageKind, harmless
from aexdash.notify.payload import payload_of, payload_of_message
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.words.common import moment, plural, span

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

    def message(self, told: Sequence[RecordedEvent], now: datetime, *, again: bool = False) -> Message:
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

    def summary(self, episodes: Sequence[Sequence[RecordedEvent]], now: datetime, *, again: bool = False) -> Message:
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

    def _title(self, told: RecordedEvent, kind: MessageKind) -> str:
        severity = told.event.severity
        begin = _BEGINS.get(kind, "{severity}").format(severity=severity.value)
        store = self.stores.get(told.episode.store, told.episode.store)
        figure = "" if kind in OVER else value_words(told)
        parts = (f"{begin[:1].upper()}{begin[1:]}: {harmless(told.rule.title)}", harmless(store), figure)
        return " · ".join(part for part in parts if part)

    def _lines(
        self, told: RecordedEvent, kind: MessageKind, listings: Sequence[tuple[int, str]], now: datetime
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

    def _reasons(self, told: RecordedEvent) -> tuple[str, ...]:
        changes = changes_of(told.codes, told.codes_before)
        lines = [f"{count:,} {self.taxonomy.label(code)} ({signed(delta)})" for code, count, delta in changes]
        more = len(lines) - MOST_REASONS
        return (*lines[:MOST_REASONS], f"and {more:,} more") if more > 0 else tuple(lines)

    def _listings(self, told: RecordedEvent) -> list[tuple[int, str]]:
        first = told.event.reading.listings[:MOST_LISTINGS]
        titles = self.titles(told.episode.store, first) if first else {}
        return [(number, titles.get(number, "")) for number in first]


def _again(again: bool) -> list[Line]:
    return [Line("Again", AGAIN)] if again else []


def _kind(told: Sequence[RecordedEvent]) -> MessageKind:
    kinds = [one.event.kind for one in told]
    if EventKind.OPENED in kinds:
        return MessageKind.PASSED if kinds[-1] is EventKind.CLOSED else MessageKind.OPENED
    worst = EventKind.WORSENED if EventKind.WORSENED in kinds and kinds[-1] is EventKind.CHANGED else kinds[-1]
    return MessageKind(worst.value)


def _shown(told: Sequence[RecordedEvent], kind: MessageKind) -> RecordedEvent:
    """Return the event that a message shows: the last, or the worst where the episode opened and closed meanwhile.

    Its changes by reason count from before the first event.
    """
    first, last = told[0], told[-1]
    if kind is not MessageKind.PASSED:
        return replace(last, codes_before=first.codes_before)
    worst = min(reversed(told[:-1]), key=lambda one: one.event.severity.rank)
    return replace(worst, episode=last.episode, codes_before=first.codes_before, data_at=last.data_at)


def _since(told: RecordedEvent, kind: MessageKind) -> str:
    event, opened, closed = told.event, told.episode.opened_at, told.episode.closed_at
    if kind in OVER and closed:
        return f"{moment(event.since)}; opened {moment(opened)}, over {moment(closed)} ({span(closed - opened)})"
    return f"{moment(event.since)} ({span(event.at - event.since)} when this was found)"


def _age(data_at: datetime | None, now: datetime) -> str:
    if data_at is None:
        return "This store was never read completely."
    return f"Last read completely {moment(data_at)}, {span(now - data_at)} before this message."


def _in_short(part: Message, told: RecordedEvent) -> str:
    over = "over" if told.event.kind is EventKind.CLOSED else f"open since {moment(told.event.since)}"
    return f"{part.title} ({told.event.severity.value}, {over}) {part.link}"
