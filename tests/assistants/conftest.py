from __future__ import annotations

import pytest

from tests.assistants.shop import with_two_stores


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A home with two stores; nobody writes into it."""
    return with_two_stores(tmp_path_factory.mktemp("shop"))
