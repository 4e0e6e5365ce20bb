"""Tabs count what they show, blockers add up to the view, and a campaign says where each of its listings is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from aexdash.clock import to_text
from aexdash.desk.decisions.items import Assign, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import writing
from aexdash.model import Lane, Mark, Outcome, Provenance, Reason, SourceWord, Stage
from aexdash.people.names import Person
from aexdash.reasons.fix_plan import fix_plan
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Tabs, WorkRow
from aexdash.snapshot.tallies import Blockers, CampaignProgress, Weight
from aexdash.statement import Claim
from aexdash.view import View
from aexdash.words.statements import claim_words, moment_words
from tests.desk.deciding import ANN, BOB
from tests.snapshot.store import ACTIVE, AUDITING, EVERY, NOON, OFFLINE, REJECTED, Store, ensure_store

COMMA = Person('Olga, "the lead"')

FOUND = {
    1: [("image.main_too_small", Provenance.CHECK)],
    2: [("image.main_too_small", Provenance.CHECK), ("attribute.brand", Provenance.PLATFORM)],
    3: [("image.main_too_small", Provenance.CHECK), ("image.watermark", Provenance.DIAGNOSIS)],
    4: [("image.watermark", Provenance.DIAGNOSIS)],
    5: [("attribute.brand", Provenance.SELLER_CENTER)],
}


def act(store: Store, decision: Decision, *ids: int, who: Person = ANN) -> None:
    seen = [Seen.of(row) for row in store.snapshot.rows_of([(store.key, one) for one in ids])]
    Desk(store.desk_path).act(decision, seen, who=who, now=store.now, through="page")


def ids(store: Store, **view: object) -> list[int]:
    """The listings of a view, which page, stream, count and targets agree on."""
    asked = View(**view)  # type: ignore[arg-type]
    found = [row.product_id for row in store.snapshot.rows(asked)]
    assert [row.product_id for row in store.snapshot.page(asked, 99)] == found
    assert [row.product_id for row in store.snapshot.targets(asked)] == found
    assert store.snapshot.count(asked) == len(found)
    return found


@pytest.fixture
def busy(store: Store) -> Store:
    """Eight listings held: 1 to 5 rejected with reasons, 6 rejected again, 7 in audit, 8 stuck there; 9 is on sale."""
    store.sweep(dict.fromkeys((1, 2, 3, 4, 5, 7, 9), ACTIVE) | {6: REJECTED, 8: AUDITING})
    store.after(hours=1).sweep(dict.fromkeys((1, 2, 3, 4, 5, 7, 9), ACTIVE) | {6: AUDITING, 8: AUDITING})
    store.after(days=4)
    store.sweep(dict.fromkeys(range(1, 7), REJECTED) | {7: AUDITING, 8: AUDITING, 9: ACTIVE})
    for one, period in open_period_ids(store.db, store.id, FOUND).items():
        found = [Reason(code, by) for code, by in FOUND[one]]
        record_reasons(store.db, period, found, set(Provenance), store.now)
    store.after(hours=1)
    act(store, Take(), 1, 6)
    act(store, Take(), 2, who=BOB)
    act(store, Fix(), 3)
    act(store, Snooze(), 4)
    act(store, Assign(COMMA.name), 5)
    act(store, Note("ask the supplier"), 1, 3)
    return store


def test_every_tab_shows_as_many_as_it_counts(busy: Store) -> None:
    tabs = busy.snapshot.tabs(View(), me=ANN.name)
    assert tabs == Tabs(
        todo=5,
        waiting=2,
        snoozed=1,
        rejected=4,
        auditing=1,
        mine=2,
        marks={Mark.REGRESSED: 1, Mark.STUCK: 1, Mark.UNTOUCHED: 1},
    )
    assert ids(busy, lanes=(Lane.TODO,), order="urgent") == [6, 8, 1, 2, 5]
    assert ids(busy, lanes=(Lane.TODO,), owners=(ANN.name,), order="urgent") == [6, 1]
    assert ids(busy, lanes=(Lane.WAITING,)) == [3, 7]
    assert ids(busy, lanes=(Lane.SNOOZED,)) == [4]
    assert ids(busy, lanes=(Lane.TODO,), marks=(Mark.REGRESSED,)) == [6]
    assert len(ids(busy)) == tabs.total == 8
    assert ids(busy, lanes=(Lane.WAITING, Lane.SNOOZED)) == [3, 4, 7]
    assert ids(busy, marks=(Mark.REGRESSED, Mark.STUCK)) == [6, 8]


def test_the_lane_and_the_owner_of_the_tab_that_is_open_change_no_count(busy: Store) -> None:
    tabs = busy.snapshot.tabs(View(), me=ANN.name)
    for open_tab in (
        View(lanes=(Lane.TODO,), owners=(ANN.name,)),
        View(lanes=(Lane.WAITING,)),
        View(lanes=(Lane.TODO,), marks=(Mark.REGRESSED,)),
    ):
        assert busy.snapshot.tabs(open_tab, me=ANN.name) == tabs
    of_bob = busy.snapshot.tabs(View(lanes=(Lane.TODO,), owners=(BOB.name,)), me=ANN.name)
    assert (of_bob.todo, of_bob.mine, of_bob.total) == (1, 0, 1)
    assert busy.snapshot.tabs(View()).mine == 0


def test_other_filters_apply_to_every_tab(busy: Store) -> None:
    tabs = busy.snapshot.tabs(View(reasons=("image.main_too_small",), lanes=(Lane.SNOOZED,)))
    assert (tabs.todo, tabs.waiting, tabs.snoozed) == (2, 1, 0)
    assert busy.snapshot.tabs(View(store="elsewhere")) == Tabs(0, 0, 0)


def test_a_mark_that_is_no_tab_applies_to_every_tab_but_that_of_another_mark(busy: Store) -> None:
    for lanes in ((), (Lane.TODO,), (Lane.WAITING,)):
        stuck = busy.snapshot.tabs(View(marks=(Mark.STUCK,), lanes=lanes), me=ANN.name)
        assert stuck == Tabs(1, 0, 0, auditing=1, marks={Mark.REGRESSED: 1, Mark.STUCK: 1, Mark.UNTOUCHED: 1})
        assert stuck.total == len(ids(busy, marks=(Mark.STUCK,))) == 1


def test_an_owner_of_any_characters_has_a_tab(busy: Store) -> None:
    assert busy.snapshot.tabs(View(owners=(COMMA.name,)), me=COMMA.name).mine == 1
    assert ids(busy, owners=(COMMA.name,)) == [5]


def test_notes_are_searched_and_filtered(busy: Store) -> None:
    assert ids(busy, text="SUPPLIER") == ids(busy, noted="yes") == [1, 3]
    assert ids(busy, text="supplier", lanes=(Lane.TODO,)) == [1]
    bare = Snapshot(busy.path, clock=lambda: busy.now)
    assert (bare.count(View(text="supplier")), bare.count(View(noted="yes"))) == (0, 0)


def test_what_has_no_note_is_all_that_has_none(busy: Store) -> None:
    """Also what nobody touched, of which the desk has no row, and all of it where there is no desk."""
    everything = ids(busy)
    assert ids(busy, noted="no") == [one for one in everything if one not in (1, 3)]
    bare = Snapshot(busy.path, clock=lambda: busy.now)
    assert bare.count(View(noted="no")) == bare.count(View()) == len(everything)


def test_the_blockers_are_the_sets_of_reasons_that_hold_listings(busy: Store) -> None:
    blockers = busy.snapshot.blockers(View())
    assert blockers == Blockers(
        sets={
            frozenset({"image.main_too_small"}): Weight(2),
            frozenset({"image.main_too_small", "attribute.brand"}): Weight(1),
            frozenset({"attribute.brand"}): Weight(1),
        },
        unknown=2,
        in_review=2,
    )
    assert ids(busy, only=("image.main_too_small",)) == [1, 3]
    sole = {one.code: one.sole for one in busy.snapshot.reason_counts(View()) if one.code.startswith(("im", "at"))}
    assert sole == {"image.main_too_small": 2, "attribute.brand": 1, "image.watermark": 0}


def test_each_step_of_the_fix_plan_opens_as_many_listings_as_it_says(busy: Store) -> None:
    plan = fix_plan(busy.snapshot.blockers(View()).sets)
    assert [(step.codes, step.frees, step.freed_so_far) for step in plan] == [
        (("image.main_too_small",), 2, 2),
        (("attribute.brand",), 2, 4),
    ]
    fixed: tuple[str, ...] = ()
    for step in plan:
        fixed += step.codes
        assert busy.snapshot.count(View(only=fixed)) == step.freed_so_far
        assert busy.snapshot.count(View.from_query(View(only=fixed).to_query())) == step.freed_so_far
    todo = View(lanes=(Lane.TODO,))
    assert sum(weight.listings for weight in busy.snapshot.blockers(todo).sets.values()) == 3


def test_money_is_added_up_in_one_currency_and_in_no_other(busy: Store) -> None:
    def sold(product_id: int, currency: str, in_stock: int = 1) -> None:
        with busy.db.conn:
            busy.rows(
                "INSERT INTO held_sales SELECT id, 1, 2, 10, 20, ?, 1, ?, ? FROM status_period"
                " WHERE product_id = ? AND ended_at IS NULL",
                currency,
                in_stock,
                to_text(busy.now),
                product_id,
            )

    sold(1, "USD")
    sold(3, "USD", in_stock=0)
    sold(2, "USD")
    blockers = busy.snapshot.blockers(View())
    assert blockers.currency == "USD"
    assert blockers.sets[frozenset({"image.main_too_small"})] == Weight(2, 10, 20)
    assert [step.money for step in fix_plan(blockers.sets, by="money")] == [(10, 20), (10, 20)]
    sold(5, "EUR")
    mixed = busy.snapshot.blockers(View())
    assert (mixed.currency, mixed.sets[frozenset({"image.main_too_small"})]) == (None, Weight(2))


def test_targets_are_the_rows_without_texts(busy: Store) -> None:
    def bare(row: WorkRow) -> list[object]:
        told = [value for name, value in row._asdict().items() if name != "reasons"]
        return [told, [(one.code, one.provenance) for one in row.reasons], Seen.of(row)]

    view = View(lanes=(Lane.TODO,), order="urgent")
    assert [bare(row) for row in busy.snapshot.targets(view)] == [bare(row) for row in busy.snapshot.rows(view)]
    assert {one.text for row in busy.snapshot.targets(view) for one in row.reasons} == {""}
    assert len(busy.snapshot.targets(view, limit=2)) == 2


def test_rows_are_read_by_key_whatever_became_of_them(busy: Store) -> None:
    then = busy.now
    busy.after(hours=1).sweep({1: ACTIVE, 2: REJECTED, 3: OFFLINE, 4: REJECTED, 5: REJECTED, 6: REJECTED, 9: ACTIVE})
    keys = [("main", 3), ("main", 1), ("elsewhere", 2), ("main", 2), ("main", 77), ("main", 9)]
    rows = busy.snapshot.rows_of(keys)
    assert [(row.product_id, row.status) for row in rows] == [(3, OFFLINE), (1, ACTIVE), (2, REJECTED), (9, ACTIVE)]
    assert [row.owner for row in rows] == ["Ann", "Ann", "Bob", ""]
    assert [row.version > 0 for row in rows] == [True, True, True, False]
    (held,) = [row for row in busy.snapshot.rows(View()) if row.product_id == 2]
    assert rows[2] == held
    assert [(row.product_id, row.status) for row in busy.snapshot.rows_of(keys, as_of=then)] == [
        (3, REJECTED),
        (1, REJECTED),
        (2, REJECTED),
        (9, ACTIVE),
    ]
    assert busy.snapshot.rows_of([]) == []


def test_a_row_says_who_changed_it_last_and_what_a_snooze_waits_for(busy: Store) -> None:
    act(busy.after(minutes=5), Note("later"), 4, who=BOB)
    (row,) = busy.snapshot.rows_of([("main", 4)])
    assert (row.stage, row.version, row.changed_by, row.changed_at) == (Stage.SNOOZED, 2, "Bob", busy.now)
    assert (row.stage_at, row.snoozed_until, row.snooze_event, row.snooze_more) == (
        busy.now.replace(minute=busy.now.minute - 5),
        None,
        None,
        0,
    )
    (then,) = busy.snapshot.rows_of([("main", 4)], as_of=busy.now)
    assert (then.stage, then.lane, then.note, then.version, then.stage_at) == (
        Stage.SNOOZED,
        Lane.SNOOZED,
        "later",
        0,
        row.stage_at,
    )


def freeze(store: Store, key: str, *members: int) -> None:
    with writing(store.desk_path) as connection:
        connection.executemany(
            "INSERT INTO campaign_listing VALUES (?, ?, ?)", [(key, store.key, one) for one in members]
        )


def test_a_campaign_keeps_its_listings_and_says_where_they_are(busy: Store) -> None:
    freeze(busy, "summer", 1, 2, 3, 4, 6, 7, 9, 88)
    assert sorted(ids(busy, campaign="summer")) == [1, 2, 3, 4, 6, 7]
    progress = busy.snapshot.campaign("summer")
    assert progress == CampaignProgress(
        cleared=0, offline=0, deleted=0, todo=3, waiting=2, snoozed=1, other=1, taken=3, regressed=1, never_held=1
    )
    members = [("main", one) for one in (1, 2, 3, 4, 6, 7, 9, 88)]
    assert busy.snapshot.campaign("summer", members) == progress
    assert progress.total == len(members)
    listings = {1: ACTIVE, 2: ACTIVE, 3: OFFLINE, 4: REJECTED, 5: REJECTED, 6: AUDITING, 7: REJECTED, 9: ACTIVE}
    busy.after(hours=1).sweep(listings | {8: AUDITING, 10: REJECTED})
    assert busy.snapshot.campaign("summer") == CampaignProgress(
        cleared=2, offline=1, deleted=0, todo=1, waiting=1, snoozed=1, other=1, never_held=1
    )
    assert 10 not in ids(busy, campaign="summer")
    assert ids(busy, campaign="winter") == []


def test_what_was_never_held_is_not_cleared_by_being_on_sale(busy: Store) -> None:
    frozen_at = busy.now
    busy.after(hours=1).sweep({1: ACTIVE, 9: ACTIVE, 10: ACTIVE})
    members = [("main", 1), ("main", 9), ("main", 10)]
    assert busy.snapshot.campaign("risk", members, frozen_at) == CampaignProgress(
        cleared=1, offline=0, deleted=0, todo=0, waiting=0, snoozed=0, never_held=2
    )
    later = busy.after(hours=1)
    assert later.snapshot.campaign("risk", members, later.now).never_held == 3
    later.sweep({1: ACTIVE, 9: REJECTED, 10: ACTIVE})
    progress = later.snapshot.campaign("risk", members, frozen_at)
    assert (progress.cleared, progress.todo, progress.never_held) == (1, 1, 1)
    later.after(hours=1).sweep({1: ACTIVE, 9: ACTIVE, 10: ACTIVE})
    progress = later.snapshot.campaign("risk", members, frozen_at)
    assert (progress.cleared, progress.never_held, progress.read) == (2, 1, 3)


def test_of_the_listings_of_a_campaign_only_those_in_stores_that_are_read_are_told_of(busy: Store) -> None:
    other, never = Store(busy.folder, "two", now=busy.now), Store(busy.folder, "three", now=busy.now)
    other.sweep({1: REJECTED, 2: ACTIVE})
    members = [("main", 1), ("main", 9), ("two", 1), ("two", 2), ("three", 5), ("four", 6)]
    progress = busy.snapshot.campaign("summer", members)
    assert progress == CampaignProgress(
        cleared=0, offline=0, deleted=0, todo=2, waiting=0, snoozed=0, taken=1, unread=2, never_held=2
    )
    assert (progress.read, progress.total) == (4, 6)
    assert [one.store for one in progress.reach.read] == ["main", "two"]
    assert [one.store for one in progress.reach.missing] == ["four", "three"]
    ensure_store(other.db, key="two", title="two", model="overseas", watched=False, now=busy.now)
    progress = busy.snapshot.campaign("summer", members)
    assert progress == CampaignProgress(
        cleared=0, offline=0, deleted=0, todo=1, waiting=0, snoozed=0, taken=1, unread=2, archived=2, never_held=1
    )
    assert (progress.read, progress.total) == (2, 6)
    assert [one.store for one in progress.reach.readings] == ["four", "main", "three"]
    assert progress.reach.claim is Claim.PART
    never.after(days=3).sweep({5: ACTIVE})
    busy.now = never.now
    progress = busy.snapshot.campaign("summer", members)
    assert (progress.never_held, progress.todo, progress.unread, progress.archived) == (2, 1, 1, 2)
    assert [one.store for one in progress.reach.behind] == ["main"]


def test_a_store_of_which_only_a_part_was_read_is_said_to_be_listed_in_part(busy: Store) -> None:
    other = Store(busy.folder, "two", now=busy.now)
    other.record(other.stage({1: REJECTED}, incomplete=EVERY), outcome=Outcome.PARTIAL)
    reach = busy.snapshot.hero(View()).reach
    assert busy.snapshot.tabs(View()).total == 9
    assert moment_words(reach) == "in 1 of 2 stores and in parts of 1 more"
    assert claim_words(reach) == "in 1 of 2 stores · two: only partly read so far"


def test_an_empty_snapshot_has_empty_tabs(store: Store) -> None:
    assert store.snapshot.tabs(View(), me="Ann") == Tabs(0, 0, 0)
    assert store.snapshot.blockers(View()) == Blockers({}, 0, 0)
    assert store.snapshot.codes_held(None) == {}


def test_a_desk_without_tables_is_no_desk(store: Store) -> None:
    store.sweep({1: REJECTED})
    with closing(sqlite3.connect(store.desk_path)) as connection:
        connection.execute("VACUUM")
    assert store.snapshot.tabs(View()).todo == 1
    assert store.snapshot.count(View(campaign="summer")) == 0


def test_what_is_fixed_in_the_shop_is_counted_across_the_lanes_and_moves_nothing(busy: Store) -> None:
    before = busy.snapshot.tabs(View(), me=ANN.name)
    assert before.fixed_there is None
    since = to_text(busy.now)
    sides = {"shop": "front", "there": "A", "here": "B"}
    told = json.dumps([{"word": "title", "since": to_text(NOON), **sides}, {"word": "fixed", "since": since, **sides}])
    for one, words in ((1, "|fixed|title|"), (3, "|fixed|"), (4, "|draft|")):
        row = {"store_id": busy.id, "product_id": one, "words": words, "told": told, "started_at": since}
        busy.db["listing_source"].insert(row)
    busy.db["source_compared"].insert({"store_id": busy.id, "compared_at": since, "shop_read_at": since, "whole": 1})
    tabs = busy.snapshot.tabs(View(), me=ANN.name)
    assert (tabs.fixed_there, tabs.fixed_since, tabs.not_compared) == (2, busy.now, 5)  # three of eight were compared
    assert replace(tabs, fixed_there=None, fixed_since=None, not_compared=0) == replace(before, not_compared=0)
    fixed = View(sources=(SourceWord.FIXED,))
    assert busy.snapshot.tabs(fixed, me=ANN.name) == tabs
    assert ids(busy, sources=(SourceWord.FIXED,)) == [1, 3]
    drafts = busy.snapshot.tabs(View(sources=(SourceWord.DRAFT,)), me=ANN.name)
    assert (drafts.total, drafts.fixed_there) == (1, 2)
    of_todo = busy.snapshot.tabs(fixed.replace(lanes=(Lane.TODO,)), me=ANN.name)
    assert (of_todo.todo, of_todo.waiting, of_todo.fixed_there) == (1, 1, 2)
