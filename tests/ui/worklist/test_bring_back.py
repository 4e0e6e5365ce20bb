"""A worklist that was changed in a spreadsheet is dropped in, looked at, and applied as one change."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.desk.decisions.items import Note, Seen
from aexdash.desk.decisions.work import Desk
from aexdash.people.names import Person
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.support import ask_app
from tests.ui.reading import opened, read_aloud
from tests.ui.sample import NOW, REJECTED, with_history


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    with_history(tmp_path)
    (tmp_path / "clock.txt").write_text(to_text(NOW))
    return tmp_path


def exported(query=""):
    answer = ask_app(f"/export.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def saved(lines):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def of(lines, product_id):
    return next(line for line in lines if line["Product id"].strip() == str(product_id))


def drop(page, lines, name="list.csv"):
    content = lines if isinstance(lines, bytes) else saved(lines)
    page = button(page, "bring-back").click().run()
    return page.file_uploader[0].set_value((name, content, "text/csv")).run()


def rows(home):
    snapshot = Snapshot(home / "snapshot.db", home / "desk.db")
    return {row.product_id: row for row in snapshot.rows(View())}


def button(page, key):
    return next(one for one in page.button if one.key == key)


@pytest.mark.slow
def test_what_a_file_changes_is_shown_before_it_is_saved_as_one_change(open_page, home):
    first, second, third = REJECTED[:3]
    lines = exported()
    of(lines, first)["Owner"] = "Smith, Jane"
    of(lines, second)["Note"] = "*new* photo"
    of(lines, third)["Title"] = "Better"
    page = drop(open_page(home, "worklist"), lines)
    assert not page.exception
    changes, refused = (frame.value.to_dict("records") for frame in page.dataframe)
    assert [(row["Product id"], row["Field"], row["Here now"], row["In the file"]) for row in changes] == [
        (str(first), "Owner", "nobody", "Smith, Jane"),
        (str(second), "Note", "no note", "“*new* photo”"),
    ]
    assert [(row["Product id"], row["Why"]) for row in refused] == [
        (str(third), "Title was changed in the file: only Stage, Owner and Note can be")
    ]
    assert {row.owner for row in rows(home).values()} == {""}
    apply = button(page, "apply-brought")
    assert apply.label == "Apply 2 changes"
    page = apply.click().run()
    assert not page.exception
    assert (rows(home)[first].owner, rows(home)[second].note) == ("Smith, Jane", "*new* photo")
    assert "2 changed by a file" in [read_aloud(toast.value) for toast in page.toast]
    assert not [one for one in page.button if one.key == "apply-brought"]
    [change] = Desk(home / "desk.db").changes(NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert (change.action, change.through, change.by, change.listings) == ("apply", "file list.csv", "Lead", 2)


@pytest.mark.slow
def test_what_a_colleague_changed_since_the_export_is_shown_side_by_side_and_stays_unless_ticked(open_page, home):
    lines = exported()
    of(lines, REJECTED[0])["Note"] = "mine"
    seen = [Seen.of(rows(home)[REJECTED[0]])]
    Desk(home / "desk.db").act(Note("theirs"), seen, who=Person("Olga"), now=NOW, through="page")
    page = drop(open_page(home, "worklist"), lines)
    [conflict] = page.dataframe[0].value.to_dict("records")
    del conflict["Listing"]
    assert conflict == {
        "Field": "Note",
        "When it was exported": "no note",
        "In the file": "“mine”",
        "Here now": "“theirs”",
        "By": f"Olga {NOW:%H:%M} UTC",
        "Product id": str(REJECTED[0]),
    }
    assert (button(page, "apply-brought").label, button(page, "apply-brought").disabled) == ("Apply 0 changes", True)
    page.session_state["brought-conflicts"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page = page.run()
    page = button(page, "apply-brought").click().run()
    assert rows(home)[REJECTED[0]].note == "mine"


@pytest.mark.slow
def test_a_file_of_somebody_else_and_a_damaged_one_say_why_and_open_nothing(open_page, home):
    page = drop(open_page(home, "worklist"), b"Product ID,Reason\n1005001234567891,blurred\n", "theirs.csv")
    assert not page.exception
    assert "theirs.csv has no columns 'Product id' and 'Row check'" in read_aloud(page.error[0].value)
    assert not page.dataframe


@pytest.mark.slow
def test_a_preview_can_be_left(open_page, home):
    lines = exported()
    of(lines, REJECTED[0])["Note"] = "mine"
    page = drop(open_page(home, "worklist"), lines)
    page = button(page, "leave-brought").click().run()
    assert not [one for one in page.button if one.key == "apply-brought"]
    assert {row.note for row in rows(home).values()} == {""}


def test_in_the_time_machine_nothing_is_brought_back_and_the_button_says_why(open_page, home):
    assert not button(open_page(home, "worklist"), "bring-back").disabled
    locked = button(open_page(home, "worklist", as_of=to_text(NOW)), "bring-back")
    assert (locked.disabled, "Go back to now to act." in locked.help) == (True, True)


def test_of_a_view_there_is_a_link_to_the_plain_form(open_page, home):
    page = opened(open_page(home, "worklist", reason="image"), "export")
    [link] = [one.proto for one in page.get("link_button") if one.proto.label == "Machine-readable"]
    assert link.url == "/export.csv?reason=image&plain=1"


@pytest.mark.slow
def test_what_was_filled_into_a_fix_sheet_stands_in_the_panel_to_be_entered_in_seller_center(open_page, home):
    answer = ask_app("/fix.csv?reason=image.main_too_small")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    of(lines, REJECTED[0])["New picture URL"] = "https://pictures.example/<b>.jpg"
    page = drop(open_page(home, "worklist"), lines, "fix.csv")
    assert button(page, "apply-brought").label == "Apply 1 change"
    button(page, "apply-brought").click().run()
    panel = open_page(home, "worklist", listing=f"main/{REJECTED[0]}")
    assert not panel.exception
    [told] = [frame.value.to_dict("records") for frame in panel.dataframe if "Filled in" in frame.value]
    assert told == [
        {
            "For": "Main picture too small",
            "Field": "New picture URL",
            "Filled in": "https://pictures.example/<b>.jpg",
        }
    ]
