"""One home for all tests of questions: they only read it."""

from __future__ import annotations

import pytest

from aexdash.ask.vocabulary import build
from tests.ask.made import make


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return make(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="session")
def lexicon(home):
    return build(home.workspace)
