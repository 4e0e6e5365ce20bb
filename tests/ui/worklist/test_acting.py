"""Deciding in list, bar and panel: seen at once, the panel goes on when I am done, what still stands is asked once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aexdash.desk.decisions.items import LONGEST_SNOOZE, Fix, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import SnoozeUntil, Stage
from tests.ui.reading import act, heading, ids_of, list_of, read_aloud, said, tick
from tests.ui.sample import FIRST, NOW, REJECTED, find, with_history
from tests.ui.worklist.acting import decide, labels, press, press_late, row_of, rows_shown, toasts
from tests.ui.worklist.test_tabs import counted

QUESTION = "AliExpress would see the same: 350×350 px, asked 800×800, measured 9 Mar 2026 12:00 UTC."


@pytest.fixture
def folder(tmp_path):
    """Four to do and one that waits; what was measured on the first two is mended, on the others it still stands."""
    find(with_history(tmp_path), {one: [] for one in REJECTED[:2]})
    return tmp_path


def opened(open_page, folder, product_id=FIRST, **query):
    return open_page(folder, "worklist", lane="todo", order="product_id", listing=f"main/{product_id}", **query)


def listing_of(page) -> str:
    return page.query_params.get("listing", "")


@pytest.mark.parametrize(
    ("name", "stage", "is_left", "then"),
    [("take", Stage.TAKEN, False, FIRST), ("fix", Stage.FIXED, True, REJECTED[1])],
)
def test_a_decision_in_the_panel_is_seen_at_once_and_what_is_done_leads_to_the_next_listing(
    open_page, folder, name, stage, is_left, then
):
    page = press(opened(open_page, folder), name)
    assert not page.exception
    row = row_of(folder)
    assert (row.stage, row.owner) == (stage, "Lead")
    assert listing_of(page) == f"main/{then}"
    assert (str(FIRST) in ids_of(page)) is not is_left
    assert counted(page)["To do"] == (3 if is_left else 4)
    assert counted(page)["Mine"] == (0 if is_left else 1)
    assert heading(page).startswith("3 listings" if is_left else "4 listings")
    assert list_of(page)["left"] == 0
    assert [button.label for button in page.button if button.label.startswith("Undo")] == [
        f"Undo: 1 {'marked fixed' if is_left else 'taken'}\\, 12\\:\u206001 UTC"
    ] * 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "until", "event"),
    [
        ("1", datetime(2026, 3, 10, tzinfo=UTC), None),
        ("2", datetime(2026, 3, 12, tzinfo=UTC), None),
        ("3", datetime(2026, 3, 16, tzinfo=UTC), None),
        ("4", None, SnoozeUntil.STATUS),
        ("5", None, SnoozeUntil.WORSE),
    ],
)
def test_a_snooze_lasts_until_a_day_until_aliexpress_changes_it_or_until_it_gets_worse(
    open_page, folder, number, until, event
):
    page = press(press(opened(open_page, folder), "snooze"), f"snooze-{number}")
    row = row_of(folder)
    assert (row.stage, row.snoozed_until, row.snooze_event) == (Stage.SNOOZED, until, event)
    assert listing_of(page) == f"main/{REJECTED[1]}"
    assert counted(page)["Snoozed"] == 1
    assert not any((button.key or "").startswith("panel-snooze-1") for button in page.button)


def test_worse_can_also_mean_more_with_the_same_reason(open_page, folder):
    page = press(opened(open_page, folder), "snooze")
    page.number_input(key=f"panel-snooze-more-main-{FIRST}").set_value(5)
    press(page, "snooze-5")
    assert (row_of(folder).snooze_event, row_of(folder).snooze_more) == (SnoozeUntil.WORSE, 5)


@pytest.mark.slow
def test_a_note_and_an_owner_are_written_in_the_panel(open_page, folder):
    page = press(opened(open_page, folder), "note")
    page.text_area(key=f"panel-note-text-main-{FIRST}").set_value("asked the supplier")
    page = press(page, "set-note")
    assert row_of(folder).note == "asked the supplier"
    assert listing_of(page) == f"main/{FIRST}"  # a note is no decision that is over
    assert "Note: asked the supplier" in [one.value for one in page.text]
    page = press(page, "owner")
    page.text_input(key=f"panel-owner-name-main-{FIRST}").set_value("Smith, Jane")
    page = press(page, "set-owner")
    assert (row_of(folder).owner, row_of(folder).stage) == ("Smith, Jane", Stage.TAKEN)
    assert listing_of(page) == f"main/{REJECTED[1]}"


def test_a_snooze_ends_within_the_ten_years_that_commands_have_too(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    tick(page, FIRST)
    until = page.date_input(key="snooze-until")
    assert (until.min, until.max) == (date(2026, 3, 10), NOW.date() + LONGEST_SNOOZE)  # the field says so of others
    until.set_value(NOW.date() + LONGEST_SNOOZE)
    page.button(key="snooze").click().run()
    assert row_of(folder).snoozed_until == datetime(2036, 3, 9, tzinfo=UTC)


def test_an_owner_that_is_no_person_is_refused_in_a_sentence(open_page, folder):
    page = press(opened(open_page, folder), "owner")
    page.text_input(key=f"panel-owner-name-main-{FIRST}").set_value("Nobody")
    page = press(page, "set-owner")
    said = "Nothing was saved: Nobody stands for no person in lists and logs of aexdash; write another name."
    assert toasts(page) == [said]
    assert (row_of(folder).owner, row_of(folder).stage, listing_of(page)) == ("", Stage.NEW, f"main/{FIRST}")


@pytest.mark.slow
def test_back_to_do_clears_owner_and_stage_and_keeps_the_note(open_page, folder):
    decide(folder, Take(), FIRST, by="Lead")
    page = press(opened(open_page, folder), "note")
    page.text_area(key=f"panel-note-text-main-{FIRST}").set_value("keep me")
    page = press(press(page, "set-note"), "back")
    row = row_of(folder)
    assert (row.stage, row.owner, row.note) == (Stage.NEW, "", "keep me")


@pytest.mark.slow
def test_what_still_stands_is_asked_once_naming_the_measurement(open_page, folder):
    asked = REJECTED[2]
    page = press(opened(open_page, folder, asked), "fix", asked)
    assert row_of(folder, asked).stage is Stage.NEW
    assert listing_of(page) == f"main/{asked}"
    assert any(read_aloud(text).startswith(QUESTION) for text in said(page))
    page = press(page, "fix", asked)
    assert row_of(folder, asked).stage is Stage.FIXED
    assert listing_of(page) == f"main/{REJECTED[3]}"
    page = press(page, "back", REJECTED[3])
    decide(folder, Take(), asked, by="Lead")
    page = press(opened_again(page, asked), "fix", asked)
    assert row_of(folder, asked).stage is Stage.FIXED  # asked before in this session


def opened_again(page, product_id):
    page.query_params["listing"] = f"main/{product_id}"
    return page.run()


@pytest.mark.slow
def test_the_question_is_answered_with_its_button_or_left(open_page, folder):
    asked = REJECTED[2]
    page = press(opened(open_page, folder, asked), "fix", asked)
    key = f"question-fix-{asked}-1"
    page.button(key=f"{key}-no").click().run()
    assert not any(read_aloud(text).startswith(QUESTION) for text in said(page))
    assert row_of(folder, asked).stage is Stage.NEW
    other = REJECTED[3]
    page = press(opened_again(page, other), "fix", other)
    page.button(key=f"question-fix-{other}-1-yes").click().run()
    assert row_of(folder, other).stage is Stage.FIXED


def test_in_the_list_the_row_says_what_is_asked_and_the_second_press_marks_it_fixed(open_page, folder):
    asked = REJECTED[2]
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    act(page, [{"n": 1, "do": "fix", "rows": rows_shown(page, asked)}])
    assert list_of(page)["refused"] == {f"main/{asked}": f"{QUESTION} F again marks it fixed all the same."}
    assert row_of(folder, asked).stage is Stage.NEW
    act(page, [{"n": 2, "do": "fix", "rows": rows_shown(page, asked)}])
    assert list_of(page)["refused"] == {}
    assert row_of(folder, asked).stage is Stage.FIXED
    assert str(asked) not in ids_of(page)


@pytest.mark.slow
def test_a_question_stands_once_where_she_looks_and_is_answered_there(open_page, folder):
    asked = REJECTED[2]
    page = open_page(folder, "worklist", lane="todo", order="product_id")

    def places() -> tuple[int, int]:
        return sum(read_aloud(text).startswith(QUESTION) for text in said(page)), len(list_of(page)["answers"])

    act(page, [{"n": 1, "do": "fix", "rows": rows_shown(page, asked)}])
    assert places() == (0, 1)  # at its row
    page = opened_again(page, asked)
    assert places() == (1, 0)  # in its panel
    assert list_of(page)["refused"] == {}
    page.button(key=f"question-fix-{asked}-1-no").click().run()
    assert places() == (0, 0)
    page = opened_again(page, REJECTED[3])
    page = press(page, "fix", REJECTED[3])
    del page.query_params["listing"]
    page.run()
    assert places() == (0, 1)
    act(page, [{"n": 2, "do": "no", "rows": rows_shown(page, REJECTED[3])}])
    assert places() == (0, 0)
    assert row_of(folder, REJECTED[3]).stage is Stage.NEW


def test_of_several_those_that_are_mended_are_marked_and_the_others_asked_about_together(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    tick(page, *REJECTED)
    page.button(key="stage-fixed").click().run()
    assert toasts(page) == ["2 marked fixed"]
    assert ids_of(page) == [str(one) for one in REJECTED[2:]]
    assert "**2 listings still as they were measured**" in said(page)
    assert (set(list_of(page)["refused"].values()), list_of(page)["answers"]) == (
        {"not done: asked above the list"},
        {},
    )
    page.button(key=f"question-fix-{REJECTED[2]}-2-yes").click().run()
    assert toasts(page) == ["2 marked fixed"]
    assert {row_of(folder, one).stage for one in REJECTED} == {Stage.FIXED}
    assert [one.value for one in page.success] == ["Nothing is to do."]
    assert any(button.label.startswith("Undo") for button in page.button)


@pytest.mark.slow
def test_in_the_list_owner_and_note_open_the_panel_at_their_field(open_page, folder):
    page = open_page(folder, "worklist", lane="todo", order="product_id")
    act(page, [{"n": 1, "do": "note", "rows": rows_shown(page, REJECTED[1])}])
    assert listing_of(page) == f"main/{REJECTED[1]}"
    assert page.text_area(key=f"panel-note-text-main-{REJECTED[1]}").value == ""
    act(page, [{"n": 2, "do": "owner", "rows": rows_shown(page, FIRST)}])
    assert page.text_input(key=f"panel-owner-name-main-{FIRST}").value == ""
    press(page, "next")
    assert not any((one.key or "").startswith("panel-owner-name") for one in page.text_input)


@pytest.mark.slow
def test_undo_puts_back_what_stood_before_and_opens_it_again(open_page, folder):
    page = press(opened(open_page, folder), "fix")
    change = Desk(folder / "desk.db").changes(NOW - timedelta(days=1), NOW)[0]
    page.button(key=f"panel-undo-{change.id}").click().run()
    assert toasts(page) == ["1 put back"]
    assert (row_of(folder).stage, row_of(folder).owner) == (Stage.NEW, "")
    assert listing_of(page) == f"main/{FIRST}"
    assert ids_of(page)[0] == str(FIRST)
    assert counted(page)["To do"] == 4
    assert not any(button.label.startswith("Undo") for button in page.button)


@pytest.mark.slow
def test_next_and_previous_follow_the_list_and_end_with_it(open_page, folder):
    page = opened(open_page, folder)
    assert "1 of 4" in [one.value for one in page.caption]
    assert labels(page, ["panel-previous"]) == {"‹ Previous": True}
    page = press(page, "next")
    assert listing_of(page) == f"main/{REJECTED[1]}"
    page = press(page, "previous", REJECTED[1])
    assert listing_of(page) == f"main/{FIRST}"
    last = opened_again(page, REJECTED[3])
    assert labels(last, ["panel-next"]) == {"Next ›": True}


def test_after_the_last_one_the_panel_closes(open_page, folder):
    find(folder, {one: [] for one in REJECTED})
    page = press(opened(open_page, folder, REJECTED[3]), "fix", REJECTED[3])
    assert listing_of(page) == ""
    assert not any((button.key or "").startswith("panel-") for button in page.button)


@pytest.mark.slow
def test_what_is_taken_stays_open_and_in_its_place_until_it_is_fixed(open_page, folder):
    page = open_page(folder, "worklist", stage="new", order="product_id", listing=f"main/{FIRST}")
    page = press(page, "take")
    assert row_of(folder).stage is Stage.TAKEN
    assert (listing_of(page), ids_of(page)[0], list_of(page)["left"]) == (f"main/{FIRST}", str(FIRST), 1)
    assert labels(page, ["panel-next"]) == {"Next ›": False}
    page = press(page, "fix")
    assert (listing_of(page), ids_of(page)[0]) == (f"main/{REJECTED[1]}", str(REJECTED[1]))


def test_the_last_one_stays_open_when_it_is_taken_and_closes_when_it_is_fixed(open_page, folder):
    find(folder, {one: [] for one in REJECTED})
    page = press(opened(open_page, folder, REJECTED[3]), "take", REJECTED[3])
    assert listing_of(page) == f"main/{REJECTED[3]}"
    assert listing_of(press(page, "fix", REJECTED[3])) == ""


@pytest.mark.slow
def test_taken_from_somebody_else_all_the_same_it_stays_open_too(open_page, folder):
    decide(folder, Take(), FIRST, by="Olga")
    page = press(opened(open_page, folder), "take")
    assert row_of(folder).owner == "Olga"
    page.button(key=f"question-take-{FIRST}-1-yes").click().run()
    assert (row_of(folder).owner, listing_of(page)) == ("Lead", f"main/{FIRST}")


@pytest.mark.slow
@pytest.mark.parametrize(("owner", "then"), [("Lead", FIRST), ("Smith, Jane", REJECTED[1])])
def test_whoever_makes_herself_the_owner_stays_and_whoever_gives_it_away_goes_on(open_page, folder, owner, then):
    page = press(opened(open_page, folder), "owner")
    page.text_input(key=f"panel-owner-name-main-{FIRST}").set_value(owner)
    page = press(page, "set-owner")
    assert (row_of(folder).owner, listing_of(page)) == (owner, f"main/{then}")


def test_a_late_press_on_the_listing_before_does_nothing_to_the_next_one(open_page, folder):
    page = opened(open_page, folder)
    late = page.button(key=f"panel-fix-main-{FIRST}").proto.id
    page = press(page, "next")
    press_late(page, late)
    assert not page.exception
    assert row_of(folder, REJECTED[1]).stage is Stage.NEW
    assert listing_of(page) == f"main/{REJECTED[1]}"


@pytest.mark.slow
def test_without_a_name_the_decision_waits_for_it_and_is_made_then(open_page, folder):
    page = press(opened(open_page, folder, person=""), "take")
    page.run()
    assert row_of(folder).stage is Stage.NEW
    page.text_input(key="name-answer").set_value("Li")
    page.button(key="go-on").click().run()
    assert (row_of(folder).stage, row_of(folder).owner) == (Stage.TAKEN, "Li")


def test_people_and_aliexpress_are_told_in_one_log(open_page, folder):
    decide(folder, Fix(), FIRST)
    page = opened(open_page, folder)
    [log] = [frame.value for frame in page.dataframe if "Through" in frame.value]
    assert list(zip(log["Who"], log["What"], strict=True)) == [
        ("Olga", "fixed, waiting for AliExpress · owner Olga"),
        ("AliExpress", "rejected: Main picture too small"),
        ("AliExpress", "active (when we first looked)"),
    ]


def test_a_pasted_text_and_the_panel_stay_beside_each_other(open_page, folder):
    page = opened(open_page, folder)
    page.text_area(key=f"seller-center-main-{FIRST}").set_value("Main image is too small.")
    page.button(key=f"save-seller-center-main-{FIRST}").click().run()
    assert listing_of(page) == f"main/{FIRST}"
    assert toasts(page) == ["Saved. The reason shows here by itself."]
