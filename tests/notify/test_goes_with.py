"""A message carries what goes with the movement where that is known; it waits for nothing and breaks on nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.alerts import loop
from aexdash.alerts.conditions import NoData, OneListing
from aexdash.alerts.loop import Examining
from aexdash.alerts.model import EventKind
from aexdash.causes import report as reports
from aexdash.causes.kept import Reports
from aexdash.causes.report import from_json, to_json
from aexdash.causes.reread import Reread
from aexdash.causes.slices import Part
from aexdash.clock import DAY
from aexdash.config.settings import Settings
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.writing import Writer
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.query import Snapshot
from tests.causes.reports import a_finding, a_report
from tests.notify.alerts import NINTH, closing_event, recorded_event

SAYS = "picture address /img/#-600x600.jpg: 38 of 44, and of the others 17 of 4,302"

GOES_WITH = f"""\
Goes with: {SAYS}
  - 210 times as often (130 to 341)
  - new: 0 of 13 in the span before
  - 6 more on sale share it: at risk
  - All that was looked at, and what shares it https://desk.example/causes?report=12
"""


def written(kept: Reread | None, *events):
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {}, goes_with=lambda _: kept)
    return writer.message(list(events) or [recorded_event()], NINTH)


def test_it_says_what_goes_with_it_how_surely_and_leads_to_the_report():
    message = written(Reread(12, "", a_report(a_finding())))
    assert GOES_WITH in message.text()
    page = "https://desk.example/causes?report=12"
    assert f"- [All that was looked at, and what shares it]({page})" in message.markdown()
    assert f'<a href="{page}">All that was looked at, and what shares it</a>' in message.html()
    told = message.payload["goes_with"]
    assert (told["says"], told["moved"], told["of"], told["others_moved"], told["others"]) == (SAYS, 38, 44, 17, 4302)
    assert (told["ratio"], told["ratio_low"], told["ratio_high"]) == (210.4, 129.8, 341.2)
    assert (told["age"], told["on_sale"], told["looked_at"], told["link"]) == ("new", 6, 482, page)


def test_texts_of_sellers_in_it_act_as_nothing():
    kept = Reread(12, "", a_report(a_finding(Part("title begins", "[x](https://evil.example) @everyone <b>"))))
    message = written(kept)
    assert "title begins ［x］(https:\u2060//evil.example) ＠everyone ‹b›: 38 of 44" in message.text()
    assert 'href="https://evil.example' not in message.html()


@pytest.mark.parametrize("kept", [None, Reread(12, "", a_report())])
def test_where_nothing_is_named_nothing_is_said(kept):
    message = written(kept)
    assert "Goes with" not in message.text()
    assert message.payload["goes_with"] is None


def test_what_moved_is_asked_up_to_the_opening_and_a_rule_about_data_moved_nothing():
    opened = recorded_event()
    movement = opened.movement
    assert (movement.what, movement.stores, movement.end) == (What.HELD, ("main",), NINTH)
    assert movement.start == NINTH - timedelta(minutes=10) - DAY
    assert closing_event().movement == movement
    for kind in (NoData, OneListing):
        assert replace(opened, rule=opened.rule.model_copy(update={"condition": kind.first()})).movement is None


def test_the_report_is_looked_up_by_what_moved(tmp_path):
    desk = tmp_path / "desk.db"
    lookup = SnapshotLookup(tmp_path / "snapshot.db", desk)
    opened = recorded_event()
    assert lookup.goes_with(opened) is None
    report = a_report(a_finding(), movement=opened.movement)
    number = Reports(desk).keep(opened.movement.key, to_json(report), by="", now=NINTH)
    assert lookup.goes_with(opened) == Reread(number, "", report)
    desk.write_bytes(b"no desk")
    assert SnapshotLookup(tmp_path / "snapshot.db", desk).goes_with(opened) is None


@pytest.fixture
def examining(tmp_path):
    logged = []
    settings = Settings(home=tmp_path)
    return Examining(settings, Snapshot(settings.snapshot_path), logged.append), settings, logged


def test_an_alert_that_opens_is_examined_once_and_no_other_event_is(examining, monkeypatch):
    asked, settings, logged = examining
    seen = []

    def examine(_snapshot, movement, now):
        seen.append(movement)
        return a_report(a_finding(), movement=movement)

    monkeypatch.setattr(reports, "examine", examine)
    opened = recorded_event()
    for events in ([opened, opened], [closing_event()], [recorded_event(EventKind.WORSENED)], [opened], []):
        asked.ask(events, NINTH, patience=60)
    assert seen == [opened.movement]
    (kept,) = Reports(settings.desk_path).of(opened.movement.key)
    assert from_json(kept.report).top.found.slice.k == 38
    assert logged == []


def test_no_message_waits_for_one_that_takes_long_and_none_is_begun_beside_it(examining, monkeypatch):
    asked, settings, logged = examining
    begun, go_on, seen = threading.Event(), threading.Event(), []

    def examine(_snapshot, movement, now):
        seen.append(movement)
        begun.set()
        go_on.wait(60)
        return a_report(movement=movement)

    monkeypatch.setattr(reports, "examine", examine)
    opened = recorded_event()
    asked.ask([opened], NINTH, patience=0)  # returns at once
    assert begun.wait(60)
    asked.ask([recorded_event(store="other")], NINTH)
    go_on.set()
    asked._thread.join(60)
    assert seen == [opened.movement]
    assert (len(Reports(settings.desk_path).latest(9)), logged) == (1, [])
    assert loop.PATIENCE <= 2


def test_whatever_goes_wrong_is_logged_and_ends_nothing(examining, monkeypatch):
    asked, settings, logged = examining

    def examine(*_):
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(reports, "examine", examine)
    asked.ask([recorded_event()], NINTH, patience=60)
    assert logged == ["What goes with an alert is not known: of nothing"]
    assert Reports(settings.desk_path).latest(9) == []
