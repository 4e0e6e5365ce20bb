from __future__ import annotations

from pathlib import Path

import pytest

from tests.snapshot.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of which nothing was read yet."""
    return Store(tmp_path)
