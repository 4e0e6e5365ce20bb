"""Writes the messages about events: rule, figures, baseline, since when, reasons and listings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from aexdash.alerts.episodes.event_words import figures, reasons_told, signed, value_words
from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.alerts.rules.sentences import sentence
from aexdash.notify.links import link_to, report_link
from aexdash.notify.messages import Message, MessageKind, MessageLine, harmless
from aexdash.notify.payload import goes_with, payload_of, payload_of_message
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.statement import Reach
from aexdash.words import statements
from aexdash.words.common import capital, moment, plural, span

if TYPE_CHECKING:
    from aexdash.causes.reread import Reread

MOST_REASONS = 6
MOST_LISTINGS = 5
MOST_EPISODES = 20

SOON = timedelta(minutes=10)
"""A message that is written later than this after its event says of which moment its figures are."""

Titles = Callable[[str, Collection[int]], Mapping[int, str]]
"""Titles of listings of a store, by id; those that are not known are left out."""

Finds = Callable[[RecordedEvent], "Reread | None"]
"""The kept report on what moved when an alert opened; None where there is none."""

Reaches = Callable[[str], Reach | None]
"""What the numbers of a store may speak for; None where nobody knows."""

AGAIN = "It is not certain that this arrived before, so it is sent again; copies have the same id."

OVER = (MessageKind.CLOSED, MessageKind.PASSED)

_BEGINS: Mapping[MessageKind, str] = {
    MessageKind.WORSENED: "Worse, {severity}",
    MessageKind.CHANGED: "Changed",
    MessageKind.CLOSED: "Over",
    MessageKind.PASSED: "Came and went",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages. `stores` are titles by key, `address` is where the pages are, `zone` that of the workspace.

    A message is read some time after it was written, so that nothing in it is *now*: it says when it was found.
    """

    taxonomy: Taxonomy
    stores: Mapping[str, str]
    address: str
    titles: Titles
    reach: Reaches = lambda _store: None
    goes_with: Finds = lambda _recorded: None
    zone: tzinfo = UTC

    def message(self, events: Sequence[RecordedEvent], now: datetime, *, again: bool = False) -> Message:
        """Write one message about the events of one episode that waited together, in the order they occurred."""
        last, kind = events[-1], _kind(events)
        shown = _shown(events, kind)
        listings, kept = self._listings(shown), self.goes_with(last)
        lines = (
            *self._lines(shown, kind, listings, now),
            *_goes_with(kept, self.address, self.taxonomy.label),
            *_again(again),
        )
        written = Message(
            kind=kind,
            id=f"{last.episode.trace}-{last.id}",
            trace=last.episode.trace,
            title=self._title(last, kind, now),
            lines=(*lines, MessageLine("Trace", f"{last.episode.trace}-{last.id}")),
            link=link_to(shown, self.address, past=kind in OVER),
        )
        facts = payload_of(shown, listings, self.taxonomy, self.stores, events=[one.id for one in events], now=now)
        reach = self.reach(last.episode.store)
        told = {
            "statement": statements.facts(reach) if reach else None,
            "goes_with": goes_with(kept, self.address, self.taxonomy),
        }
        return replace(written, payload=facts | told | payload_of_message(written, now, again=again))

    def summary(self, episodes: Sequence[Sequence[RecordedEvent]], now: datetime, *, again: bool = False) -> Message:
        """Write one message about several episodes whose events waited, the most severe first."""
        ordered = sorted(
            episodes, key=lambda events: (events[-1].event.severity.rank, events[-1].event.since, events[0].id)
        )
        lasts = [events[-1] for events in ordered]
        parts = [self.message(events, now) for events in ordered]
        items = [_in_short(part, events[-1], self.zone) for part, events in zip(parts, ordered, strict=True)]
        more = (f"and {len(items) - MOST_EPISODES:,} more",) if len(items) > MOST_EPISODES else ()
        still = sum(last.event.kind is not EventKind.CLOSED for last in lasts)
        first, newest = min(recorded.id for recorded in chain(*episodes)), max(last.id for last in lasts)
        said = f"{plural(len(items), 'alert')}, {still:,} of them still open. They waited and are told in one message."
        name = f"summary-{first}-{newest}"
        written = Message(
            kind=MessageKind.SUMMARY,
            id=name,
            trace=name,
            title=f"{plural(len(items), 'alert')} that waited",
            lines=(
                MessageLine("What happened", said, (*items[:MOST_EPISODES], *more)),
                *_again(again),
                MessageLine("Trace", name),
            ),
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
            lines=(MessageLine("Test", said), MessageLine("Sent", moment(now, self.zone)), MessageLine("Trace", name)),
            link=f"{self.address}/sensitivity",
        )
        return replace(written, payload=payload_of_message(written, now))

    def _title(self, recorded: RecordedEvent, kind: MessageKind, now: datetime) -> str:
        severity = recorded.event.severity
        begin = _BEGINS.get(kind, "{severity}").format(severity=severity.value)
        store = self.stores.get(recorded.episode.store, recorded.episode.store)
        figure = "" if kind in OVER else value_words(recorded)
        figure += f" at {moment(recorded.event.at, self.zone)}" if figure and _waited(recorded, now) else ""
        parts = (f"{capital(begin)}: {harmless(recorded.rule.title)}", harmless(store), figure)
        return " · ".join(part for part in parts if part)

    def _lines(
        self, recorded: RecordedEvent, kind: MessageKind, listings: Sequence[tuple[int, str]], now: datetime
    ) -> Iterable[MessageLine]:
        event, reading = recorded.event, recorded.event.reading
        yield MessageLine("Rule", harmless(sentence(recorded.rule)))
        if now_words := figures(recorded):
            yield MessageLine(
                "Then" if kind is MessageKind.PASSED else f"Found {moment(event.at, self.zone)}", now_words
            )
        if reading.because:
            yield MessageLine("Note", harmless(reading.because))
        yield MessageLine("Since", _since(recorded, kind, self.zone))
        if reasons := self._reasons(recorded):
            yield MessageLine("Reasons of what is held", items=reasons)
        if listings:
            shown = tuple(f"{number} {harmless(title)}".rstrip() for number, title in listings)
            more = len(reading.listings) - len(shown)
            yield MessageLine("Listings", items=(*shown, f"and {more:,} more") if more else shown)
        if recorded.episode.owner:
            yield MessageLine("Owner", harmless(recorded.episode.owner))
        yield MessageLine("Severity", event.severity.value)
        yield MessageLine("Data", _age(recorded.data_at, now, self.zone))

    def _reasons(self, recorded: RecordedEvent) -> tuple[str, ...]:
        changes = reasons_told(recorded)
        lines = [f"{count:,} {self.taxonomy.label(code)} ({signed(delta)})" for code, count, delta in changes]
        more = len(lines) - MOST_REASONS
        return (*lines[:MOST_REASONS], f"and {more:,} more") if more > 0 else tuple(lines)

    def _listings(self, recorded: RecordedEvent) -> list[tuple[int, str]]:
        first = recorded.event.reading.listings[:MOST_LISTINGS]
        titles = self.titles(recorded.episode.store, first) if first else {}
        return [(number, titles.get(number, "")) for number in first]


def _goes_with(kept: Reread | None, address: str, label: Callable[[str], str]) -> Iterable[MessageLine]:
    """Yield what goes with the movement, its evidence, and the way to its report; nothing where nothing is named."""
    if kept and (top := kept.report.top):
        from aexdash.words import causes  # noqa: PLC0415 - heavy, and few alerts have such a report

        more = (causes.ratio_words(top.found.slice), causes.age_words(top), causes.on_sale_words(top))
        way = f"All that was looked at, and what shares it {report_link(kept.number, address)}"
        yield MessageLine("Goes with", harmless(causes.finding_words(top, label)), (*map(harmless, more), way))


def _again(again: bool) -> list[MessageLine]:
    return [MessageLine("Again", AGAIN)] if again else []


def _kind(events: Sequence[RecordedEvent]) -> MessageKind:
    kinds = [one.event.kind for one in events]
    if EventKind.OPENED in kinds:
        return MessageKind.PASSED if kinds[-1] is EventKind.CLOSED else MessageKind.OPENED
    worst = EventKind.WORSENED if EventKind.WORSENED in kinds and kinds[-1] is EventKind.CHANGED else kinds[-1]
    return MessageKind(worst.value)


def _shown(events: Sequence[RecordedEvent], kind: MessageKind) -> RecordedEvent:
    """Return the event that a message shows: the last, or the worst when the episode has opened and closed meanwhile.

    Its changes by reason are relative to the time before the first event.
    """
    first, last = events[0], events[-1]
    if kind is not MessageKind.PASSED:
        return replace(last, codes_before=first.codes_before)
    worst = min(reversed(events[:-1]), key=lambda one: one.event.severity.rank)
    return replace(worst, episode=last.episode, codes_before=first.codes_before, data_at=last.data_at)


def _waited(recorded: RecordedEvent, now: datetime) -> bool:
    """Say whether a message is written so long after its event that the figures of the event are not those of now."""
    return now - recorded.event.at > SOON


def _since(recorded: RecordedEvent, kind: MessageKind, zone: tzinfo) -> str:
    event, opened, closed = recorded.event, recorded.episode.opened_at, recorded.episode.closed_at
    if kind in OVER and closed:
        over = f"over {moment(closed, zone)} ({span(closed - opened)})"
        return f"{moment(event.since, zone)}; opened {moment(opened, zone)}, {over}"
    return f"{moment(event.since, zone)} ({span(event.at - event.since)} when this was found)"


def _age(data_at: datetime | None, now: datetime, zone: tzinfo) -> str:
    if data_at is None:
        return "This store was never read completely."
    return f"Last read completely {moment(data_at, zone)}, {span(now - data_at)} before this message."


def _in_short(part: Message, recorded: RecordedEvent, zone: tzinfo) -> str:
    over = "over" if recorded.event.kind is EventKind.CLOSED else f"open since {moment(recorded.event.since, zone)}"
    return f"{part.title} ({recorded.event.severity.value}, {over}) {part.link}"
