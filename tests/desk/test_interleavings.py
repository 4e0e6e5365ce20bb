"""Whatever three people, undos, clicks sent twice, rules and syncs do in whatever order: no decision is lost, and none
is applied twice.

The desk is compared with plain dicts after every step: what each listing is, every line of the log, every change.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aexdash.clock import to_text
from aexdash.desk.decisions.assignment import AssignmentRule, AssignmentRules, assign_arrivals
from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import LOGGED, Assign, Back, Decision, Fix, Item, Note, Seen, Snooze, Take, text_of
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import rows
from aexdash.model import HELD, SnoozeUntil, Stage, Status
from aexdash.people.names import Person
from aexdash.view import View
from tests.desk.deciding import ANN, BOB, NOON, OLGA
from tests.snapshot.store import Store
from tests.support import examples

pytestmark = pytest.mark.slow

IDS = (1, 2, 3, 4)
PEOPLE = (ANN, BOB, OLGA)
RULE_OWNER = "Night shift"
UNTOUCHED = {"stage": "new", "snooze_more": "0", "basis": "{}"}

Texts = dict[str, str]


@dataclass
class Asked:
    """A decision that somebody has asked for, as a click that may be sent again."""

    decision: Decision
    seen: list[Seen]
    who: Person
    request: str
    change: int | None = None


@dataclass
class Model:
    """The desk in plain dicts: what each listing is, in texts; its version; the log; and what each change has set."""

    items: dict[int, Texts] = field(default_factory=lambda: {one: _untouched() for one in IDS})
    versions: dict[int, int] = field(default_factory=lambda: dict.fromkeys(IDS, 0))
    log: list[tuple[int, int, str, str, str, str]] = field(default_factory=list)
    changes: list[dict[int, dict[str, tuple[str, str]]]] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    undos: set[int] = field(default_factory=set)
    put_back: set[tuple[int, int]] = field(default_factory=set)
    owned_at: dict[int, datetime] = field(default_factory=dict)

    def write(self, after: dict[int, Texts], who: str, now: datetime) -> int | None:
        """Make a change of those listings that differ."""
        touched = {}
        for one, texts in after.items():
            before = self.items[one]
            anew = before["stage_at"] != texts["stage_at"]
            told = {
                name: (before[name], texts[name])
                for name in LOGGED
                if before[name] != texts[name] or (name == "stage" and anew)
            }
            if told:
                touched[one] = told
        if not touched:
            return None
        self.changes.append(touched)
        number = len(self.changes)
        for one, told in touched.items():
            self.items[one] = after[one]
            self.versions[one] += 1
            self.log += [(number, one, who, name, *pair) for name, pair in told.items()]
            if "owner" in told:
                self.owned_at[one] = now
        return number


def _untouched() -> Texts:
    return {name: UNTOUCHED.get(name, "") for name in LOGGED}


def decided(decision: Decision, item: Texts, seen: Seen, who: str, now: datetime) -> Texts:
    """What a decision makes of a listing, told once more in plain words."""
    counts = seen.stage.value if seen.stage is not None else item["stage"]
    basis = {"period": to_text(seen.period), "attempt": seen.attempt, "codes": list(seen.codes)}
    staged = {"stage_at": to_text(now), "snoozed_until": "", "snooze_event": "", "snooze_more": "0"}
    staged |= {"basis": json.dumps(basis, sort_keys=True)}
    match decision:
        case Take() if item["owner"] == who and counts == item["stage"] == "taken":
            return item
        case Take():
            return item | staged | {"stage": "taken", "owner": who}
        case Fix():
            return item | staged | {"stage": "fixed", "owner": item["owner"] or who}
        case Snooze(until=until, event=event):
            return item | staged | {"stage": "snoozed", "snoozed_until": to_text(until), "snooze_event": event or ""}
        case Note(text=text):
            return item | {"note": text}
        case Assign(owner=owner):
            stage = {("new", True): "taken", ("taken", False): "new"}.get((counts, bool(owner)))
            return item | (staged | {"stage": stage} if stage else {}) | {"owner": owner}
        case Back() if item["stage"] == "new" and not item["owner"]:
            return item
        case Back():
            return item | staged | {"stage": "new", "owner": "", "basis": "{}"}
    raise AssertionError(decision)


decisions = st.sampled_from(
    [
        Take(),
        Fix(),
        Snooze(NOON + timedelta(hours=1)),
        Snooze(NOON + timedelta(days=9), SnoozeUntil.WORSE),
        Note(""),
        Note("ask, =1+1"),
        Note("ask again"),
        Assign("Ann"),
        Assign("Smith, Jane"),
        Assign(""),
        Back(),
    ]
)
some = st.lists(st.sampled_from(IDS), min_size=1, unique=True)
person = st.sampled_from(PEOPLE)


class Interleavings(RuleBasedStateMachine):
    """Three people at one list; each decides on what she has read last."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.statuses: dict[int, Status] = dict.fromkeys(IDS, Status.ACTIVE)
        self.store.sweep(self.statuses)
        self.desk = Desk(self.store.desk_path)
        self.rules = AssignmentRules(self.store.desk_path)
        self.model = Model()
        self.read: dict[Person, dict[int, Seen]] = {who: {} for who in PEOPLE}
        self.asked: list[Asked] = []
        self.held_since: dict[int, datetime] = {}
        self.moves(dict.fromkeys(IDS, Status.REJECTED))
        for who in PEOPLE:
            self.reads(who)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.db.close()
            self.folder.cleanup()

    def tick(self) -> datetime:
        return self.store.after(minutes=7).now

    @rule(told=st.dictionaries(st.sampled_from(IDS), st.sampled_from([*HELD, Status.ACTIVE]), min_size=1))
    def moves(self, told: dict[int, Status]) -> None:
        """AliExpress moves listings, and a run reads it."""
        self.tick()
        for one, status in told.items():
            if status in HELD and self.statuses[one] not in HELD:
                self.held_since[one] = self.store.now
        self.statuses |= told
        self.store.sweep(self.statuses)

    @rule(who=person)
    def reads(self, who: Person) -> None:
        """Somebody looks at the list."""
        now = {row.product_id: Seen.of(row) for row in self.store.snapshot.rows(View())}
        self.read[who] = {one: replace(seen, version=self.model.versions[one]) for one, seen in now.items()}

    @rule(who=person, ids=some, decision=decisions, force=st.sampled_from([False, False, True]))
    def decides(self, who: Person, ids: list[int], decision: Decision, force: bool) -> None:
        """Somebody decides on listings as she has read them last."""
        seen = [self.read[who][one] for one in ids if one in self.read[who]]
        asked = Asked(decision, seen, who, f"click-{len(self.asked)}")
        self.asked.append(asked)
        self.expect(asked, force=force)

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def is_sent_again(self, data: st.DataObject) -> None:
        """A click, or a row of a file, comes once more."""
        self.expect(data.draw(st.sampled_from(self.asked)), force=False)

    def expect(self, asked: Asked, *, force: bool) -> None:
        now = self.tick()
        outcome = self.desk.act(
            asked.decision, asked.seen, who=asked.who, now=now, through="page", request=asked.request, force=force
        )
        if asked.change is not None:
            assert (outcome.repeated, outcome.change) == (True, asked.change)
            return
        stale = {one.product_id for one in asked.seen if one.version != self.model.versions[one.product_id]}
        after = {}
        for one in asked.seen:
            if one.product_id in stale and not force:
                continue
            believed = replace(one, stage=None) if one.product_id in stale else one
            item = self.model.items[one.product_id]
            after[one.product_id] = decided(asked.decision, item, believed, asked.who.name, now)
        before = len(self.model.log)
        asked.change = self.model.write(after, asked.who.name, now)
        told = {line[1] for line in self.model.log[before:]}
        self.agree(outcome, asked.change, told, set() if force else stale)
        assert outcome.same == len(after) - len(told)

    def agree(self, outcome: Outcome, change: int | None, changed: set[int], left: set[int]) -> None:
        assert not outcome.repeated
        assert (outcome.change, outcome.changed) == (change, len(changed))
        assert {one for _, one in outcome.items} == changed
        assert {one.product_id for one in outcome.conflicts} == left

    @precondition(lambda self: self.model.changes)
    @rule(who=person, data=st.data())
    def undoes(self, who: Person, data: st.DataObject) -> None:
        """Somebody undoes some change, her own or another's."""
        number = data.draw(st.integers(1, len(self.model.changes)))
        now = self.tick()
        outcome = self.desk.undo(number, who=who, now=now)
        if number in self.model.undone | self.model.undos:
            self.agree(outcome, None, set(), set())
            return
        set_then = self.model.changes[number - 1]
        items = self.model.items
        left = {
            one
            for one, told in set_then.items()
            if any(items[one][name] != told[name][1] or self.is_set_later(number, one, name) for name in told)
        }
        back = {
            one: items[one] | {name: was for name, (was, _) in told.items()}
            for one, told in set_then.items()
            if one not in left
        }
        change = self.model.write(back, who.name, now)
        if change:
            self.model.undone.add(number)
            self.model.undos.add(change)
            self.model.put_back |= {(number, one) for one in back}
        self.agree(outcome, change, set(back), left)

    def is_set_later(self, number: int, one: int, name: str) -> bool:
        """Whether a later decision has set a field of a listing, to whatever, and was not undone on that listing."""
        later = range(number + 1, len(self.model.changes) + 1)
        gone = {*self.model.undos, *(other for other, of in self.model.put_back if of == one)}
        return any(name in self.model.changes[other - 1].get(one, {}) for other in later if other not in gone)

    @rule(on=st.booleans())
    def has_a_rule(self, on: bool) -> None:
        """Somebody makes a rule that fits everything, or takes it away."""
        if on:
            self.rules.save(AssignmentRule("all", "All", RULE_OWNER), 1, by="Ann", now=self.store.now)
        else:
            self.rules.remove("all", by="Ann", now=self.store.now)

    @rule()
    def assigns(self) -> None:
        """The worker gives what has arrived to its owner."""
        now = self.tick()
        number = assign_arrivals(self.store.desk_path, self.store.snapshot, "main", now)
        arrived = [
            one
            for one in IDS
            if self.rules.all()
            and self.statuses[one] in HELD
            and not self.model.items[one]["owner"]
            and self.model.owned_at.get(one, NOON - timedelta(1)) < self.held_since[one]
        ]
        self.model.write({one: self.model.items[one] | {"owner": RULE_OWNER} for one in arrived}, "rule", now)
        assert number == len(arrived)

    @invariant()
    def the_desk_is_what_the_model_is(self) -> None:
        if not hasattr(self, "model"):
            return
        kept = self.desk.items(("main", one) for one in IDS)
        for one in IDS:
            item = kept.get(("main", one), Item())
            assert {name: text_of(item, name) for name in LOGGED} == self.model.items[one]
            assert item.version == self.model.versions[one]

    @invariant()
    def every_change_stands_in_the_log_once(self) -> None:
        if not hasattr(self, "model") or not self.store.desk_path.exists():
            return
        of_listing = itemgetter(0, 1)  # in which order a change takes its listings is of no matter
        assert sorted(self.logged(), key=of_listing) == sorted(self.model.log, key=of_listing)

    def logged(self) -> list[tuple[Any, ...]]:
        sql = "SELECT change_id, product_id, by, field, before, after FROM work_log ORDER BY id"
        return [tuple(row) for row in rows(self.store.desk_path, "work_change", sql)]

    @invariant()
    def a_listing_is_shown_with_what_was_decided(self) -> None:
        """What the list shows of owner and note is what the desk holds; a stage may be over, never another one."""
        if not hasattr(self, "model"):
            return
        for row in self.store.snapshot.rows(View()):
            item = self.model.items[row.product_id]
            assert (row.owner, row.note) == (item["owner"], item["note"])
            assert row.stage in (Stage.NEW, Stage(item["stage"]))


Interleavings.TestCase.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)
test_no_decision_is_lost_and_none_is_applied_twice = Interleavings.TestCase
