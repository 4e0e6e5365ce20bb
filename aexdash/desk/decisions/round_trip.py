"""A file of ours that was changed in a spreadsheet and brought back: what it would change, and doing that.

Each cell that somebody changed is compared with what it was when the file was written and with what stands here now.
Where it stands as it was, the change is an edit; where it stands as the cell says already, there is nothing to do; else
somebody else was there meanwhile, and that is a conflict for a person to decide. So a file that is brought twice
changes nothing the second time, and nobody's decision is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol

from aexdash.address_words import one_of
from aexdash.clock import to_text
from aexdash.desk.decisions.changes import LogEntry, Outcome
from aexdash.desk.decisions.item_rows import Key
from aexdash.desk.decisions.items import Assign, Back, Fix, Item, Seen, Take, TooLong, short
from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.work import Desk
from aexdash.model import Mark, Resubmit, Stage, Status
from aexdash.people.names import NoName, Person, named
from aexdash.reasons.remedies import figures
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.round_trip import EDITABLE, STAGES, BroughtRow, stage_of
from aexdash.sources.seller_center import RowNote
from aexdash.storage.text import storable

FIELDS = tuple(EDITABLE.values())
HEADINGS = {name: heading for heading, name in EDITABLE.items()}

PLATFORM = "AliExpress"
"""Who is named where a stage counts no more because of what AliExpress did with the listing."""

Edited = tuple[str, int, str]
"""A field of a listing: store key, product id, name of the field."""


class Listings(Protocol):
    """What is asked of the snapshot; `Snapshot` implements it."""

    def rows_of(self, keys: Sequence[Key], as_of: datetime | None = None) -> list[WorkRow]:
        """Read listings by store key and product id; those that are not known are left out."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A field that a file would change, in the row of a sheet that says so.

    `brought` is what the file says and `now` what stands here, as texts: of a stage its word in addresses. Of a
    conflict, `base` is what stood here at the export (None: not known), and `by` and `at` say who has changed it since,
    and when. `waits`: AliExpress has the next move while nobody has decided on the listing, so it is not to do then.
    """

    store: str
    product_id: int
    title: str
    field: str
    brought: str
    now: str
    row: int
    sheet: str = ""
    base: str | None = None
    by: str = ""
    at: datetime | None = None
    waits: bool = False

    @property
    def key(self) -> Edited:
        """Store key, product id and field."""
        return self.store, self.product_id, self.field


EARLY = "do not resubmit yet, so it was not marked fixed; the worklist asks about it, aexdash apply --anyway does it"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a file would change: edits and proposals; conflicts, which are left unless somebody takes them; and rest.

    `refused` are rows that cannot be used, with the reason. `unchanged` is the number of other rows that change
    nothing, `recovered` of those whose id came back in another form and is known all the same. `seen` are the listings
    as they were when this was made out.
    """

    name: str
    edits: tuple[Edit, ...]
    conflicts: tuple[Edit, ...]
    proposals: tuple[Proposal, ...]
    refused: tuple[RowNote, ...]
    unchanged: int
    recovered: int
    seen: Mapping[Key, Seen] = field(default_factory=dict, repr=False)

    @property
    def listings(self) -> int:
        """How many listings its edits and proposals change."""
        of_edits = {(one.store, one.product_id) for one in self.edits}
        return len(of_edits | {(one.store, one.product_id) for one in self.proposals})


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What a file says of listings: fields with their new texts. What follows of a stage or an owner, follows here."""

    values: Mapping[Key, Mapping[str, str]]
    action: ClassVar[str] = "apply"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        """Set the fields of this listing as taking, fixing, giving away and setting back do."""
        values = self.values[seen.key]
        after = replace(item, note=storable(values["note"])) if "note" in values else item
        if "stage" not in values:
            return Assign(values["owner"]).on(after, seen, who, now) if "owner" in values else after
        stage = Stage(values["stage"])
        if stage is Stage.NEW:
            return replace(Back().on(after, seen, who, now), owner=values.get("owner", ""))
        owner = values.get("owner", item.owner or who.name)
        return (Fix() if stage is Stage.FIXED else Take()).on(replace(after, owner=owner), seen, Person(owner), now)


def change_set(
    name: str,
    brought: Sequence[BroughtRow],
    listings: Listings,
    *,
    desk_path: Path,
    taxonomy: Taxonomy,
    who: Person,
    anyway: bool = False,
) -> ChangeSet:
    """Make out what a file would change here and now, if `who` brought it.

    The stage is left out of a row that marks fixed what is not to be resubmitted yet, unless it is to be done `anyway`;
    that row stands among the refused ones too.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    rows = _Rows(Desk(desk_path), taxonomy, who, anyway=anyway)
    known = _known(listings, brought)
    by_listing: dict[Key, list[BroughtRow]] = defaultdict(list)
    for one in brought:
        if one.refusal:
            rows.refuse(one, one.refusal)
        elif (one.store, one.product_id) not in known:
            rows.refuse(one, f"the snapshot knows no such listing in store {one.store}")
        else:
            by_listing[one.store, one.product_id].append(one)
    for key, several in by_listing.items():
        rows.compare(known[key], several)
    touched = {one.key[:2] for one in (*rows.edits, *rows.conflicts)}
    touched |= {(one.store, one.product_id) for one in rows.proposals}
    places = {(note.sheet, note.row) for note in rows.refused}
    refused = tuple(sorted(rows.refused, key=lambda note: (note.sheet, note.row)))
    return ChangeSet(
        name,
        tuple(rows.edits),
        tuple(rows.conflicts),
        tuple(rows.proposals),
        refused,
        unchanged=sum(
            (one.store, one.product_id) not in touched and (one.sheet, one.number) not in places for one in brought
        ),
        recovered=sum(one.recovered for one in brought),
        seen={key: Seen.of(known[key]) for key in touched},
    )


def apply(
    changes: ChangeSet,
    desk_path: Path,
    *,
    who: Person,
    now: datetime,
    take: Collection[Edited] = (),
    request: str | None = None,
) -> Outcome:
    """Make the edits and proposals of a file, and those of its conflicts that are to be taken, as one change.

    A listing that somebody has changed since the change set was made out is left and reported.

    Raises:
        TooMany: it changes more than 5,000 listings.
        StorageError: the desk cannot be written; then nothing was changed.
    """
    values: dict[Key, dict[str, str]] = defaultdict(dict)
    for one in (*changes.edits, *(one for one in changes.conflicts if one.key in take)):
        values[one.store, one.product_id][one.field] = one.brought
    return Desk(desk_path).act(
        BroughtBack(values),
        [changes.seen[key] for key in values],
        who=who,
        now=now,
        through=f"file {changes.name}",
        request=request,
        proposals=changes.proposals,
    )


def _known(listings: Listings, brought: Iterable[BroughtRow]) -> dict[Key, WorkRow]:
    keys = dict.fromkeys((one.store, one.product_id) for one in brought if not one.refusal)
    return {(row.store, row.product_id): row for row in listings.rows_of(list(keys))}


class _Rows:
    """Sorts the rows of a file into edits, conflicts, proposals and rows that are refused."""

    def __init__(self, desk: Desk, taxonomy: Taxonomy, who: Person, *, anyway: bool) -> None:
        self._desk, self._taxonomy, self._who, self._anyway = desk, taxonomy, who, anyway
        self.edits: list[Edit] = []
        self.conflicts: list[Edit] = []
        self.proposals: list[Proposal] = []
        self.refused: list[RowNote] = []

    def refuse(self, row: BroughtRow, why: str) -> None:
        """Leave a row out and say why."""
        self.refused.append(RowNote(row.number, row.id, why, row.sheet))

    def compare(self, now: WorkRow, rows: Sequence[BroughtRow]) -> None:
        """Compare the rows about a listing with each other and with what stands here."""
        usable = [(row, values) for row in rows if (values := self._values(row)) is not None]
        said: dict[str, list[tuple[BroughtRow, str]]] = defaultdict(list)
        for row, values in usable:
            for name, value in values.items():
                said[name].append((row, value))
        if differing := [HEADINGS.get(name, name) for name, told in said.items() if len({v for _, v in told}) > 1]:
            for row, values in usable:
                if values:
                    self.refuse(
                        row, f"{', '.join(differing)} of this listing is not the same in {_others(row, usable)}"
                    )
            return
        decided = {name: told for name, told in said.items() if name in FIELDS}
        if self._is_early(now, decided):
            for row, _ in decided.pop("stage"):
                self.refuse(row, f"{'; '.join(figures(now, self._taxonomy))}: {EARLY}")
        self._three_way(now, decided)
        self._propose(now, usable)

    def _is_early(self, now: WorkRow, said: Mapping[str, Sequence[tuple[BroughtRow, str]]]) -> bool:
        """Whether a listing would be marked fixed of which what was measured at its rejection still stands."""
        marks = any(value == Stage.FIXED.value for _, value in said.get("stage", ())) and now.stage is not Stage.FIXED
        return marks and now.resubmit is Resubmit.NOT_YET and not self._anyway

    def _values(self, row: BroughtRow) -> dict[str, str] | None:
        """Return what a row changes, by fields and by headings that were filled in; None where it is refused."""
        try:
            values = {name: _read(name, text) for name, text in row.changed.items()}
            if row.filled and row.fix_of not in self._taxonomy.codes:
                raise _Unreadable(f"there is no reason {row.fix_of!r} for what was filled in")
            filled = {heading: short(heading, text) for heading, text in row.filled.items()}
        except (_Unreadable, TooLong) as error:
            self.refuse(row, str(error))
            return None
        return values | {f"{row.fix_of} {heading}": text for heading, text in filled.items()}

    def _three_way(self, now: WorkRow, said: Mapping[str, Sequence[tuple[BroughtRow, str]]]) -> None:
        here = _texts(now)
        edits: list[tuple[Edit, BroughtRow]] = []
        conflicts: list[tuple[Edit, BroughtRow]] = []
        for name, told in said.items():
            row, brought = told[0]
            if brought == here[name]:
                continue
            edit = Edit(
                now.store,
                now.product_id,
                now.title,
                name,
                brought,
                here[name],
                row.number,
                row.sheet,
                waits=now.status is Status.AUDITING and Mark.STUCK not in now.marks,
            )
            stands = all(one.is_as_exported(name, here[name]) for one, _ in told)
            (edits if stands else conflicts).append((edit, row))
        if self._would_lose(now, [edit for edit, _ in edits], said):
            both = [(edit, row) for edit, row in edits if edit.field != "note"]
            edits = [one for one in edits if one not in both]
            conflicts += both
        self.edits += [edit for edit, _ in edits]
        self.conflicts += [self._conflict(now, edit, row) for edit, row in conflicts]

    def _would_lose(
        self, now: WorkRow, edits: Sequence[Edit], said: Mapping[str, Sequence[tuple[BroughtRow, str]]]
    ) -> bool:
        """Whether a stage or an owner that somebody has set since the export would follow one of these edits."""
        if not edits:
            return False
        key, here = (now.store, now.product_id), _texts(now)
        decision = BroughtBack({key: {edit.field: edit.brought for edit in edits}})
        item = Item(stage=now.stage, owner=now.owner, note=now.note, version=now.version)
        after = decision.on(item, Seen.of(now), self._who, now.seen_at)
        became = {"stage": after.stage.value, "owner": after.owner, "note": after.note}
        rows = [row for told in said.values() for row, _ in told]
        edited = {edit.field for edit in edits}
        return any(
            became[name] != here[name] and not all(row.is_as_exported(name, here[name]) for row in rows)
            for name in FIELDS
            if name not in edited
        )

    def _conflict(self, now: WorkRow, edit: Edit, row: BroughtRow) -> Edit:
        """Say of a conflict what stood here at the export, and who has changed it since."""
        entries = [one for one in self._desk.log(edit.store, edit.product_id) if one.field in _bound_to(edit.field)]
        of_field = [one for one in entries if one.field == edit.field]
        base = _stood_at(of_field, row.exported_at, edit.now)
        known = base is not None and row.is_as_exported(edit.field, base)
        by, at = (entries[0].by, entries[0].at) if entries else (now.changed_by, now.changed_at)
        if edit.field == "stage" and of_field and of_field[0].after != edit.now:
            by, at = PLATFORM, now.started_at
        return replace(edit, base=base if known else None, by=by, at=at)

    def _propose(self, now: WorkRow, usable: Sequence[tuple[BroughtRow, Mapping[str, str]]]) -> None:
        filled = {(row.fix_of, heading): text for row, _ in usable for heading, text in row.filled.items()}
        if not filled:
            return
        stands = {(one.code, one.field): one.value for one in self._desk.proposals(now.store, now.product_id)}
        self.proposals += [
            Proposal(now.store, now.product_id, code, heading, text)
            for (code, heading), text in filled.items()
            if stands.get((code, heading)) != storable(text)
        ]


class _Unreadable(ValueError):
    """A cell that says nothing we can do; the text says why."""


def _read(name: str, text: str) -> str:
    """Read what a changed cell says, as the text of its field."""
    if name == "stage":
        return _stage(text)
    if name == "note":
        return storable(short("Note", text))
    try:
        return named(text).name if text else ""
    except NoName as error:
        raise _Unreadable(f"Owner {text[:60]!r}: {error}") from error


def _stage(text: str) -> str:
    stage = stage_of(text)
    if stage is Stage.SNOOZED:
        raise _Unreadable("a listing is not snoozed by a file: what the snooze waits for has no column")
    if stage is None:
        words = {stage: next(word for word, meant in STAGES.items() if meant is stage) for stage in Stage}
        kept = words.pop(Stage.SNOOZED)
        raise _Unreadable(
            f"Stage {text[:60]!r} is none: write {one_of(words.values())}, or leave {kept} where it stands"
        )
    return stage.value


def _others(row: BroughtRow, usable: Sequence[tuple[BroughtRow, Mapping[str, str]]]) -> str:
    """Name the other rows about the same listing that change something."""
    places = [_place(other) for other, values in usable if values and other is not row]
    return " and ".join(places)


def _place(row: BroughtRow) -> str:
    return f"row {row.number:,} of sheet {row.sheet!r}" if row.sheet else f"row {row.number:,}"


def _texts(row: WorkRow) -> dict[str, str]:
    return {"stage": row.stage.value, "owner": row.owner, "note": row.note}


def _bound_to(name: str) -> tuple[str, ...]:
    """Return the fields by which a field changes: a stage follows an owner, and the other way round."""
    return ("note",) if name == "note" else ("stage", "owner")


def _stood_at(entries: Sequence[LogEntry], at: datetime | None, now: str) -> str | None:
    """Return what a field was just before a moment, by its log (the latest entry first); None where that is not known.

    The moment is that of an export, to the second, so an entry of the same second counts as later.
    """
    if at is None:
        return None
    later: Iterator[LogEntry] = (one for one in entries if to_text(one.at) >= to_text(at))
    *_, first = [None, *later]
    return first.before if first else (entries[0].after if entries else now)
