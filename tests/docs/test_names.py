"""What the docs name exists: pages and anchors that are linked, files, commands with their options, make's targets."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.docs.markdown import Page, all_pages, anchors
from tests.docs.of_commands import command_named
from tests.docs.writing import ROOT

PAGES = all_pages()
OF_OTHERS = {"docs/reference/aliexpress-api.md", "docs/reference/sources.md", "docs/reference/cards.md"}
"""What was found out about others: these name files of other people's repositories."""

LONG = {"docs/benchmarks.md"}
"""Its lines take a quarter of an hour, so they stand indented, where they are read and not run."""

OURS = ("aexdash/", "tests/", "docs/", "data/", "pages/", ".ci/", ".streamlit/")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

each_page = pytest.mark.parametrize("document", PAGES, ids=[page.path for page in PAGES])


@each_page
def test_every_internal_link_leads_somewhere(document: Page):
    lost = []
    for link in document.links:
        path, _, anchor = link.partition("#")
        target = (document.file.parent / path).resolve() if path else document.file
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("document", [page for page in PAGES if page.path not in OF_OTHERS], ids=lambda page: page.path)
def test_every_file_that_is_named_exists(document: Page):
    named = [span.rstrip("/") for span in document.spans if span.startswith(OURS) and " " not in span]
    assert [name for name in named if not list(ROOT.glob(re.sub(r"<\w+>", "*", name)))] == []


@each_page
def test_every_command_that_is_named_exists(document: Page):
    named = [span for span in document.spans if re.match(r"(aexdash|make|python -m) ", span)]
    assert [span for span in named if not known(span)] == []


def known(span: str) -> bool:
    """Whether a command in prose exists with its options; words in capitals are somebody's own."""
    program, *words = shlex.split(span.replace("[", " ").replace("]", " ").replace("|", " "))
    if program == "make":
        return words[0] in TARGETS
    if program == "python":
        module = ROOT / words[1].replace(".", "/")
        return words[1] == "pytest" or (module / "__main__.py").is_file() or module.with_suffix(".py").is_file()
    if words[0].startswith("--"):
        return words[0] in ("--help", "--version")
    inner = 2 if words[0] == "alerts" and len(words) > 1 else 1
    names, rest = ([words[0]], words[1:]) if inner == 1 else (words[:2], words[2:])
    try:
        options = {name for option in command_named(names).params for name in option.opts}
    except KeyError:
        return False
    return all(word in options for word in rest if word.startswith("-"))


def test_a_command_that_does_not_exist_is_found():
    assert known("aexdash sync --pulse")
    assert known("aexdash alerts backtest RULE --days 90")
    assert not known("aexdash sink")
    assert not known("aexdash sync --plus")
    assert not known("make coffee")
    assert known("python -m tests.docs")
    assert not known("python -m aexdash.cards")


def test_every_page_is_reached_from_the_index():
    seen: set[str] = set()
    waiting = ["docs/index.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.endswith(".md"):
            continue
        seen.add(path)
        document = Page(path)
        inner = [link.partition("#")[0] for link in document.links if "://" not in link]
        found = [(document.file.parent / link).resolve() for link in inner if link]
        waiting += [str(file.relative_to(ROOT)) for file in found if file.is_file()]
    assert {page.path for page in PAGES} - seen == {"README.md"}, "the README links the index, not the other way round"


@pytest.mark.parametrize("document", [page for page in PAGES if page.path not in LONG], ids=lambda page: page.path)
def test_code_stands_in_fences_that_name_their_language(document: Page):
    """An indented block would be run by nobody."""
    assert [block.line for block in document.blocks if not block.language] == []
    assert re.findall(r"(?m)^\n {4}\S.*", re.sub(r"(?m)^( *[-*]|\d+\.) .*(\n( {2,}.*)?)*", "", document.prose)) == []
