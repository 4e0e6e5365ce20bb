"""`aexdash ask`: exit codes, JSON, follow-ups and refusals."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from tests.ask.made import NOW, make


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make(tmp_path_factory.mktemp("home"))


@pytest.fixture
def run(home, tmp_path, monkeypatch):
    (tmp_path / "now").write_text(to_text(NOW))
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "now"))
    return lambda *words: CliRunner().invoke(main, ["ask", "--home", str(home.folder), *words])


def test_an_answer_ends_with_zero_and_says_what_it_read(run, home):
    told = run("how", "many", "listings", "are", "rejected?")
    count = home.workspace.snapshot.hero(home.workspace.place).rejected
    assert told.exit_code == 0, told.output
    assert told.output.startswith(f"{count} listings rejected now.\nRead 26 Nov 2026 10:00 UTC, 2 stores.\n")
    assert "Read as: listings rejected\n  “rejected” = rejected" in told.output
    assert "Page: worklist?status=rejected" in told.output


def test_json_has_everything(run):
    told = json.loads(run("how many were rejected last week", "--then", "by store", "--json").output)
    assert told["question"] == {"moves": "rejected", "period": "2026-11-16 to 2026-11-22", "by": "store"}
    assert told["number"] == sum(row["number"] for row in told["rows"])
    assert told["changed"] == ["by: undivided → store"]
    assert (told["refusal"], told["complete"], told["claim"]) == (None, True, "known")


def test_two_readings_end_with_two_and_are_both_shown_with_their_numbers(run):
    told = run("rejected listings last week")
    refusal = json.loads(run("rejected listings last week", "--json").stdout)["refusal"]
    assert (told.exit_code, refusal["why"], len(refusal["choices"])) == (2, "two readings", 2)
    for choice in refusal["choices"]:
        alone = run(choice["words"])
        sentence, statement, *_ = alone.output.splitlines()
        assert alone.exit_code == 0
        assert f"  {choice['words']}  ({choice['meaning']})\n    {sentence} {statement}\n" in told.stderr
        assert choice["number"] == json.loads(run(choice["words"], "--json").stdout)["number"] > 0


def test_without_a_word_that_is_not_understood_no_number_is_told(run):
    [choice] = json.loads(run("how many purple rejected listings", "--json").stdout)["refusal"]["choices"]
    assert choice == {"words": "listings status:rejected", "meaning": "listings rejected, now"}


def test_of_two_questions_each_is_told_unless_one_is_not_understood(run):
    both = json.loads(run("how many are held? how many are rejected?", "--json").stdout)["refusal"]
    alone = [json.loads(run(words, "--json").stdout)["number"] for words in ("how many are held", "rejected")]
    assert [one["number"] for one in both["choices"]] == alone
    half = json.loads(run("how many are held? how many purple listings are in audit?", "--json").stdout)["refusal"]
    assert half["why"] == "not understood"
    assert all(set(one) == {"words", "meaning"} for one in half["choices"])
    assert half["choices"]


def test_what_nobody_read_ends_with_one(run):
    told = run("how many were held on 1 october 2026")
    assert told.exit_code == 1
    assert "not read" in told.output


def test_what_goes_with_a_jump_ends_with_zero_where_something_is_told_and_with_one_where_nobody_read(run):
    told = run("why did it jump on 16 november")
    assert (told.exit_code, "Too few to tell" in told.output) == (0, True)
    nobody = run("why did it jump on 1 november")
    assert (nobody.exit_code, "Not read: nothing was seen to move" in nobody.output) == (1, True)
    assert run("why will it jump tomorrow").exit_code == 2


def test_a_store_may_be_named_beside_the_question(run, home):
    told = json.loads(run("rejected listings", "--store", "madrid", "--json").output)
    assert told["question"] == {"store": "madrid", "status": "rejected"}
    assert run("rejected listings", "--store", "nowhere").exit_code == 2
