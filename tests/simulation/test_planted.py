"""Each check of the simulation fails where its promise is broken: a fault is planted into the code for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.planted import FAULTS, Planted, seen
from tests.simulation.play import play
from tests.simulation.promises import Promise

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.promise.name.lower())
def test_a_fault_in_the_code_breaks_the_promise_that_it_is_about(fault: Planted):
    found = seen(fault)
    assert found
    assert found.promise is fault.promise, found.found


def test_there_is_a_fault_for_every_promise():
    assert [fault.promise for fault in FAULTS] == list(Promise)


def test_without_a_fault_the_same_stories_break_nothing():
    """All of them one after the other, as one story."""
    assert play([step for fault in FAULTS for step in fault.story]).failure is None


def test_the_page_of_evidence_lists_the_faults_that_are_planted():
    page = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert "\n".join(f"| {fault.promise} | {fault.what} |" for fault in FAULTS) in page
