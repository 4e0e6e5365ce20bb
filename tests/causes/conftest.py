"""Stores that were read by the real sync: the worked example of March, and the days around a spike in November."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.demo.past import PAST_LIMITS, SPIKE_LIMITS
from aexdash.demo.world.moments import MARCH_JUMP, MARCH_JUMP_BEGINS
from aexdash.demo.world.world import World
from tests.support import ALL_EVIDENCE, MovedClock, Shop

SPIKE = datetime(2026, 11, 16, 12, tzinfo=UTC)
BEFORE_MARCH, AFTER_MARCH = MARCH_JUMP_BEGINS - timedelta(minutes=5), MARCH_JUMP + timedelta(minutes=5)


@pytest.fixture(scope="session")
def spoiled():
    """A store with the worked example in March and a spike every 28 days from April on."""
    return World(rejections=5.0)


@pytest.fixture(scope="session")
def march(tmp_path_factory, spoiled):
    """The store as it was read around the jump of 9 March."""
    clock = MovedClock(datetime(2026, 3, 8, 12, tzinfo=UTC))
    shop = Shop(tmp_path_factory.mktemp("march"), spoiled, clock=clock)
    shop.sync("sweep", limits=PAST_LIMITS)
    for at in (BEFORE_MARCH, AFTER_MARCH):
        clock.at = at
        shop.sync("pulse", limits=ALL_EVIDENCE)
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def november(tmp_path_factory):
    """The store as it was read daily, up to the height of the spike of 16 November."""
    shop = read_november(tmp_path_factory.getbasetemp())
    yield shop
    shop.close()


@functools.cache
def read_november(folder: Path) -> Shop:
    """Read it, once for both rooms whose tests ask for it: to each of them the fixture is one of its own."""
    clock = MovedClock(SPIKE - timedelta(days=17))
    (folder / "november").mkdir()
    shop = Shop(folder / "november", World(rejections=5.0), clock=clock)
    for days in range(16, 0, -1):
        clock.at = SPIKE - timedelta(days=days)
        shop.sync("sweep" if days in (16, 8, 1) else "pulse", limits=PAST_LIMITS)
    clock.at = SPIKE
    shop.sync("pulse", limits=SPIKE_LIMITS)
    return shop
