"""What docs/causes.md promises of planted causes, and of stores without any, holds in simulated stores."""

from __future__ import annotations

import pytest

from tests.causes.__main__ import BEGIN, END, PAGE
from tests.causes.simulated import PLANTED, QUIET, Cell, is_promised, share_first, share_silent

HARDEST = (Cell(0.05, 6, 100), Cell(0.10, 6, 100), Cell(0.01, 6, 300), Cell(0.01, 12, 300))


@pytest.mark.slow
@pytest.mark.parametrize("cell", HARDEST, ids=str)
def test_a_planted_cause_is_found_first(cell):
    assert is_promised(cell)
    assert share_first(cell, 40, seed=2) >= 0.9 - 0.07  # 40 searches: a tenth more may miss it by chance


@pytest.mark.slow
@pytest.mark.parametrize("cell", QUIET, ids=str)
def test_without_a_cause_nothing_is_named(cell):
    assert share_silent(cell, 40, seed=2) >= 0.97 - 0.05


def test_the_table_holds_what_is_promised():
    lines = PAGE.read_text(encoding="utf-8").split(BEGIN, 1)[1].split(END, 1)[0].splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if "%" in line and not line.startswith("| Rejected")]
    told = {row[0].replace(",", ""): float(row[1].removesuffix(" %")) for row in rows if len(row) == 2}
    assert set(told) == {str(cell.rejected) for cell in QUIET}
    assert min(told.values()) >= 97
    shares = sorted({cell.share for cell in PLANTED})
    found = {
        Cell(share, float(row[1]), int(row[0])): float(cell.removesuffix(" %"))
        for row in rows
        if len(row) > 2
        for share, cell in zip(shares, row[2:], strict=True)
    }
    assert len(found) == len(PLANTED)
    assert {cell: percent for cell, percent in found.items() if is_promised(cell) and percent < 90} == {}
