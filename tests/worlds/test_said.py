"""What exactly is said in the worlds, in the places where a script or a hurried reader takes a zero for good news."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from aexdash.__main__ import main
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.statement import Reach
from aexdash.view import View
from aexdash.words import statements
from tests import reaches
from tests.support import ask_app
from tests.ui.reading import read_aloud
from tests.ui.sample import JUMP, read
from tests.worlds.made import JOINED, NEVER, ONE_SILENT, PARTLY, STALE_DAYS, STALE_HOUR, World, Worlds, none_held
from tests.worlds.surfaces import messages, page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture
def home(worlds: Worlds, monkeypatch: pytest.MonkeyPatch):
    def of(world: World) -> Path:
        folder = worlds.of(world)
        monkeypatch.setenv("AEXDASH_HOME", str(folder))
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(folder / "clock.txt"))
        return folder

    return of


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--home", str(folder)])


def banners(folder: Path, name: str = "overview", **query: str) -> list[str]:
    app = page(folder, name, **query)
    return [read_aloud(f"{one.title or ''}: {one.value}") for one in (*app.warning, *app.error, *app.info)]


def test_a_worklist_that_nobody_read_is_no_empty_worklist(home):
    for words in (["worklist"], ["worklist", "--json"]):
        result = run(home(NEVER), *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Not read yet: nothing is known to be held, and nothing is known to be free." in result.stderr


def test_an_empty_worklist_that_is_not_confirmed_ends_with_an_error_code(home):
    for words in (["worklist"], ["worklist", "--json"]):
        result = run(home(STALE_HOUR), *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "0 listings. Read at 2026-03-09 12:00:00 UTC (stale). Not read since 9 Mar 2026 12:00 UTC.\n"
        )


def test_each_row_of_the_worklist_says_whether_its_store_was_read(home):
    rows = [json.loads(line) for line in run(home(ONE_SILENT), "worklist", "--json").stdout.splitlines()]
    assert {(row["store"], row["claim"]) for row in rows} == {("madrid", "not read since"), ("berlin", "known")}


def test_no_open_alert_of_what_nobody_read_is_no_good_news(home, tmp_path):
    assert run(home(NEVER), "alerts", "open").stderr == "1 open, as far as is known: not read yet.\n"
    (tmp_path / "aexdash.toml").write_text('[store.main]\ntitle = "Main"\nmodel = "overseas"\napp_key = "1"\n')
    empty = run(tmp_path, "alerts", "open")
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert "There is no snapshot" in empty.stderr


def test_an_address_with_a_reason_that_there_is_not_says_so_on_the_page_and_in_the_file(home):
    home(STALE_DAYS)
    said = "There is no reason 'nope', so no listing can match it; the list says nothing."
    app = page(home(STALE_DAYS), "worklist", reason="nope")
    assert said in [read_aloud(one.value).partition("] ")[2] for one in app.caption]
    assert unquote(ask_app("/export.csv?reason=nope").headers["x-aexdash-notes"]) == said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("only=zz", "only is of reason codes, and 'zz' is none."),
        ("only=Image", "only is of reason codes, and 'Image' is none; near it: image.none, image.main_too_small"),
        ("campaign=nope", "There is no campaign nope."),
    ],
)
def test_a_filter_word_that_is_none_is_refused_and_no_empty_list(home, query, said):
    folder = home(STALE_DAYS)
    for kind in ("csv", "xlsx"):
        answer = ask_app(f"/export.{kind}?{query}")
        assert (answer.status_code, answer.text.startswith(said)) == (404, True)
    option = f"--{query.replace('=', ' ')}".split()
    for command in (
        ["worklist"],
        ["export", str(folder / "x.csv")],
        ["fixsheet", "image", "-o", str(folder / "x.csv")],
    ):
        told = run(folder, *command, *option)
        assert (told.exit_code, told.stdout) == (2, "")
        assert said in told.stderr
    assert not (folder / "x.csv").exists()


@pytest.mark.parametrize(("name", "value"), [("only", "image"), ("campaign", "nope")])
def test_a_filter_word_that_is_none_is_said_on_the_page_which_lists_nothing(home, name, value):
    app = page(home(STALE_DAYS), "worklist", **{name: value})
    said = {
        "only": "only is of reason codes, and 'image' is none; "
        "near it: image.none, image.main_too_small, image.too_small.",
        "campaign": "There is no campaign nope.",
    }
    assert f"{said[name]} So no listing is shown." in [read_aloud(one.value) for one in app.warning]
    app.button(key="without").click().run()
    assert name not in app.query_params
    assert not any("So no listing is shown" in one.value for one in app.warning)


def test_an_export_says_in_its_name_its_header_and_each_row_what_was_not_read(home):
    home(ONE_SILENT)
    answer = ask_app("/export.csv")
    assert answer.headers["content-disposition"].endswith('20260309T080000Z-not-read-since.csv"')
    said = "1 of 10 stores not read since 9 Mar 2026 08:00 UTC: Madrid · in 9 of 10 stores · Lisbon: not read yet"
    assert unquote(answer.headers["x-aexdash-claim"]) == said
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert {(row["Store"], row["Store key"].strip(), row["Known or not read"]) for row in rows} == {
        ("Madrid", "madrid", "not read since"),
        ("Berlin", "berlin", "known"),
    }
    book = CalamineWorkbook.from_filelike(io.BytesIO(ask_app("/export.xlsx").content))
    assert book.get_sheet_by_name("What was not read").to_python() == [[said]]


@pytest.mark.parametrize(
    ("world", "query", "ending"),
    [
        (NEVER, "", "T120000Z-never-read.csv"),
        (STALE_DAYS, "", "20260309T120000Z-not-read-since.csv"),
        (STALE_DAYS, "?as_of=2026-03-14T12:00Z", "20260314T120000Z-not-read-then.csv"),
        (STALE_DAYS, "?as_of=2026-03-09T12:00Z", "20260309T120000Z.csv"),
    ],
)
def test_the_name_of_an_export_says_whether_an_empty_one_may_be_believed(home, world, query, ending):
    home(world)
    assert ask_app(f"/export.csv{query}").headers["content-disposition"].endswith(f'{ending}"')


def test_of_ten_stores_the_page_names_those_that_are_silent_and_counts_the_others(home):
    [said] = banners(home(ONE_SILENT))
    assert said.startswith(
        "8 of 10 stores are current: 1 of 10 stores not read since 9 Mar 2026 08:00 UTC: Madrid · in 9 of 10 stores · "
        "Lisbon: not read yet."
    )


def test_a_store_that_joined_is_no_rise(home):
    """Main lost two of its 40 on sale; Second brought 32 more, first read twelve hours ago."""
    app = page(home(JOINED), "overview")
    [active] = [metric for metric in app.metric if metric.label == "Active listings"]
    assert (active.value, active.delta) == ("70", "−2")
    assert active.proto.delta_description == "in 24 hours, 1 store known at both ends"
    [moved] = [metric for metric in app.metric if metric.label == "Rejected, 24 hours"]
    assert (moved.value, moved.delta) == ("at least 1", "+1")
    assert moved.proto.delta_description == "vs 24 hours before, 1 store known at both ends"


def test_after_a_partial_reading_the_count_is_not_that_of_the_last_complete_one(home):
    app = page(home(PARTLY), "overview")
    said = [read_aloud(one.value) for one in app.markdown]
    assert "# 5 listings held, not confirmed" in said
    assert "Only partly read since 9 Mar 2026 12:00 UTC" in said


def test_a_stale_store_is_told_by_its_own_reading_and_not_by_the_oldest_of_all(tmp_path):
    db = open_snapshot(tmp_path / "snapshot.db")
    for key, at in (("patient", JUMP - timedelta(hours=4)), ("hurried", JUMP - timedelta(hours=1))):
        store = ensure_store(db, key=key, title=key.title(), model="overseas", now=at)
        read(db, store, at, none_held(store))
    db.close()
    told = Snapshot(tmp_path / "snapshot.db").freshness(None, JUMP, {"patient": 86400.0, "hurried": 300.0}.__getitem__)
    assert (told.state, told.read_at) == ("stale", JUMP - timedelta(hours=1))


def test_a_message_is_not_now_but_says_when_it_was_found(home):
    told = [one for one in messages(home(STALE_DAYS), STALE_DAYS.now) if one.place == "alert mail"]
    assert any("| Found 9 Mar 2026 12:00 UTC: 12.2 %, a day before 0 % (+12.2) |" in one.text for one in told)


def test_webhook_and_digest_carry_the_statement_of_the_page(home):
    folder = home(STALE_DAYS)
    told = {one.place: json.loads(one.text) for one in messages(folder, STALE_DAYS.now) if one.text.startswith("{")}
    reach = Snapshot(folder / "snapshot.db", clock=lambda: STALE_DAYS.now).hero(View(store="main")).reach
    facts = statements.facts(reach)
    assert facts["claim"] == "not read since"
    assert told["digest webhook"]["held"] == {"main": {"value": 5, "statement": facts}}
    assert told["alert webhook"]["episodes"][0]["statement"] == facts


@pytest.mark.parametrize(
    ("reach", "words", "name"),
    [
        (reaches.WHOLE, "now", ""),
        (reaches.STALE, "when last read, 9 Mar 2026 12:00 UTC", "not-read-since"),
        (reaches.ONE_BEHIND, "when last read", "not-read-since"),
        (reaches.PART, "in 2 of 3 stores", "part"),
        (
            Reach((reaches.store(), replace(reaches.NEVER_READ, partly=True), reaches.store("two", read_at=None))),
            "in 1 of 3 stores and in parts of 1 more",
            "part",
        ),
        (reaches.NEVER, "not read yet", "never-read"),
        (reaches.GAP, "when last read, 9 Mar 2026 12:00 UTC", "not-read-then"),
        (replace(reaches.WHOLE, moment=reaches.NOON), "at 9 Mar 2026 12:00 UTC", ""),
        (
            Reach((*reaches.PART.readings[:1], reaches.BEHIND, reaches.NEVER_READ), moment=reaches.NOON),
            "at 9 Mar 2026 12:00 UTC, Two as last read 9 Mar 2026 08:00 UTC in 2 of 3 stores",
            "part",
        ),
    ],
)
def test_a_stock_says_of_which_moment_it_is(reach, words, name):
    assert (statements.moment_words(reach), statements.slug(reach)) == (words, name)
