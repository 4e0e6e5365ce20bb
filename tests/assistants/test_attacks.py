"""Nothing that is asked of a tool changes a byte of the home."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from aexdash.desk.migrations import migrations as desk_migrations
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.storage.file import open_for_writing
from aexdash.view import View
from tests.assistants import clients
from tests.assistants.shop import told, with_two_stores
from tests.storage.attacks import ATTACKS, bytes_of
from tests.ui.sample import FIRST, NOW

pytestmark = pytest.mark.slow

WAYS = {
    "list_cards store": lambda text: ("list_cards", {"store": text}),
    "list_cards profile": lambda text: ("list_cards", {"profile": text}),
    "list_cards as_of": lambda text: ("list_cards", {"as_of": text}),
    "answer words": lambda text: ("answer", {"words": text}),
    "answer name": lambda text: ("answer", {"question": {"kind": "card", "name": text}}),
    "answer owner": lambda text: ("answer", {"question": {"kind": "listings", "where": {"owner": text}}}),
    "list_listings q": lambda text: ("list_listings", {"view": {"q": text}}),
    "list_listings owner": lambda text: ("list_listings", {"view": {"owner": text}}),
    "list_listings reason": lambda text: ("list_listings", {"view": {"reason": text}}),
    "list_listings campaign": lambda text: ("list_listings", {"view": {"campaign": text}}),
    "list_listings word": lambda text: ("list_listings", {"view": {text: "x"}}),
    "explain_listing product_id": lambda text: ("explain_listing", {"product_id": text}),
    "explain_listing store": lambda text: ("explain_listing", {"product_id": str(FIRST), "store": text}),
    "causes listings": lambda text: ("causes", {"listings": [text]}),
    "causes until": lambda text: ("causes", {"until": text}),
    "another tool": lambda text: (text, {}),
    "another argument": lambda text: ("list_cards", {text: "x"}),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose files are open for writing elsewhere, as the worker and the pages have them."""
    folder = with_two_stores(tmp_path_factory.mktemp("home"))
    with (
        closing(open_snapshot(folder / "snapshot.db")),
        closing(open_for_writing(folder / "desk.db", desk_migrations, "desk")),
    ):
        told(folder, "list_listings")
        yield folder


@pytest.mark.parametrize("way", WAYS)
def test_no_argument_changes_a_byte(home, way):
    assert len(ATTACKS) >= 40
    before = bytes_of(home)

    async def attack() -> list[str]:
        changed = []
        async with clients.of_server(home, lambda: NOW) as client:
            for text in ATTACKS:
                await client.call_tool(*WAYS[way](text.replace("{folder}", str(home))))
                changed += [text] if bytes_of(home) != before else []
        return changed

    assert asyncio.run(attack()) == []


def test_a_tool_that_would_write_cannot(home, monkeypatch):
    """Not by promise: even where code below a tool tries to write, its connections refuse."""

    def writes(self: Snapshot, view: View) -> int:
        with self._open() as connection:
            return len(connection.execute("CREATE TEMP TABLE x AS SELECT * FROM listing").fetchall())

    monkeypatch.setattr(Snapshot, "count", writes)

    async def ask():
        async with clients.of_server(home, lambda: NOW) as client:
            return await client.call_tool("list_listings", {})

    answer = asyncio.run(ask())
    assert answer.is_error
    assert "is only read here, and stays as it was" in answer.content[0].text
