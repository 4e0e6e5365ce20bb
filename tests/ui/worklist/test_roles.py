"""What a role does not allow is not offered, and where it is asked for all the same, refused in a sentence."""

from __future__ import annotations

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.people import acting
from aexdash.people.rights import Grant, Rights, Role
from tests.ui.reading import act, list_of
from tests.ui.sample import FIRST, with_history
from tests.ui.worklist.acting import toasts


@pytest.fixture
def acts(monkeypatch):
    """Have somebody act with some rights."""
    return lambda rights: monkeypatch.setattr(acting, "_asked", lambda: rights)


PAGES = ("settings", "sensitivity", "feed", "reasons", "causes", "reconcile", "health", "history", "ask")


def offered(app) -> tuple[bool, bool]:
    """Whether listings can be taken on a page, and a reading be asked for."""
    keys = {button.key: not button.disabled for button in app.button}
    return "stage-taken" in keys, keys["sync-now"]


def take(app):
    shown = next(row for row in list_of(app)["rows"] if row["id"] == f"main/{FIRST}")
    return act(app, [{"n": 1, "do": "take", "rows": [[shown["id"], shown["v"]]], "more": ""}])


@pytest.mark.slow
def test_a_viewer_is_refused_what_an_operator_may(open_page, tmp_path, acts):
    home = with_history(tmp_path)
    acts(Rights((Grant(Role.VIEWER),)))
    app = open_page(home, "worklist")
    assert not app.exception
    assert offered(app) == (False, False)
    refused = take(open_page(home, "worklist"))
    assert Desk(home / "desk.db").items([("main", FIRST)]) == {}
    assert [toast for toast in toasts(refused) if "That needs the role operator" in toast]

    acts(Rights((Grant(Role.OPERATOR, frozenset(["main"])),)))
    app = open_page(home, "worklist")
    assert offered(app) == (True, True)
    take(open_page(home, "worklist"))
    assert Desk(home / "desk.db").items([("main", FIRST)])[("main", FIRST)].owner == "Lead"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_drawn_for_a_viewer_of_one_store(open_page, tmp_path, acts, page):
    acts(Rights((Grant(Role.VIEWER, frozenset(["main"])),)))
    app = open_page(with_history(tmp_path), page)
    assert not app.exception
    assert not app.get("file_uploader") or page == "reconcile"
