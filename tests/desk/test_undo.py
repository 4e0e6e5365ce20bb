"""An undo restores exactly what stood before, once, and never what somebody has changed since."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.items import Assign, Back, Fix, Item, Note, Snooze, Take
from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.work import Desk
from aexdash.model import SnoozeUntil, Stage
from aexdash.people.names import Person
from tests.desk.deciding import ANN, BOB, NOON, OLGA, act, hold, look, seen

HOUR = timedelta(hours=1)
EVERY = [
    Take(),
    Fix(),
    Snooze(NOON + HOUR, SnoozeUntil.WORSE, 3, {"main": {"image.ratio": 9}}),
    Note("look at\nthis"),
    Assign("Smith, Jane"),
    Assign(""),
    Back(),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.db")


def content(item: Item) -> tuple[object, ...]:
    """Everything of an item but its version and who changed it last."""
    return tuple(getattr(item, name) for name in Item.__dataclass_fields__ if name not in ("version", "at", "by"))


def stored(desk: Desk) -> list[tuple[object, ...]]:
    """The rows of the table, as they lie there."""
    connection = sqlite3.connect(desk.path)
    rows = connection.execute(
        "SELECT product_id, stage, stage_at, owner, note, snoozed_until, snooze_event, snooze_more, basis"
        " FROM work_item ORDER BY product_id"
    ).fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize("first", EVERY, ids=lambda one: one.action)
@pytest.mark.parametrize("second", EVERY, ids=lambda one: one.action)
def test_an_undo_restores_every_field_of_whatever_stood_before(desk, first, second):
    act(desk, Note("asked"), 1, who=BOB)
    act(desk, first, 1, who=BOB)
    before, rows = hold(desk, 1)[1], stored(desk)
    made = act(desk, second, 1, now=NOON + HOUR)
    if made.change is None:
        return
    undone = desk.undo(made.change, who=ANN, now=NOON + 2 * HOUR)
    after = hold(desk, 1)[1]
    assert (undone.changed, undone.conflicts) == (1, ())
    assert content(after) == content(before)
    assert stored(desk) == rows
    assert after.version == before.version + 2


def test_a_listing_that_nobody_had_touched_is_untouched_again_but_was_changed_twice(desk):
    made = act(desk, Take(), 1)
    desk.undo(made.change, who=ANN, now=NOON + HOUR)
    assert stored(desk) == [(1, "new", None, "", "", "", "", 0, "{}")]
    assert desk.log("main", 1)[:2] == [
        LogEntry(NOON + HOUR, "Ann", "owner", "Ann", ""),
        LogEntry(NOON + HOUR, "Ann", "stage", "taken", "new"),
    ]
    assert hold(desk, 1)[1].version == 2


@pytest.mark.slow
def test_a_bulk_of_320_listings_is_undone_as_one(desk):
    ids = range(1, 321)
    for one in ids:
        if one % 3:
            act(desk, Assign(f"Person {one % 7}"), one, who=BOB)
    rows, before = stored(desk), hold(desk, *ids)
    made = act(desk, Fix(), *ids, now=NOON + HOUR)
    assert made.changed == 320
    undone = desk.undo(made.change, who=ANN, now=NOON + 2 * HOUR)
    assert (undone.changed, undone.conflicts) == (320, ())
    assert {one: content(item) for one, item in hold(desk, *ids).items()} == {
        one: content(item) for one, item in before.items()
    }
    assert [row for row in stored(desk) if row[0] % 3] == rows
    assert desk.changes(NOON, NOON + 3 * HOUR)[0].listings == 320


def test_what_somebody_has_changed_since_stays_and_is_named(desk):
    made = act(desk, Take(), 1, 2, 3)
    act(desk, Assign("Olga"), 2, who=BOB, now=NOON + HOUR)
    act(desk, Note("a note is another matter"), 3, who=OLGA, now=NOON + HOUR)
    undone = desk.undo(made.change, who=ANN, now=NOON + 2 * HOUR)
    assert undone.changed == 2
    [left] = undone.conflicts
    assert (left.product_id, left.by, left.at, left.now.owner) == (2, "Bob", NOON + HOUR, "Olga")
    assert [(item.owner, item.stage, item.note) for item in hold(desk, 1, 2, 3).values()] == [
        ("", Stage.NEW, ""),
        ("Olga", Stage.TAKEN, ""),
        ("", Stage.NEW, "a note is another matter"),
    ]
    with pytest.raises(ValueError, match="an undo has no decision"):
        _ = left.again


def test_the_same_words_written_again_by_somebody_else_are_hers_and_are_not_taken_away(desk):
    first = act(desk, Note("ask"), 1, who=ANN).change
    act(desk, Note("another"), 1, who=BOB)
    act(desk, Note("ask"), 1, who=BOB)
    outcome = desk.undo(first, who=ANN, now=NOON + HOUR)
    assert (outcome.changed, [one.by for one in outcome.conflicts]) == (0, ["Bob"])
    assert [item.note for item in hold(desk, 1).values()] == ["ask"]


def test_who_changed_what_is_undone_is_named_and_not_who_noted_something_later(desk):
    made = act(desk, Take(), 1)
    act(desk, Take(), 1, who=BOB, now=NOON + HOUR)
    act(desk, Note("x"), 1, who=OLGA, now=NOON + 2 * HOUR)
    [left] = desk.undo(made.change, who=ANN, now=NOON + 3 * HOUR).conflicts
    assert (left.by, left.at) == ("Bob", NOON + HOUR)


def test_a_change_is_undone_once_and_an_undo_is_not_undone(desk):
    made = act(desk, Take(), 1)
    first = desk.undo(made.change, who=ANN, now=NOON)
    rows, mark = stored(desk), desk.mark()
    for change in (made.change, first.change, 999):
        again = desk.undo(change, who=ANN, now=NOON + HOUR)
        assert (again.change, again.changed, again.conflicts) == (None, 0, ())
    assert (stored(desk), desk.mark()) == (rows, mark)
    assert [(one.id, one.undoes, one.undone_by) for one in desk.changes(NOON - HOUR, NOON)] == [
        (2, 1, None),
        (1, None, 2),
    ]


def test_an_undo_that_can_put_nothing_back_may_be_asked_again(desk):
    made = act(desk, Take(), 1)
    taken_over = act(desk, Take(), 1, who=BOB)
    assert desk.undo(made.change, who=ANN, now=NOON).change is None
    desk.undo(taken_over.change, who=BOB, now=NOON)
    assert desk.undo(made.change, who=ANN, now=NOON).changed == 1
    assert hold(desk, 1)[1].owner == ""


def test_a_click_that_asks_twice_undoes_one_change(desk):
    act(desk, Take(), 1)
    made = act(desk, Fix(), 1)
    first = desk.undo(made.change, who=ANN, now=NOON, request="u-1")
    again = desk.undo(made.change - 1, who=ANN, now=NOON, request="u-1")
    assert (again.change, again.repeated) == (first.change, True)
    assert hold(desk, 1)[1].stage is Stage.TAKEN


def test_the_last_change_to_undo_is_ones_own_not_undone_and_not_too_long_ago(desk):
    assert desk.last_of(ANN, NOON) is None
    act(desk, Take(), 1)
    act(desk, Take(), 2, who=BOB, now=NOON + HOUR)
    act(desk, Take(), 3, who=Person("Ann", "https://accounts.example|7"), now=NOON + HOUR)
    last = desk.last_of(ANN, NOON)
    assert last
    assert (last.id, last.action, last.listings) == (1, "take", 1)
    assert desk.last_of(ANN, NOON + HOUR) is None
    signed_in = desk.last_of(Person("Ann Lee", "https://accounts.example|7"), NOON)
    assert signed_in
    assert signed_in.id == 3
    desk.undo(1, who=ANN, now=NOON + HOUR)
    assert desk.last_of(ANN, NOON) is None


def test_what_was_decided_before_changes_were_kept_is_shown_and_not_undone(desk):
    act(desk, Note("x"), 1)
    connection = sqlite3.connect(desk.path)
    with connection:
        connection.execute(
            "INSERT INTO work_log (store_key, product_id, at, by, field, before, after)"
            " VALUES ('main', 1, '2026-03-09T12:00:00.000Z', 'ann', 'owner', '', 'ann')"
        )
    connection.close()
    [old, _] = desk.log("main", 1)
    assert (old.field, old.change, old.through) == ("owner", None, "")


def test_what_was_proposed_with_a_change_is_withdrawn_with_it(desk):
    brand = Proposal("main", 1, "attribute.brand", "Brand", "Lumina")
    one = desk.act(Note("x"), look(desk, 1), who=ANN, now=NOON, through="file a.xlsx", proposals=[brand])
    other = Proposal("main", 1, "attribute.brand", "Brand", "Lumen")
    two = desk.act(Note("x"), look(desk, 1), who=ANN, now=NOON, through="file b.xlsx", proposals=[other])
    assert (one.changed, two.changed, two.same) == (1, 1, 1)
    assert desk.proposals("main", 1) == [other]
    desk.undo(two.change, who=ANN, now=NOON)
    assert desk.proposals("main", 1) == [brand]
    desk.undo(one.change, who=ANN, now=NOON)
    assert (desk.proposals("main", 1), hold(desk, 1)[1].note) == ([], "")
    assert desk.proposals("main", 2) == []


def test_an_older_proposal_is_not_brought_back_over_a_newer_one(desk):
    first, newer = (Proposal("main", 1, "attribute.brand", "Brand", value) for value in ("Lumina", "Lumen"))
    one = desk.act(Note("x"), [seen(1)], who=ANN, now=NOON, through="file a.xlsx", proposals=[first])
    desk.act(Note("x"), look(desk, 1), who=BOB, now=NOON, through="file b.xlsx", proposals=[newer])
    desk.undo(one.change, who=ANN, now=NOON)
    assert (desk.proposals("main", 1), hold(desk, 1)[1].note) == ([newer], "")
