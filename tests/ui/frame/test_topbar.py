from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.alerts.rule_store import RuleStore
from aexdash.cards import CARDS, Band, Direction
from aexdash.desk.annotations import Annotations
from aexdash.desk.bands import Sensitivity
from aexdash.desk.work import Desk
from aexdash.model import Stage
from tests.ui.sample import FIRST, NOW, with_history

BY = {"by": "Olga", "now": NOW}
RATE = CARDS["aex_listing_suppressed_pct"]

CHANGES: dict[str, Callable[[Path], object]] = {
    "a stage": lambda desk: Desk(desk).set_stage("main", [FIRST], Stage.FIXED, **BY),
    "an owner": lambda desk: Desk(desk).set_owner("main", [FIRST], "Smith, Ann", **BY),
    "a note": lambda desk: Desk(desk).set_note("main", [FIRST], "asked the supplier", **BY),
    "a pasted text": lambda desk: Annotations(desk).add("main", [(FIRST, "too small")], source="pasted", **BY),
    "a band": lambda desk: Sensitivity(desk).set_band(None, RATE, Band(Direction.LOWER, 30, 40), **BY),
    "a mute": lambda desk: RuleStore(desk).mute("held", NOW + timedelta(hours=1), **BY),
}


def state(page):
    """What the bar compares every two seconds; where it differs from before, the page is drawn again."""
    return page.session_state["_shown_state"]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_bar_sees_what_a_colleague_did(open_page, tmp_path, change):
    page = open_page(with_history(tmp_path), "worklist")
    Desk(tmp_path / "desk.db").set_note("main", [FIRST], "from before", by="Ben", now=NOW)
    before = state(page.run())
    assert state(page.run()) == before
    change(tmp_path / "desk.db")
    assert state(page.run()) != before


def test_a_desk_that_nobody_has_written_to_is_not_made_by_looking(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    assert state(page.run()) == state(page.run())
    assert not (tmp_path / "desk.db").exists()
