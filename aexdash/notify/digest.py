"""Digests: what happened since the last one, at a time of day in the zone of the channel; a missed one is sent once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.routing import Concern, concerns
from aexdash.alerts.model import Episode
from aexdash.clock import DAY
from aexdash.config.sections.channels import Channel, Digest
from aexdash.notify import work_digest
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.messages import Message, MessageKind, MessageLine, harmless
from aexdash.notify.payload import payload_of_message
from aexdash.notify.work_digest import WorkDigest
from aexdash.notify.writing import Writer
from aexdash.view import View
from aexdash.words import statements
from aexdash.words.common import moment, plural, span

MOST_EPISODES = 20

TimeSpan = tuple[datetime, datetime]


def is_due(channel: Channel, made_up_to: datetime | None, now: datetime) -> bool:
    """Say whether a channel's digest is due; the first one at the first scheduled time after the channel was set up."""
    return channel.digest is not None and (made_up_to is None or last_moment(channel, now) > made_up_to)


def last_moment(channel: Channel, now: datetime) -> datetime:
    """Return the last moment up to now at which the digest of a channel was scheduled.

    Where a change of summer time skips the time, it is an hour later; where the time comes twice, the first counts.
    """
    schedule, zone = channel.digest or Digest(now.time()), ZoneInfo(channel.zone)
    today = now.astimezone(zone).date()
    days = (today + DAY - number * DAY for number in range(9))
    moments = (
        datetime.combine(day, schedule.at, zone).astimezone(now.tzinfo)
        for day in days
        if schedule.weekday in (None, day.weekday())
    )
    return next(at for at in moments if at <= now)


@dataclass(frozen=True, slots=True)
class Digester:
    """Writes digests from the desk and the snapshot; moments are those of the zone of the workspace."""

    desk_path: Path
    lookup: SnapshotLookup
    writer: Writer

    def write(self, channel: Channel, span_of: TimeSpan, now: datetime) -> Message:
        """Write the digest of the events that concern a channel between two moments.

        Without a name the channel stands for a terminal: the digest is read there, and not sent.

        Raises:
            StorageError: the desk cannot be read.
        """
        start, end = span_of
        known = Episodes(self.desk_path).between(start, end)
        left_out = frozenset() if channel.stores else self.lookup.archived()
        episodes = [one for one in known if one.store not in left_out and concerns(channel, _concern(one))]
        work, label = self._work(channel, span_of), self.writer.taxonomy.label
        name = "-".join(filter(None, ("digest", channel.name, f"{end:%Y%m%dT%H%M}")))
        written = Message(
            kind=MessageKind.DIGEST,
            id=name,
            trace=name,
            title=f"Digest of {moment(start, self.lookup.zone)} to {moment(end, self.lookup.zone)}",
            lines=(
                *self._held_now(channel, now),
                *(line for title, told in work for line in work_digest.lines(told, self.writer.address, title, label)),
                *self._alerts(episodes, span_of, self._unread(channel)),
                *([MessageLine("Trace", name)] if channel.name else []),  # what is not sent is in no log
            ),
            link=f"{self.writer.address}/",
        )
        facts = {"from": start, "to": end, "episodes": [_facts(one) for one in episodes], "held": self._told(channel)}
        facts["work"] = [{"store": told.view.store} | work_digest.facts(told) for _, told in work]
        return replace(written, payload=payload_of_message(written, now) | facts)

    def _stores(self, channel: Channel) -> tuple[str, ...]:
        """Return the stores that a channel names; where it names none, all but the archived, as on the pages."""
        archived = self.lookup.archived()
        return channel.stores or tuple(store for store in self.writer.stores if store not in archived)

    def _work(self, channel: Channel, span_of: TimeSpan) -> list[tuple[str, WorkDigest]]:
        """Return the work on what is held: of all stores together, or of each that the channel names."""
        scopes = [(self._title(store), View(store=store)) for store in channel.stores] or [("", View())]
        found = [(title, self.lookup.work(view, span_of, channel.owners)) for title, view in scopes]
        return [(title, work) for title, work in found if work is not None]

    def _told(self, channel: Channel) -> dict[str, object]:
        """Return by store how many listings are held, and what that number may claim."""
        heroes = {store: self.lookup.hero(store) for store in self._stores(channel)}
        return {
            store: {"value": hero.held, "statement": statements.facts(hero.reach)}
            for store, hero in heroes.items()
            if hero is not None
        }

    def _held_now(self, channel: Channel, now: datetime) -> list[MessageLine]:
        stores = self._stores(channel)
        return [MessageLine("Held", items=tuple(self._held(store, now) for store in stores))] if stores else []

    def _held(self, store: str, now: datetime) -> str:
        """Say how many listings of a store are held, of which moment; a store never read is not called 0."""
        title, hero, zone = self._title(store), self.lookup.hero(store), self.lookup.zone
        if hero is None or hero.held is None or hero.as_of is None:
            return f"{title}: not known, no complete read so far"
        if store in self.lookup.archived():
            at = moment(hero.as_of, zone)
            return f"{title}: archived; {plural(hero.held, 'listing')} held when last read, {at}"
        parts = f"{hero.rejected:,} rejected, {hero.auditing:,} in audit"
        held = f"{title}: {plural(hero.held, 'listing')} held ({parts})"
        if not hero.reach.is_whole:
            claim = statements.claim_words(hero.reach, zone=zone)
            return f"{held}{statements.when_words(hero.reach, zone)}; {claim}"
        return f"{held}, read {span(now - hero.as_of)} ago"

    def _unread(self, channel: Channel) -> str:
        """Say of which stores no news is no good news, because nobody has read them since."""
        heroes = {store: self.lookup.hero(store) for store in sorted({*self._stores(channel)} - self.lookup.archived())}
        late = [self._title(store) for store, hero in heroes.items() if hero is None or not hero.reach.is_whole]
        return f"; not read since, so without new alerts: {', '.join(late)}" if late else ""

    def _alerts(self, episodes: Sequence[Episode], span_of: TimeSpan, unread: str) -> Iterable[MessageLine]:
        start, end = span_of
        still = [one for one in episodes if one.closed_at is None or one.closed_at > end]
        over = [one for one in episodes if one.closed_at and one.closed_at <= end]
        opened = sum(one.opened_at > start for one in episodes)
        yield MessageLine("Alerts", f"{opened:,} opened, {len(over):,} over, {len(still):,} still open{unread}")
        for label, listed in (("Still open", still), ("Over", over)):
            shown = sorted(listed, key=lambda one: (one.severity.rank, one.opened_at))[:MOST_EPISODES]
            more = (f"and {len(listed) - len(shown):,} more",) if len(listed) > len(shown) else ()
            if shown:
                yield MessageLine(label, items=(*map(self._in_short, shown), *more))

    def _in_short(self, episode: Episode) -> str:
        zone = self.lookup.zone
        until = f" to {moment(episode.closed_at, zone)}" if episode.closed_at else ""
        owner = f", {harmless(episode.owner)}" if episode.owner else ""
        names = f"{harmless(episode.title)} · {self._title(episode.store)}"
        return f"{episode.severity.value}: {names}, {moment(episode.opened_at, zone)}{until}{owner}"

    def _title(self, store: str) -> str:
        return harmless(self.writer.stores.get(store, store))


def _concern(episode: Episode) -> Concern:
    owners = frozenset({episode.owner} - {""})
    return Concern(episode.store, episode.severity, frozenset(episode.reading.marks), owners)


def _facts(episode: Episode) -> dict[str, object]:
    return {
        "trace": episode.trace,
        "rule": {"key": episode.rule_key, "title": episode.title},
        "store": episode.store,
        "severity": episode.severity.value,
        "opened_at": episode.opened_at,
        "closed_at": episode.closed_at,
        "owner": episode.owner,
    }
