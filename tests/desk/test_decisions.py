"""What each decision makes of a listing, of whatever it was before."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.items import Assign, Back, Fix, Item, Note, Snooze, Take, fields, preview
from aexdash.desk.decisions.work import MOST_LISTINGS, Desk, TooMany
from aexdash.model import SnoozeUntil, Stage, Status
from aexdash.snapshot.readmodels import WorkRow
from tests.desk.deciding import ANN, BOB, NOON, PERIOD, act, hold, seen, values

NEW, TAKEN, FIXED, SNOOZED = Stage
TOMORROW = NOON + timedelta(days=1)
BEFORE = NOON - timedelta(hours=1)

UNTOUCHED = Item()
TAKEN_BY_BOB = Item(stage=TAKEN, stage_at=BEFORE, owner="Bob", note="ask", version=3)
FIXED_BY_BOB = replace(TAKEN_BY_BOB, stage=FIXED)
SNOOZED_BY_BOB = replace(
    TAKEN_BY_BOB, stage=SNOOZED, snoozed_until=TOMORROW, snooze_event=SnoozeUntil.WORSE, snooze_more=5
)
FREE_NOTE = Item(note="ask", version=1)

WORSE = {"event": SnoozeUntil.WORSE, "more": 3, "same": {"main": {"image.ratio": 40}, "east": {"image.ratio": 7}}}


@pytest.mark.parametrize(
    ("decision", "before", "after"),
    [
        (Take(), UNTOUCHED, {"stage": TAKEN, "owner": "Ann"}),
        (Take(), TAKEN_BY_BOB, {"stage": TAKEN, "owner": "Ann", "note": "ask"}),
        (Take(), SNOOZED_BY_BOB, {"stage": TAKEN, "owner": "Ann", "note": "ask"}),
        (Fix(), UNTOUCHED, {"stage": FIXED, "owner": "Ann"}),
        (Fix(), TAKEN_BY_BOB, {"stage": FIXED, "owner": "Bob", "note": "ask"}),
        (Fix(), SNOOZED_BY_BOB, {"stage": FIXED, "owner": "Bob", "note": "ask"}),
        (Snooze(TOMORROW), UNTOUCHED, {"stage": SNOOZED, "snoozed_until": TOMORROW}),
        (Snooze(), TAKEN_BY_BOB, {"stage": SNOOZED, "owner": "Bob", "note": "ask"}),
        (Snooze(event=SnoozeUntil.STATUS), SNOOZED_BY_BOB,
         {"stage": SNOOZED, "owner": "Bob", "note": "ask", "snooze_event": SnoozeUntil.STATUS}),
        (Snooze(TOMORROW, **WORSE), UNTOUCHED,
         {"stage": SNOOZED, "snoozed_until": TOMORROW, "snooze_event": SnoozeUntil.WORSE, "snooze_more": 3}),
        (Note("new photo"), TAKEN_BY_BOB, {"stage": TAKEN, "owner": "Bob", "note": "new photo"}),
        (Note(""), FREE_NOTE, {}),
        (Assign(" Olga "), UNTOUCHED, {"stage": TAKEN, "owner": "Olga"}),
        (Assign("Olga"), FIXED_BY_BOB, {"stage": FIXED, "owner": "Olga", "note": "ask"}),
        (Assign(""), TAKEN_BY_BOB, {"note": "ask"}),
        (Assign(""), FIXED_BY_BOB, {"stage": FIXED, "note": "ask"}),
        (Back(), TAKEN_BY_BOB, {"note": "ask"}),
        (Back(), SNOOZED_BY_BOB, {"note": "ask"}),
    ],
)  # fmt: skip
def test_what_a_decision_makes_of_a_listing(decision, before, after):
    made = decision.on(before, seen(version=before.version, stage=before.stage), ANN, NOON)
    assert values(made) == after


@pytest.mark.parametrize(
    ("decision", "before"),
    [
        (Take(), Item(stage=TAKEN, stage_at=BEFORE, owner="Ann")),
        (Note("ask"), TAKEN_BY_BOB),
        (Note(""), UNTOUCHED),
        (Assign("Bob"), TAKEN_BY_BOB),
        (Assign(""), FREE_NOTE),
        (Back(), UNTOUCHED),
        (Back(), FREE_NOTE),
    ],
)
def test_what_is_so_already_is_no_change(decision, before):
    made = decision.on(before, seen(version=before.version, stage=before.stage), ANN, NOON)
    assert fields(before, made) == {}


@pytest.mark.parametrize("decision", [Take(), Fix(), Snooze(TOMORROW), Assign("Olga")])
def test_a_decision_that_sets_a_stage_notes_what_was_seen(decision):
    made = decision.on(UNTOUCHED, seen(), ANN, NOON)
    assert made.stage_at == NOON
    assert json.loads(made.basis) == {
        "period": "2026-03-09T09:00:00.000Z",
        "attempt": 2,
        "codes": ["attribute.brand", "image.ratio"],
    }


@pytest.mark.parametrize("decision", [Note("x"), Assign("Olga")])
def test_a_decision_that_leaves_the_stage_leaves_when_and_on_what_it_was_set(decision):
    before = replace(FIXED_BY_BOB, basis='{"period": "x"}')
    made = decision.on(before, seen(version=3, stage=FIXED), ANN, NOON)
    assert (made.stage_at, made.basis) == (BEFORE, '{"period": "x"}')


def test_back_to_do_forgets_what_was_seen_and_counts_from_now():
    made = Back().on(replace(SNOOZED_BY_BOB, basis='{"period": "x"}'), seen(version=3, stage=SNOOZED), ANN, NOON)
    assert (made.stage_at, made.basis) == (NOON, "{}")


def test_a_snooze_until_more_have_the_same_reason_counts_those_of_its_store():
    made = Snooze(**WORSE).on(UNTOUCHED, seen(), ANN, NOON)
    assert json.loads(made.basis)["same"] == {"attribute.brand": 0, "image.ratio": 40}


def test_the_stage_that_was_shown_counts_where_the_one_in_the_desk_is_over():
    """It was taken before it was rejected again, so it was shown as new."""
    shown_new = seen(version=3, stage=NEW)
    assert Assign("Bob").on(replace(TAKEN_BY_BOB), shown_new, ANN, NOON).stage_at == NOON
    assert Take().on(replace(TAKEN_BY_BOB, owner="Ann"), shown_new, ANN, NOON).stage_at == NOON
    assert Assign("").on(TAKEN_BY_BOB, shown_new, ANN, NOON).stage_at == BEFORE
    changed_since = replace(FIXED_BY_BOB, version=4)
    assert Assign("Olga").on(changed_since, shown_new, ANN, NOON).stage is FIXED


def row(product_id: int, **facts: object) -> WorkRow:
    """A row of the worklist."""
    plain = {name: None for name in WorkRow._fields if name not in WorkRow._field_defaults}
    known = {"store": "main", "product_id": product_id, "status": Status.REJECTED, "attempt": 1, "reasons": ()}
    return WorkRow(**{**plain, **known, "started_at": PERIOD, "seen_at": NOON, **facts})  # type: ignore[arg-type]


def test_a_preview_says_what_would_change_and_whose_it_is():
    rows = [
        row(1),
        row(2, stage=TAKEN, owner="Ann"),
        row(3, stage=TAKEN, owner="Bob"),
        row(4, stage=FIXED, owner="Bob"),
        row(5, owner="Olga"),
    ]
    take = preview(Take(), rows, ANN)
    assert (take.changes, take.same, take.owners) == (4, 1, Counter(Bob=2, Olga=1))
    fix = preview(Fix(), rows, ANN)
    assert (fix.changes, fix.same, fix.owners) == (5, 0, Counter())
    back = preview(Back(), rows, ANN)
    assert (back.changes, back.same, back.owners) == (4, 1, Counter(Ann=1, Bob=2, Olga=1))


def test_a_decision_is_one_change_with_a_line_of_the_log_for_every_field(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    act(desk, Take(), 1, 2)
    outcome = act(desk, Snooze(TOMORROW), 1, who=BOB, now=NOON + timedelta(hours=1))
    assert (outcome.changed, outcome.same, outcome.conflicts) == (1, 0, ())
    assert desk.log("main", 1) == [
        LogEntry(NOON + timedelta(hours=1), "Bob", "snoozed_until", "", "2026-03-10T12:00:00.000Z"),
        LogEntry(NOON + timedelta(hours=1), "Bob", "stage", "taken", "snoozed"),
        LogEntry(NOON, "Ann", "owner", "", "Ann"),
        LogEntry(NOON, "Ann", "stage", "new", "taken"),
    ]
    assert [(one.through, one.change) for one in desk.log("main", 1)] == [("page", 2)] * 2 + [("page", 1)] * 2
    told = [(one.id, one.by, one.action, one.listings) for one in desk.changes(NOON - timedelta(1), TOMORROW)]
    assert told == [(2, "Bob", "snooze", 1), (1, "Ann", "take", 2)]
    assert [one.id for one in desk.changes(NOON, TOMORROW)] == [2]
    assert [one.id for one in desk.changes(NOON - timedelta(1), TOMORROW, by="Ann")] == [1]
    assert {one: item.version for one, item in hold(desk, 1, 2, 3).items()} == {1: 2, 2: 1, 3: 0}


def test_what_changes_nothing_leaves_no_trace(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    act(desk, Note("x"), 1)
    mark = desk.mark()
    outcome = act(desk, Note("x"), 1)
    assert (outcome.change, outcome.changed, outcome.same) == (None, 0, 1)
    assert (desk.mark(), hold(desk, 1)[1].version) == (mark, 1)


def test_the_outcome_has_the_versions_from_which_the_same_person_goes_on(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    first = act(desk, Take(), 1)
    item = first.items["main", 1]
    again = desk.act(Fix(), [seen(1, item.version, item.stage)], who=ANN, now=NOON, through="key")
    assert (again.changed, again.conflicts, again.items["main", 1].stage) == (1, (), FIXED)


def test_a_decision_on_more_listings_than_one_takes_is_refused(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    with pytest.raises(TooMany, match="5,000 listings at most; these are 5,001"):
        desk.act(Take(), [seen(one) for one in range(MOST_LISTINGS + 1)], who=ANN, now=NOON, through="bulk")


def test_owners_are_offered_by_who_was_active_last_without_rules_and_commands(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    assert desk.owners() == []
    for hour, (by, owner) in enumerate([("Ann", "Smith, Jane"), ("rule", "Olga"), ("command line", "Bob")]):
        desk.set_owner("main", [hour], owner, by=by, now=NOON + timedelta(hours=hour))
    assert desk.owners() == ["Bob", "Olga", "Smith, Jane", "Ann"]


def test_every_kind_of_change_moves_the_mark(tmp_path):
    desk = Desk(tmp_path / "desk.db")
    assert set(desk.mark()) == {0}
    change = act(desk, Take(), 1).change
    after = desk.mark()
    desk.undo(change or 0, who=ANN, now=NOON)
    assert (sum(after), sum(desk.mark())) == (1, 2)
