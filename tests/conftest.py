"""What tests of several rooms share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.support import Shop

settings.register_profile(
    "aexdash", deadline=None
)  # how long an example takes says nothing of a machine that is shared
settings.load_profile("aexdash")


@pytest.fixture
def open_shop(tmp_path):
    opened = []

    def open_(world, **ways) -> Shop:
        opened.append(Shop(tmp_path, world, **ways))
        return opened[-1]

    yield open_
    for shop in opened:
        shop.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop in the main thread, where others run their own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
