"""Evaluates every rule for every store after each sync run and writes the events that result. It sends nothing.

A rule is asked once a run, at the moment the run read the store, when the values of its cards are stored; rules about
missing data are asked in every round. The state of rules is stored in the desk, so a restart opens no episode again.
After an outage rules are asked about the present only, not about the time in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.alerts.backtest import state_before
from aexdash.alerts.conditions import NoData, Silence
from aexdash.alerts.episodes.rounds import NOTHING, Key, NewEvent, Place, PlaceChange, load_places, write_round
from aexdash.alerts.facts import SyncHealth
from aexdash.alerts.limits import fires
from aexdash.alerts.machine import step
from aexdash.alerts.model import EVERY_STORE, Event, EventKind, RecordedEvent, Rule
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.clock import CLOCK_TOLERANCE, DAY
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profiles
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.alerting.store import StoreFacts
from aexdash.snapshot.query import Snapshot

NOT_JUDGED = {"title", "enabled", "profile", "severity", "change_minutes", "silenced", "quiet", "muted_until"}
"""Fields of a rule that do not decide when an episode opens or closes: changing them closes no open episode."""


CHANGED, SWITCHED_OFF, GONE = "changed", "switched off", "taken away"
NOT_WATCHED = "The rule does not watch this store any more."


@dataclass(frozen=True, slots=True)
class ActiveRules:
    """The rules that are switched on: by key, and by the stores they watch.

    `specs` is JSON of the fields that decide when a rule opens and closes, by its key. `mark` is a number that
    grows whenever somebody saves a rule.
    """

    mark: int
    rules: Mapping[str, Rule]
    by_store: Mapping[str, tuple[Rule, ...]]
    watched: frozenset[Key]
    specs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """A store in a round; `trusted`: its last run was complete and is not older than `stale_after`."""

    store: str
    facts: StoreFacts
    health: SyncHealth
    stale_after: timedelta
    trusted: bool


class Engine:
    """Evaluates the rules of the watched stores. Caches what it read between rounds; for one thread at a time.

    With `only`, it asks about that one store, watched or not, and leaves the episodes of all others alone.
    """

    def __init__(self, settings: Settings, snapshot: Snapshot, *, only: str | None = None) -> None:
        self._settings, self._snapshot = settings, snapshot
        self._rules, self._profiles = RuleStore(settings.desk_path), Profiles(settings.desk_path)
        days = load_taxonomy().appeal_days
        watched = [key for key, store in settings.stores.items() if store.watched]
        self._only = only
        self._facts = {key: snapshot.alert_facts(key, days) for key in ([only] if only else watched)}
        self._places: dict[Key, Place] | None = None
        self._asked: dict[str, tuple[int | None, int]] = {}
        self._known: set[Key] = set()

    def round(self, now: datetime) -> list[RecordedEvent]:
        """Ask the rules of every store that was read anew, and all rules about missing data; return the new events.

        Raises:
            StorageError: the snapshot cannot be read, or the desk not written; then no event was written.
        """
        if self._places is None:
            places = load_places(self._settings.desk_path)
            self._places = {key: place for key, place in places.items() if self._only in (None, key[1])}
        active = self._in_force()
        changes = dict(self._ended(self._places, active, now))
        asked = dict(self._asked)
        with self._snapshot.together():
            for facts in self._facts.values():
                self._ask(facts, active, changes, asked, now)
        channels = self._settings.channels.values()
        recorded = write_round(self._settings.desk_path, changes, channels, now) if changes else {}
        self._places |= {key: _after(one, recorded.get(key)) for key, one in changes.items()}
        self._asked = asked
        return list(recorded.values())

    def _ask(
        self,
        facts: StoreFacts,
        active: ActiveRules,
        changes: dict[Key, PlaceChange],
        asked: dict[str, tuple[int | None, int]],
        now: datetime,
    ) -> None:
        """Ask the rules about missing data; after a new run that can be trusted, ask all the others too.

        They wait for the values of its cards, which are stored after the reading: those of before it say nothing of it.
        """
        facts.refresh(now)
        key, one = facts.key, self._looked_at(facts, now)
        rules = [rule for rule in active.by_store[key] if (rule.key, key) not in changes]
        changes |= self._changes(one, [rule for rule in rules if _is_about_data(rule)], active, now)
        reading = (facts.valued_run, active.mark)
        if one.trusted and facts.valued_run is not None and asked.get(key) != reading:
            silenced = self._is_silent(key, active, changes)
            others = [rule for rule in rules if not _is_about_data(rule)]
            changes |= self._changes(one, others, active, one.health.complete_at or now, silenced=silenced)
            asked[key] = reading

    def _in_force(self) -> ActiveRules:
        mark = self._rules.mark()
        rules = {rule.key: rule for rule in self._rules.rules() if rule.enabled}
        profiles = {profile.name: profile.stores for profile in self._profiles.all()}
        by_store = {
            store: tuple(
                rule
                for rule in rules.values()
                if rule.profile == EVERY_STORE or store in profiles.get(rule.profile, ())
            )
            for store in self._facts
        }
        specs = {key: rule.model_dump_json(exclude=NOT_JUDGED) for key, rule in rules.items()}
        watched = frozenset((rule.key, store) for store, mine in by_store.items() for rule in mine)
        return ActiveRules(mark, rules, by_store, watched, specs)

    def _looked_at(self, facts: StoreFacts, now: datetime) -> StoreStatus:
        health = facts.sync_health_now()
        stale_after = timedelta(seconds=self._settings.stores[facts.key].stale_after_seconds)
        read_at = health.finished_at or health.complete_at
        fresh = read_at is not None and -CLOCK_TOLERANCE <= now - read_at <= stale_after
        return StoreStatus(facts.key, facts, health, stale_after, fresh and not health.unsuccessful_runs)

    def _changes(
        self, asked: StoreStatus, rules: list[Rule], active: ActiveRules, at: datetime, *, silenced: bool = False
    ) -> dict[Key, PlaceChange]:
        """Ask rules about a store; return the places that changed."""
        changes = {}
        for rule in rules:
            key = (rule.key, asked.store)
            spec = active.specs[rule.key]
            place = (self._places or {}).get(key) or Place(spec)
            before = place.state if place.spec == spec else NOTHING
            reading = rule.condition.read(asked.facts, at)
            if before == NOTHING and key not in self._known and _waits(rule, reading):
                before = state_before(rule, asked.facts, at)
            self._known.add(key)
            after, event = step(rule, before, reading, at, trusted=asked.trusted, silenced=silenced)
            if event or after != place.state:
                new = self._new_event(rule, event, asked, place, at) if event else None
                changes[key] = PlaceChange(replace(place, spec=spec, state=after), new)
        return changes

    def _new_event(self, rule: Rule, event: Event, asked: StoreStatus, place: Place, at: datetime) -> NewEvent:
        """Put an event beside what is held by reason, now and at the last event, or a day before the opening."""
        before = place.last_event.codes if place.last_event else asked.facts.held_codes(event.since - DAY)
        return NewEvent(rule, event, asked.facts.held_codes(at), before, asked.health.complete_at)

    def _is_silent(self, store: str, active: ActiveRules, changes: Mapping[Key, PlaceChange]) -> bool:
        """Say whether an episode is open because the store is not read at all."""
        walks = (
            rule.key
            for rule in active.by_store[store]
            if isinstance(rule.condition, NoData) and rule.condition.silence is Silence.WALK
        )
        places = self._places or {}
        states = (
            (changes[key, store].place if (key, store) in changes else places.get((key, store), Place(""))).state
            for key in walks
        )
        return any(one.firing for one in states)

    def _ended(
        self, places: Mapping[Key, Place], active: ActiveRules, now: datetime
    ) -> Iterator[tuple[Key, PlaceChange]]:
        """Close the episodes of rules that were changed, switched off or taken away, or watch the store no more."""
        for key, place in places.items():
            rule = active.rules.get(key[0])
            watched = key in active.watched
            same = watched and place.spec == active.specs[key[0]] and place.state.firing is not None
            if place.last_event is not None and not same:
                yield key, _closed(place.last_event, self._why(key[0], rule, watched=watched), now)
            elif not watched and place.state != NOTHING:
                yield key, PlaceChange(Place(place.spec))

    def _why(self, key: str, rule: Rule | None, *, watched: bool) -> str:
        if rule is not None and not watched:
            return NOT_WATCHED
        written = self._rules.history(key)
        what = CHANGED if rule else GONE if not written or written[0].rule is None else SWITCHED_OFF
        return f"The rule was {what} by {written[0].by}." if written else f"The rule was {what}."


def _closed(last: RecordedEvent, because: str, now: datetime) -> PlaceChange:
    """Close an episode for another reason than recovery; its last event says what it was about."""
    event = Event(
        EventKind.CLOSED,
        max(now, last.episode.opened_at),
        last.episode.severity,
        last.episode.since,
        Reading(None, because=because),
    )
    return PlaceChange(Place("", last_event=last), NewEvent(last.rule, event, last.codes, last.codes, last.data_at))


def _waits(rule: Rule, reading: Reading) -> bool:
    """Say whether a reading would have to last for some time before an episode opens."""
    held = rule.hold_minutes > 0 and not _is_about_data(rule)
    return held and reading.level is not None and fires(rule.condition, reading.level)


def _is_about_data(rule: Rule) -> bool:
    return rule.condition.is_about_data


def _after(one: PlaceChange, recorded: RecordedEvent | None) -> Place:
    """The place after a round, with the episode as it is now; a closed one is gone."""
    if recorded is None:
        return one.place
    is_over = recorded.event.kind is EventKind.CLOSED
    return replace(one.place, last_event=None if is_over else recorded)
