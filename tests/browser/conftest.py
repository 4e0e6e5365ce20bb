"""Fixtures of the browser tests: the browser of this machine, stages to play on."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.browser.stage import FLAGS, Stage, find_browser, jump_with_history


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
    stage = jump_with_history(tmp_path_factory.mktemp("jumped"))
    stage.open_app()
    yield stage
    stage.close()
