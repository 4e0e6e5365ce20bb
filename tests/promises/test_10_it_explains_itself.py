"""Promise 10. Every card says its formula, window, source and lag; every failure what happened and what to do."""

from __future__ import annotations

import re
from datetime import UTC

import pytest

from aexdash.cards import CARDS
from aexdash.clock import to_text
from aexdash.demo.platform.faults import FaultKind
from aexdash.ui.overview import tiles
from aexdash.words.cards import definition_of
from tests.support import NO_EVIDENCE, world_of
from tests.ui.conftest import open_page  # noqa: F401 - the fixture that opens a page

PARTS = ("Formula", "Window", "Source", "Lag")
LIST = "aliexpress.solution.product.list.get"


@pytest.fixture
def home(open_shop):
    """A store with something held, as the worker left it."""
    shop = open_shop(world_of(rejected=2, auditing=1, active=4))
    shop.sync("sweep", limits=NO_EVIDENCE)
    (shop.folder / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\napp_key = "1"\n')
    (shop.folder / "clock.txt").write_text(to_text(shop.clock()))
    return shop


def complete(text: str | None) -> bool:
    return all(re.search(rf"\*\*{part}\*\* \w", text or "") for part in PARTS)


def test_every_card_of_the_first_page_says_how_it_is_made(home, open_page):  # noqa: F811
    page = open_page(home.folder)
    assert not page.exception
    above = [CARDS[key].title for key in (*tiles.ON_TOP, tiles.SUPPRESSED)]
    assert [metric.label for metric in page.metric][:5] == above
    assert {metric.label for metric in page.metric} == {card.title for card in CARDS.values() if card.kind != "hero"}
    assert all(complete(metric.help) for metric in page.metric)
    explained = [element.help for element in page.markdown if element.help]
    assert sum(map(complete, explained)) == 2  # the hero and the books of the day


def test_every_definition_in_the_code_has_its_four_parts():
    assert all(complete(definition_of(card, card.band)) for card in CARDS.values())
    assert complete(tiles.bridge_help(UTC))


@pytest.mark.parametrize(
    ("kind", "value", "happened", "to_do"),
    [
        (FaultKind.HTML, 0, "with an HTML or XML page", "Check that gateway in aexdash.toml is AliExpress' address"),
        (FaultKind.SERVER_ERROR, 0, "could not answer", "the next sync asks again"),
        (FaultKind.TIMEOUT, 30, "did not answer in time", "Check the network of this machine"),
        (FaultKind.CLOCK_SKEW, 90_000, "refused the time of a call", "Set the clock of this machine"),
        (FaultKind.BAN, 14229, "make no calls", "calls go on by themselves when the time is over"),
    ],
)
def test_a_failure_says_what_happened_what_still_holds_and_what_to_do(home, open_page, kind, value, happened, to_do):  # noqa: F811
    home.faults.add(kind, value, method=LIST)
    result = home.sync("pulse", limits=NO_EVIDENCE)
    assert happened in result.message
    assert to_do in result.message
    assert home.last_run().message == result.message
    (home.folder / "clock.txt").write_text(to_text(home.clock()))
    page = open_page(home.folder)
    assert not page.exception
    assert next(text for text in page.markdown if text.value.startswith("# ")).value.startswith(
        "# 3 listings held when last read"
    )
    (banner,) = [*page.error, *page.warning]
    shown = banner.value.replace("\\", "")  # platform text is escaped, so that none of it is Markdown
    assert happened in shown
    assert to_do in shown
    assert "it clears nothing" in shown
