"""What one page was answered is given to others too, so no page changes it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from aexdash.desk.work import Desk
from aexdash.ui.frame import visit
from tests.ui.sample import FIRST, NOW, with_history

PAGES = ("overview", "worklist", "history", "reasons", "feed", "sensitivity", "health", "settings", "reconcile", "ask")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, bytes]]:
    """Each answer that a page was given, and what it was then."""
    given: list[tuple[Any, bytes]] = []
    really = visit._keeper

    def keeper(question, seconds):
        kept = really(question, seconds)

        def ask(*about):
            answer = kept(*about)
            given.append((answer, pickle.dumps(answer)))
            return answer

        return ask

    monkeypatch.setattr(visit, "_keeper", keeper)
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
