"""Fixtures of the browser tests: the browser of this machine, stages to play on."""

from __future__ import annotations

from datetime import datetime

import pytest

from aexdash.config.settings import load_settings
from aexdash.demo.launch import DemoStore, live_through, march_readings
from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, FLAGS, Stage, find_browser


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": find_browser(), "args": FLAGS}


@pytest.fixture
def stage_of(tmp_path):
    """Make stages; each is taken down when the test ends."""
    stages = []

    def make(world, at: datetime) -> Stage:
        stages.append(Stage(tmp_path / str(len(stages)), world, at))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture(scope="session")
def jumped(tmp_path_factory):
    """A stage on 9 March, after the jump, with its history and an app; for tests that only look."""
    stage = Stage(tmp_path_factory.mktemp("jumped"), World(), MARCH_JUMP + A_MOMENT)
    store = DemoStore("main", "My store", "123456", "overseas", World())
    readings = [reading for reading in march_readings() if reading[0] < MARCH_JUMP]
    live_through(store, load_settings(stage.home), readings, log=pytest.fail, show=False)
    assert stage.sync("--pulse")["held"] == 5
    stage.open_app()
    yield stage
    stage.close()
