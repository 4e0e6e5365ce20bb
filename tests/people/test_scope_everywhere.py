"""Somebody of one store finds nothing of another: on no page, in no download, in no answer; and each number is hers.

What is told her of a home of two stores is the same, word for word, as of a home in which there is her store alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from starlette.routing import Route
from streamlit.testing.v1.element_tree import Block

import aexdash.ui.signed_in  # noqa: F401 - says who acts when it is first imported; the tests say otherwise after that
from aexdash.assistants.scope import CannotAnswerError
from aexdash.assistants.tools import TOOLS, call
from aexdash.clock import from_text
from aexdash.people import acting
from aexdash.people.rights import Grant, Rights, Role
from aexdash.ui.doors.routes import routes
from tests.people.two_stores import FIRST, MARK, NOW, SECOND, one_store, two_stores
from tests.support import ask_app
from tests.worlds.surfaces import of_page, page

OF_EU = Rights((Grant(Role.OWNER, frozenset(["eu"])),))

SHORT = re.compile(rf"{MARK}|{str(SECOND)[:7]}", re.IGNORECASE)
"""What no text of the second store is without: its word, or the beginning of its ids."""

KEY = re.compile(r"\bzeb\b")

MARKS = re.compile(r"\b[0-9a-f]{24,32}\b|episode=\d+")
"""Marks of messages and of states, which are others each time, and numbers of alerts, which all stores share."""

THEN = "2026-03-09T14:30Z"

PAGES = (
    *((name, {}) for name in ("overview", "worklist", "history", "reasons", "feed", "reconcile", "health", "causes")),
    *((name, {}) for name in ("ask", "sensitivity", "settings", "connect", "help")),
    *(("sensitivity", {"part": part}) for part in ("rules", "channels", "episodes")),
    ("overview", {"as_of": THEN}),
    ("worklist", {"as_of": THEN}),
    ("worklist", {"listing": f"eu/{FIRST}"}),
    ("worklist", {"campaign": "lamp-march"}),
    ("worklist", {"stage": "taken"}),
    ("history", {"moves": "active"}),
    ("sensitivity", {"part": "rules", "rule": "held"}),
    ("reconcile", {"report": "1"}),
    ("reconcile", {"drifted": "all"}),
    ("reconcile", {"open": "all"}),
    ("causes", {"report": "1"}),
    *(("ask", {"q": words}) for words in ("how many are held by store", "any alerts open", "what did Ana do today")),
    ("ask", {"q": "is the data fresh"}),
    ("settings", {"part": "people"}),
    ("settings", {"part": "channels"}),
    ("settings", {"part": "shops"}),
)
"""The pages, and what an address can ask of them."""

HIDDEN = (
    ("worklist", {"listing": f"zeb/{SECOND}"}),
    ("worklist", {"store": "zeb"}),
    ("worklist", {"profile": "zebra-lamp-profile"}),
    ("worklist", {"campaign": "zebra-lamp-march"}),
    ("reconcile", {"report": "2"}),
    ("causes", {"report": "2"}),
    ("ask", {"q": "how many are held in Zebra store"}),
    ("ask", {"q": "alerts in Zebra store"}),
    ("ask", {"q": "how many did Zebra Zoe take today"}),
    *(("sensitivity", {"part": "episodes", "episode": str(number)}) for number in range(1, 9)),
)
"""Addresses that somebody guessed: they ask for what is of the second store."""

SPAN = "opening=2026-03-09T12:30Z&closing=2026-03-09T15:00Z&moves=active"

ASKED = {
    "/fix.csv": "reason=image.main_too_small",
    "/fix.xlsx": "reason=image.main_too_small",
    "/moves.csv": SPAN,
    "/evidence.html": f"listing=eu/{FIRST}",
    "/causes.md": "report=1",
    "/causes.csv": "report=1",
    "/causes.json": "report=1",
    "/reconcile.csv": "report=1",
    "/reconcile.md": "report=1",
    "/reconcile.json": "report=1",
}
"""What a download needs to be asked for."""

OTHERS = {
    "/evidence.html": f"listing=zeb/{SECOND}",
    **{f"/causes.{ending}": "report=2" for ending in ("md", "csv", "json")},
    **{f"/reconcile.{ending}": "report=2" for ending in ("md", "csv", "json")},
}
"""The same of the second store, where a filter does not name it."""

NO_DATA = ("/overview", "/healthz", "/pictures/{name}", "/sign-in", "/authorized")
"""Routes that tell no data of a store: they lead on, say whether the server is well, or send a file by its digest."""

CALLS = {
    "list_cards": ({}, {"store": "zeb"}),
    "answer": tuple(
        {"words": words}
        for words in (
            "how many are held by store",
            "any alerts open",
            "alerts opened today by store",
            "alerts in all stores",
            "who fixed what today",
            "taken today",
            "how many did Zebra Zoe take today",
            "when was Zebra store last read",
            "readings:last by:store",
            "listings by:owner",
        )
    ),
    "list_listings": ({}, {"view": {"store": "zeb"}}, {"view": {"owner": "Zebra Zoe"}}),
    "explain_listing": (
        {"product_id": str(FIRST)},
        {"product_id": str(SECOND)},
        {"product_id": str(SECOND), "store": "zeb"},
    ),
    "causes": ({}, {"store": "zeb"}),
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return two_stores(tmp_path_factory.mktemp("two")), one_store(tmp_path_factory.mktemp("one"))


@pytest.fixture
def at(homes, monkeypatch):
    """Somebody of the first store is at one of the homes."""
    monkeypatch.setattr(acting, "_asked", lambda: OF_EU)

    def go(home: Path) -> Path:
        monkeypatch.setenv("AEXDASH_HOME", str(home))
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))
        return home

    return go


def told(block: object) -> Iterator[str]:
    """All that the browser is sent of a page, also what is in fields, choices and tables."""
    for child in block.children.values():
        yield str(child.proto)
        if isinstance(child, Block):
            yield from told(child)


def page_of(home: Path, name: str, query: dict[str, str]) -> tuple[str, list[str]]:
    """What the browser is sent of a page, and what a person reads there."""
    app = page(home, name, **query)
    assert not app.exception
    read = [MARKS.sub("…", one.text) for one in of_page(app, name)]
    return "\n".join([*told(app.main), *told(app.sidebar), *read]), read


def of_second(text: str, *asked: str) -> list[str]:
    """What of a text is of the second store, but for what was asked in those very words."""
    text = text.replace("\\", "").replace("\u2060", "")
    for words in asked:
        for written in (words, quote(words), quote_plus(words), *words.split()):
            text = text.replace(written, "…")
    return [text[max(0, found.start() - 60) : found.end() + 60] for found in SHORT.finditer(text)]


@pytest.mark.parametrize(("name", "query"), PAGES, ids=[f"{name} {query}" for name, query in PAGES])
def test_a_page_tells_of_her_store_and_as_if_there_were_no_other(homes, at, name, query):
    two, one = homes
    sent, read = page_of(at(two), name, query)
    assert of_second(sent) == []
    assert not KEY.search(sent)
    assert read == page_of(at(one), name, query)[1]


@pytest.mark.parametrize(("name", "query"), HIDDEN, ids=[f"{name} {query}" for name, query in HIDDEN])
def test_an_address_that_names_what_is_hidden_is_answered_as_one_that_names_nothing(homes, at, name, query):
    two, one = homes
    sent, read = page_of(at(two), name, query)
    assert of_second(sent, *query.values()) == []
    if "episode" not in query:  # the numbers of alerts are given to both stores in turn
        assert read == page_of(at(one), name, query)[1]


def downloads() -> list[str]:
    return [
        one.path
        for one in routes()
        if isinstance(one, Route) and not one.path.endswith(".js") and not one.path.startswith(NO_DATA)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("path", downloads())
def test_a_download_holds_what_is_of_her_store_as_if_there_were_no_other(homes, at, path):
    two, one = homes
    asked = f"{path}?{ASKED.get(path, '')}"
    at(two)
    answer = ask_app(asked)
    assert of_second(answer.text) == []
    hidden = ask_app(f"{path}?{OTHERS[path]}" if path in OTHERS else f"{asked}&store=zeb")
    assert of_second(hidden.text) == []
    at(one)
    alone = ask_app(asked)
    assert answer.status_code == alone.status_code
    if not path.endswith(".xlsx"):
        assert MARKS.sub("…", answer.text) == MARKS.sub("…", alone.text)
    assert answer.status_code in (200, 304)


def test_assistants_are_told_of_her_store_alone(homes, at):
    two, one = homes
    assert CALLS.keys() == TOOLS.keys()
    for tool, calls in CALLS.items():
        for arguments in calls:
            answers = [MARKS.sub("…", _called(tool, arguments, at(home))) for home in (two, one)]
            assert f"of {tool}: " not in answers[0], "no such arguments"
            assert of_second(answers[0], *map(str, _words(arguments))) == [], (tool, arguments)
            assert answers[0] == answers[1], (tool, arguments)


def _words(arguments: object) -> Iterator[object]:
    for value in arguments.values() if isinstance(arguments, dict) else ():
        yield from _words(value) if isinstance(value, dict) else (value,)


def _called(tool: str, arguments: dict[str, object], home: Path) -> str:
    try:
        found = call(tool, arguments, home, lambda: NOW)
    except CannotAnswerError as error:
        return str(error)
    return json.dumps(found.model_dump(mode="json"), ensure_ascii=False)


def test_the_second_store_would_be_found(homes, at, monkeypatch):
    """All that these tests look for is there for whoever may see it."""
    two, _ = homes
    at(two)
    monkeypatch.setattr(acting, "_asked", lambda: Rights((Grant(Role.OWNER),)))
    for name in ("overview", "worklist", "reasons", "feed", "reconcile", "health", "sensitivity"):
        assert of_second(page_of(two, name, {})[0]), name
    assert of_second(ask_app("/export.csv").text)
    assert from_text("2026-03-09T15:00:00.000Z") == NOW
