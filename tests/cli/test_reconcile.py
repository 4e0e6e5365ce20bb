"""`aexdash reconcile`, on the five of the worked example."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE
from aexdash.config.settings import load_settings
from aexdash.reconcile.kept import Reconciliations
from tests.ui.sample import IN_AUDIT, ON_SALE, REJECTED, with_history

AT = "2026-03-09T12:00:30Z"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a home where five were held half a minute before the moment."""
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    return lambda *words, typed=None: CliRunner().invoke(main, ["reconcile", "--home", str(tmp_path), *words], typed)


@pytest.fixture
def file(tmp_path):
    def write(*ids: int) -> str:
        path = tmp_path / "rejected.csv"
        path.write_text("\n".join(["Product ID,Title", *(f"{one},Lamp" for one in ids)]))
        return str(path)

    return write


def test_a_list_that_agrees_says_so_with_what_our_side_speaks_for(run, file):
    told = run(file(*REJECTED, IN_AUDIT), "--at", AT)
    assert told.exit_code == 0, told.output
    assert told.output.splitlines() == [
        "Agrees with Seller Center of 9 Mar 2026 12:00 UTC.",
        "rejected.csv · held · My store · compared 9 Mar 2026 12:01 UTC.",
        "Our side: read 9 Mar 2026 12:00 UTC, not read again since.",
        "  Held: 5 there = 5 here",
        "5 listings agree by id.",
    ]


def test_each_difference_is_said_with_its_reason_and_what_to_do(run, file):
    told = run(file(*REJECTED, ON_SALE), "--at", AT)
    lines = told.output.splitlines()
    assert lines[0] == "Differs by 2, the next reading tells of 1 · Seller Center of 9 Mar 2026 12:00 UTC."
    assert "  Held: 5 there + 1 deleted or moved since − 1 perhaps newer than our reading = 5 here" in lines
    assert "Deleted or moved since · 1: 1 only here." in lines
    assert f"  {IN_AUDIT} in main Desk lamp 5: In audit here since 9 Mar 2026 12:00 UTC, not yet at " in told.output
    assert "  What to do: Compare again after the next reading." in lines


def test_copied_ids_and_one_tab_are_compared(run):
    told = run("-", "--tab", "rejected", "--at", AT, typed="\n".join(map(str, REJECTED)))
    assert told.output.startswith("Agrees with Seller Center"), told.output


def test_counts_have_a_bridge_that_proves_nothing(run):
    told = run("--count", "rejected=4", "--count", "held=4", "--at", AT)
    assert "  Rejected: 4 there = 4 here\n" in told.output
    assert "  Held: 4 there + 1 perhaps rejected and in audit apart (in audit) = 5 here\n" in told.output
    assert "proves nothing" in told.output


def test_a_count_beside_a_reading_as_young_as_itself_differs_and_waits_for_nothing(run):
    lines = run("--count", "held=77", "--at", AT).output.splitlines()
    assert lines[0] == "Count differs by 72 · Seller Center of 9 Mar 2026 12:00 UTC."
    assert "  Held: 77 there − 72 unexplained = 5 here" in lines
    late = run("--count", "held=77", "--at", "2026-03-09T12:01:00Z", "--keep").output
    assert late.startswith("Count differs by 72 · ")
    assert run("--report", "1", "--again").output.startswith("Count differs by 72 · ")


def test_a_moment_that_nobody_read_is_not_known(run, file):
    told = run(file(*REJECTED), "--at", "2026-01-01T00:00:00Z")
    assert told.exit_code == 1
    assert told.output.splitlines()[0] == "Not known: not read then · Seller Center of 1 Jan 2026 00:00 UTC."
    assert "  Held: 4 there, not known here" in told.output


def test_it_is_kept_shown_again_compared_again_and_written(run, file, tmp_path):
    kept = run(file(*REJECTED, IN_AUDIT), "--at", AT, "--keep")
    assert "Kept as comparison 1." in kept.output
    assert run("--report", "1").output == kept.output.replace("Kept as comparison 1.\n", "")
    assert run("--report", "1", "--again", "--keep").exit_code == 0
    assert [one.number for one in Reconciliations(load_settings(tmp_path).desk_path).latest(5)] == [2, 1]
    differing = run(file(*REJECTED), "--at", AT, "--json")
    facts = json.loads(differing.output)
    assert (facts["outcome"], facts["differs_by"], facts["number"]) == ("explained", 1, None)
    assert facts["differences"][0]["product_id"] == str(IN_AUDIT)
    for ending in ("json", "md", "csv"):
        assert run(file(*REJECTED), "--at", AT, "-o", str(tmp_path / f"it.{ending}")).exit_code == 0
    assert json.loads((tmp_path / "it.json").read_text())["says"].startswith("Differs by 1, explained")
    assert "Deleted or moved since" in (tmp_path / "it.md").read_text()
    head, row = (tmp_path / "it.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith('"Store","Product id","Title","Differs"')
    assert row.startswith(f'"main","\t{IN_AUDIT}","Desk lamp 5","only here","–","in audit","deleted or moved since"')


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Name one thing to compare"),
        (["--count", "held=4", "--report", "1"], "Name one thing to compare"),
        (["--count", "held=four"], "held=four is no count"),
        (["--count", "sold=4"], "sold=4 is no count"),
        (["--count", "held=4", "--at", "yesterday"], "yesterday is not a moment"),
        (["--count", "held=4", "--at", "2027-01-01T00:00:00Z"], "lies ahead of this clock"),
        (["--count", "held=4", "--store", "nowhere"], "There is no store 'nowhere'"),
        (["--count", "held=4", "--again"], "--again is of a comparison that was kept"),
        (["--count", "held=4", "-o", "it.pdf"], ".pdf is none of"),
        (["--report", "9"], "There is no comparison 9"),
        (["nowhere.csv"], "There is no file nowhere.csv"),
        (["-"], "no row that names a listing"),
    ],
)
def test_bad_words_are_one_sentence(run, words, says):
    told = run(*words)
    assert (told.exit_code, says in " ".join(told.output.split())) == (2, True), told.output


def test_a_file_of_no_known_ending_is_refused_before_anything_is_kept(run, file, tmp_path):
    told = run(file(*REJECTED), "--at", AT, "--keep", "-o", str(tmp_path / "list.txt"))
    assert (told.exit_code, ".txt is none of .json, .md, .csv" in told.output) == (2, True)
    assert Reconciliations(load_settings(tmp_path).desk_path).latest(5) == []


@pytest.mark.parametrize("command", ["reconcile", "causes"])
def test_a_number_that_no_report_can_have_is_refused(tmp_path, command):
    told = CliRunner().invoke(main, [command, "--home", str(tmp_path), "--report", "9" * 20])
    assert (told.exit_code, "is not in the range" in told.output) == (2, True), told.output
