"""What one page was answered is given to others too, so no page changes it."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest

from aexdash.desk.decisions.items import Take
from aexdash.desk.decisions.work import Desk
from aexdash.storage.one_state import one_state
from aexdash.ui.frame import visit
from aexdash.ui.frame.person import NAME
from aexdash.ui.frame.visit import made_of
from aexdash.view import View
from tests.ui.reading import list_of, said
from tests.ui.sample import FIRST, NOW, set_clock, with_history
from tests.ui.worklist.acting import decide

PAGES = ("overview", "worklist", "history", "reasons", "feed", "sensitivity", "health", "settings", "reconcile", "ask")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, bytes]]:
    """Each answer that a page was given, and all that was made of answers, with what it was then."""
    given: list[tuple[Any, bytes]] = []
    really, really_made = visit._keeper, visit._made

    def keeper(question, seconds):
        kept = really(question, seconds)

        def ask(**about):
            answer = kept(**about)
            given.append((answer, pickle.dumps(answer)))
            return answer

        return ask

    def made(of):
        thing = really_made(of)
        given.append((thing, pickle.dumps(thing)))
        return thing

    monkeypatch.setattr(visit, "_keeper", keeper)
    monkeypatch.setattr(visit, "_made", made)
    return given


@pytest.mark.parametrize("page", PAGES)
def test_no_page_changes_what_it_was_answered(open_page, tmp_path, answers, page):
    Desk(with_history(tmp_path) / "desk.db").ask_sync("main", "pulse", NOW)
    app = open_page(tmp_path, page, listing=f"main/{FIRST}", order="urgent")
    assert not app.run().exception
    assert [answer for answer, before in answers if pickle.dumps(answer) != before] == []
    assert answers or page in ("settings", "reasons", "feed")


def test_who_asks_the_same_is_given_the_same(open_page, tmp_path, answers):
    app = open_page(with_history(tmp_path))
    first = {before: id(answer) for answer, before in answers}
    answers.clear()
    app.run()
    assert {before: id(answer) for answer, before in answers} == first


def test_seconds_later_history_is_drawn_of_what_it_was_answered_and_says_up_to_when(open_page, tmp_path, answers):
    app = open_page(with_history(tmp_path), "history")
    first = {id(answer) for answer, _ in answers}
    answers.clear()
    set_clock(tmp_path, NOW + timedelta(minutes=1))
    assert not app.run().exception
    assert {id(answer) for answer, _ in answers} <= first
    assert any(told.endswith("= **5** at 9 Mar 2026 12:01 UTC") for told in said(app))


def test_what_is_made_of_an_answer_is_made_once_for_all_who_are_handed_it():
    answer, counted = [1, 2], []

    def add_up():
        counted.append("counted")
        return [sum(answer)]

    assert made_of([answer], "sum", add_up) is made_of([answer], "sum", add_up)
    assert counted == ["counted"]


def test_it_is_made_anew_of_another_answer_though_that_is_equal_and_of_what_else_it_depends_on():
    answer = [1, 2]
    made = [made_of([answer], "sum", lambda: [3]), made_of([[1, 2]], "sum", lambda: [4])]
    made += [made_of([answer], "sum by day", lambda: [5]), made_of([answer, answer], "sum", lambda: [6])]
    assert made == [[3], [4], [5], [6]]


def test_of_the_same_rows_each_person_is_asked_what_she_is_to_be_asked(open_page, tmp_path):
    decide(with_history(tmp_path), Take(), FIRST, by="Olga")
    page = open_page(tmp_path, "worklist", person="Olga")
    assert asks_at(page, FIRST) == []
    page.session_state[NAME] = "Ben"
    assert asks_at(page.run(), FIRST) == ["take"]


def asks_at(page, product_id):
    [row] = [row for row in list_of(page)["rows"] if row["pid"] == str(product_id)]
    return [act for act in row["asks"] if act == "take"]


def test_a_run_of_a_page_is_of_one_moment(tmp_path):
    moments = iter([NOW, NOW + timedelta(seconds=1)])
    at_work = visit.Visit(None, None, None, (), View(), moments.__next__)  # type: ignore[arg-type]
    with one_state():
        assert at_work.now == at_work.moment == NOW
    with one_state():
        assert at_work.now == NOW + timedelta(seconds=1)
