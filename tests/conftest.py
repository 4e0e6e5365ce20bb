"""What tests of several rooms share."""

from __future__ import annotations

import pytest

from tests.support import Shop


@pytest.fixture
def open_shop(tmp_path):
    opened = []

    def open_(world, **ways) -> Shop:
        opened.append(Shop(tmp_path, world, **ways))
        return opened[-1]

    yield open_
    for shop in opened:
        shop.close()
