"""What the tests of the machine with the worker share."""

from __future__ import annotations

import pytest

from tests.snapshot.store import REJECTED, Store


@pytest.fixture
def home(tmp_path):
    """A home whose snapshot has one rejected listing and is to be replicated into a folder of it."""
    store = Store(tmp_path)
    store.sweep({1: REJECTED})
    store.db.close()
    (tmp_path / "aexdash.toml").write_text(
        f'[store.main]\nmodel = "overseas"\n[replica]\naddress = "{tmp_path}/replica"\n'
    )
    return tmp_path
