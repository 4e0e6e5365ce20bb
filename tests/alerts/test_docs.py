"""Two pages about alerts say what the code does: their tables are printed by `python -m tests.alerts`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alerts.__main__ import shipped
from tests.alerts.days import stores
from tests.alerts.figures import METHODS, figures, table

PAGES = ("reference/alert-rules.md", "explanation/worse-than-usual.md")
DOCS = "\n".join((Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8") for page in PAGES)


def test_the_docs_show_the_rules_that_ship():
    assert shipped() in DOCS


@pytest.mark.slow
def test_the_docs_show_how_the_rules_do_on_400_store_days():
    assert table(stores()) in DOCS


@pytest.mark.slow
def test_other_lives_show_the_same_order_of_rules():
    """The seed of the docs is not a lucky one: fewer misses than with 3 σ, far fewer false ones than with no floor."""
    found = {method: figures(stores(seed=7), method) for method in METHODS}
    told = {method: sum(one.delay is not None for one in tally.outcomes) for method, tally in found.items()}
    above_zero, three_sigma, without_floor, ours = METHODS
    assert told[ours] > told[three_sigma] > told[above_zero]
    assert found[ours].false * 3 < found[without_floor].false
    assert found[ours].idle * 20 < found[above_zero].idle
