"""Expressions that queries write are those of the indexes: with another text SQLite would not take the index."""

from __future__ import annotations

import pytest

from aexdash.snapshot.history.as_of import STRETCH
from aexdash.snapshot.history.flows import CAME_BY
from tests.snapshot.store import Store


@pytest.mark.parametrize(
    ("index", "live"), [("period_stretch", STRETCH), ("period_came", CAME_BY)], ids=["STRETCH", "CAME_BY"]
)
def test_a_query_writes_the_expression_as_its_index_has_it(store: Store, index: str, live: str) -> None:
    [(made,)] = store.rows("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", index)
    assert f"(store_id, ({live}), started_at" in str(made), (
        f"The text differs from that in the index {index}: a query with INDEXED BY {index} fails on every file. Put it"
        " back, or add a migration that makes the index anew."
    )
