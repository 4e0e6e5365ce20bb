"""What was read of a few listings only is no line: not on History, not on the overview, and no row of an answer."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.ask.answers.answering import answer
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import open_workspace
from aexdash.cards import CardValue
from aexdash.config.settings import load_settings
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history import card_values
from tests.ui.reading import captions
from tests.ui.sample import JUMP, NOW, main_store, with_history

AT_RISK = "aexdash_at_risk"
DAY = timedelta(days=1)
OF_SIX = CardValue(4_300, coverage=(6, 4_326), low=27, high=4_323)
OF_MOST = CardValue(152, coverage=(4_015, 4_326), low=148, high=160)


@pytest.fixture
def estimated(tmp_path: Path) -> Path:
    """Two days ago six of 4,326 listings had been checked, a day ago most of them."""
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    for days, told in ((2, OF_SIX), (1, OF_MOST)):
        card_values.keep(db, main_store(db), {AT_RISK: told}, JUMP - days * DAY)
    db.close()
    return tmp_path


def plainly(page) -> list[str]:
    """The captions without what keeps Markdown from being read into them."""
    return [words.replace("\\", "") for words in captions(page)]


def test_history_leaves_out_what_a_few_listings_tell_and_says_what_is_an_estimate(open_page, estimated):
    page = open_page(estimated, "history", cards=AT_RISK, span="7d")
    assert not page.exception
    chart = json.loads(page.get("plotly_chart")[0].proto.spec)
    lines = [trace for trace in chart["data"] if trace["name"] == "At risk"]
    drawn = [value for line in lines for value in line["y"] if value is not None]
    assert 4_300 not in drawn
    assert 152 in drawn
    assert " · an estimate: 148–160" in lines[0]["customdata"]
    told = "At risk: 1 of 7 days left out, as too few listings had been read to tell it."
    assert told in plainly(page)


def test_a_card_of_which_no_day_is_told_is_not_said_to_have_no_data(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    card_values.keep(db, main_store(db), {AT_RISK: OF_SIX}, JUMP - DAY)
    db.close()
    told = plainly(open_page(tmp_path, "history", cards=AT_RISK, span="7d"))
    assert not [words for words in told if words.startswith("No data in this span")]
    assert [words for words in told if words.startswith("At risk: ") and "left out" in words]


def test_the_small_chart_of_a_card_has_no_such_day(open_page, estimated):
    page = open_page(estimated)
    [told] = [alt for image in page.image if (alt := image.proto.imgs[0].alt).startswith("At risk")]
    assert "highest 152 listings" in told


def test_an_answer_by_day_tells_the_limits_and_no_number(estimated):
    workspace = open_workspace(load_settings(estimated), lambda: NOW)
    told = answer("at risk by day", workspace, NOW, lexicon=build(workspace))
    rows = {row.text: row.number for row in told.rows}
    assert rows["27–4,323"] is None
    assert rows["148–160"] == 152
