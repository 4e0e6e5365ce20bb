"""A file that was changed in a spreadsheet and brought back: what is new in it is done, nobody's decision is lost."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Assign, Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.round_trip import ChangeSet, apply, change_set
from aexdash.desk.decisions.work import Desk
from aexdash.exports.fixsheets.fixsheet import csv_fixsheet, fixsheet
from aexdash.exports.worklist.worklist import ExportContext, csv_chunks
from aexdash.model import Provenance, Reason, SnoozeUntil, Stage
from aexdash.people.names import Person
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.round_trip import read_back, stage_of
from aexdash.view import View
from aexdash.words.listings.brought import edit_words
from tests.desk.deciding import ANN, BOB, OLGA
from tests.snapshot.store import AUDITING, REJECTED, Store
from tests.support import examples
from tests.ui.sample import find

FIRST = 1005007000000001
IDS = tuple(range(FIRST, FIRST + 4))
FIELDS = ("stage", "owner", "note")
HEADINGS = {"stage": "Stage", "owner": "Owner", "note": "Note"}

Line = dict[str, str]


@dataclass
class Office:
    """A store whose listings are all rejected, its desk, and files of it."""

    store: Store
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.store.desk_path)
        self.store.sweep(dict.fromkeys(IDS, REJECTED))

    def rows(self) -> dict[int, WorkRow]:
        return {row.product_id: row for row in self.store.snapshot.rows_of([("main", one) for one in IDS])}

    def values(self) -> dict[int, dict[str, str]]:
        return {
            one: {"stage": row.stage.value, "owner": row.owner, "note": row.note} for one, row in self.rows().items()
        }

    def export(self) -> list[Line]:
        context = ExportContext.of(self.store.snapshot.stores(), load_taxonomy(), self.store.now)
        content = b"".join(csv_chunks(self.store.snapshot.rows(View()), context))
        self.store.after(minutes=1)
        return lines_of(content)

    def does(self, who: Person, decision: Decision, *ids: int) -> Outcome:
        seen = [Seen.of(row) for one, row in self.rows().items() if one in ids]
        outcome = self.desk.act(decision, seen, who=who, now=self.store.now, through="page")
        self.store.after(minutes=1)
        return outcome

    def look(self, lines: Sequence[Line], who: Person = ANN, name: str = "list.csv") -> ChangeSet:
        return change_set(
            name,
            read_back(name, saved(lines)),
            self.store.snapshot,
            desk_path=self.store.desk_path,
            taxonomy=load_taxonomy(),
            who=who,
        )

    def bring(
        self, lines: Sequence[Line], who: Person = ANN, take: Sequence[tuple[str, int, str]] = ()
    ) -> tuple[ChangeSet, Outcome]:
        changes = self.look(lines, who)
        outcome = apply(changes, self.store.desk_path, who=who, now=self.store.now, take=take)
        self.store.after(minutes=1)
        return changes, outcome


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(Store(tmp_path))


def lines_of(content: bytes) -> list[Line]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(lines: Sequence[Line]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def of(lines: Sequence[Line], product_id: int) -> Line:
    return next(line for line in lines if line["Product id"].strip() == str(product_id))


def test_what_was_changed_in_the_file_is_one_change_that_can_be_undone(office):
    office.does(OLGA, Take(), IDS[1])
    before = office.values()
    lines = office.export()
    of(lines, IDS[0]).update(Owner="Bob", Note="new photo ordered")
    of(lines, IDS[1]).update(Stage="fixed")
    of(lines, IDS[2]).update(Stage="Taken")
    changes, outcome = office.bring(lines)
    assert (len(changes.edits), changes.conflicts, changes.refused, changes.unchanged) == (4, (), (), 1)
    assert (outcome.changed, outcome.conflicts) == (3, ())
    assert office.values() == {
        IDS[0]: {"stage": "taken", "owner": "Bob", "note": "new photo ordered"},
        IDS[1]: {"stage": "fixed", "owner": "Olga", "note": ""},
        IDS[2]: {"stage": "taken", "owner": "Ann", "note": ""},
        IDS[3]: before[IDS[3]],
    }
    [change, _] = office.desk.changes(office.store.now - timedelta(days=1), office.store.now)
    assert (change.action, change.through, change.listings, change.by) == ("apply", "file list.csv", 3, "Ann")
    assert {entry.through for entry in office.desk.log("main", IDS[0])} == {"file list.csv"}
    office.desk.undo(change.id, who=ANN, now=office.store.now)
    assert office.values() == before


def test_a_file_brought_twice_changes_nothing_the_second_time(office):
    lines = office.export()
    of(lines, IDS[0]).update(Owner="Bob", Note="=1+1")
    of(lines, IDS[1]).update(Stage="fixed", Owner="")
    office.bring(lines)
    once = office.values()
    changes, outcome = office.bring(lines)
    assert (changes.edits, changes.conflicts, changes.unchanged) == ((), (), 4)
    assert (outcome.change, outcome.changed, office.values()) == (None, 0, once)


def test_what_somebody_changed_here_meanwhile_is_a_conflict_with_all_three_values(office):
    office.does(OLGA, Note("ask the supplier"), IDS[0])
    lines = office.export()
    office.does(BOB, Note("supplier asked"), IDS[0])
    at = office.store.now - timedelta(minutes=1)
    of(lines, IDS[0]).update(Note="call the supplier", Owner="Olga")
    changes, outcome = office.bring(lines)
    [conflict] = changes.conflicts
    assert (conflict.base, conflict.brought, conflict.now) == (
        "ask the supplier",
        "call the supplier",
        "supplier asked",
    )
    assert (conflict.by, conflict.at, conflict.row) == ("Bob", at, 2)
    assert outcome.changed == 1
    assert office.values()[IDS[0]] == {"stage": "taken", "owner": "Olga", "note": "supplier asked"}
    _, outcome = office.bring(lines, take=[conflict.key])
    assert outcome.changed == 1
    assert office.values()[IDS[0]]["note"] == "call the supplier"


def test_the_same_change_made_by_both_is_none(office):
    lines = office.export()
    of(lines, IDS[0]).update(Owner="Bob")
    office.does(BOB, Take(), IDS[0])
    changes, outcome = office.bring(lines)
    assert (changes.edits, changes.conflicts, outcome.change) == ((), (), None)


def test_a_listing_changed_between_preview_and_applying_is_left_and_reported(office):
    lines = office.export()
    of(lines, IDS[0]).update(Note="mine")
    of(lines, IDS[1]).update(Note="mine")
    changes = office.look(lines)
    office.does(BOB, Take(), IDS[0])
    outcome = apply(changes, office.store.desk_path, who=ANN, now=office.store.now)
    assert (outcome.changed, [(one.product_id, one.by) for one in outcome.conflicts]) == (1, [(IDS[0], "Bob")])


def test_setting_back_to_do_by_a_file_takes_no_owner_away_who_came_since(office):
    office.does(OLGA, Fix(), IDS[0])
    lines = office.export()
    office.does(BOB, Assign("Bob"), IDS[0])
    of(lines, IDS[0]).update(Stage="to do")
    changes, _ = office.bring(lines)
    [conflict] = changes.conflicts
    assert (conflict.field, conflict.base, conflict.brought, conflict.by) == ("stage", "fixed", "new", "Bob")
    assert office.values()[IDS[0]] == {"stage": "fixed", "owner": "Bob", "note": ""}


def test_what_waits_for_aliexpress_is_not_called_to_do_where_a_file_changes_it(office):
    others = dict.fromkeys(IDS[1:], REJECTED)
    office.store.after(hours=1).sweep({IDS[0]: AUDITING, **others})
    lines = office.export()
    for one in IDS[:2]:
        of(lines, one).update(Stage="taken")
    assert [edit_words(edit) for edit in office.look(lines).edits] == [
        "Stage: in audit: waiting for AliExpress → taken",
        "Stage: to do → taken",
    ]
    office.store.after(days=4).sweep({IDS[0]: AUDITING, **others})  # stuck, so people have the next move
    lines = office.export()
    of(lines, IDS[0]).update(Stage="taken")
    assert [edit_words(edit) for edit in office.look(lines).edits] == ["Stage: to do → taken"]


def test_what_aliexpress_did_since_the_export_is_a_conflict_of_the_stage(office):
    office.does(OLGA, Fix(), IDS[0])
    lines = office.export()
    of(lines, IDS[0]).update(Stage="taken")
    others = dict.fromkeys(IDS[1:], REJECTED)
    office.store.after(hours=1).sweep({IDS[0]: AUDITING, **others})
    office.store.after(hours=1).sweep({IDS[0]: REJECTED, **others})
    line = of(lines, IDS[0])
    [refused] = [one for one in office.look(lines).refused if one.id == str(IDS[0])] or [None]
    assert refused is None
    [conflict] = office.look(lines).conflicts
    assert (conflict.base, conflict.brought, conflict.now, conflict.by) == ("fixed", "taken", "new", "AliExpress")
    assert line["Stage"] == "taken"


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"Stage": "snoozed"}, "a listing is not snoozed by a file: what the snooze waits for has no column"),
        (
            {"Stage": "half done"},
            "Stage 'half done' is none: write to do, taken or fixed, or leave snoozed where it stands",
        ),
        ({"Stage": ""}, "Stage '' is none: write to do, taken or fixed, or leave snoozed where it stands"),
        ({"Owner": "!!!"}, "Owner '!!!': A name needs a letter or a digit in it."),
        ({"Owner": "a" * 61}, f"Owner '{'a' * 60}': A name has at most 60 characters; this one has 61."),
        ({"Note": "x" * 2001}, "Note has 2,001 characters, and at most 2,000 are kept"),
        ({"Title": "Better"}, "Title was changed in the file: only Stage, Owner and Note can be"),
    ],
)
def test_a_cell_that_says_nothing_we_can_do_refuses_its_row_alone(office, cells, refusal):
    lines = office.export()
    of(lines, IDS[0]).update(Note="also lost")
    of(lines, IDS[0]).update(cells)
    of(lines, IDS[1]).update(Note="kept")
    changes, outcome = office.bring(lines)
    assert [(one.id, one.note) for one in changes.refused] == [(str(IDS[0]), refusal)]
    assert (outcome.changed, office.values()[IDS[1]]["note"]) == (1, "kept")
    assert office.values()[IDS[0]] == {"stage": "new", "owner": "", "note": ""}


def test_a_listing_that_is_not_known_here_is_refused(office, tmp_path):
    (tmp_path / "other").mkdir()
    other = Office(Store(tmp_path / "other"))
    other.store.sweep({FIRST + 900: REJECTED})
    lines = other.export()
    of(lines, FIRST + 900).update(Note="x")
    [refused] = office.look(lines).refused
    assert refused.note == "the snapshot knows no such listing in store main"


def test_a_snoozed_listing_stays_snoozed_where_its_note_was_changed(office):
    office.does(OLGA, Snooze(event=SnoozeUntil.STATUS), IDS[0])
    lines = office.export()
    of(lines, IDS[0]).update(Note="later")
    office.bring(lines)
    row = office.rows()[IDS[0]]
    assert (row.stage, row.snooze_event, row.note) == (Stage.SNOOZED, SnoozeUntil.STATUS, "later")


def test_rows_of_one_listing_that_say_the_same_are_one_and_that_differ_are_refused(office):
    lines = office.export()
    twice = [*lines, dict(of(lines, IDS[0])), dict(of(lines, IDS[1]))]
    for line in (twice[0], twice[-2]):
        assert line["Product id"].strip() == str(IDS[0])
        line["Owner"] = "Bob"
    twice[1]["Owner"], twice[-1]["Owner"] = "Bob", "Olga"
    changes, _ = office.bring(twice)
    assert [(one.product_id, one.brought) for one in changes.edits] == [(IDS[0], "Bob")]
    assert [one.note for one in changes.refused] == [
        "Owner of this listing is not the same in row 7",
        "Owner of this listing is not the same in row 3",
    ]


def test_an_id_that_came_back_as_another_text_is_counted_and_used(office):
    lines = office.export()
    of(lines, IDS[0]).update({"Note": "x", "Product id": "1 005 007 000 000 001"})
    changes, outcome = office.bring(lines)
    assert (changes.recovered, outcome.changed) == (1, 1)


def test_what_is_not_to_be_resubmitted_yet_is_not_marked_fixed_by_a_file_unless_that_is_said(office):
    find(office.store.folder, {IDS[0]: [Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350})]})
    lines = office.export()
    of(lines, IDS[0]).update({"Stage": "fixed", "Note": "asked"})
    changes, outcome = office.bring(lines)
    assert [one.field for one in changes.edits] == ["note"]
    [left] = changes.refused
    assert "do not resubmit yet, so it was not marked fixed" in left.note
    assert (outcome.changed, office.values()[IDS[0]]["stage"]) == (1, "new")
    rows = read_back("list.csv", saved(lines))
    said = change_set(
        "list.csv",
        rows,
        office.store.snapshot,
        desk_path=office.store.desk_path,
        taxonomy=load_taxonomy(),
        who=ANN,
        anyway=True,
    )
    assert ([one.field for one in said.edits], said.refused) == (["stage"], ())


def test_what_was_filled_into_a_fix_sheet_is_proposed_once_and_undone_with_the_rest(office):
    find(office.store.folder, {IDS[0]: [Reason("image.main_too_small", Provenance.CHECK)]})
    context = ExportContext.of(office.store.snapshot.stores(), load_taxonomy(), office.store.now)
    rows = office.store.snapshot.rows(View())
    lines = lines_of(b"".join(csv_fixsheet(fixsheet("image.main_too_small", rows, context))))
    lines[0].update({"New picture URL": "https://pictures.example/new.jpg", "Comment": "=better", "Stage": "taken"})
    changes, outcome = office.bring(lines)
    assert [(one.code, one.field, one.value) for one in changes.proposals] == [
        ("image.main_too_small", "New picture URL", "https://pictures.example/new.jpg"),
        ("image.main_too_small", "Comment", "=better"),
    ]
    assert (changes.listings, outcome.changed) == (1, 1)
    assert len(office.desk.proposals("main", IDS[0])) == 2
    again, outcome = office.bring(lines)
    assert (again.proposals, again.edits, outcome.change) == ((), (), None)
    office.desk.undo(office.desk.log("main", IDS[0])[0].change, who=ANN, now=office.store.now)
    assert office.desk.proposals("main", IDS[0]) == []
    assert office.values()[IDS[0]]["stage"] == "new"


decisions = st.sampled_from(
    [Take(), Fix(), Back(), Note("a"), Note("b"), Note(""), Assign("Cy"), Assign(""), Snooze(event=SnoozeUntil.STATUS)]
)
acts = st.tuples(st.sampled_from([ANN, BOB, OLGA]), decisions, st.sampled_from(IDS[:2]))
cells = st.one_of(
    st.tuples(st.just("Stage"), st.sampled_from(["to do", "taken", "fixed", "Fixed, waiting for AliExpress"])),
    st.tuples(st.just("Owner"), st.sampled_from(["", "Ann", "Bob", "Cy", "Dora, of Support"])),
    st.tuples(st.just("Note"), st.sampled_from(["", "a", "b", "1/2", "=1+1", "two\nlines"])),
)
edits = st.lists(st.tuples(st.sampled_from(IDS[:2]), cells), max_size=6)


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(st.lists(acts, max_size=5), edits, st.lists(acts, max_size=5), edits, st.lists(acts, max_size=4), st.booleans())
def test_of_any_files_and_decisions_nobodys_is_lost_and_twice_is_once(before, first, between, second, after, swapped):
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Store(Path(folder)))
        files = []
        for decided, changed in ((before, first), (between, second)):
            _all(office, decided)
            exported = office.export()
            files.append((exported, _changed(exported, changed)))
        _all(office, after)
        for exported, changed in reversed(files) if swapped else files:
            _bring_and_check(office, exported, changed)
        for line in office.desk.changes(office.store.now - timedelta(days=9), office.store.now):
            assert line.listings > 0
        office.store.db.close()


def _all(office: Office, acts: Sequence[tuple[Person, Decision, int]]) -> None:
    for who, decision, product_id in acts:
        office.does(who, decision, product_id)


def _changed(lines: Sequence[Line], edits: Sequence[tuple[int, tuple[str, str]]]) -> list[Line]:
    changed = [dict(line) for line in lines]
    for product_id, (heading, cell) in edits:
        of(changed, product_id)[heading] = cell
    return changed


def _bring_and_check(office: Office, exported: Sequence[Line], changed: Sequence[Line]) -> None:
    was, items = office.values(), office.desk.items([("main", one) for one in IDS])
    changes, outcome = office.bring(changed)
    now = office.values()
    left = {one.key for one in changes.conflicts}
    assert (changes.refused, outcome.conflicts) == ((), ())
    for one in IDS:
        for name in FIELDS:
            base, wanted = (_meant(name, of(lines, one)[HEADINGS[name]]) for lines in (exported, changed))
            stood, stands = was[one][name], now[one][name]
            if ("main", one, name) in left:
                assert stands == stood
                assert wanted not in (base, stood)
            elif stood not in (base, wanted):
                assert stands == stood, "a decision made here since the export was lost"
            elif wanted != base:
                assert stands == wanted, "a change of the file was lost without a conflict"
    again, repeated = office.bring(changed)
    assert (again.edits, repeated.change, office.values()) == ((), None, now)
    if outcome.change is not None:
        office.desk.undo(outcome.change, who=BOB, now=office.store.now)
        assert office.values() == was
        _same_items(office, items)
        apply(office.look(changed), office.store.desk_path, who=ANN, now=office.store.now)
        assert office.values() == now


def _same_items(office: Office, items: dict) -> None:
    for key, item in office.desk.items([("main", one) for one in IDS]).items():
        before = items.get(key)
        told = ("stage", "owner", "note", "snoozed_until", "snooze_event", "basis", "stage_at")
        assert before is None or [getattr(item, name) for name in told] == [getattr(before, name) for name in told]


def _meant(name: str, cell: str) -> str:
    return stage_of(cell).value if name == "stage" else cell.lstrip("\t").removeprefix("'")
