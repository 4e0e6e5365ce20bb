"""What people decide, beside a plain model of it: dicts of what they were told is done, and nothing of the product."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aexdash.clock import from_text, to_text
from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Assign, Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.people.names import Person
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.errors import StorageError
from aexdash.view import View
from tests.simulation.home import Home
from tests.simulation.promises import Promise, keep, read_only
from tests.simulation.steps import Decide, Undo
from tests.support import Killed

ITEMS = "SELECT store_key, product_id, stage, stage_at, owner, note, snoozed_until, version FROM work_item"
LOG = "SELECT id, change_id, store_key, product_id, field, before, after FROM work_log ORDER BY id"

Key = tuple[str, int]


@dataclass(frozen=True)
class Entry:
    """What stands of one listing: its stage and since when, whose it is, its note, the end of its snooze."""

    stage: str = "new"
    stage_at: datetime | None = None
    owner: str = ""
    note: str = ""
    snoozed_until: datetime | None = None


NEW = Entry()


@dataclass
class Decided:
    """One change: who made it, and what it made of which listings."""

    before: dict[Key, Entry]
    after: dict[Key, Entry]
    is_undo: bool = False
    undone: bool = False


@dataclass
class Desk:
    """Everything that people decided, and in which order."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    changes: list[Decided] = field(default_factory=list)

    def of(self, key: Key) -> Entry:
        return self.entries.get(key, NEW)

    def version(self, key: Key) -> int:
        return self.versions.get(key, 0)

    def would(self, after: dict[Key, Entry], *, is_undo: bool = False) -> Decided | None:
        """The change that this would be; None where nothing differs."""
        differ = {key: entry for key, entry in after.items() if entry != self.of(key)}
        return Decided({key: self.of(key) for key in differ}, differ, is_undo) if differ else None

    def apply(self, change: Decided) -> None:
        """Let a change have been made."""
        self.entries |= change.after
        self.versions |= {key: self.version(key) + 1 for key in change.after}
        self.changes.append(change)


def decided(what: str, entry: Entry, shown_stage: str, who: str, now: datetime, until: datetime | None) -> Entry:
    """What a decision makes of a listing that was shown in a stage."""
    anew = replace(entry, stage_at=now, snoozed_until=None)
    match what:
        case "take" if entry.owner == who and shown_stage == entry.stage == "taken":
            return entry
        case "take":
            return replace(anew, stage="taken", owner=who)
        case "fix":
            return replace(anew, stage="fixed", owner=entry.owner or who)
        case "snooze":
            return replace(anew, stage="snoozed", snoozed_until=until)
        case "note":
            return replace(entry, note=f"noted by {who}, =1+1")
        case "note nothing":
            return replace(entry, note="")
        case "assign" if shown_stage == "new":
            return replace(anew, stage="taken", owner="Chiara")
        case "assign":
            return replace(entry, owner="Chiara")
        case "assign nobody" if shown_stage == "taken":
            return replace(anew, stage="new", owner="")
        case "assign nobody":
            return replace(entry, owner="")
        case "back" if entry.stage == "new" and not entry.owner:
            return entry
        case "back":
            return replace(anew, stage="new", owner="")
    raise AssertionError(what)


DECISIONS: dict[str, Decision] = {
    "take": Take(),
    "fix": Fix(),
    "note nothing": Note(""),
    "assign": Assign("Chiara"),
    "assign nobody": Assign(""),
    "back": Back(),
}


def decision_of(what: str, who: str, until: datetime) -> Decision:
    """The decision of a word."""
    if what == "snooze":
        return Snooze(until)
    return Note(f"noted by {who}, =1+1") if what == "note" else DECISIONS[what]


class Deciding:
    """People at a list: what each saw last, what they decide on it, and the model of what must be kept of that."""

    def __init__(self, home: Home, counts: Counter[str]) -> None:
        self.home, self.counts, self.model = home, counts, Desk()
        self.looked: dict[str, list[WorkRow]] = {}
        self.changes_before, self.clicks = 0, 0
        self.log: list[tuple] = []
        self.asked: Decided | None = None

    def begin(self) -> None:
        """Begin with the desk as it is: what older versions decided is not of the model."""
        self.changes_before, self.log = self._changes(), self._logged()

    def decide(self, step: Decide) -> None:
        """Let somebody decide on listings as she sees them, or saw them when she last looked."""
        rows = self.looked.get(step.who) if step.stale else None
        if rows is None:
            rows = self.looked[step.who] = self._look()
        if not rows:
            return
        now = from_text(to_text(self.home.clock()))
        until, self.clicks = now + timedelta(days=2), self.clicks + 1
        chosen = list({index % len(rows): rows[index % len(rows)] for index in step.chosen}.values())
        decision, seen = decision_of(step.what, step.who, until), [Seen.of(row) for row in chosen]
        current = [one for one in seen if one.version == self.model.version(one.key)]
        change = self.model.would(
            {
                one.key: decided(step.what, self.model.of(one.key), str(one.stage), step.who, now, until)
                for one in current
            }
        )
        click = {"who": Person(step.who), "now": now, "through": "page", "request": f"click-{self.clicks}"}
        outcome = self._made(change, lambda: self.home.desk.act(decision, seen, **click))
        if outcome is None:
            return
        self.counts["decisions"] += 1
        conflicts = len(seen) - len(current)
        keep(Promise.CONFLICTS, len(outcome.conflicts) == conflicts, f"{outcome}; {conflicts} conflicts")
        keep(Promise.DECISIONS, outcome.changed == len(change.after if change else ()), f"{outcome}; {change}")
        if step.again and change:
            with suppress(StorageError):
                twice = self.home.desk.act(decision, seen, **click)
                keep(Promise.DECISIONS, twice.repeated, "a click that was sent twice was applied twice")

    def _look(self) -> list[WorkRow]:
        with suppress(StorageError):
            return list(self.home.snapshot.rows(View(profile="asked", stores=self.home.keys)))
        return []

    def undo(self, step: Undo) -> None:
        """Let somebody undo the latest change; an undo, and what was undone, stay."""
        if not self.model.changes:
            return
        number, last = self.changes_before + len(self.model.changes), self.model.changes[-1]
        over = last.is_undo or last.undone
        change = None if over else self.model.would(last.before, is_undo=True)
        outcome = self._made(change, lambda: self.home.desk.undo(number, who=Person(step.who), now=self.home.clock()))
        if outcome is not None:
            made = len(change.after) if change else 0
            keep(Promise.DECISIONS, outcome.changed == made, f"undo of {number}: {outcome}, {made} expected")

    def _made(self, change: Decided | None, make: Callable[[], Outcome]) -> Outcome | None:
        """Make a change; None where the disk refused it."""
        self.asked = change
        try:
            outcome = make()
        except StorageError:
            self.counts["decisions refused"] += 1
            if self.home.disk.killed:
                raise Killed from None  # `settle` comes when the dead are buried
            self.home.disk.well()
            self.settle()
            return None
        self._apply(change)
        return outcome

    def settle(self) -> None:
        """A change that was refused, or whose process died, is there wholly or not at all: the model follows."""
        if self.asked and self._changes() > self.changes_before + len(self.model.changes):
            self._apply(self.asked)
        self.asked, self.looked = None, {}

    def _apply(self, change: Decided | None) -> None:
        self.asked = None
        if change and change.is_undo:
            self.model.changes[-1].undone = True
        if change:
            self.model.apply(change)

    def check(self) -> None:
        """Compare the desk with what people were told was done; the log of it only grows."""
        with read_only(self.home.settings.desk_path) as connection:
            held = entries_of(connection, self.home.keys)
        wanted = {key: (self.model.of(key), self.model.version(key)) for key in self.model.entries}
        differ = {key: (held.get(key), wanted.get(key)) for key in held.keys() | wanted}
        differ = {key: both for key, both in differ.items() if both[0] != both[1]}
        keep(Promise.DECISIONS, not differ, f"(held, decided) of {dict(list(differ.items())[:2])}")
        made = self._changes() - self.changes_before
        keep(Promise.LOG, made == len(self.model.changes), f"{made} changes, {len(self.model.changes)} were made")
        kept = self._logged()
        keep(Promise.LOG, kept[: len(self.log)] == self.log, "the log of decisions was rewritten")
        self.log = kept

    def _changes(self) -> int:
        with self.home.disk.aside(), read_only(self.home.settings.desk_path) as connection:
            return connection.execute("SELECT count(*) FROM work_change").fetchone()[0]

    def _logged(self) -> list[tuple]:
        with self.home.disk.aside(), read_only(self.home.settings.desk_path) as connection:
            return connection.execute(LOG).fetchall()


def entries_of(connection: sqlite3.Connection, of: Sequence[str]) -> dict[Key, tuple[Entry, int]]:
    """What the desk holds of the listings of some stores, with versions."""
    return {
        (store, number): (Entry(stage, _moment(at), owner, note, _moment(until)), version)
        for store, number, stage, at, owner, note, until, version in connection.execute(ITEMS)
        if store in of
    }


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None
