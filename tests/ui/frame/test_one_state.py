"""A run of a page opens each file once, and all its numbers are of one moment."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.snapshot.file import open_snapshot
from aexdash.storage import file, one_state
from aexdash.ui.frame import banners, topbar
from aexdash.ui.frame.visit import Visit
from tests.ui.reading import heading
from tests.ui.sample import JUMP, NOW, main_store, quiet, read, set_clock, with_history

UI = Path(topbar.__file__).parents[1]
PAGES = ("overview", "worklist", "history", "reasons", "feed", "sensitivity", "health", "settings")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was opened for reading."""
    counted: Counter[str] = Counter()
    really = file.open_read_only

    def counting(path: Path):
        counted[path.name] += 1
        return really(path)

    monkeypatch.setattr(file, "open_read_only", counting)
    return counted


@pytest.mark.parametrize("page", PAGES)
def test_a_run_of_a_page_opens_each_file_once(open_page, tmp_path, opened, page):
    Desk(with_history(tmp_path) / "desk.db").ask_sync("main", "pulse", NOW)
    app = open_page(tmp_path, page)
    one_state.close_idle(0)
    for times in (1, 0):  # nobody has written to it since, so the next run reads on over what is open
        opened.clear()
        assert not app.run().exception
        assert (opened["snapshot.db"], opened["desk.db"]) == (times, times)


def test_every_part_that_can_be_drawn_alone_reads_one_state_too():
    parts = re.compile(r"^@st\.fragment(?:\(.*\))?\n((?:@.*\n)*)def (\w+)", re.MULTILINE)
    found = {
        f"{path.stem}.{name}": "@one_state()" in decorators
        for path in UI.rglob("*.py")
        for decorators, name in parts.findall(path.read_text(encoding="utf-8"))
    }
    assert {name for name, reads_one_state in found.items() if not reads_one_state} == {"guard._look_again"}
    assert len(found) > 5


@pytest.mark.slow
def test_what_the_worker_writes_meanwhile_is_on_no_half_of_a_page(open_page, tmp_path, monkeypatch):
    app = open_page(with_history(tmp_path))
    assert heading(app) == "5 listings held"
    really = banners.draw

    def while_the_worker_writes(visit: Visit, page: str) -> None:
        thread = threading.Thread(target=_all_on_sale_again, args=(tmp_path,))
        thread.start()
        thread.join()
        really(visit, page)

    monkeypatch.setattr(banners, "draw", while_the_worker_writes)
    assert heading(app.run()) == "5 listings held"
    monkeypatch.undo()
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    assert heading(app.run()) == "0 listings held"


def _all_on_sale_again(folder: Path) -> None:
    set_clock(folder, NOW + timedelta(minutes=2))
    db = open_snapshot(folder / "snapshot.db")
    for minute in (1, 2):
        read(db, main_store(db), JUMP + timedelta(minutes=minute), quiet())
    db.close()
