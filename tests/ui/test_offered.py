"""What a viewer is offered on the pages, she may do: each button, switch and field that is not shut is pressed once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aexdash.people import acting
from aexdash.people.rights import Grant, Rights, Role
from tests.ui.alerts.alerted import kept, opened
from tests.ui.reading import captions, read_aloud
from tests.ui.reconcile.test_reconcile import kept as compared
from tests.ui.sample import FIRST, with_history

REFUSED = "needs the role"

PLACES = (
    ("overview", {}),
    ("reasons", {}),
    ("feed", {}),
    ("reconcile", {"with": "numbers", "report": "1"}),
    ("sensitivity", {}),
    ("sensitivity", {"part": "rules", "rule": "held"}),
    ("sensitivity", {"part": "rules", "rule": "new"}),
    ("sensitivity", {"part": "channels"}),
    ("sensitivity", {"part": "episodes", "episode": "1"}),
    ("worklist", {}),
    ("worklist", {"listing": f"main/{FIRST}"}),
    ("health", {}),
    ("ask", {}),
    ("causes", {}),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = kept(with_history(tmp_path), opened())
    with (folder / "aexdash.toml").open("a") as file:
        file.write('\n[channel.ops]\nkind = "webhook"\n')
    secrets = folder / "secrets.toml"
    secrets.write_text('[channel.ops]\nurl = "https://hooks.example.com/a"\nkey = "of this test"\n')
    secrets.chmod(0o600)
    compared(folder, FIRST)
    return folder


def rows_of(home: Path) -> dict[str, int]:
    """How many rows each table of the desk has, but for those that are a person's own."""
    with contextlib.closing(sqlite3.connect(home / "desk.db")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = {one: connection.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables}
    return {name: count for name, count in counted.items() if name not in ("preference", "cause_report", "saved_view")}


def offered(app: AppTest) -> Iterator[str]:
    for kind in ("button", "toggle"):
        yield from (f"{kind} {one.key}" for one in app.get(kind) if one.key and not one.disabled)


def pressed(app: AppTest, what: str) -> AppTest:
    kind, _, key = what.partition(" ")
    found = next(one for one in app.get(kind) if one.key == key)
    return (found.click() if kind == "button" else found.set_value(not found.value)).run()


def said(app: AppTest) -> list[str]:
    texts = [read_aloud(one.value) for kind in (app.toast, app.error, app.warning) for one in kind]
    return [text for text in texts if REFUSED in text]


def small_print(app: AppTest) -> list[str]:
    return [text for text in map(read_aloud, captions(app)) if REFUSED in text]


@pytest.mark.slow
@pytest.mark.parametrize(("page", "query"), PLACES, ids=[f"{page} {query}" for page, query in PLACES])
def test_nothing_that_a_viewer_is_offered_is_refused(open_page, home, monkeypatch, page, query):
    monkeypatch.setattr(acting, "_asked", lambda: Rights((Grant(Role.VIEWER),)))
    first = open_page(home, page, **query)
    assert not first.exception
    before = rows_of(home)
    for what in list(offered(first)):
        after = pressed(open_page(home, page, **query), what)
        assert not after.exception, what
        assert said(after) == [], what
    assert rows_of(home) == before


@pytest.mark.parametrize("page", ["reasons", "feed", "reconcile"])
def test_where_a_viewer_may_bring_nothing_she_is_told_why(open_page, home, monkeypatch, page):
    monkeypatch.setattr(acting, "_asked", lambda: Rights((Grant(Role.VIEWER),)))
    app = open_page(home, page)
    assert [one for one in small_print(app) if "That needs the role operator, which you do not have here" in one]
    assert not app.get("file_uploader")
    monkeypatch.setattr(acting, "_asked", lambda: Rights((Grant(Role.OPERATOR),)))
    app = open_page(home, page)
    assert app.get("file_uploader")
    assert small_print(app) == []


def test_rules_are_read_and_tried_by_all_and_changed_by_owners(open_page, home, monkeypatch):
    def keys(rights: Rights) -> dict[str, bool]:
        monkeypatch.setattr(acting, "_asked", lambda: rights)
        app = open_page(home, "sensitivity", part="rules", rule="held")
        told = [one for one in small_print(app) if "That needs the role owner, which you do not have here" in one]
        assert len(told) == (0 if rights.may(Role.OWNER) else 2)
        return {one.key: not one.disabled for kind in ("button", "toggle") for one in app.get(kind)}

    viewer, owner = keys(Rights((Grant(Role.VIEWER),))), keys(Rights((Grant(Role.OWNER),)))
    assert (viewer["new-rule"], viewer["switch-held"], viewer["edit-rule-held"]) == (False, False, True)
    assert {"save-rule", "reset-rule"}.isdisjoint(viewer)
    assert (owner["new-rule"], owner["switch-held"]) == (True, True)
    assert {"save-rule", "reset-rule"} <= owner.keys()
