"""`aexdash causes`, on the store of the spike."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from tests.causes.conftest import SPIKE, november  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow

AFTER = "2026-11-15T12:00:00Z"


@pytest.fixture
def run(november, tmp_path, monkeypatch):  # noqa: F811
    """Run the command in a home with that store, its clock at the height of the spike."""
    for file in november.folder.glob("snapshot.db*"):  # what was written last lies beside it
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\n')
    (tmp_path / "now").write_text(to_text(SPIKE))
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "now"))
    return lambda *words: CliRunner().invoke(main, ["causes", "--home", str(tmp_path), *words])


def test_the_last_day_is_asked_unless_another_span_is_named(run):
    told = run()
    assert told.exit_code == 0, told.output
    assert "Goes with picture address /img/#-600x600.jpg: 38 of 44, and of the others 17 of 4,302." in told.output
    assert run("--after", AFTER).output == told.output
    whole_days = ("--after", "2026-11-15T00:00:00Z", "--until", "2026-11-16T00:00:00Z")
    assert run("--after", "2026-11-15", "--until", "2026-11-15").output == run(*whole_days).output


def test_a_span_that_nobody_read_ends_with_one(run):
    told = run("--after", "2025-01-01", "--until", "2025-01-02")
    assert (told.exit_code, "Not read: nothing was seen to move" in told.output) == (1, True)


def test_reasons_are_called_by_their_names_and_in_json_by_their_codes(run):
    told = run()
    assert "image." not in told.output
    assert "measured: Main picture too small (known of" in told.output
    assert "image.main_too_small" in run("--json").output


def test_json_has_everything_and_the_sentence(run):
    told = json.loads(run("--json").output)
    assert (told["outcome"], told["moved"], told["number"]) == ("found", 55, None)
    assert told["says"].startswith("Goes with picture address /img/#-600x600.jpg: 38 of 44")
    assert told["findings"][0]["found"]["slice"]["parts"] == [
        {"name": "picture address", "value": "/img/#-600x600.jpg"}
    ]


def test_a_report_is_kept_shown_again_and_compared(run):
    first = run("--keep")
    assert "Kept as report 1." in first.output
    assert "still: picture address /img/#-600x600.jpg" in run("--keep").output
    again = run("--report", "1")
    assert again.output == run().output
    assert run("--report", "9").exit_code == 2


def test_a_report_of_another_version_is_no_hindrance_to_the_next_one(run, tmp_path):
    assert run("--keep").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute(
            "INSERT INTO cause_report (movement, at, by, report) SELECT movement, at, by, '{}' FROM cause_report"
        )
    told = run("--keep")
    assert (told.exit_code, told.exception, "Kept as report 3." in told.output) == (0, None, True)


def test_it_is_written_as_json_markdown_and_csv(run, tmp_path):
    for ending in ("json", "md", "csv"):
        assert run("-o", str(tmp_path / f"why.{ending}")).exit_code == 0
    assert json.loads((tmp_path / "why.json").read_text())["moved"] == 55
    assert "Goes with picture address /img/\\#-600x600.jpg: 38 of 44" in (tmp_path / "why.md").read_text()
    lines = (tmp_path / "why.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 38 + 6
    assert sum('"at risk"' in line for line in lines) == 6
    refused = run("-o", str(tmp_path / "why.pdf"))
    assert (refused.exit_code, "neither a .json, a .md nor a .csv" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--after", "yesterday"], "yesterday is not a moment"),
        (["--after", "2026-11-17T00:00:00Z"], "The span ends before it begins"),
        (["--until", "2026-12-24T00:00:00Z"], "The span lies ahead: --until must not be later than now."),
        (["--listing", "abc"], "abc is no id of a listing."),
        (["--listing", "123"], "Listing 123 is not known."),
        (["--jump", "--after", AFTER], "--jump takes neither"),
        (["--store", "nowhere"], "There is no store 'nowhere'"),
    ],
)
def test_bad_words_are_one_sentence(run, words, says):
    told = run(*words)
    assert (told.exit_code, says in " ".join(told.output.split())) == (2, True), told.output


def test_the_last_jump_can_be_asked_for(run):
    told = run("--jump", "--json")
    assert json.loads(told.output)["outcome"] == "found", told.output
