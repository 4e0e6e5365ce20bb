"""*What goes with it* beside a spike, below the books and on its page: examined once, kept, said with its evidence."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from threading import Event
from urllib.parse import parse_qsl

import pytest

from aexdash.causes import report
from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import from_json
from aexdash.causes.reread import newest, numbered
from aexdash.causes.slices import NotCompared
from aexdash.causes.watching import LOOK_EVERY, SpikeWatch, examining, movement_of
from aexdash.config import preparing
from aexdash.config.settings import load_settings
from aexdash.desk.profiles import Profiles
from aexdash.model import Status
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from tests.causes.reports import a_report
from tests.support import keep
from tests.ui.reading import captions, read_aloud, said
from tests.ui.sample import FIRST, JUMP, home, main_store, quiet, read, shown, with_history

TOO_FEW = "Too few to tell: 5 listings, and nothing is said of fewer than 20."
SPIKE = JUMP - timedelta(days=3)


def spike_in(folder):
    """A home that was read on twelve days, on one of which ten listings were held."""
    db = open_snapshot(home(folder) / "snapshot.db")
    store = main_store(db)
    for back in range(12, 0, -1):
        at, walks = JUMP - timedelta(days=back), quiet()
        if at == SPIKE:
            walks[Status.REJECTED] = [shown(FIRST + 10 + index, Status.REJECTED) for index in range(10)]
            rejected = {seen.product_id for seen in walks[Status.REJECTED]}
            walks[Status.ACTIVE] = [seen for seen in walks[Status.ACTIVE] if seen.product_id not in rejected]
        read(db, store, at, walks)
    db.close()
    return folder


def test_a_bar_of_the_books_leads_to_what_goes_with_it_and_the_answer_is_kept(open_page, tmp_path):
    folder = with_history(tmp_path)
    page = open_page(folder, "history", span="7d", moves="came")
    (way,) = [one for one in page.page_link if one.value == "Why? What goes with it ›"]
    words = dict(parse_qsl(way.proto.query_string))
    assert (way.proto.page, words["what"], words["about"]) == ("causes", "held", "bridge")
    told = open_page(folder, "causes", **words)
    assert not told.exception
    assert f"### {TOO_FEW}" in _plain(told)
    assert any(read_aloud(line).startswith("1 of 1 store read at its end, at ") for line in captions(told))
    (kept,) = Reports(folder / "desk.db").latest(5)
    assert (from_json(kept.report).moved, from_json(kept.report).movement.what) == (5, What.HELD)
    assert open_page(folder, "causes", **words).exception == []
    assert len(Reports(folder / "desk.db").latest(5)) == 1
    again = open_page(folder, "history", span="7d", moves="came")
    assert f"{TOO_FEW.rstrip('.')} ›" in [read_aloud(one.value) for one in again.page_link]


def test_it_is_examined_again_and_compared_with_the_report_before(open_page, tmp_path):
    folder = with_history(tmp_path)
    words = {"what": "held", "after": "2026-03-08T12:00:00Z", "until": "2026-03-09T12:00:00Z"}
    page = open_page(folder, "causes", **words)
    page.button("examine-again").click().run()
    assert not page.exception
    assert len(Reports(folder / "desk.db").latest(5)) == 2
    told = [line for line in _plain(page) if "Compared with the report of" in line]
    assert len(told) == 1
    assert "5 then, 5 now" in told[0]
    assert [one.value for one in page.page_link if "Report 1 of" in read_aloud(one.value)]
    first = open_page(folder, "causes", report="1")
    assert [one.value for one in first.page_link if "Examined again since: report 2" in read_aloud(one.value)]
    first.button("examine-again").click().run()
    assert first.query_params["report"] in (["3"], "3")


def test_an_address_that_asks_for_nothing_there_is_says_so(open_page, tmp_path):
    folder = with_history(tmp_path)
    for words, says in (
        ({"report": "7"}, "There is no report 7 that can be read"),
        ({"report": "x"}, "x is no number of a report."),
        ({"after": "soon", "until": "2026-03-09T12:00:00Z"}, "The span has no two moments"),
        ({"what": "sold", "after": "2026-03-08T12:00:00Z", "until": "2026-03-09T12:00:00Z"}, "sold is no move"),
        ({"after": "2026-03-09T12:00:00Z", "until": "2026-03-08T12:00:00Z"}, "The span has to end after it begins"),
    ):
        page = open_page(folder, "causes", **words)
        assert not page.exception
        assert says in read_aloud(page.warning[0].value)
    assert Reports(folder / "desk.db").latest(5) == []


@pytest.mark.slow
def test_a_spike_is_examined_once_for_all_stores_and_for_each_and_then_told(open_page, tmp_path):
    folder = spike_in(tmp_path)
    settings = load_settings(folder)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP)
    watch = SpikeWatch(settings, snapshot)
    way = "too few to tell ›"
    assert way not in [one.value for one in open_page(folder, "overview").page_link]
    assert (watch.step(JUMP), watch.step(JUMP + LOOK_EVERY), SpikeWatch(settings, snapshot).step(JUMP)) == (2, 0, 0)
    for name, words in (("overview", {}), ("history", {}), ("overview", {"store": "main"})):
        page = open_page(folder, name, **words)
        assert not page.exception
        assert way in [one.value for one in page.page_link], (name, words)


def test_what_could_not_be_compared_at_first_is_once_more_a_day_later(tmp_path, monkeypatch):
    lacking = (NotCompared("brand", 3, 40, 3, 10),)

    def examine(_snapshot, movement, now):
        return replace(a_report(movement=movement), made_at=now, not_compared=lacking)

    monkeypatch.setattr(report, "examine", examine)
    folder = spike_in(tmp_path)
    settings = load_settings(folder)
    watch = SpikeWatch(settings, Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP))
    assert [watch.step(JUMP + timedelta(hours=hours)) for hours in (0, 23, 24, 25, 49)] == [2, 0, 2, 0, 0]
    lacking = ()
    other = spike_in(tmp_path / "whole")
    settings = load_settings(other)
    watch = SpikeWatch(settings, Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP))
    assert [watch.step(JUMP + timedelta(hours=hours)) for hours in (0, 24)] == [2, 0]


def test_what_goes_wrong_while_examining_is_logged_once_and_tried_again(tmp_path, monkeypatch):
    looks, logged, stop = [], [], Event()

    def fail(_watch, now):
        looks.append(now)
        if len(looks) == 3:
            stop.set()
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(SpikeWatch, "step", fail)
    settings = load_settings(spike_in(tmp_path))
    keep(lambda: examining(settings, lambda: JUMP), stop, lambda: JUMP, logged.append)
    assert looks == [JUMP] * 3
    assert [line.partition("(")[2].split()[0] for line in logged] == ["ZeroDivisionError"]


def test_while_a_home_is_prepared_no_day_of_it_is_examined(tmp_path):
    folder = spike_in(tmp_path)
    settings = load_settings(folder)
    watch = SpikeWatch(settings, Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP))
    preparing.tell(folder, "Reading the past", JUMP)
    assert watch.step(JUMP) == 0
    preparing.end(folder)
    assert watch.step(JUMP) == 2


def test_the_stores_of_a_profile_are_examined_together_too(tmp_path):
    """Else the pages of a profile name nothing until somebody asks."""
    folder = spike_in(tmp_path)
    settings = load_settings(folder)
    with closing(open_snapshot(folder / "snapshot.db")) as db:
        ensure_store(db, key="second", title="Second", model="overseas", now=JUMP - timedelta(days=40))
    Profiles(folder / "desk.db").make("Both", ["second", "main"], by="Ana", now=JUMP)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP)
    assert SpikeWatch(settings, snapshot).step(JUMP) == 3
    (spike,) = snapshot.spikes(("main", "second"), JUMP.date(), 30)
    kept = newest(Reports(folder / "desk.db"), movement_of(spike, ("second", "main")))
    assert kept is not None


def test_a_report_of_another_version_is_none(tmp_path):
    reports = Reports(tmp_path / "desk.db")
    movement = Movement(What.HELD, JUMP - timedelta(days=1), JUMP)
    assert newest(reports, movement) is None
    reports.keep(movement.key, '{"made_at": 3}', by="", now=JUMP)
    assert newest(reports, movement) is None
    assert numbered(reports, 1) is None


def test_the_movement_of_a_spike_begins_at_the_last_usual_day(tmp_path):
    folder = spike_in(tmp_path)
    snapshot = Snapshot(folder / "snapshot.db", clock=lambda: JUMP)
    (spike,) = snapshot.spikes(None, JUMP.date(), 30)
    movement = movement_of(spike, None)
    assert (movement.start, movement.end, movement.stores) == (spike.before, spike.at, None)


def _plain(page):
    return [read_aloud(text) for text in said(page)]
