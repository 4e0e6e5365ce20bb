"""Promise 13: what a person does is seen at once, can be undone, and nobody's change is lost.

Page, command and file make the same changes, so each is held to it.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.desk.decisions.items import Assign, Note, Take
from aexdash.desk.decisions.round_trip import apply, change_set
from aexdash.desk.decisions.work import Desk
from aexdash.model import Lane, Stage
from aexdash.people.names import Person
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.sources.round_trip import read_back
from tests.support import ask_app
from tests.ui import conftest as ui
from tests.ui.reading import act, ids_of, list_of, rows_of, tick
from tests.ui.sample import FIRST, NOW, REJECTED, with_history
from tests.ui.worklist.acting import decide, row_of, rows_shown, snapshot_of

open_page = ui.open_page
TO_DO = {"lane": "todo", "order": "product_id"}
SECOND = REJECTED[1]
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    return with_history(tmp_path)


def command(folder: Path, *words: str) -> tuple[int, str]:
    """The exit code of an aexdash command, and what it printed."""
    done = CliRunner().invoke(main, [*words, "--home", str(folder), "--as", "Ben"])
    return done.exit_code, done.output


def brought_back(folder: Path, **cells: str) -> object:
    """Export the worklist, write cells of the first listing anew, and give what that would change."""
    answer = ask_app("/export.csv?status=rejected,auditing")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    for line in lines:
        if line["Product id"].strip() == str(FIRST):
            line.update(cells)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    rows = read_back("list.csv", text.getvalue().encode())
    return lambda now: change_set(
        "list.csv",
        rows,
        snapshot_of(folder, now),
        desk_path=folder / "desk.db",
        taxonomy=load_taxonomy(),
        who=Person("Cho"),
    )


def test_what_she_does_is_seen_at_once_where_she_looks_and_by_a_colleague_without_a_click(open_page, folder):
    ana, ben = open_page(folder, "worklist", **TO_DO), open_page(folder, "worklist", person="Ben", **TO_DO)
    before = Desk(folder / "desk.db").mark()
    act(ana, [{"n": 1, "do": "take", "rows": rows_shown(ana, FIRST)}])
    assert [row["Owner"] for row in rows_of(ana)][:1] == ["Lead"]
    assert any(one.label.startswith("Undo") for one in ana.button)
    # The bar of every open page looks at this mark every two seconds, and draws the page again when it has moved.
    assert Desk(folder / "desk.db").mark() != before
    ben.run()
    assert [row["Owner"] for row in rows_of(ben)][:1] == ["Lead"]


@pytest.mark.parametrize("through", ["page", "command", "file"])
def test_it_is_undone_exactly(open_page, folder, through):
    decide(folder, Assign("Olga"), FIRST)
    decide(folder, Note("photo ordered"), FIRST)
    was = row_of(folder)
    if through == "page":
        page = tick(open_page(folder, "worklist", **TO_DO), FIRST)
        page.button(key="stage-taken").click().run()
        act(page, [{"n": 1, "do": "yes", "rows": rows_shown(page, FIRST)}])  # it was Olga's, which is asked about
        assert row_of(folder).owner == "Lead"
        [undo] = [one for one in page.button if one.label.startswith("Undo")]
        undo.click().run()
    elif through == "command":
        assert command(folder, "take", str(FIRST), "--anyway")[0] == 0
        assert row_of(folder).owner == "Ben"
        assert command(folder, "undo")[0] == 0
    else:
        changes = brought_back(folder, Owner="Cho", Note="")(NOW)
        made = apply(changes, folder / "desk.db", who=Person("Cho"), now=LATER)
        assert (row_of(folder).owner, row_of(folder).note) == ("Cho", "")
        Desk(folder / "desk.db").undo(made.change, who=Person("Cho"), now=LATER)
    now = row_of(folder)
    assert (now.stage, now.owner, now.note, now.lane) == (was.stage, was.owner, was.note, was.lane)


@pytest.mark.parametrize("through", ["page", "file"])
def test_what_somebody_else_changed_meanwhile_is_said_with_who_and_when_and_stays(open_page, folder, through):
    if through == "page":
        page = tick(open_page(folder, "worklist", **TO_DO), FIRST)
        decide(folder, Take(), FIRST)
        page.button(key="stage-taken").click().run()
        assert list_of(page)["refused"][f"main/{FIRST}"] == (
            "Olga changed it at 12:01 UTC, after it was shown here: taken, owner Olga."
        )
    else:
        of_file = brought_back(folder, Owner="Cho")
        decide(folder, Take(), FIRST, now=LATER)
        changes = of_file(LATER)
        assert [(one.field, one.by, one.at) for one in changes.conflicts] == [("owner", "Olga", LATER)]
        apply(changes, folder / "desk.db", who=Person("Cho"), now=LATER)
    assert row_of(folder, now=LATER).owner == "Olga"


def test_a_file_brought_back_twice_and_a_click_that_comes_twice_are_one_change(open_page, folder):
    of_file = brought_back(folder, Owner="Cho")
    for _ in range(2):
        apply(of_file(LATER), folder / "desk.db", who=Person("Cho"), now=LATER)
    page = open_page(folder, "worklist", **TO_DO)
    sent = [{"n": 1, "do": "take", "rows": rows_shown(page, SECOND)}]
    act(act(page, sent), sent)
    desk = Desk(folder / "desk.db")
    assert sorted(entry.after for entry in desk.log("main", FIRST)) == ["Cho", "taken"]
    assert sorted(entry.after for entry in desk.log("main", SECOND)) == ["Lead", "taken"]


def test_fixed_waits_for_aliexpress_and_every_surface_says_so(open_page, folder):
    assert command(folder, "fix", str(FIRST), "--anyway")[0] == 0
    assert (row_of(folder).stage, row_of(folder).lane) == (Stage.FIXED, Lane.WAITING)
    assert str(FIRST) not in ids_of(open_page(folder, "worklist", **TO_DO))
    assert str(FIRST) in ids_of(open_page(folder, "worklist", lane="waiting"))
    told = CliRunner().invoke(main, ["log", str(FIRST), "--home", str(folder)]).output
    assert "Ben" in told
    assert "fixed" in told
