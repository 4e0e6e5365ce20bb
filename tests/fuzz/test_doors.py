"""Whatever bytes others send, each door reads them or refuses them: those it begins with, and any changed ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.doors import DOORS, SEEDS
from tests.support import examples

QUICK = sorted(DOORS.keys() - {"workbook"})
"""A workbook is read in a process of its own; `tests/sources/test_any_file.py` changes many."""


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_takes_what_it_is_tried_with_first(name: str):
    for seed in (b"", *SEEDS[name]):
        DOORS[name](seed)


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_door_takes_any_bytes(name: str, data: st.DataObject):
    seed = bytearray(data.draw(st.sampled_from(SEEDS[name])))
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(seed)))
        seed[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=4))
    DOORS[name](bytes(seed))
