"""*What goes with it* beside a spike and below the books: asked with a button, kept, and said with its evidence."""

from __future__ import annotations

from datetime import timedelta

from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import from_json
from aexdash.causes.watching import SpikeWatch, last_kept, movement_of
from aexdash.config.settings import load_settings
from aexdash.model import Status
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from tests.ui.reading import said
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


def test_a_bar_of_the_books_is_asked_what_goes_with_it_and_keeps_the_answer(open_page, tmp_path):
    folder = with_history(tmp_path)
    page = open_page(folder, "history", span="7d", moves="came")
    assert TOO_FEW not in _plain(page)
    page.button("why-bridge").click().run()
    assert not page.exception
    assert TOO_FEW in _plain(page)
    (kept,) = Reports(folder / "desk.db").latest(5)
    assert (from_json(kept.report).moved, from_json(kept.report).movement.what) == (5, What.HELD)
    again = open_page(folder, "history", span="7d", moves="came")
    assert TOO_FEW in _plain(again)


def test_a_spike_that_was_examined_says_so_on_the_overview_and_in_the_history(open_page, tmp_path):
    folder = spike_in(tmp_path)
    settings = load_settings(folder)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: JUMP)
    watch = SpikeWatch(settings, snapshot)
    assert (watch.step(JUMP), watch.step(JUMP), SpikeWatch(settings, snapshot).step(JUMP)) == (1, 0, 0)
    words = "Too few to tell: 10 listings, and nothing is said of fewer than 20."
    for name in ("overview", "history"):
        page = open_page(folder, name)
        assert not page.exception
        assert words in _plain(page)


def test_a_report_of_another_version_is_none(tmp_path):
    reports = Reports(tmp_path / "desk.db")
    movement = Movement(What.HELD, JUMP - timedelta(days=1), JUMP)
    assert last_kept(reports, movement) is None
    reports.keep(movement.key, '{"made_at": 3}', by="", now=JUMP)
    assert last_kept(reports, movement) is None


def test_the_movement_of_a_spike_begins_at_the_last_usual_day(tmp_path):
    folder = spike_in(tmp_path)
    snapshot = Snapshot(folder / "snapshot.db", clock=lambda: JUMP)
    (spike,) = snapshot.spikes(None, JUMP.date(), 30)
    movement = movement_of(spike, None)
    assert (movement.start, movement.end, movement.stores) == (spike.before, spike.at, None)


def _plain(page):
    return [text.replace("\\", "").replace("\u2060", "") for text in said(page)]
