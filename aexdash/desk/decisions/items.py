"""What people can decide about a listing, as functions from what the desk holds of it to what it holds after; no SQL.

A decision is made on a listing as somebody saw it. Every one that sets a stage notes what was seen: a later rejection,
a new reason or the end of a snooze is told from it (`aexdash.snapshot.worklist`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from aexdash.clock import from_text, to_text
from aexdash.model import SnoozeUntil, Stage
from aexdash.people.names import Person
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.text import storable

LONGEST_NOTE = 2_000
"""Characters of the longest note, and of what is filled into a cell of a fix sheet."""

LONGEST_SNOOZE = timedelta(days=3653)
"""For how long a listing may be left alone until a moment; without one, a snooze may last for ever."""

NOTHING_SEEN = "{}"
"""The basis of a stage that was set without a look at the listing: then only the moment it was set counts."""


@dataclass(frozen=True, slots=True)
class Item:
    """What the desk holds of a listing; the defaults are those of one that nobody has touched.

    `stage_at` is when the stage was set and `basis` what was seen then, a JSON text. `snoozed_until`, `snooze_event`
    and `snooze_more` (so many more listings with the same reason) are what a snooze waits for; none of them: until
    somebody says otherwise. `version` grows with every change; the last one was made at `at` by `by`.
    """

    stage: Stage = Stage.NEW
    stage_at: datetime | None = None
    owner: str = ""
    note: str = ""
    snoozed_until: datetime | None = None
    snooze_event: SnoozeUntil | None = None
    snooze_more: int = 0
    basis: str = NOTHING_SEEN
    version: int = 0
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing as somebody saw it when she decided.

    `version` is that of its item (0: nobody had touched it), `period` the beginning of its present status period,
    `attempt` the number of its rejections, `codes` its standing reasons. `stage` is the stage that was shown, which is
    new where the one in the desk does not count any more; None: not known, so the one in the desk counts.
    """

    store: str
    product_id: int
    version: int
    period: datetime
    attempt: int
    codes: tuple[str, ...]
    stage: Stage | None = None

    @classmethod
    def of(cls, row: WorkRow) -> Seen:
        """Return what a row of the worklist shows."""
        codes = tuple(sorted({reason.code for reason in row.reasons if reason.vanished_at is None}))
        return cls(row.store, row.product_id, row.version, row.started_at, row.attempt, codes, row.stage)

    @property
    def key(self) -> tuple[str, int]:
        """Store key and product id."""
        return self.store, self.product_id


class TooLong(ValueError):
    """A text is longer than is kept; the text of the error says so without a full stop."""


def short(what: str, text: str) -> str:
    """Return a text that people wrote, under the name that they know it by, as it is.

    Raises:
        TooLong: it has more than 2,000 characters.
    """
    if len(text) > LONGEST_NOTE:
        raise TooLong(f"{what} has {len(text):,} characters, and at most {LONGEST_NOTE:,} are kept")
    return text


class Decision(Protocol):
    """What somebody decides about listings. `action` is its word in the log of changes."""

    @property
    def action(self) -> str:
        """One of: take, fix, snooze, note, assign, back, propose, apply."""

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Return the item after it; the same one where it changes nothing."""


@dataclass(frozen=True, slots=True)
class Take:
    """Somebody works on it. One that she has taken already in this status period stays as it is."""

    action: ClassVar[str] = "take"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Make it hers, and taken."""
        if item.owner == who.name and _shown(item, seen) is item.stage is Stage.TAKEN:
            return item
        return _set(replace(item, owner=who.name), Stage.TAKEN, seen, now)


@dataclass(frozen=True, slots=True)
class Fix:
    """It is fixed and waits for AliExpress. Said again, it waits from then on."""

    action: ClassVar[str] = "fix"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Make it fixed, and hers where it is nobody's."""
        return _set(replace(item, owner=item.owner or who.name), Stage.FIXED, seen, now)


@dataclass(frozen=True, slots=True)
class Snooze:
    """It is left alone until a moment, until an event, or the earlier of both.

    `more`: with the event *worse*, also until so many more held listings of its store have the same reason than at the
    snooze; `same` is how many had each code then, by store (`Snapshot.codes_held`).
    """

    until: datetime | None = None
    event: SnoozeUntil | None = None
    more: int = 0
    same: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    action: ClassVar[str] = "snooze"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Make it snoozed; its owner stays."""
        had = self.same.get(seen.store, {}) if self.more else {}
        same = {code: had.get(code, 0) for code in seen.codes} if self.more else None
        snoozed = _set(item, Stage.SNOOZED, seen, now, same)
        until = _moment(_text(self.until))  # as it is stored
        return replace(snoozed, snoozed_until=until, snooze_event=self.event, snooze_more=self.more)


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody notes on it; an empty text removes the note."""

    text: str
    action: ClassVar[str] = "note"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Put the note in place of the one before."""
        return replace(item, note=storable(self.text))


@dataclass(frozen=True, slots=True)
class Assign:
    """It is somebody's; an empty name is nobody's."""

    owner: str
    action: ClassVar[str] = "assign"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Give it to the owner. What was new is taken then, and what was taken is new again when it is nobody's."""
        owner, stage = storable(self.owner.strip()), _shown(item, seen)
        given = replace(item, owner=owner)
        if owner and stage is Stage.NEW:
            return _set(given, Stage.TAKEN, seen, now)
        if not owner and stage is Stage.TAKEN:
            return _set(given, Stage.NEW, seen, now)
        return given


@dataclass(frozen=True, slots=True)
class Back:
    """It is to be done, by nobody yet; its note stays."""

    action: ClassVar[str] = "back"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Take stage, owner and snooze away."""
        if item.stage is Stage.NEW and not item.owner:
            return item
        return replace(_set(item, Stage.NEW, seen, now), owner="", basis=NOTHING_SEEN)


@dataclass(frozen=True, slots=True)
class SetStage:
    """A stage, set without a look at the listing, so that only the moment counts at which it was set."""

    stage: Stage
    until: datetime | None

    @property
    def action(self) -> str:
        """The word of the decision that sets this stage."""
        return {Stage.NEW: "back", Stage.TAKEN: "take", Stage.FIXED: "fix", Stage.SNOOZED: "snooze"}[self.stage]

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Set the stage, and the end of a snooze."""
        unsnoozed = replace(item, snooze_event=None, snooze_more=0)
        return replace(unsnoozed, stage=self.stage, stage_at=now, snoozed_until=self.until, basis=NOTHING_SEEN)


@dataclass(frozen=True, slots=True)
class SetOwner:
    """An owner, set without a look at the listing: its stage stays."""

    owner: str
    action: ClassVar[str] = "assign"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Set the owner."""
        return replace(item, owner=storable(self.owner.strip()))


def is_of_others(row: WorkRow, who: Person) -> bool:
    """Whether taking a listing takes it from somebody else: it is hers, or she has marked it fixed."""
    if row.owner:
        return row.owner != who.name
    return row.stage is Stage.FIXED and row.changed_by != who.name


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would do: how many listings it changes, how many are so already, and whose listings it takes."""

    changes: int
    same: int
    owners: Counter[str]


def preview(decision: Decision, rows: Sequence[WorkRow], who: Person) -> Preview:
    """Say what a decision would change, and whose listings it would take, before it is made."""
    changes, owners = 0, Counter[str]()
    for row in rows:
        before = item_of(row)
        after = decision.on(before, Seen.of(row), who, row.seen_at)
        if not fields(before, after):
            continue
        changes += 1
        if before.owner not in ("", after.owner):
            owners[before.owner] += 1
    return Preview(changes, len(rows) - changes, owners)


def _text(value: datetime | None) -> str:
    return to_text(value) if value else ""


def _moment(text: str) -> datetime | None:
    return from_text(text) if text else None


def _event(text: str) -> SnoozeUntil | None:
    return SnoozeUntil(text) if text else None


def _basis(text: str) -> str:
    """Return what stood when a stage was set as it is kept, a JSON object; SQL reads it."""
    if not isinstance(json.loads(text or NOTHING_SEEN), dict):
        raise ValueError(f"{text!r} is no JSON object")
    return text


_LOGGED: Mapping[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "stage": (str, Stage),
    "stage_at": (_text, _moment),
    "owner": (str, str),
    "note": (str, str),
    "snoozed_until": (_text, _moment),
    "snooze_event": (lambda event: event or "", _event),
    "snooze_more": (str, int),
    "basis": (str, _basis),
}
"""The fields of an item that are logged, in the order of the log: how each is written as a text, and read from one."""

LOGGED = tuple(_LOGGED)


def text_of(item: Item, name: str) -> str:
    """Write a field of an item as a text of the log; an empty one is *not set*."""
    return _LOGGED[name][0](getattr(item, name))


def with_texts(item: Item, texts: Mapping[str, str]) -> Item:
    """Return the item with some fields as texts of the log have them."""
    values = {name: _LOGGED[name][1](text) for name, text in texts.items()}
    return replace(item, **values)


def fields(before: Item, after: Item) -> dict[str, tuple[str, str]]:
    """Return the fields that differ, as texts of the log before and after.

    A stage that is set anew is among them also where it is the same one.
    """
    both = {name: (text_of(before, name), text_of(after, name)) for name in LOGGED}
    anew = before.stage_at != after.stage_at
    return {name: texts for name, texts in both.items() if texts[0] != texts[1] or (anew and name == "stage")}


def _shown(item: Item, seen: Seen) -> Stage:
    """The stage that counts: the one that was shown, unless the item was changed since then."""
    return seen.stage if seen.stage is not None and seen.version == item.version else item.stage


def item_of(row: WorkRow) -> Item:
    """Return what a row shows of what the desk holds of its listing."""
    return Item(
        stage=row.stage,
        stage_at=row.stage_at,
        owner=row.owner,
        note=row.note,
        snoozed_until=row.snoozed_until,
        snooze_event=row.snooze_event,
        snooze_more=row.snooze_more,
        version=row.version,
    )


def _set(item: Item, stage: Stage, seen: Seen, now: datetime, same: Mapping[str, int] | None = None) -> Item:
    """Set the stage on what was seen; a snooze that there was is over."""
    return replace(
        item,
        stage=stage,
        stage_at=now,
        basis=basis_of(seen, same),
        snoozed_until=None,
        snooze_event=None,
        snooze_more=0,
    )


def basis_of(seen: Seen, same: Mapping[str, int] | None = None) -> str:
    """Write what was seen as the basis of a stage."""
    basis: dict[str, object] = {"period": to_text(seen.period), "attempt": seen.attempt, "codes": list(seen.codes)}
    if same is not None:
        basis["same"] = dict(same)
    return storable(json.dumps(basis, sort_keys=True, ensure_ascii=False))
