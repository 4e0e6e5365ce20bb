"""A number read from a copy says how far that copy is behind: always beside its reading, and in its claim once late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.statement import Reach
from aexdash.words.statements import claim_words, facts, read_words
from tests.reaches import store


def of_copy(behind: timedelta | None) -> Reach:
    return Reach((store(behind=behind),))


@pytest.mark.parametrize(
    ("behind", "claim", "read"),
    [
        (None, "", "Read 9 Mar 2026 12:00 UTC, 1 store."),
        (timedelta(seconds=4), "", "Read 9 Mar 2026 12:00 UTC, 1 store · replica 4 s behind."),
        (timedelta(seconds=45), "replica 45 s behind", "Read 9 Mar 2026 12:00 UTC, 1 store · replica 45 s behind."),
        (timedelta.max, "replica of unknown age", "Read 9 Mar 2026 12:00 UTC, 1 store · replica of unknown age."),
    ],
)
def test_it_is_said_once(behind, claim, read):
    assert claim_words(of_copy(behind)) == claim
    assert read_words(of_copy(behind)) == read


def test_scripts_are_told_in_seconds_and_nothing_where_there_is_no_copy():
    assert facts(of_copy(timedelta(seconds=4)))["replica_behind_seconds"] == 4
    assert facts(of_copy(timedelta.max))["replica_behind_seconds"] is None
    assert "replica_behind_seconds" not in facts(of_copy(None))


def test_of_several_stores_it_is_that_of_the_one_file():
    assert Reach((store(behind=timedelta(seconds=4)), store("two"))).copy_behind == timedelta(seconds=4)
