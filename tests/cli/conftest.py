"""Homes for the tests of the commands, each before a simulated AliExpress on a real loopback port."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.bench import NOON, Bench, served
from tests.support import LONG_SIGNED_IN


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with served(tmp_path) as made:
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(made.clock_file))
        yield made


@pytest.fixture(scope="session")
def synced_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with served(tmp_path_factory.mktemp("synced"), **LONG_SIGNED_IN) as made:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AEXDASH_CLOCK_FILE", str(made.clock_file))
            made.sign_in()
            assert made.run("sync").exit_code == 0
        yield made


@pytest.fixture
def synced(synced_once: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A copy of a home that was synced a minute ago, five listings held. Who changes the platform takes `bench`."""
    home = shutil.copytree(synced_once.home, tmp_path / "home")
    made = replace(synced_once, home=home, clock_file=tmp_path / "clock")
    made.at(NOON + timedelta(minutes=1))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(made.clock_file))
    return made


@pytest.fixture
def just_synced(synced: Bench) -> Bench:
    """The same at the moment of the reading."""
    synced.at(NOON)
    return synced
