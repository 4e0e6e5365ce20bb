"""Asks every rule about every store after each reading, and writes down what came of it. It sends nothing.

A rule is asked once a reading, at the moment of that reading; rules about missing data are asked every time. Where
rules stand is kept in the desk, so a restart opens nothing again; after an outage the present alone is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.alerts import store as ledger
from aexdash.alerts.backtest import stood
from aexdash.alerts.conditions import read
from aexdash.alerts.facts import Condition
from aexdash.alerts.limits import fires
from aexdash.alerts.machine import step
from aexdash.alerts.model import EVERY_STORE, Event, EventKind, NoData, Reading, Rule, Silence, Told
from aexdash.alerts.rulebook import Rulebook
from aexdash.alerts.store import NOTHING, Happened, Key, Place, Step
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profiles
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.alerting.store import StoreFacts
from aexdash.snapshot.query import Snapshot

NOT_JUDGED = {"title", "enabled", "profile", "severity", "change_minutes", "silenced", "quiet", "muted_until"}
"""What may be changed on a rule while its episodes go on: when they open and close does not depend on it."""

A_DAY = timedelta(days=1)

CHANGED, SWITCHED_OFF, GONE = "changed", "switched off", "taken away"
NOT_WATCHED = "The rule does not watch this store any more."


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that are on, by store; `specs` is by what each is judged, `mark` moves when somebody writes a rule."""

    mark: int
    rules: Mapping[str, Rule]
    by_store: Mapping[str, tuple[Rule, ...]]
    watched: frozenset[Key]
    specs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A store as it is asked about: `trusted` when its last run was complete and is not stale."""

    store: str
    facts: StoreFacts
    condition: Condition
    trusted: bool


class Engine:
    """Asks the rules of the watched stores. Keeps what it read between rounds; not for several threads at once."""

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        self._settings, self._snapshot = settings, snapshot
        self._book, self._profiles = Rulebook(settings.desk_path), Profiles(settings.desk_path)
        days = load_taxonomy().appeal_days
        watched = [key for key, store in settings.stores.items() if store.watched]
        self._facts = {key: snapshot.alert_facts(key, days) for key in watched}
        self._places: dict[Key, Place] | None = None
        self._asked: dict[str, tuple[int | None, int]] = {}
        self._known: set[Key] = set()

    def round(self, now: datetime) -> list[Told]:
        """Ask whatever there is something new for; return what happened, store by store.

        Raises:
            StorageError: the snapshot cannot be read, or the desk not written; then nothing of it happened.
        """
        if self._places is None:
            self._places = ledger.load(self._settings.desk_path)
        force = self._in_force()
        steps = dict(self._ended(self._places, force, now))
        asked = dict(self._asked)
        with self._snapshot.together():
            for facts in self._facts.values():
                self._ask(facts, force, steps, asked, now)
        told = ledger.write(self._settings.desk_path, steps, self._settings.channels.values(), now) if steps else {}
        self._places |= {key: _after(one, told.get(key)) for key, one in steps.items()}
        self._asked = asked
        return list(told.values())

    def _ask(
        self,
        facts: StoreFacts,
        force: InForce,
        steps: dict[Key, Step],
        asked: dict[str, tuple[int | None, int]],
        now: datetime,
    ) -> None:
        """Ask the rules about data, and after a new reading that can be trusted all the others."""
        facts.refresh()
        store, one = facts.key, self._looked_at(facts, now)
        rules = [rule for rule in force.by_store[store] if (rule.key, store) not in steps]
        steps |= self._steps(one, [rule for rule in rules if _is_about_data(rule)], force, now)
        reading = (facts.run, force.mark)
        if one.trusted and asked.get(store) != reading:
            silenced = self._is_silent(store, force, steps)
            others = [rule for rule in rules if not _is_about_data(rule)]
            steps |= self._steps(one, others, force, one.condition.complete_at or now, silenced=silenced)
            asked[store] = reading

    def _in_force(self) -> InForce:
        mark = self._book.mark()
        rules = {rule.key: rule for rule in self._book.rules() if rule.enabled}
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
        return InForce(mark, rules, by_store, watched, specs)

    def _looked_at(self, facts: StoreFacts, now: datetime) -> Asked:
        condition = facts.present()
        complete, tolerance = condition.complete_at, self._settings.stores[facts.key].stale_after_seconds
        fresh = complete is not None and now - complete <= timedelta(seconds=tolerance)
        return Asked(facts.key, facts, condition, fresh and not condition.unsuccessful_runs)

    def _steps(
        self, asked: Asked, rules: list[Rule], force: InForce, at: datetime, *, silenced: bool = False
    ) -> dict[Key, Step]:
        """Ask rules about a store; what leaves everything as it was is left out."""
        steps = {}
        for rule in rules:
            key = (rule.key, asked.store)
            spec = force.specs[rule.key]
            place = (self._places or {}).get(key) or Place(spec)
            before = place.standing if place.spec == spec else NOTHING
            reading = read(rule.condition, asked.facts, at)
            if before == NOTHING and key not in self._known and _waits(rule, reading):
                before = stood(rule, asked.facts, at)
            self._known.add(key)
            after, event = step(rule, before, reading, at, trusted=asked.trusted, silenced=silenced)
            if event or after != place.standing:
                happened = self._happened(rule, event, asked, place, at) if event else None
                steps[key] = Step(replace(place, spec=spec, standing=after), happened)
        return steps

    def _happened(self, rule: Rule, event: Event, asked: Asked, place: Place, at: datetime) -> Happened:
        """Tell an event beside what is held by reason, now and at the last message, or a day before the opening."""
        before = place.told.codes if place.told else asked.facts.held_codes(event.since - A_DAY)
        return Happened(rule, event, asked.facts.held_codes(at), before, asked.condition.complete_at)

    def _is_silent(self, store: str, force: InForce, steps: Mapping[Key, Step]) -> bool:
        """Say whether an episode is open because the store is not read at all."""
        walks = (
            rule.key
            for rule in force.by_store[store]
            if isinstance(rule.condition, NoData) and rule.condition.silence is Silence.WALK
        )
        places = self._places or {}
        standing = (
            (steps[key, store].place if (key, store) in steps else places.get((key, store), Place(""))).standing
            for key in walks
        )
        return any(one.firing for one in standing)

    def _ended(self, places: Mapping[Key, Place], force: InForce, now: datetime) -> Iterator[tuple[Key, Step]]:
        """Close what is open of rules that are not as they were: for them there is nothing to recover from."""
        for key, place in places.items():
            rule = force.rules.get(key[0])
            watched = key in force.watched
            same = watched and place.spec == force.specs[key[0]] and place.standing.firing is not None
            if place.told is not None and not same:
                yield key, _closed(place.told, self._why(key[0], rule, watched=watched), now)
            elif not watched and place.standing != NOTHING:
                yield key, Step(Place(place.spec))

    def _why(self, key: str, rule: Rule | None, *, watched: bool) -> str:
        if rule is not None and not watched:
            return NOT_WATCHED
        written = self._book.history(key)
        what = CHANGED if rule else GONE if not written or written[0].rule is None else SWITCHED_OFF
        return f"The rule was {what} by {written[0].by}." if written else f"The rule was {what}."


def _closed(told: Told, because: str, now: datetime) -> Step:
    """Close an episode for another reason than recovery; what was told last says what it was about."""
    event = Event(
        EventKind.CLOSED,
        max(now, told.episode.opened_at),
        told.episode.severity,
        told.episode.since,
        Reading(None, because=because),
    )
    return Step(Place("", told=told), Happened(told.rule, event, told.codes, told.codes, told.data_at))


def _waits(rule: Rule, reading: Reading) -> bool:
    """Say whether a reading would have to hold before anybody is told."""
    held = rule.hold_minutes > 0 and not _is_about_data(rule)
    return held and reading.level is not None and fires(rule.condition, reading.level)


def _is_about_data(rule: Rule) -> bool:
    return isinstance(rule.condition, NoData)


def _after(one: Step, told: Told | None) -> Place:
    """The place after a round, with the episode as it is now; a closed one is gone."""
    if told is None:
        return one.place
    if told.event.kind is EventKind.CLOSED:
        return replace(one.place, told=None)
    return replace(one.place, told=told)
