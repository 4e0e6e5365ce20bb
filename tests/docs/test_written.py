"""What is written from the code is as the code would write it now, and says all of it."""

from __future__ import annotations

import ast
import functools
import re

import pytest

from aexdash.cards import CARDS
from aexdash.cli.errors import EXIT_CODES, BadUse, Failed
from aexdash.config.sections.ask_model import AskModel
from aexdash.config.sections.assistants import AssistantSettings
from aexdash.config.sections.channels import Channel
from aexdash.config.sections.feeds import PUBLIC, SECRET
from aexdash.config.sections.replica import ReplicaSettings
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.sections.stores import StoreSettings
from aexdash.doctor.examining import LOOKED_AT
from aexdash.reasons.taxonomy import load_taxonomy
from tests.docs.of_commands import all_commands
from tests.docs.of_house import room_names, rooms
from tests.docs.of_settings import feed_keys
from tests.docs.writing import PACKAGE, ROOT, filled
from tests.docs.written import pages

WRITERS = pages()


@functools.cache
def written(path: str) -> str:
    """What the code writes to a page. Some of it takes seconds, so a page is written when a test first asks for it."""
    return WRITERS[path]()


def test_the_readme_counts_the_cards_as_there_are():
    words = {19: "Nineteen", 20: "Twenty", 21: "Twenty-one", 22: "Twenty-two"}
    told = f"[{words[len(CARDS)]} cards](docs/reference/card-definitions.md)"
    assert told in (ROOT / "README.md").read_text(encoding="utf-8")


SLOW = ("docs/explanation/questions-measured.md", "docs/explanation/recognition.md")
"""Pages with figures that are measured to write them."""


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=[pytest.mark.slow] if path in SLOW else []) for path in WRITERS]
)
def test_what_is_written_from_the_code_is_not_stale(path):
    assert (ROOT / path).read_text(encoding="utf-8") == written(path), "run make docs"


def section(heading: str) -> set[str]:
    """The keys in the table of one heading of the settings page."""
    _, _, rest = written("docs/reference/settings.md").partition(f"## [{heading}]\n")
    return set(re.findall(r"^\| `([a-z_]+)` \|", rest.partition("\n## ")[0], re.MULTILINE))


def test_the_settings_page_has_every_key_that_the_files_may_hold():
    assert section("store.KEY") == set(StoreSettings.written_keys)
    assert section("feed.KEY") == {*PUBLIC, *SECRET} == feed_keys().keys()
    assert section("shop.KEY") == set(ShopSettings.model_fields) - {"key"}
    assert section("channel.NAME") == Channel.model_fields.keys() - {"name", "lacking"}
    assert section("alerts") == {"address"}
    assert section("ask") == AskModel.model_fields.keys()
    assert section("replica") == ReplicaSettings.model_fields.keys()
    assert section("assistants") == AssistantSettings.model_fields.keys()


def test_every_reason_and_every_command_is_on_its_page():
    reasons, commands = written("docs/reference/reasons.md"), written("docs/reference/commands.md")
    assert [code for code in load_taxonomy().codes if f"| `{code}` |" not in reasons] == []
    assert [words for words in all_commands() if f"## {' '.join(words)}\n" not in commands] == []


def test_the_exit_codes_are_those_that_errors_end_with():
    assert {0, Failed.exit_code, BadUse.exit_code} == EXIT_CODES.keys()


def test_the_doctor_names_each_finding_as_its_page_does():
    """Every name that a finding is given in the code, with what is filled in as a word in capitals."""
    files = [PACKAGE / "doctor" / f"{name}.py" for name in ("examining", "outside", "files", "going_on")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    given = [ast.unparse(node) for node in nodes if isinstance(node, ast.JoinedStr | ast.Constant)]
    place = {"Finding": 0, "problem": 1}  # of the name among what each is called with
    calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in place]
    first = {ast.unparse(call.args[place[ast.unparse(call.func)]]) for call in calls} - {"name"}
    named = {
        name for name in given if re.fullmatch(r"f'(channel|shop|SFTP for|AliExpress for|token of|clock for) .*'", name)
    }
    spelled = {re.sub(r"\{[^}]*\}", "STORE", name.removeprefix("f").strip("'")) for name in first | named}
    others = {
        "channel STORE": "channel NAME",
        "shop STORE": "shop SHOP",
        "readings of shop STORE": "readings of shop SHOP",
        "messages over STORE": "messages over CHANNEL",
    }
    assert {others.get(name, name) for name in spelled} == LOOKED_AT.keys()


@pytest.mark.parametrize("room", room_names())
def test_every_room_is_on_the_map_and_begins_at_a_file_that_exists(room):
    line = next(line for line in rooms().splitlines() if line.startswith(f"| `{room}/` |"))
    begin = re.findall(r"[\w/]+\.py", line.rsplit(" | ", 1)[1])
    assert [name for name in begin if not (PACKAGE / room / name).is_file()] == []


def test_a_page_without_its_marks_is_refused():
    with pytest.raises(ValueError, match=r"SECURITY\.md lacks the marks of rooms"):
        filled("SECURITY.md", rooms=rooms)
