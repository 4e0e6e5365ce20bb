"""Assignment rules: whose a listing is when it arrives; a person always goes first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.assignment import AssignmentRule, AssignmentRules, RuleError, assign_arrivals
from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.items import Assign, Back, Item, Note, Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Provenance, Reason, Stage
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.view import View
from tests.desk.deciding import ANN, BOB
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, shown

SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})
BRAND = Reason("attribute.brand", Provenance.PLATFORM, text="brand")
PICTURES = AssignmentRule("", "Pictures", "Olga", reasons=("image",))
ALL = AssignmentRule("", "Everything else", "Bob")
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with listings 1 and 2 rejected for their picture, 3 for the brand, 4 unknown, and 5 in audit."""
    store = Store(tmp_path)
    store.sweep(dict.fromkeys(range(1, 7), ACTIVE))
    store.after(hours=1).sweep(
        {6: ACTIVE, 5: AUDITING, 4: REJECTED, 3: shown(3, REJECTED, category_id=7), 1: REJECTED, 2: REJECTED}
    )
    say(store, {1: SMALL, 2: SMALL, 3: BRAND})
    return store


def say(store: Store, reasons: dict[int, Reason]) -> None:
    """Let these reasons stand on the listings."""
    for one, period in open_period_ids(store.db, store.id, reasons).items():
        record_reasons(store.db, period, [reasons[one]], set(Provenance), store.now)


def rule(store: Store, *rules: AssignmentRule) -> list[AssignmentRule]:
    """Save these rules in this order."""
    saved = AssignmentRules(store.desk_path)
    return [saved.save(one, place, by="Ann", now=store.now) for place, one in enumerate(rules)]


def assign(store: Store) -> int:
    return assign_arrivals(store.desk_path, store.snapshot, "main", store.now)


def owners(store: Store) -> dict[int, str]:
    items = Desk(store.desk_path).items(("main", one) for one in range(1, 7))
    return {product_id: item.owner for (_, product_id), item in items.items() if item.owner}


def act(store: Store, decision, *ids: int, who=ANN) -> None:
    """Somebody decides on these listings as they are now."""
    desk = Desk(store.desk_path)
    items = desk.items(("main", one) for one in ids)
    seen = [Seen("main", one, items.get(("main", one), Item()).version, store.now, 1, ()) for one in ids]
    desk.act(decision, seen, who=who, now=store.now, through="page")


def test_without_rules_nothing_is_assigned_and_no_desk_is_made(store):
    assert assign(store) == 0
    assert not store.desk_path.exists()


def test_the_first_rule_that_fits_assigns_and_nobody_has_taken_it_yet(store):
    rule(store, PICTURES, ALL)
    assert assign(store) == 5
    assert owners(store) == {1: "Olga", 2: "Olga", 3: "Bob", 4: "Bob", 5: "Bob"}
    desk = Desk(store.desk_path)
    assert desk.items([("main", 1)])["main", 1].stage is Stage.NEW
    [entry] = desk.log("main", 1)
    assert entry == LogEntry(store.now, "rule", "owner", "", "Olga")
    assert entry.through == "rule Pictures"
    assert assign(store) == 0


def test_a_rule_never_overrides_a_person(store):
    act(store, Take(), 1, who=BOB)
    act(store, Take(), 2, who=BOB)
    act(store, Back(), 2, who=BOB)
    act(store, Note("ask the supplier"), 3)
    rule(store, ALL)
    assert assign(store) == 3
    assert owners(store) == {1: "Bob", 3: "Bob", 4: "Bob", 5: "Bob"}
    assert owners(store)[1] == "Bob"
    assert Desk(store.desk_path).items([("main", 3)])["main", 3].note == "ask the supplier"


def test_a_rule_assigns_once_in_a_spell_whatever_people_make_of_it(store):
    rule(store, PICTURES)
    assert assign(store) == 2
    act(store, Assign(""), 1)
    assert (assign(store), owners(store)) == (0, {2: "Olga"})
    desk = Desk(store.desk_path)
    cleared, assigned = desk.changes(NOON, store.now)
    desk.undo(cleared.id, who=ANN, now=store.now)
    assert owners(store) == {1: "Olga", 2: "Olga"}
    desk.undo(assigned.id, who=ANN, now=store.now)
    store.after(hours=1).sweep({1: AUDITING, 2: REJECTED})
    assert (assign(store), owners(store)) == (0, {})


def test_it_assigns_again_when_the_listing_comes_back_months_later(store):
    rule(store, PICTURES)
    assign(store)
    act(store, Back(), 1, 2)
    store.now += 90 * DAY
    store.sweep(dict.fromkeys(range(1, 7), ACTIVE))
    store.after(hours=1).sweep(dict.fromkeys(range(3, 7), ACTIVE) | {1: REJECTED, 2: ACTIVE})
    say(store, {1: SMALL})
    assert assign(store) == 1
    assert owners(store) == {1: "Olga"}


def test_what_came_back_is_still_whose_it_was(store):
    act(store, Take(), 1, who=BOB)
    rule(store, PICTURES)
    store.after(hours=1).sweep(dict.fromkeys(range(1, 7), ACTIVE))
    store.after(hours=1).sweep(dict.fromkeys(range(2, 7), ACTIVE) | {1: REJECTED})
    say(store, {1: SMALL})
    assert assign(store) == 0
    assert owners(store) == {1: "Bob"}


@pytest.mark.parametrize(
    ("conditions", "fitting"),
    [
        ({}, {1, 2, 3, 4, 5}),
        ({"reasons": ("image",)}, {1, 2}),
        ({"reasons": ("image.main_too_small", "attribute.brand")}, {1, 2, 3}),
        ({"reasons": ("imag",)}, set()),
        ({"reasons": ("unknown",)}, {4}),
        ({"reasons": ("in_review",)}, {5}),
        ({"categories": (7,)}, {3}),
        ({"stores": ("main", "east")}, {1, 2, 3, 4, 5}),
        ({"stores": ("east",)}, set()),
        ({"categories": (7,), "reasons": ("image",)}, set()),
    ],
)
def test_a_rule_fits_where_every_condition_does(store, conditions, fitting):
    one = AssignmentRule("", "Some", "Olga", **conditions)
    assert {row.product_id for row in store.snapshot.rows(View()) if one.fits(row)} == fitting
    rule(store, one)
    assert assign(store) == len(fitting)
    assert set(owners(store)) == fitting


def test_a_later_rule_does_not_take_what_an_earlier_one_left_alone(store):
    rule(store, PICTURES)
    assign(store)
    act(store, Back(), 1, 2)
    rule(store, PICTURES, ALL)
    assert assign(store) == 3
    assert owners(store) == {3: "Bob", 4: "Bob", 5: "Bob"}


class Meanwhile(Snapshot):
    """A snapshot of which somebody takes a listing right after it was read, by a clock that is slow."""

    def rows(self, view: View) -> Iterator[WorkRow]:
        read = list(super().rows(view))
        seen = [Seen.of(row) for row in read if row.product_id == 1]
        before = self.now() - DAY
        Desk(self.desk_path or Path()).act(Take(), seen, who=BOB, now=before, through="page")
        yield from read


def test_what_somebody_takes_at_the_same_moment_is_hers(store):
    rule(store, PICTURES)
    snapshot = Meanwhile(store.path, store.desk_path, clock=lambda: store.now)
    assert assign_arrivals(store.desk_path, snapshot, "main", store.now) == 1
    assert owners(store) == {1: "Bob", 2: "Olga"}


def test_other_stores_are_left_alone(store):
    rule(store, ALL)
    assert assign_arrivals(store.desk_path, store.snapshot, "east", store.now) == 0


def test_rules_are_asked_in_their_order_and_can_be_changed_and_taken_away(store):
    rules = AssignmentRules(store.desk_path)
    first, second = rule(store, PICTURES, ALL)
    assert (first.key, second.key) == ("pictures", "everything-else")
    rules.save(second, -1, by="Bob", now=store.now)
    assert [(one.title, one.owner, one.reasons, one.by) for one in rules.all()] == [
        ("Everything else", "Bob", (), "Bob"),
        ("Pictures", "Olga", ("image",), "Ann"),
    ]
    rules.remove("everything-else", by="Ann", now=store.now)
    assert [one.key for one in rules.all()] == ["pictures"]
    assert rules.save(ALL, 5, by="Ann", now=store.now).key == "everything-else-2"


@pytest.mark.parametrize(
    ("title", "owner", "sentence"),
    [
        (" ", "Olga", "A rule needs a name."),
        ("x" * 61, "Olga", "A name of a rule has at most 60 characters; this one has 61."),
        ("All", " ", "A rule needs an owner, whose the listings are then."),
    ],
)
def test_a_rule_without_a_name_of_usual_length_or_an_owner_is_refused(store, title, owner, sentence):
    with pytest.raises(RuleError) as told:
        rule(store, AssignmentRule("", title, owner))
    assert str(told.value) == sentence


def test_the_owner_of_a_rule_is_read_as_every_name_is(store):
    [saved] = rule(store, AssignmentRule("", "All\u202e", " Bo\u200bb "))
    assert (saved.title, saved.owner) == ("All", "Bob")
    for owner, said in (("Nobody", "Owner: Nobody stands for no person"), ("x" * 61, "Owner: A name has at most 60")):
        with pytest.raises(RuleError, match=said):
            rule(store, AssignmentRule("", "More", owner))
    with pytest.raises(RuleError, match="A rule needs an owner"):
        rule(store, AssignmentRule("", "More", " "))
    with pytest.raises(RuleError, match="A rule needs a name"):
        rule(store, AssignmentRule("", "\u200b", "Bob"))
    assert [one.title for one in AssignmentRules(store.desk_path).all()] == ["All"]


def test_a_rule_of_before_keeps_its_title_however_long_it_is(store):
    [saved] = rule(store, ALL)
    with closing(sqlite3.connect(store.desk_path)) as desk, desk:
        desk.execute(
            "INSERT INTO assignment_rule SELECT NULL, key, place, replace(spec, 'Everything', ?), at, by "
            "FROM assignment_rule",
            ["y" * 80],
        )
    [old] = AssignmentRules(store.desk_path).all()
    moved = AssignmentRules(store.desk_path).save(old, 7, by="Ann", now=store.now)
    assert (moved.key, moved.title, moved.place) == (saved.key, "y" * 80 + " else", 7)


def test_a_rule_of_before_keeps_its_owner_whatever_it_is_called(store):
    [saved] = rule(store, ALL)
    with closing(sqlite3.connect(store.desk_path)) as desk, desk:
        desk.execute(
            "INSERT INTO assignment_rule SELECT NULL, key, place, replace(spec, 'Bob', 'nobody'), at, by "
            "FROM assignment_rule"
        )
    [old] = AssignmentRules(store.desk_path).all()
    moved = AssignmentRules(store.desk_path).save(old, 7, by="Ann", now=store.now)
    assert (moved.key, moved.owner, moved.place) == (saved.key, "nobody", 7)
