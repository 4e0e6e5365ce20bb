"""The words that stay off the screen, as docs/design.md §4 lists them, on every page and in what is written for one."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aexdash.ui.frame import nav
from aexdash.words.common import of_source
from tests.ui.alerts.alerted import kept, opened, over, severe
from tests.ui.sample import FIRST, JUMP, with_history

ROOT = Path(__file__).resolve().parents[2]
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
TABLE = DESIGN.partition("| Off the screen |")[2].partition("\n\n")[0]
OFF = tuple(line.split("|")[1].strip() for line in TABLE.splitlines()[2:])


def _in_any_form(word: str) -> str:
    return rf"(?<![\w-]){re.escape(word)}" + (r"(?:s|ed|es)?(?![\w-])" if word[-1].isalpha() else "")


FOUND = re.compile("|".join(map(_in_any_form, OFF)), re.IGNORECASE)

ROOMS = ("ui", "words", "alerts", "cards")
"""Where the sentences of pages are written."""

READ = frozenset(
    {"label", "body", "help", "placeholder", "options", "content", "title", "text", "alt", "caption", "value", "delta"}
)
"""The fields of what Streamlit sends to a browser that people read; the others are keys and numbers."""


def test_the_list_has_the_words_of_which_leads_asked_what_they_mean() -> None:
    assert {"walk", "episode", "deviation", "recovers at", "sole", "reference §"} <= set(OFF)


@pytest.mark.parametrize("word", ["two walks", "an Episode", "sole blocker", "(reference §5.1)", "4 deviations"])
def test_a_word_is_found_in_any_form(word) -> None:
    assert FOUND.search(word)


@pytest.mark.parametrize("word", ["console", "walk_rows", "episode-2", "solely"])
def test_a_part_of_another_word_is_not_one(word) -> None:
    assert not FOUND.search(word)


def sentences(file: Path) -> Iterator[str]:
    """The texts of a module that can be a sentence on a page: no docstring, no key, no SQL."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    unread = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread:
            text = node.value
            is_key = " " not in text.strip() and text == text.lower()
            if not is_key and not re.search(r"\b(SELECT|INSERT|UPDATE|FROM|CREATE)\b", text):
                yield text


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_for_a_page_has_a_word_that_stays_off_it(room) -> None:
    files = [*(ROOT / "aexdash" / room).rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    found = {
        file.relative_to(ROOT).as_posix(): [text for text in sentences(file) if FOUND.search(of_source(text))]
        for file in files
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


def texts_of(block: Any) -> Iterator[str]:
    """Every text of a page that people read or hear, the rows of its tables and what stands behind its help signs."""
    for child in block.children.values():
        proto = getattr(child, "proto", None)
        if proto is not None:
            yield from _texts_of_message(proto)
        if getattr(child, "type", "") == "arrow_data_frame":
            yield from child.value.astype(str).to_csv().splitlines()
        elif getattr(child, "type", "") == "bidi_component":
            told, rows = json.loads(proto.json)
            yield from _texts_of_json([told, json.loads(rows)])
        if hasattr(child, "children"):
            yield from texts_of(child)


def _texts_of_message(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if field.message_type and not field.message_type.GetOptions().map_entry:
                yield from _texts_of_message(one)
            elif isinstance(one, str) and field.name in READ:
                yield one


def _texts_of_json(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for one in told.values() if isinstance(told, dict) else told:
            yield from _texts_of_json(one)


PAGES: dict[str, list[dict[str, str]]] = {
    **{name: [{}] for name in nav.HELP},
    "worklist": [{}, {"listing": f"main/{FIRST}"}],
    "reasons": [{"family": family} for family in ("image", "title", "attribute", "ip")],
    "sensitivity": [
        {},
        {"part": "rules", "rule": "worse-than-usual"},
        {"part": "channels"},
        {"part": "episodes", "episode": "2"},
    ],
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_says_a_word_that_stays_off_the_screen(open_page, tmp_path, name) -> None:
    kept(with_history(tmp_path), opened(), severe(), over(opened("stuck", 3), JUMP + timedelta(minutes=1)))
    for query in PAGES[name]:
        page = open_page(tmp_path, name, **query)
        assert not page.exception
        texts = list(texts_of(page.main))
        assert len(texts) > 10
        assert [text for text in texts if FOUND.search(text)] == []
