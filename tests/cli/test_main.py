"""The commands against a simulated AliExpress on a real loopback port."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

from aexdash.cards import CARDS
from aexdash.desk.decisions.work import Desk
from aexdash.model import Status
from aexdash.snapshot.file import reading
from aexdash.sync import lease
from tests.cli.bench import NOON, ROOT, Bench, listing


def facts(result: Result) -> dict[str, Any]:
    last: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return last


@pytest.mark.slow
def test_a_sync_ends_with_one_line_of_json(bench: Bench) -> None:
    bench.sign_in()
    result = bench.run("sync", "--json")
    told = facts(result)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1
    assert told.pop("calls") > 0
    assert told == {
        "outcome": "complete",
        "held": 5,
        "rejected": 4,
        "auditing": 1,
        "active": 7,
        "total": 12,
        "changes": told["changes"],
        "as_of": told["as_of"],
        "message": "",
    }
    assert told["changes"] >= 12


@pytest.mark.slow
def test_a_second_pulse_finds_nothing_new(just_synced: Bench) -> None:
    told = facts(just_synced.run("sync", "--pulse", "--json"))
    assert (told["outcome"], told["changes"], told["held"]) == ("complete", 0, 5)


@pytest.mark.slow
def test_a_sync_for_a_person_says_the_counts(bench: Bench) -> None:
    bench.sign_in()
    result = bench.run("sync")
    assert result.stdout.startswith("main: complete. 5 held (4 rejected, 1 in audit), 7 active of 12; ")


def test_a_failed_sync_is_exit_code_1_and_no_count(bench: Bench) -> None:
    result = bench.run("sync", "--json")
    told = facts(result)
    assert result.exit_code == 1
    assert (told["outcome"], told["held"], told["total"]) == ("failed", None, None)
    assert "aexdash authorize" in result.stderr or "sign" in result.stderr.lower()
    assert "Traceback" not in result.output


def test_a_wrong_secret_is_said_without_repeating_it(bench: Bench) -> None:
    bench.sign_in()
    secrets = bench.home / "secrets.toml"
    secrets.write_text('[store.main]\napp_secret = "wrong-secret-word"\n')
    result = bench.run("sync")
    assert result.exit_code == 1
    assert "app secret of store main is wrong" in result.stderr
    assert "wrong-secret-word" not in result.output


def test_worklist_and_cards_show_the_worked_example(just_synced: Bench) -> None:
    rows = [json.loads(line) for line in just_synced.run("worklist", "--json").stdout.splitlines()]
    reasons = sorted((row["status"], reason["code"]) for row in rows for reason in row["reasons"])
    assert reasons == [
        ("auditing", "attribute.brand_missing"),
        *[("rejected", "image.main_too_small")] * 4,
    ]
    small = next(row for row in rows if row["status"] == "rejected")
    assert isinstance(small["product_id"], str)
    assert small["reasons"][0]["what_to_do"].startswith("Main picture 640×640: upload at least 800×800")
    cards = facts(just_synced.run("cards", "--json"))
    assert list(cards) == list(CARDS)
    assert {card["state"] for card in cards.values()} == {"fresh"}
    assert (cards["aex_rejected_auditing_listings"]["rejected"], cards["aex_total_listings"]["value"]) == (4, 12)
    assert cards["aex_listing_suppressed_pct"] == {
        "title": "Suppressed share",
        "value": 41.6667,
        "unit": "percent",
        "sentiment": "Needs attention",
        "sentiment_key": "listing_suppressed_pct",
        "window": "RT",
        "numerator": 5,
        "denominator": 12,
        "known": None,
        "of": None,
        "low": None,
        "high": None,
        "currency": None,
        "note": "",
        "as_of": cards["aex_listing_suppressed_pct"]["as_of"],
        "state": "fresh",
        "still_reading": False,
        "at_least": False,
        "statement": {
            "claim": "known",
            "read_at": "2026-03-09T12:00:00.000Z",
            "stores": {"asked": 1, "read": 1, "not_read": [], "behind": {}},
            "unread_seconds": 0,
            "was": None,
        },
    }


def test_cards_are_told_as_of_a_moment_and_of_the_stores_that_are_asked_for(just_synced: Bench) -> None:
    past = facts(just_synced.run("cards", "--json", "--store", "main", "--as-of", "2026-03-01T00:00:00Z"))
    assert {(card["value"], card["sentiment"], card["state"]) for card in past.values()} == {(None, "No data", "past")}
    for words, sentence in (
        (("--store", "other"), "There is no store 'other' in the snapshot; it holds main."),
        (("--profile", "eu"), "There is no profile eu; there is none so far."),
        (("--as-of", "yesterday"), "--as-of yesterday is not a moment of the years 1000 to 9998; write it like"),
    ):
        refused = just_synced.run("cards", *words)
        assert (refused.exit_code, sentence in refused.stderr) == (2, True)


@pytest.mark.parametrize(("zone", "end"), [("UTC", "2026-03-08 23:59"), ("Asia/Shanghai", "2026-03-08 15:59")])
def test_a_day_is_as_of_its_end_in_the_zone_of_the_workspace(just_synced: Bench, zone: str, end: str) -> None:
    with (just_synced.home / "aexdash.toml").open("a") as file:
        file.write(f'[workspace]\nzone = "{zone}"\n')
    told = just_synced.run("worklist", "--as-of", "2026-03-08").stderr
    assert f"As of {end} UTC." in told
    today = just_synced.run("worklist", "--as-of", "2026-03-09")
    assert (today.exit_code, "lies ahead: nobody has read it yet" in today.stderr) == (2, True)


def test_the_worklist_takes_the_words_of_the_url(just_synced: Bench) -> None:
    assert len(just_synced.run("worklist", "--reason", "image", "--json").stdout.splitlines()) == 4
    assert len(just_synced.run("worklist", "--status", "rejected,auditing", "--json").stdout.splitlines()) == 5
    assert len(just_synced.run("worklist", "--as-of", "2026-03-01T00:00:00Z", "--json").stdout.splitlines()) == 0
    assert just_synced.run("worklist", "--status", "active", "--json").stdout == ""
    assert len(just_synced.run("worklist", "--resubmit", "not_yet", "--json").stdout.splitlines()) == 4
    result = just_synced.run("worklist", "--limit", "2", "--order", "title")
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.startswith("5 listings, 2 shown (--limit shows more). Read at 2026-03-09 12:00")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--status", "rejcted,rejected"),
            "Error: --status rejcted is not known; status can be rejected, auditing, offline, active.",
        ),
        (
            ("--category", "lamps", "--note", "maybe"),
            (
                "Error: --category lamps is not a number; write a category id such as 380230. "
                "--note maybe is not known; note can be yes, no."
            ),
        ),
        *(
            (
                ("--as-of", word),
                f"Error: --as-of {word} is not a moment of the years 1000 to 9998; write it like 2026-03-09T12:00:00Z.",
            )
            for word in ("yesterday", "9999-12-31", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z")
        ),
        (
            ("--as-of", "2030-01-01T00:00:00Z"),
            "Error: The moment 1 Jan 2030 00:00 UTC lies ahead: nobody has read it yet.",
        ),
        (("--reason", "image.main_to_small"), "near it are image.main_too_small"),
        (("--home", "/nowhere-at-all"), "There is no folder /nowhere-at-all; name the home with --home."),
        (("--store", "mian"), "There is no store 'mian' in the snapshot; it holds main."),
        (("--nonsense",), "No such option"),
    ],
)
def test_bad_use_is_exit_code_2_and_never_an_empty_list(
    just_synced: Bench, words: tuple[str, ...], sentence: str
) -> None:
    result = just_synced.run("worklist", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())
    assert "left out" not in result.stderr


def test_the_export_filtered_by_a_reason_holds_those_and_no_others(just_synced: Bench, tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    result = just_synced.run("export", str(file), "--reason", "image.main_too_small")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"4 listings written to {file}. Read at 2026-03-09 12:00")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    assert {int(row["Product id"]) for row in rows} == {listing(n, Status.REJECTED).product_id for n in range(4)}
    just_synced.run("export", str(tmp_path / "all.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert {sheet.title: sheet.max_row - 1 for sheet in book} == {
        "All": 5,
        "Main picture too small": 4,
        "Brand missing": 1,
    }


def test_the_fix_sheet_of_a_reason_holds_those_and_no_others(just_synced: Bench, tmp_path: Path) -> None:
    file = tmp_path / "fix.csv"
    result = just_synced.run("fixsheet", "image.main_too_small", "-o", str(file), "--status", "rejected")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"4 listings written to {file}. Read at 2026-03-09 12:00")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    assert {row["Present size (px)"] for row in rows} == {"640×640"}
    assert just_synced.run("fixsheet", "attribute.brand_missing", "-o", str(tmp_path / "fix.xlsx")).exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "fix.xlsx").worksheets[0].max_row == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("image.main_to_small", "-o", "fix.csv"), "near it are image.main_too_small"),
        (("image.none", "-o", "fix.csv", "--reason", "image"), "is about the one reason CODE; leave --reason out"),
        (("image.none",), "Missing option '-o'"),
        (("fix.csv", "image.none"), "CODE comes before FILE: aexdash fixsheet image.none fix.csv"),
        (("fix.XLSX", "-o", "image.none"), "CODE comes before FILE"),
        (("image.nope",), "There is no reason 'image.nope'; near it is image.none."),
        (("image.zzz",), "There is no reason 'image.zzz'; of image there are "),
        (("nonsense",), "There is no reason 'nonsense'; the families of reasons are "),
        (("image.none", "-o", "/nowhere-at-all/fix.csv"), "There is no folder /nowhere-at-all."),
        (("image.none", "one.csv", "-o", "two.csv"), "Name one file to write: FILE or -o, not both."),
    ],
)
def test_a_fix_sheet_is_about_one_reason_that_there_is(
    just_synced: Bench, words: tuple[str, ...], sentence: str
) -> None:
    result = just_synced.run("fixsheet", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())


def test_a_worklist_line_says_how_sure_its_reasons_are(just_synced: Bench) -> None:
    lines = just_synced.run("worklist", "--reason", "image").stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["Main picture too small (likely; resubmit: not yet)"] * 4
    row = json.loads(just_synced.run("worklist", "--reason", "image", "--json").stdout.splitlines()[0])
    assert (row["certainty"], row["resubmit"], row["reasons"][0]["language"]) == ("likely", "not_yet", None)


def test_before_any_sync_there_is_a_sentence_and_no_zero(bench: Bench) -> None:
    for words in (("worklist",), ("cards",), ("export", "x.csv")):
        result = bench.run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "run `aexdash sync`" in result.stderr


def test_configuration_errors_are_exit_code_2(bench: Bench) -> None:
    assert bench.run("sync", "--store", "other").exit_code == 2
    (bench.home / "aexdash.toml").write_text("[store.main\n")
    for words in (("sync",), ("worklist",), ("authorize", "main")):
        result = bench.run(*words)
        assert result.exit_code == 2
        assert "is not valid TOML" in result.stderr
    (bench.home / "aexdash.toml").unlink()
    (bench.home / "secrets.toml").unlink()
    result = bench.run("sync")
    assert result.exit_code == 2
    assert f"There is no {bench.home / 'aexdash.toml'}: write a [store.main] into it" in result.stderr
    (bench.home / "aexdash.toml").write_text("")
    assert f"{bench.home / 'aexdash.toml'} names no store: write" in bench.run("sync").stderr


def test_authorize_shows_the_page_and_takes_the_address_it_leads_to(bench: Bench) -> None:
    asked = bench.run("authorize", "main")
    assert asked.exit_code == 2
    assert "Store main has no redirect_uri" in asked.stderr
    code = bench.platform.issue_code("123456")
    address = f"https://shop.example/callback?code={code}"
    result = bench.run("authorize", "main", "--redirect-uri", "https://shop.example/callback", input=f"{address}\n")
    assert result.exit_code == 0
    assert "/oauth/authorize?response_type=code&force_auth=true&redirect_uri=https%3A%2F%2Fshop" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Signed in to store main as shop, good until 2026-03-10 12:00 UTC")
    token = bench.home / "tokens" / "main.json"
    assert token.stat().st_mode & 0o777 == 0o600


def test_authorize_refuses_the_address_of_another_sign_in(bench: Bench) -> None:
    address = "https://shop.example/callback?code=x&state=other"
    result = bench.run("authorize", "main", "--redirect-uri", "https://shop.example/callback", input=f"{address}\n")
    assert result.exit_code == 2
    assert "belongs to another sign-in" in result.stderr


def test_a_code_that_is_not_good_is_said(bench: Bench) -> None:
    result = bench.run("authorize", "main", "--code", "used-up")
    assert result.exit_code == 1
    assert "did not accept the sign-in code of store main" in result.stderr


@pytest.mark.slow
def test_a_ban_is_remembered_shown_and_ended_by_name(bench: Bench) -> None:
    bench.sign_in()
    bench.run("sync")
    assert bench.run("lift-ban", "main").stdout == "No ban of store main is running.\n"
    bench.platform.faults.add("xml_ban", 10**9, times=1)
    banned = bench.run("sync")
    assert (banned.exit_code, "for 86400 seconds, until 2026-03-10 12:00:00 UTC" in banned.stderr) == (1, True)
    calls = bench.platform.calls
    assert bench.run("sync").exit_code == 1
    assert bench.platform.calls == calls
    doctor = bench.run("doctor")
    assert "AliExpress for main: a ban runs until 2026-03-10 12:00 UTC: AliExpress lets app 123456" in doctor.stdout
    assert "If that cannot be true: aexdash lift-ban main." in doctor.stdout
    assert bench.platform.calls == calls + 1  # the one that asks for the time
    lifted = bench.run("lift-ban", "main")
    assert lifted.stdout.startswith("No longer waited for: AliExpress lets app 123456 make no calls for store main")
    assert bench.run("sync").exit_code == 0


@pytest.mark.slow
def test_a_sign_in_of_another_seller_is_refused_by_name_and_the_token_before_stays(bench: Bench) -> None:
    bench.sign_in()
    bench.run("sync")
    token = (bench.home / "tokens" / "main.json").read_bytes()
    bench.platform.faults.add("another_seller", 88)
    result = bench.run("authorize", "main", "--code", bench.platform.issue_code("123456"))
    assert result.exit_code == 1
    assert "This token is of seller 88, the snapshot of store main is of seller 77." in result.stderr
    assert "aexdash change-account main" in result.stderr
    assert (bench.home / "tokens" / "main.json").read_bytes() == token
    bench.platform.faults.clear()
    assert bench.run("sync").exit_code == 0


@pytest.mark.slow
def test_a_change_of_account_keeps_what_was_read_and_begins_anew(bench: Bench) -> None:
    bench.sign_in()
    bench.run("sync")
    held = [json.loads(line)["product_id"] for line in bench.run("worklist", "--json").stdout.splitlines()]
    Desk(bench.home / "desk.db").set_note("main", [int(held[0])], "ask the supplier", by="ana", now=NOON)
    bench.run("annotate", "--listing", held[0], "--text", "Brand missing")
    assert bench.run("change-account", "main", input="n\n").exit_code == 1
    result = bench.run("change-account", "main", "--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("What was read of store main is kept as store main-77, no longer read, with its")
    again = bench.run("change-account", "main", "--yes")
    assert (again.exit_code, "knows no seller of store main yet" in again.stderr) == (2, True)
    bench.platform.faults.add("another_seller", 88)
    bench.sign_in()
    for status in (Status.REJECTED, Status.AUDITING, Status.ACTIVE):
        for number in bench.world.ids(status, NOON):
            bench.world.remove(number)
    bench.world.put(listing(20, Status.REJECTED))
    assert bench.run("sync").stdout.startswith("main: complete. 1 held (1 rejected, 0 in audit), 0 active of 1; ")
    kept = [json.loads(line) for line in bench.run("worklist", "--store", "main-77", "--json").stdout.splitlines()]
    assert [row["product_id"] for row in kept] == held
    with reading(bench.home / "snapshot.db") as connection:
        stores = connection.execute("SELECT key, seller_id, watched FROM store ORDER BY id").fetchall()
    assert stores == [("main-77", "77", 0), ("main", "88", 1)]
    assert [entry.after for entry in Desk(bench.home / "desk.db").log("main-77", int(held[0]))] == ["ask the supplier"]
    with closing(sqlite3.connect(bench.home / "desk.db")) as desk:
        copied = desk.execute("SELECT store_key, product_id, text FROM annotation ORDER BY id").fetchall()
    assert copied == [(key, int(held[0]), "Brand missing") for key in ("main", "main-77")]


def test_no_account_changes_while_a_worker_runs(just_synced: Bench) -> None:
    with lease.hold(just_synced.home / "worker.lock", clock=just_synced.clock, command="worker"):
        result = just_synced.run("change-account", "main", "--yes")
    assert (result.exit_code, "worker" in result.stderr) == (1, True)
    assert len(just_synced.run("worklist", "--json").stdout.splitlines()) == 5


@pytest.mark.slow
def test_two_stores_of_one_seller_are_refused(bench: Bench) -> None:
    bench.sign_in()
    config, secrets = bench.home / "aexdash.toml", bench.home / "secrets.toml"
    config.write_text(config.read_text() + config.read_text().replace("main", "again"))
    secrets.write_text(secrets.read_text() + secrets.read_text().replace("main", "again"))
    assert bench.run("authorize", "again", "--code", bench.platform.issue_code("123456")).exit_code == 0
    result = bench.run("sync")
    assert result.exit_code == 2
    assert "are the same seller account" in result.stderr


@pytest.mark.slow
def test_a_damaged_snapshot_is_moved_aside_on_request_only(just_synced: Bench) -> None:
    whole = just_synced.run("doctor", "--move-aside")
    assert whole.exit_code == 2
    assert "is whole and stays where it is" in whole.stderr
    snapshot = just_synced.home / "snapshot.db"
    with closing(sqlite3.connect(snapshot)) as of_older, of_older:
        of_older.execute("UPDATE _sqlite_migrations SET migration_set = 'not now' WHERE name LIKE '0015%'")
    older = just_synced.run("doctor", "--move-aside")
    assert (older.exit_code, "is of an older version" in older.stderr, snapshot.exists()) == (1, True, True)
    snapshot.write_bytes(b"not a database, " * 500)
    for words in (("worklist",), ("sync",)):
        result = just_synced.run(*words)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert snapshot.exists()
    result = just_synced.run("doctor", "--move-aside")
    assert "The damaged snapshot is now" in result.stdout
    assert not snapshot.exists()
    assert facts(just_synced.run("sync", "--json"))["held"] == 5


@pytest.mark.slow
def test_a_snapshot_that_is_being_written_is_waited_for(bench: Bench) -> None:
    bench.sign_in()
    holder = (
        "import sys; from pathlib import Path; from aexdash.sync import lease; from aexdash.clock import system_clock\n"
        "with lease.hold(Path(sys.argv[1]), clock=system_clock, command='worker'):\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(bench.home / "snapshot.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with subprocess.Popen(
            [sys.executable, "-m", "aexdash", "sync", "--home", str(bench.home), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as waiting:
            assert waiting.stderr is not None
            assert waiting.stderr.readline().startswith("Waiting: the snapshot is being written by worker, process ")
            other.kill()
            stdout, _ = waiting.communicate(timeout=60)
    assert json.loads(stdout)["held"] == 5


@pytest.mark.slow
def test_watch_keeps_the_snapshot_current_until_it_is_interrupted(bench: Bench) -> None:
    bench.sign_in()
    with subprocess.Popen(
        [sys.executable, "-m", "aexdash", "sync", "--home", str(bench.home), "--watch", "--verbose"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as watching:
        assert watching.stderr is not None
        try:
            assert any(" main: sweep complete: held 5" in line for line in watching.stderr)
            watching.send_signal(signal.SIGTERM)
            watching.communicate(timeout=60)
        finally:
            watching.kill()  # else a failure here would wait for it without end
    assert watching.returncode == 0


@pytest.mark.slow
def test_python_m_and_help() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "aexdash", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    reading = ("worklist", "cards", "export", "fixsheet", "doctor")
    for command in ("demo", "serve", "sync", "authorize", "annotate", "feed", "alerts", *reading):
        assert f"  {command} " in shown.stdout
