"""Two people at once: who changed it and when is said before anything is overwritten, and nobody's change is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.desk.decisions.items import Assign, Fix, Note, Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.people.names import Person
from tests.ui.reading import act, captions, list_of, read_aloud, said, tick
from tests.ui.sample import FIRST, NOW, REJECTED, find, with_history
from tests.ui.worklist.acting import decide, press, row_of, rows_shown, snapshot_of, toasts

OLGA = "Olga changed it at 12:00 UTC, after it was shown here: taken, owner Olga."
EARLIER = NOW - timedelta(seconds=30)


@pytest.fixture
def folder(tmp_path):
    find(with_history(tmp_path), {one: [] for one in REJECTED})
    return tmp_path


def opened(open_page, folder):
    return open_page(folder, "worklist", lane="todo", order="product_id", listing=f"main/{FIRST}")


def texts(page) -> list[str]:
    return [read_aloud(text) for text in said(page)]


@pytest.mark.slow
def test_a_listing_that_somebody_took_meanwhile_is_named_and_not_written_over(open_page, folder):
    page = opened(open_page, folder)
    decide(folder, Take(), FIRST, now=EARLIER)
    page = press(page, "take")
    assert (row_of(folder).owner, row_of(folder).stage) == ("Olga", Stage.TAKEN)
    assert OLGA in texts(page)
    assert toasts(page) == []  # it is said once, where it is asked
    assert page.query_params["listing"] == f"main/{FIRST}"
    page.button(key=f"conflict-take-{FIRST}-1-yes").click().run()
    assert row_of(folder).owner == "Lead"
    assert OLGA not in texts(page)
    assert page.query_params["listing"] == f"main/{FIRST}"


OLGAS = "It is fixed, waiting for AliExpress, owner Olga: last changed by Olga at 12:00 UTC."


@pytest.mark.slow
def test_one_listing_that_is_shown_as_somebody_elses_is_taken_only_after_that_was_said(open_page, folder):
    decide(folder, Fix(), FIRST, now=EARLIER)
    page = open_page(folder, "worklist", order="product_id", listing=f"main/{FIRST}")
    page = press(page, "take")
    assert (row_of(folder).owner, row_of(folder).stage) == ("Olga", Stage.FIXED)
    assert f"{OLGAS} Take it all the same?" in texts(page)
    assert toasts(page) == []
    page.button(key=f"question-take-{FIRST}-1-yes").click().run()
    assert (row_of(folder).owner, row_of(folder).stage) == ("Lead", Stage.TAKEN)


def test_in_the_list_the_row_says_whose_it_is_and_the_second_press_takes_it(open_page, folder):
    decide(folder, Fix(), FIRST, now=EARLIER)
    page = open_page(folder, "worklist", order="product_id")
    assert [row["asks"] for row in list_of(page)["rows"] if row["pid"] == str(FIRST)] == [["take"]]
    act(page, [{"n": 1, "do": "take", "rows": rows_shown(page, FIRST)}])
    assert list_of(page)["refused"] == {f"main/{FIRST}": f"{OLGAS} T again takes it all the same."}
    assert list_of(page)["answers"] == {f"main/{FIRST}": ["Take all the same", "Leave it"]}
    assert (row_of(folder).owner, row_of(folder).stage) == ("Olga", Stage.FIXED)
    act(page, [{"n": 2, "do": "take", "rows": rows_shown(page, FIRST)}])
    assert (list_of(page)["refused"], row_of(folder).owner) == ({}, "Lead")


@pytest.mark.slow
def test_one_ticked_listing_of_somebody_else_is_asked_about_too_and_several_are_told_of_in_the_bar(open_page, folder):
    decide(folder, Fix(), *REJECTED[:2], now=EARLIER)
    page = open_page(folder, "worklist", order="product_id")
    tick(page, FIRST)
    page.button(key="stage-taken").click().run()
    assert (row_of(folder).owner, list(list_of(page)["answers"])) == ("Olga", [f"main/{FIRST}"])
    tick(page, *REJECTED[:2])
    assert any("2 are Olga's" in text for text in texts(page))
    page.button(key="stage-taken").click().run()
    assert [row_of(folder, one).owner for one in REJECTED[:2]] == ["Lead", "Lead"]


@pytest.mark.slow
def test_it_is_left_as_it_is_with_the_other_button(open_page, folder):
    page = opened(open_page, folder)
    decide(folder, Take(), FIRST, now=EARLIER)
    page = press(page, "fix")
    page.button(key=f"conflict-fix-{FIRST}-1-no").click().run()
    assert (row_of(folder).owner, row_of(folder).stage) == ("Olga", Stage.TAKEN)
    assert OLGA not in texts(page)


@pytest.mark.slow
def test_all_the_same_is_refused_again_where_it_was_changed_once_more(open_page, folder):
    page = opened(open_page, folder)
    decide(folder, Take(), FIRST, now=EARLIER)
    page = press(page, "take")
    decide(folder, Assign("Ben"), FIRST, by="Ben", now=EARLIER)
    page.button(key=f"conflict-take-{FIRST}-1-yes").click().run()
    assert row_of(folder).owner == "Ben"
    assert "Ben changed it at 12:00 UTC, after it was shown here: taken, owner Ben." in texts(page)


@pytest.mark.slow
def test_a_note_that_was_typed_is_not_lost_when_somebody_was_faster(open_page, folder):
    page = press(opened(open_page, folder), "note")
    decide(folder, Note("Olga asked"), FIRST, now=EARLIER)
    page.text_area(key=f"panel-note-text-main-{FIRST}").set_value("Lead asked")
    page = press(page, "set-note")
    assert row_of(folder).note == "Olga asked"
    page.button(key=f"conflict-note-{FIRST}-1-yes").click().run()
    assert row_of(folder).note == "Lead asked"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "text", "button"), [("note", "text_area", "set-note"), ("owner", "text_input", "set-owner")]
)
def test_what_a_colleague_did_while_she_typed_is_said_at_the_field_and_asked_about(
    open_page, folder, field, text, button
):
    """The panel draws itself again while she types: it took what it showed then for what she had written on."""
    page = press(opened(open_page, folder), field)
    decide(folder, Note("Olga asked"), FIRST, now=EARLIER)
    page.run()
    told = "Olga changed it at 12:00 UTC, since this was opened. Saving asks before anything is overwritten."
    assert told in [read_aloud(one) for one in captions(page)]
    [typed] = [one for one in page.get(text) if str(one.key).startswith(f"panel-{field}-")]
    typed.set_value("Lead")
    page = press(page, button)
    assert (row_of(folder).note, row_of(folder).owner) == ("Olga asked", "")
    assert any(one.startswith("Olga changed it at 12:00 UTC, after it was shown here") for one in texts(page))


def test_i_am_named_where_it_was_me_in_another_window(open_page, folder):
    page = opened(open_page, folder)
    decide(folder, Take(), FIRST, by="Lead", now=EARLIER)
    page = press(page, "fix")
    assert "You, in another window, changed it at 12:00 UTC, after it was shown here: taken, owner Lead." in texts(page)


def test_in_the_list_the_row_says_who_was_faster(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    rows = rows_shown(page, FIRST)
    decide(folder, Take(), FIRST, now=EARLIER)
    act(page, [{"n": 1, "do": "fix", "rows": rows}])
    assert list_of(page)["refused"] == {f"main/{FIRST}": OLGA}
    assert list_of(page)["answers"] == {f"main/{FIRST}": ["Mark fixed all the same", "Leave it"]}
    assert OLGA not in texts(page)  # it is said once, where she looks
    assert row_of(folder).stage is Stage.TAKEN
    act(page, [{"n": 2, "do": "yes", "rows": rows}])
    assert (list_of(page)["refused"], list_of(page)["answers"]) == ({}, {})
    assert row_of(folder).stage is Stage.FIXED


@pytest.mark.slow
def test_of_several_the_others_are_done_and_those_that_were_changed_are_listed(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    tick(page, *REJECTED)
    decide(folder, Fix(), REJECTED[1], REJECTED[2], now=EARLIER)
    page.button(key="stage-taken").click().run()
    assert toasts(page) == ["2 taken · 2 left: changed by Olga 12:00 UTC"]
    assert [row_of(folder, one).owner for one in REJECTED] == ["Lead", "Olga", "Olga", "Lead"]
    listed = [text for text in texts(page) if "after it was shown here" in text]
    assert listed == [
        f"{one}: Olga changed it at 12:00 UTC, after it was shown here: fixed, waiting for AliExpress, owner Olga."
        for one in (REJECTED[1], REJECTED[2])
    ]
    page.button(key=f"conflict-take-{REJECTED[1]}-2-yes").click().run()
    assert {row_of(folder, one).owner for one in REJECTED} == {"Lead"}


def test_a_click_that_comes_twice_is_written_once(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    sent = {"n": 1, "do": "take", "rows": rows_shown(page, FIRST)}
    act(page, [sent])
    act(page, [sent])
    [change] = Desk(folder / "desk.db").changes(NOW - timedelta(days=1), NOW)
    assert (change.by, change.action, change.through, change.listings) == ("Lead", "take", "key", 1)


def test_a_click_that_comes_again_after_the_server_forgot_it_is_no_conflict_with_myself(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    sent = {"n": 1, "do": "take", "rows": rows_shown(page, FIRST)}
    act(page, [sent])
    page.session_state["_acts-done"] = {}
    act(page, [sent])
    assert list_of(page)["refused"] == {}
    assert len(Desk(folder / "desk.db").changes(NOW - timedelta(days=1), NOW)) == 1


@pytest.mark.slow
def test_undo_leaves_what_a_colleague_did_since(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    tick(page, *REJECTED[:2])
    page.button(key="stage-taken").click().run()
    seen = [Seen.of(row_of(folder, REJECTED[1]))]
    Desk(folder / "desk.db").act(Assign("Ben"), seen, who=Person("Ben"), now=NOW, through="page")
    [undo] = [one for one in page.button if one.label.startswith("Undo")]
    undo.click().run()
    assert toasts(page) == ["1 put back · 1 left: changed by Ben 12:01 UTC"]
    owners = {row.product_id: row.owner for row in snapshot_of(folder).rows_of([("main", one) for one in REJECTED[:2]])}
    assert owners == {REJECTED[0]: "", REJECTED[1]: "Ben"}
