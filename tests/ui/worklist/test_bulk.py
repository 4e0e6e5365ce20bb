"""Many at once: the bar says how many and whose, all that match are meant over all pages, the desk's number is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.desk.decisions.items import Note, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage, Status
from aexdash.snapshot.file import open_snapshot
from aexdash.view import View
from tests.ui.reading import act, captions, heading, ids_of, list_of, read_aloud, said, tick
from tests.ui.sample import FIRST, JUMP, NOW, home, main_store, quiet, read, shown
from tests.ui.worklist.acting import decide, snapshot_of, toasts
from tests.ui.worklist.test_tabs import counted

MANY = 320
FROM = FIRST + 100


@pytest.fixture
def folder(tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    many = [shown(FROM + number, Status.REJECTED) for number in range(MANY)]
    read(db, main_store(db), JUMP, quiet(20) | {Status.REJECTED: many})
    db.close()
    return tmp_path


def opened(open_page, folder):
    return open_page(folder, "worklist", lane="todo", order="product_id")


def stages(folder) -> dict[Stage, int]:
    rows = snapshot_of(folder).targets(View())
    return {stage: sum(row.stage is stage for row in rows) for stage in {row.stage for row in rows}}


def undo(page):
    [button] = [one for one in page.button if one.label.startswith("Undo")]
    return button


def test_the_bar_says_how_many_are_ticked_and_whose_they_are(open_page, folder):
    decide(folder, Take(), FROM, FROM + 1, by="Olga")
    page = opened(open_page, folder)
    tick(page, FROM, FROM + 1, FROM + 2)
    assert "**3 listings ticked** · 2 are Olga's" in map(read_aloud, said(page))
    assert page.button(key="select-all").label == "Select all 320 that match"
    page.button(key="stage-taken").click().run()
    assert toasts(page) == ["3 taken · 2 were Olga's"]


def test_a_note_for_several_says_which_notes_it_replaces_before_and_after(open_page, folder):
    """They were replaced without a word, and whoever had written them was asked again for what they said."""
    decide(folder, Note("The supplier answers on Friday."), FROM, FROM + 1, by="Olga")
    page = opened(open_page, folder)
    tick(page, FROM, FROM + 1, FROM + 2)
    assert "2 have a note, which this one replaces." in map(read_aloud, captions(page))
    page.text_area(key="note-text").set_value("New pictures today")
    page.button(key="set-note").click().run()
    assert toasts(page) == ["3 noted · 2 had another note: undo brings it back"]
    tick(page, FROM)
    undo(page).click().run()
    notes = [snapshot_of(folder).rows_of([("main", FROM + number)])[0].note for number in range(3)]
    assert notes == ["The supplier answers on Friday.", "The supplier answers on Friday.", ""]


def test_a_note_where_there_was_none_says_nothing_more(open_page, folder):
    page = opened(open_page, folder)
    tick(page, FROM, FROM + 1)
    page.text_area(key="note-text").set_value("New pictures today")
    page.button(key="set-note").click().run()
    assert toasts(page) == ["2 noted"]
    assert not [words for words in captions(page) if "replaces" in words]


def test_ticks_stay_while_a_name_is_asked_and_go_once_the_act_is_done_under_it(open_page, folder):
    page = open_page(folder, "worklist", person="", lane="todo", order="product_id")
    tick(page, FROM, FROM + 1)
    page.button(key="stage-taken").click().run()
    assert stages(folder) == {Stage.NEW: 320}
    assert "**2 listings ticked**" in map(read_aloud, said(page))
    page.text_input(key="name-answer").set_value("Li")
    page.button(key="go-on").click().run()
    assert stages(folder) == {Stage.NEW: 318, Stage.TAKEN: 2}
    assert list_of(page)["ticks"][1] == []
    assert ":gray[Nothing ticked]" in said(page)


@pytest.mark.slow
def test_all_that_match_are_meant_over_all_pages_and_undone_together(open_page, folder):
    page = opened(open_page, folder)
    assert len(ids_of(page)) == 100
    tick(page, FROM)
    page.button(key="select-all").click().run()
    assert "**All 320 that match**" in map(read_aloud, said(page))
    assert list_of(page)["everything"] is True
    page.button(key="stage-fixed").click().run()
    assert toasts(page) == ["320 marked fixed"]
    assert stages(folder) == {Stage.FIXED: 320}
    assert counted(page)["Waiting"] == 320
    [change] = Desk(folder / "desk.db").changes(NOW - timedelta(days=1), NOW)
    assert (change.through, change.listings) == ("bulk", 320)
    assert undo(page).label.replace("\\", "").startswith("Undo: 320 marked fixed")
    undo(page).click().run()
    assert toasts(page) == ["320 put back"]
    assert stages(folder) == {Stage.NEW: 320}
    assert len(ids_of(page)) == 100


def test_the_toast_says_the_number_of_the_desk(open_page, folder):
    page = opened(open_page, folder)
    tick(page, FROM, FROM + 1, FROM + 2)
    decide(folder, Take(), FROM + 1, by="Olga", now=NOW - timedelta(seconds=30))
    page.button(key="stage-fixed").click().run()
    assert toasts(page) == ["2 marked fixed · 1 left: changed by Olga 12:00 UTC"]
    assert stages(folder) == {Stage.NEW: 317, Stage.FIXED: 2, Stage.TAKEN: 1}


@pytest.mark.slow
def test_all_that_match_end_with_the_view_and_with_the_act(open_page, folder):
    page = opened(open_page, folder)
    act(page, [{"n": 1, "do": "all", "rows": []}])
    assert list_of(page)["everything"] is True
    page.query_params["q"] = str(FROM)
    page.run()
    assert list_of(page)["everything"] is False
    del page.query_params["q"]
    page.run()
    told = list_of(page)["rows"][0]
    act(page, [{"n": 2, "do": "take", "rows": [[told["id"], told["v"]]]}])
    assert list_of(page)["everything"] is False
    assert stages(folder) == {Stage.TAKEN: 320}


def test_all_that_match_are_those_of_the_moment_of_the_act(open_page, folder):
    page = opened(open_page, folder)
    act(page, [{"n": 1, "do": "all", "rows": []}])
    db = open_snapshot(folder / "snapshot.db")
    walks = quiet(20)
    walks[Status.ACTIVE] += [shown(FROM + number, Status.ACTIVE) for number in range(20)]
    walks[Status.REJECTED] = [shown(FROM + number, Status.REJECTED) for number in range(20, MANY)]
    read(db, main_store(db), NOW, walks)
    db.close()
    page.button(key="stage-taken").click().run()
    assert toasts(page) == ["300 taken"]
    assert heading(page).startswith("300 listings")


@pytest.mark.slow
def test_320_rows_are_decided_at_once(open_page, folder):
    page = open_page(folder, "worklist", order="product_id")
    for number, name in enumerate(("taken", "fixed", "new")):
        act(page, [{"n": number + 1, "do": "all", "rows": []}])
        page.button(key=f"stage-{name}").click().run()
        assert stages(folder) == {Stage(name): 320}
