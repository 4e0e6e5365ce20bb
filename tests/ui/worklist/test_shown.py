"""Nothing moves by itself: what the list shows of a view that changes under it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage, Status
from aexdash.snapshot.file import open_snapshot
from aexdash.ui.worklist.shown import settled
from tests.ui.reading import act, heading, ids_of, list_of
from tests.ui.sample import FIRST, IN_AUDIT, NOW, REJECTED, jumped, main_store, read, set_clock, shown, with_history

A, B, C, D, E = [("main", number) for number in range(5)]


def test_a_view_that_is_opened_is_shown_as_it_is():
    assert settled([], [A, B], ()) == ([A, B], [], [])


def test_what_enters_and_leaves_by_itself_is_counted_and_moves_nothing():
    assert settled([A, B, C], [D, A, C, E], ()) == ([A, B, C], [D, E], [B])


def test_what_i_acted_on_leaves_at_once_and_the_rest_stays():
    assert settled([A, B, C], [A, C], {B}) == ([A, C], [], [])
    assert settled([A, B, C], [A], {B}) == ([A, C], [], [C])


def test_what_i_acted_on_and_is_still_in_the_view_keeps_its_place():
    assert settled([A, B, C], [B, C, A], {A}) == ([A, B, C], [], [])


def test_what_i_undo_comes_back_where_it_belongs():
    assert settled([A, C], [A, B, C, D], {B}) == ([A, B, C], [D], [])
    assert settled([C, D], [A, B, C, D], {A, B}) == ([A, B, C, D], [], [])


def test_what_i_undo_stands_where_it_stood_also_where_what_i_did_meanwhile_moved_others_in_the_view():
    assert settled([A, C, D], [B, C, D, A], {B}, [A, B, C, D]) == ([A, B, C, D], [], [])
    assert settled([], [D, B, A], {A, B, D}, [A, B, C, D]) == ([A, B, D], [], [])


@pytest.mark.slow
def test_an_undo_puts_a_listing_back_where_it_stood_on_a_page_of_the_most_urgent(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", lane="todo", order="urgent")
    before = ids_of(page)
    for number, (do, row) in enumerate((("take", 0), ("snooze", 1)), start=1):
        told = next(one for one in list_of(page)["rows"] if one["pid"] == before[row])
        act(page, [{"n": number, "do": do, "rows": [[told["id"], told["v"]]], "more": "1d"}])
    assert ids_of(page) == [before[0], *before[2:]]
    [undo] = [one for one in page.button if one.label.startswith("Undo")]
    undo.click().run()
    assert ids_of(page) == before
    number, listings = list_of(page)["led"]
    assert (number, listings) == (1, [f"main/{before[1]}"])


def test_a_page_is_filled_up_at_its_end_with_what_the_view_has_behind_it():
    assert settled([A, B, C], [A, C, D, E], {B}) == ([A, C, D], [E], [])
    assert settled([A, B], [C, A], {B}) == ([A], [C], [])


def test_a_list_that_was_worked_to_zero_shows_what_is_left_of_the_view():
    assert settled([A], [B], {A}) == ([B], [], [])
    assert settled([A], [], {A}) == ([], [], [])


ids = st.lists(st.sampled_from([("main", number) for number in range(12)]), unique=True)


@given(kept=ids, fresh=ids, acted=ids)
def test_nothing_that_nobody_asked_for_changes_its_place(kept, fresh, acted):
    shown, entered, left = settled(kept, fresh, acted)
    assert len(shown) == len(set(shown))
    assert set(entered) == set(fresh) - set(shown)
    assert set(left) == set(shown) - set(fresh)
    if not kept:
        assert shown == fresh
        return
    stayed = [key for key in kept if key in fresh or key not in acted]
    assert [key for key in shown if key in stayed] == stayed
    come_in = set(shown) - set(kept)
    behind = shown[max((shown.index(key) for key in stayed), default=-1) + 1 :]
    assert come_in <= set(acted) | set(behind)
    assert set(fresh) & set(acted) <= set(shown)


def leave(folder, product_id, *, enter=None, minutes=2):
    """Record a reading in which one of the five is on sale again, and perhaps another listing is rejected."""
    at = NOW.replace(minute=minutes)
    db = open_snapshot(folder / "snapshot.db")
    walks = jumped()
    moved = {product_id: Status.ACTIVE} | ({enter: Status.REJECTED} if enter else {})
    for status, listings in walks.items():
        walks[status] = [one for one in listings if one.product_id not in moved]
    for number, status in moved.items():
        walks[status].append(shown(number, status))
    read(db, main_store(db), at, walks)
    db.close()
    set_clock(folder, at)


def test_a_page_that_stays_open_says_what_entered_and_left_and_shows_it_when_asked(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="product_id")
    before = ids_of(page)
    leave(tmp_path, REJECTED[1], enter=FIRST + 30)
    page.run()
    told = list_of(page)
    assert ids_of(page) == before
    assert (told["entered"], told["left"]) == (1, 1)
    states = {row["pid"]: row["state"] for row in told["rows"]}
    assert {pid for pid, state in states.items() if state} == {str(REJECTED[1])}
    act(page, [{"n": 1, "do": "show", "rows": []}])
    told = list_of(page)
    assert ids_of(page) == [str(FIRST), *map(str, REJECTED[2:]), str(IN_AUDIT), str(FIRST + 30)]
    assert (told["entered"], told["left"]) == (0, 0)


def test_another_view_and_the_page_opened_anew_show_what_is_held(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="product_id")
    leave(tmp_path, REJECTED[1])
    page.pills(key="filter-status").set_value(["rejected"]).run()
    assert ids_of(page) == [str(FIRST), *map(str, REJECTED[2:])]
    assert list_of(page)["left"] == 0


def test_the_page_that_was_left_and_comes_back_shows_what_is_held(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", order="product_id")
    page.switch_page("../../../pages/health.py").run()
    leave(tmp_path, REJECTED[1])
    page.switch_page("../../../pages/worklist.py").run()
    assert str(REJECTED[1]) not in ids_of(page)
    assert list_of(page)["left"] == 0


def test_what_a_colleague_decides_is_told_in_the_row_and_the_row_stays(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", stage="new", order="product_id")
    Desk(tmp_path / "desk.db").set_stage("main", [FIRST], Stage.FIXED, by="Olga", now=NOW)
    page.run()
    assert heading(page).startswith("4 listings")
    assert ids_of(page) == [str(one) for one in (*REJECTED, IN_AUDIT)]
    assert list_of(page)["left"] == 1


def test_what_i_mark_fixed_leaves_a_list_of_what_is_to_do_at_once(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", stage="new", order="product_id")
    first, second = [[row["id"], row["v"]] for row in list_of(page)["rows"][:2]]
    act(page, [{"n": 1, "do": "fix", "rows": [first, second]}])  # asks, because what was measured still stands
    act(page, [{"n": 2, "do": "fix", "rows": [first, second]}])
    assert not page.exception
    assert ids_of(page) == [str(one) for one in (*REJECTED[2:], IN_AUDIT)]
    told = list_of(page)
    assert (told["entered"], told["left"], told["done"]) == (0, 0, {"browser": 2})
