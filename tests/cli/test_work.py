"""What a command does to listings is what the page does: the same change, the same log, undone in the same way."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from aexdash.cli.options import TEN_YEARS
from aexdash.clock import from_text
from aexdash.desk.decisions.items import LONGEST_SNOOZE, Fix, Note, Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import SnoozeUntil, Stage
from aexdash.people.names import Person
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.view import View
from tests.cli.bench import NOON, Bench


@pytest.fixture
def synced(just_synced: Bench) -> Bench:
    return just_synced


def snapshot(bench: Bench) -> Snapshot:
    return Snapshot(bench.home / "snapshot.db", bench.home / "desk.db", clock=bench.clock)


def held(bench: Bench) -> dict[int, WorkRow]:
    return {row.product_id: row for row in snapshot(bench).rows(View())}


def ids(bench: Bench) -> list[str]:
    return [str(one) for one in sorted(held(bench))]


def told(bench: Bench, product_id: str) -> list[tuple[str, str, str, str]]:
    entries = Desk(bench.home / "desk.db").log("main", int(product_id))
    return [(entry.by, entry.field, entry.before, entry.after) for entry in entries]


def test_page_and_command_leave_the_same_log(synced: Bench) -> None:
    first, second, *_ = ids(synced)
    desk = Desk(synced.home / "desk.db")
    for decision in (Take(), Note("photo ordered"), Fix()):
        seen = [Seen.of(held(synced)[int(first)])]
        desk.act(decision, seen, who=Person("Olga"), now=synced.now, through="page")
    for words in (("take", second), ("note", second, "--text", "photo ordered"), ("fix", second, "--anyway")):
        assert synced.run(*words, "--as", "Olga").exit_code == 0
    assert told(synced, second) == told(synced, first)
    assert {entry.through for entry in desk.log("main", int(second))} == {"command"}


def test_taking_many_says_how_many_and_how_to_undo_it(synced: Bench) -> None:
    first, second, *_ = ids(synced)
    result = synced.run("take", first, f"main/{second}", "--as", "Olga")
    assert (result.exit_code, result.stdout) == (0, "2 taken\n")
    assert result.stderr == "aexdash undo 1 puts it back.\n"
    assert {(row.stage, row.owner) for one, row in held(synced).items() if str(one) in (first, second)} == {
        (Stage.TAKEN, "Olga")
    }
    again = synced.run("take", first, "--as", "Olga")
    assert (again.exit_code, again.stdout) == (0, "1 was so already\n")


def test_ids_come_from_standard_input_too(synced: Bench) -> None:
    result = synced.run("take", "-", "--as", "Olga", input="\n".join(ids(synced)))
    assert (result.exit_code, result.stdout) == (0, "5 taken\n")


def test_an_id_that_means_no_listing_is_named_and_the_others_are_done(synced: Bench) -> None:
    first, *_ = ids(synced)
    result = synced.run("take", first, "1005009999999999", "--as", "Olga", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["change"], said["changed"], said["same"], said["conflicts"]) == (1, 1, 0, [])
    assert said["left"] == ["The snapshot knows no listing 1005009999999999."]
    assert result.stderr.splitlines() == said["left"]


@pytest.mark.parametrize("name", [(), ("--as", ""), ("--as", "!!!")])
def test_without_a_name_nothing_is_done_whatever_account_runs_the_command(
    synced: Bench, monkeypatch: pytest.MonkeyPatch, name: tuple[str, ...]
) -> None:
    monkeypatch.delenv("AEXDASH_NAME", raising=False)
    for variable in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(variable, "root")
    result = synced.run("take", *ids(synced), *name)
    assert result.exit_code == 2
    assert "Say who decides: --as NAME, or AEXDASH_NAME" in result.stderr or "needs a letter" in result.stderr
    assert {row.owner for row in held(synced).values()} == {""}


def test_the_name_may_stand_in_the_environment(synced: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_NAME", "Night shift")
    assert synced.run("take", ids(synced)[0]).exit_code == 0
    assert held(synced)[int(ids(synced)[0])].owner == "Night shift"


def test_what_is_not_to_be_resubmitted_yet_is_marked_fixed_only_anyway(synced: Bench) -> None:
    early = [str(one) for one, row in held(synced).items() if row.resubmit]
    assert early
    result = synced.run("fix", *ids(synced), "--as", "Olga")
    assert result.exit_code == 1
    assert result.stdout == f"{5 - len(early)} marked fixed\n"
    for one in early:
        assert (
            f"main/{one} is not marked fixed. AliExpress would see the same: 640×640 px, asked 800×800" in result.stderr
        )
    assert held(synced)[int(early[0])].stage is Stage.NEW
    assert synced.run("fix", early[0], "--as", "Olga", "--anyway").exit_code == 0
    assert held(synced)[int(early[0])].stage is Stage.FIXED


ANYWAY = "--anyway takes it all the same."


def test_what_is_somebody_elses_is_taken_only_anyway(synced: Bench) -> None:
    fixed, taken, free, *_ = ids(synced)
    synced.run("fix", fixed, "--anyway", "--as", "Bruno")
    synced.run("take", taken, "--as", "Ana")
    before = held(synced)
    synced.at(NOON + timedelta(minutes=5))
    result = synced.run("take", fixed, taken, free, "--as", "Olga")
    assert (result.exit_code, result.stdout) == (1, "1 taken\n")
    told = {fixed: ("fixed, waiting for AliExpress", "Bruno"), taken: ("taken", "Ana")}
    assert result.stderr.splitlines()[1:] == [
        f"main/{one} is not taken. It is {what}, owner {who}: last changed by {who} at 12:00 UTC. {ANYWAY}"
        for one, (what, who) in told.items()
    ]
    assert {one: held(synced)[int(one)] for one in (fixed, taken)} == {one: before[int(one)] for one in (fixed, taken)}
    assert synced.run("take", taken, "--as", "Ana").exit_code == 0  # hers already
    assert synced.run("take", fixed, taken, "--as", "Olga", "--anyway").stdout == "2 taken\n"
    assert {held(synced)[int(one)].owner for one in (fixed, taken)} == {"Olga"}


def test_a_snooze_ends_at_a_moment_or_at_an_event(synced: Bench) -> None:
    first, second, third, *_ = ids(synced)
    assert synced.run("snooze", first, "--until", "3d", "--as", "Olga").exit_code == 0
    assert synced.run("snooze", second, "--until-status", "--as", "Olga").exit_code == 0
    assert synced.run("snooze", third, "--until-worse", "--more", "2", "--as", "Olga").exit_code == 0
    rows = held(synced)
    assert rows[int(first)].snoozed_until == NOON + timedelta(days=3)
    assert (rows[int(second)].snooze_event, rows[int(third)].snooze_event) == (SnoozeUntil.STATUS, SnoozeUntil.WORSE)
    assert rows[int(third)].snooze_more == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say until when: --until MOMENT, --until-status or --until-worse."),
        (("--until-status", "--until-worse"), "Name one event: --until-status or --until-worse."),
        (("--until-status", "--more", "2"), "--more goes with --until-worse."),
        (("--until", "soon"), "'soon' is no moment; write 2h, 3d, or one like 2026-03-10T08:00Z."),
        (("--until", "2026-03-01T08:00Z"), "2026-03-01T08:00Z is over already; write 2h, 3d, or one like"),
    ],
)
def test_a_snooze_without_an_end_is_refused(synced: Bench, words: tuple[str, ...], sentence: str) -> None:
    result = synced.run("snooze", ids(synced)[0], *words, "--as", "Olga")
    assert (result.exit_code, sentence in result.stderr) == (2, True)


def test_listings_are_given_to_somebody_to_nobody_and_set_back(synced: Bench) -> None:
    first = ids(synced)[0]
    assert synced.run("assign", first, "--to", "Smith, Jane", "--as", "Olga").exit_code == 0
    assert (held(synced)[int(first)].owner, held(synced)[int(first)].stage) == ("Smith, Jane", Stage.TAKEN)
    assert synced.run("assign", first, "--to", "nobody", "--as", "Olga").exit_code == 0
    assert (held(synced)[int(first)].owner, held(synced)[int(first)].stage) == ("", Stage.NEW)
    synced.run("take", first, "--as", "Olga")
    synced.run("note", first, "--text", "kept", "--as", "Olga")
    assert synced.run("back", first, "--as", "Olga").stdout == "1 set back to do\n"
    row = held(synced)[int(first)]
    assert (row.stage, row.owner, row.note) == (Stage.NEW, "", "kept")


def test_an_undo_puts_back_the_last_change_of_whoever_asks_or_the_one_that_is_named(synced: Bench) -> None:
    first, second, *_ = ids(synced)
    synced.run("take", first, "--as", "Olga")
    synced.run("take", second, "--as", "Bob")
    assert synced.run("undo", "--as", "Olga").stdout == "1 put back\n"
    assert (held(synced)[int(first)].owner, held(synced)[int(second)].owner) == ("", "Bob")
    nothing = synced.run("undo", "--as", "Olga")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "Olga made no change in the last 24 hours that could be undone" in nothing.stderr
    of_bob = synced.run("undo", "2", "--as", "Olga")
    assert (of_bob.exit_code, of_bob.stderr) == (0, "Change 2 was made by Bob: 1 taken, 12:00 UTC.\n")
    assert held(synced)[int(second)].owner == ""
    twice = synced.run("undo", "2", "--as", "Olga")
    assert (twice.exit_code, twice.stderr) == (1, "Error: Change 2 was undone already.\n")
    undo = synced.run("undo", "3", "--as", "Olga")
    assert (undo.exit_code, "Change 3 is itself an undo, that of change 1: " in undo.stderr) == (1, True)
    unknown = synced.run("undo", "99999", "--as", "Olga")
    assert (unknown.exit_code, "There is no change 99999; aexdash log ID shows" in unknown.stderr) == (2, True)


def test_a_word_that_is_no_id_is_told_before_anything_is_done_on_the_others(synced: Bench) -> None:
    first, *_ = ids(synced)
    result = synced.run("take", first, "1005", "--as", "Olga")
    assert (result.exit_code, result.stdout) == (2, "")
    assert held(synced)[int(first)].owner == ""


def test_an_undo_leaves_what_somebody_changed_since_and_says_who(synced: Bench) -> None:
    first = ids(synced)[0]
    synced.run("take", first, "--as", "Olga")
    synced.at(NOON + timedelta(minutes=3))
    synced.run("take", first, "--anyway", "--as", "Bob")
    result = synced.run("undo", "1", "--as", "Olga")
    assert result.exit_code == 1
    assert f"main/{first}: Bob changed it at 12:03 UTC" in result.stderr
    assert held(synced)[int(first)].owner == "Bob"


def test_the_log_tells_what_people_and_aliexpress_did_with_the_number_of_each_change(synced: Bench) -> None:
    first = ids(synced)[0]
    synced.at(NOON + timedelta(minutes=5))
    synced.run("take", first, "--as", "Olga")
    lines = synced.run("log", first).stdout.splitlines()
    assert lines[0] == "2026-03-09 12:05 UTC  Olga: taken · owner Olga (command) [1]"
    assert "AliExpress: rejected" in lines[1]
    [people, _] = [json.loads(line) for line in synced.run("log", first, "--json").stdout.splitlines()]
    assert (people["by"], people["change"], from_text(people["at"])) == ("Olga", 1, synced.now.astimezone(UTC))
    unknown = synced.run("log", "1005009999999999")
    assert (unknown.exit_code, "The snapshot knows no listing 1005009999999999." in unknown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "abc"), "'abc' is no product id."),
        (("log", "1005"), "1005 is no product id: those have 10 to 19 digits."),
        (("take", "lamp", "main/shoe", "--as", "Olga"), "'lamp' is no product id. 'shoe' is no product id."),
    ],
)
def test_what_is_no_id_at_all_is_bad_use(synced: Bench, words: tuple[str, ...], said: str) -> None:
    refused = synced.run(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"Error: {said} Write the digits that aexdash worklist shows, or STORE/ID.\n" in refused.stderr


def test_the_log_says_that_an_undo_is_one_and_not_that_its_person_did_what_stood_before(synced: Bench) -> None:
    first = ids(synced)[0]
    synced.run("fix", first, "--anyway", "--as", "Bruno")
    synced.at(NOON + timedelta(minutes=5))
    synced.run("take", first, "--anyway", "--as", "Olga")
    synced.at(NOON + timedelta(minutes=6))
    assert synced.run("undo", "--as", "Olga").exit_code == 0
    line = synced.run("log", first).stdout.splitlines()[0]
    assert line == (
        "2026-03-09 12:06 UTC  Olga: undid [2] (taken): now fixed, waiting for AliExpress · owner Bruno (was Olga)"
        " (command) [3]"
    )
    last, taken, *_ = [json.loads(one) for one in synced.run("log", first, "--json").stdout.splitlines()]
    assert (last["change"], last["undoes"], last["what"].startswith("undid [2] (taken): now ")) == (3, 2, True)
    assert (taken["change"], taken["undoes"]) == (2, None)


def exported(bench: Bench, folder: Path) -> tuple[Path, list[dict[str, str]]]:
    file = folder / "list.csv"
    assert bench.run("export", str(file)).exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return file, list(csv.DictReader(lines))


def write(file: Path, lines: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(lines[0]), delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(lines)


def test_a_file_is_brought_back_once_and_undone_as_one(synced: Bench, tmp_path: Path) -> None:
    file, lines = exported(synced, tmp_path)
    lines[0]["Owner"], lines[1]["Note"], lines[2]["Title"] = "Bob", "=1+1", "Better"
    write(file, lines)
    synced.at(NOON + timedelta(minutes=5))
    shown = synced.run("apply", str(file), "--dry-run", "--as", "Olga")
    assert shown.exit_code == 1
    assert shown.stdout.splitlines()[0] == "2 changes to 2 listings · 1 row refused · 2 rows unchanged"
    assert [line.partition("  ")[2] for line in shown.stdout.splitlines()[1:]] == [
        "Owner: nobody → Bob",
        "Note: no note → “=1+1”",
    ]
    refused = (
        f"Row 4 ({lines[2]['Product id'].strip()}): Title was changed in the file: only Stage, Owner and Note can be"
    )
    assert shown.stderr.splitlines() == [refused, "Nothing was changed (--dry-run)."]
    assert {row.owner for row in held(synced).values()} == {""}
    done = synced.run("apply", str(file), "--as", "Olga")
    assert (done.exit_code, done.stdout) == (1, "2 changed by a file\n")
    assert done.stderr.splitlines() == ["aexdash undo 1 puts it back.", refused]
    assert synced.run("apply", str(file), "--as", "Olga").stdout == "0 changed by a file\n"
    synced.run("undo", "1", "--as", "Bob")
    assert {(row.owner, row.note, row.stage) for row in held(synced).values()} == {("", "", Stage.NEW)}


@pytest.mark.parametrize(
    ("option", "note", "code"), [((), "theirs", 1), (("--theirs",), "theirs", 0), (("--mine",), "mine", 0)]
)
def test_what_was_changed_here_meanwhile_is_left_unless_somebody_says_who_counts(
    synced: Bench, tmp_path: Path, option: tuple[str, ...], note: str, code: int
) -> None:
    file, lines = exported(synced, tmp_path)
    product_id = lines[0]["Product id"].strip()
    synced.at(NOON + timedelta(minutes=5))
    synced.run("note", product_id, "--text", "theirs", "--as", "Bob")
    lines[0]["Note"] = "mine"
    write(file, lines)
    result = synced.run("apply", str(file), *option, "--as", "Olga")
    assert (result.exit_code, held(synced)[int(product_id)].note) == (code, note)
    said = f"main/{product_id}: Note: no note when it was exported · “mine” in the file · “theirs” here now, by Bob"
    assert (said in result.stderr) is (not option)


def test_a_file_of_somebody_else_is_refused_in_a_sentence(synced: Bench, tmp_path: Path) -> None:
    (tmp_path / "theirs.csv").write_text("Product ID,Reason\n1005001234567891,blurred\n")
    result = synced.run("apply", str(tmp_path / "theirs.csv"), "--as", "Olga")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "theirs.csv has no columns 'Product id' and 'Row check'" in result.stderr


@pytest.mark.parametrize(
    ("form", "begins"), [("text", "Digest of "), ("md", "# Digest of "), ("html", "<!doctype html>")]
)
def test_the_digest_is_printed_in_the_form_that_is_asked_for(synced: Bench, form: str, begins: str) -> None:
    synced.run("take", ids(synced)[0], "--as", "Olga")
    result = synced.run("digest", "--since", "2h", "--format", form)
    assert (result.exit_code, result.stdout[: len(begins)]) == (0, begins)
    assert "Olga: 1 to do" in result.stdout
    assert "http://localhost:8501/worklist?lane=todo" in result.stdout
    assert "Trace" not in result.stdout  # it was sent nowhere, so nothing else carries one
    if form == "md":
        assert "- [To do: 4](http://localhost:8501/worklist?lane=todo&order=urgent)\n" in result.stdout
        assert not re.search(r"(?<!\()http", result.stdout)


def test_a_digest_of_what_was_never_read_is_none_and_of_a_span_to_come_neither(synced: Bench) -> None:
    later = synced.run("digest", "--since", "2026-03-10T08:00Z")
    assert (later.exit_code, "is not over yet: a digest is of what has been." in later.stderr) == (2, True)
    for far in ("0001-01-01T00:00Z", "4000d", "99999999d"):
        back = synced.run("digest", "--since", far)
        said = f"Error: {far} is too far back: a digest is of ten years at most, 3653d.\n"
        assert (back.exit_code, back.stdout, said in back.stderr) == (2, "", True)
    for word in ("0001-01-01", "9999-12-31"):
        dateless = synced.run("digest", "--since", word)
        said = f"Error: '{word}' is no moment; write 2h, 3d, or one like 2026-03-09T08:00Z.\n"
        assert (dateless.exit_code, said in dateless.stderr) == (2, True)
    unclear = synced.run("digest", "--since", "yesterday")
    assert (unclear.exit_code, "'yesterday' is no moment" in unclear.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        *(
            (("snooze", "1", "--until", far), f"{far} is too far away: a snooze lasts ten years at most, 3653d.\n")
            for far in ("9999-12-31T23:59:59Z", "9999d", "3654d", "99999999d", f"{'9' * 30}m")
        ),
        (("snooze", "1", "--until-worse", "--more", "9" * 25), "--more"),
        (("undo", "9" * 20), "is not in the range"),
    ],
)
def test_what_is_out_of_all_bounds_is_refused_in_a_sentence(synced: Bench, words: tuple[str, ...], says: str) -> None:
    refused = synced.run(*words, "--as", "Olga")
    assert refused.exit_code == 2
    assert says in refused.stderr


def test_the_longest_snooze_of_a_command_is_that_of_the_page() -> None:
    assert TEN_YEARS == LONGEST_SNOOZE


def test_the_words_for_no_person_are_no_names(synced):
    [first, *_] = ids(synced)
    for name in ("nobody", "Rule", "command line", "-"):
        refused = synced.run("take", first, "--as", name)
        assert (refused.exit_code, refused.stdout) == (2, ""), name
    for name in ("rule", "-", "\u3164"):
        refused = synced.run("assign", first, "--to", name, "--as", "Olga")
        assert (refused.exit_code, "--to: " in refused.stderr) == (2, True), name
    assert synced.run("assign", first, "--to", "Nobody", "--as", "Olga").exit_code == 0


def test_the_text_of_a_note_may_stand_last_and_is_asked_for_where_there_is_none(synced: Bench) -> None:
    first, second, *_ = ids(synced)
    assert synced.run("note", first, f"main/{second}", "asked the supplier", "--as", "Olga").exit_code == 0
    assert [held(synced)[int(one)].note for one in (first, second)] == ["asked the supplier"] * 2
    for words in ((first,), (first, second), (first, f"main/{second}"), (first, "-")):
        asked = synced.run("note", *words, "--as", "Olga")
        said = 'Say what to note: --text "TEXT", or the text in quotes after the ids.'
        assert (asked.exit_code, said in asked.stderr) == (2, True), words
    assert synced.run("note", first, "--text", "", "--as", "Olga").exit_code == 0
    assert held(synced)[int(first)].note == ""


def test_a_note_is_as_long_by_a_command_as_on_the_page_and_in_a_file(synced: Bench) -> None:
    first = ids(synced)[0]
    long = synced.run("note", first, "--text", "y" * 2_001, "--as", "Olga")
    said = "Note has 2,001 characters, and at most 2,000 are kept."
    assert (long.exit_code, said in long.stderr, held(synced)[int(first)].note) == (2, True, "")
    assert synced.run("note", first, "--text", f" {'y' * 2_000} ", "--as", "Olga").exit_code == 0


def test_two_changes_of_one_person_at_one_moment_have_their_own_numbers_in_the_log(synced: Bench) -> None:
    first = ids(synced)[0]
    synced.run("take", first, "--as", "Olga")
    synced.run("note", first, "--text", "sharp", "--as", "Olga")
    lines = synced.run("log", first).stdout.splitlines()
    assert [line.rpartition(" ")[2] for line in lines[:2]] == ["[2]", "[1]"]
    told = [json.loads(line) for line in synced.run("log", first, "--json").stdout.splitlines()]
    assert [one["change"] for one in told] == [2, 1, None]
