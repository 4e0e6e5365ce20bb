"""A rule tried on history on its form: the sentence, the chart with its words and its table, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.alerts.backtest import Backtest, Level, PastEpisode
from aexdash.alerts.conditions import Threshold
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards.recording import record_cards
from aexdash.desk.profiles import Profiles
from aexdash.model import Severity
from aexdash.snapshot.file import open_snapshot
from aexdash.ui.alerts.backtest_chart import figure, in_words, judged_days, limits
from tests.ui.reading import captions, read_aloud, said
from tests.ui.sample import JUMP, NOW, jumped, main_store, read, set_clock, with_history

HELD = DEFAULTS["held"].condition


@pytest.fixture
def folder(tmp_path):
    """The worked example, read once more every minute for a quarter of an hour, with what its cards said."""
    with_history(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    store = main_store(db)
    record_cards(db, store, JUMP)
    for minute in range(1, 16):
        read(db, store, JUMP + timedelta(minutes=minute), jumped())
    db.close()
    set_clock(tmp_path, JUMP + timedelta(minutes=15))
    return tmp_path


def enter(page, label: str, value: object):
    return next(one for one in page.number_input if one.label == label).set_value(value).run()


def test_a_rule_is_tried_on_history_before_it_is_saved(open_page, folder):
    rule = DEFAULTS["held"].model_copy(update={"hold_minutes": 10})
    RuleStore(folder / "desk.db").save(rule, by="ann", now=JUMP)
    page = open_page(folder, "sensitivity", part="rules", rule="held")
    words = [read_aloud(text) for text in said(page)]
    assert "This rule would have fired once in the last 90 days, for 5 minutes. Here:" in words
    assert any(text.startswith("It could be judged on 1") for text in captions(page))
    assert list(page.dataframe[0].value.iloc[0]) == ["9 Mar 2026 12:10 UTC", "open now", "5 min", "◆ medium"]
    page = enter(page, "Fires above (listings)", 5)
    assert "This rule would not have fired in the last 90 days." in [read_aloud(text) for text in said(page)]
    assert not page.exception


def test_a_rule_on_a_card_without_data_is_said_and_may_be_saved(open_page, folder):
    page = open_page(folder, "sensitivity", part="rules", rule="feed")
    assert "Nothing of the last 90 days could be judged by this rule\\." in said(page)
    assert any("Silent at My store" in read_aloud(text) for text in captions(page))
    assert not enter(page, "Fires above (percent)", 6).button(key="save-rule").disabled


def test_a_rule_of_no_store_is_tried_on_none(open_page, folder):
    Profiles(folder / "desk.db").make("Empty", [], by="ann", now=JUMP)
    page = open_page(folder, "sensitivity", part="rules", rule="held")
    next(one for one in page.selectbox if one.label == "Stores").set_value("empty").run()
    assert "It watches no store that was ever read." in captions(page)
    assert not page.exception


def tried() -> Backtest:
    levels = [
        Level(NOW - timedelta(hours=hours), level) for hours, level in ((30, 0.0), (20, 5.0), (10, None), (5, 0.0))
    ]
    episode = PastEpisode(NOW - timedelta(hours=20), NOW - timedelta(hours=5), Severity.HIGH, "")
    return Backtest(NOW - timedelta(days=90), NOW, (episode,), tuple(levels))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_leaves_gaps_and_numbers_what_would_have_been_an_episode(theme):
    drawn = figure(Threshold(card=HELD.card, limit=2, recovers_at=1, worse_at=9), tried(), theme)
    (line,) = drawn.data
    assert (list(line.y), line.connectgaps) == ([0.0, 0.0, 5.0, 5.0, None, None, 0.0, 0.0], False)
    assert [note.text for note in drawn.layout.annotations] == ["well again", "fires", "worse", "1"]
    (ground,) = [shape for shape in drawn.layout.shapes if shape.type == "rect"]
    assert (ground.x0, ground.x1) == (NOW - timedelta(hours=20), NOW - timedelta(hours=5))


def test_the_chart_is_told_in_words_with_how_far_it_is_known():
    assert in_words(HELD, tried()) == (
        "The level of the rule over 90 days: lowest 0, highest 5, last 0 listings. "
        "This rule would have fired once in the last 90 days, for 15 hours."
    )
    assert judged_days(tried()) == 2
    assert limits(HELD) == [("fires", 0.0), ("worse", 20.0)]
