"""On a page about the past nothing can be decided, and the page says why and leads back."""

from __future__ import annotations

from datetime import timedelta

from aexdash.desk.decisions.items import Fix, Take
from aexdash.model import Stage
from aexdash.snapshot.file import open_snapshot
from tests.ui.reading import act, captions, ids_of, list_of, read_aloud, said, tick
from tests.ui.sample import FIRST, JUMP, NOW, REJECTED, home, main_store, quiet, read, with_history
from tests.ui.worklist.acting import decide, labels, row_of, rows_shown
from tests.ui.worklist.test_tabs import counted

WHY = "This is the worklist of 9 Mar 2026 12:00 UTC. Go back to now to act."
THEN = "2026-03-09T12:00:20Z"


def test_the_bar_is_off_and_says_why(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", as_of=THEN)
    tick(page, FIRST)
    assert f":gray[{WHY}]" in map(read_aloud, said(page))
    assert labels(page, ["stage-"]) == {"Take": True, "Mark fixed": True, "Back to do": True}
    assert not any(one.key == "select-all" for one in page.button)
    act(page, [{"n": 1, "do": "fix", "rows": rows_shown(page, FIRST)}])
    assert row_of(tmp_path).stage is Stage.NEW
    page.button(key="back-to-now-and-act").click().run()
    assert "as_of" not in page.query_params


def test_the_panel_has_no_actions_and_says_why(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", as_of=THEN, listing=f"main/{FIRST}")
    assert WHY in map(read_aloud, captions(page))
    names = labels(page, ["panel-"])
    assert set(names) == {"‹ Previous", "Next ›", "Back to now"}


def test_what_was_decided_later_is_neither_in_the_lanes_nor_in_the_log_of_then(open_page, tmp_path):
    with_history(tmp_path)
    decide(tmp_path, Take(), FIRST, now=JUMP + timedelta(seconds=10))
    decide(tmp_path, Fix(), FIRST, REJECTED[1], now=NOW)
    page = open_page(tmp_path, "worklist", as_of=THEN, lane="todo", listing=f"main/{FIRST}")
    assert (counted(page)["To do"], counted(page)["Waiting"]) == (4, 1)
    assert str(REJECTED[1]) in ids_of(page)
    [row] = [row for row in list_of(page)["rows"] if row["pid"] == str(FIRST)]
    assert row["owner"] == "Olga"
    [log] = [frame.value for frame in page.dataframe if "Through" in frame.value]
    assert [what for who, what in zip(log["Who"], log["What"], strict=True) if who == "Olga"] == ["taken · owner Olga"]


def test_a_moment_between_two_readings_is_none_before_every_reading(open_page, tmp_path):
    """Both pages once said that there had been no complete reading so far."""
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    store = main_store(db)
    for days in (5, 1, 0):
        read(db, store, JUMP - timedelta(days=days), quiet())
    db.close()
    between = "2026-03-06T12:00:00Z"
    said_of = [one.value for one in open_page(tmp_path, "worklist", as_of=between).info]
    assert said_of == ["No reading speaks for that moment: what was held then is not known."]
    why = "What was held then is not known, so there is no reason to name."
    assert why in captions(open_page(tmp_path, as_of=between))
