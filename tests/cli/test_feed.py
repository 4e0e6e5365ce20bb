"""`aexdash feed`: a validation file from the command line to the card."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.feed_columns import FeedDesk
from aexdash.sources.feedonomics import FeedColumns
from aexdash.sync import lease
from tests.cli.bench import Bench

CARD = "aex_listings_failing_feedonomics_validation"


def file_of(folder: Path, content: str) -> str:
    (folder / "validation.csv").write_text(content, encoding="utf-8")
    return str(folder / "validation.csv")


def test_a_file_by_its_path_counts_at_once_and_is_in_the_card_from_the_next_day_on(
    synced: Bench, tmp_path: Path
) -> None:
    file = file_of(tmp_path, "sku,message\nA,bad\nB,\nC,\nD,\nA,worse\n")
    result = synced.run("feed", file, "--every-message")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["1 of 4 SKUs rejected.", "Rows that name a SKU once more: 1.", "Read, and it counts."],
    )
    synced.at(synced.now + timedelta(days=1))
    assert synced.run("sync").exit_code == 0
    told = json.loads(synced.run("cards", "--json").stdout)
    assert told[CARD]["value"] == 25.0


def test_columns_named_once_are_remembered(synced: Bench, tmp_path: Path) -> None:
    file = file_of(tmp_path, "sku,Verdict\nA,bad\nB,\n")
    assert "does not say which SKUs were rejected" in synced.run("feed", file).stderr
    assert "does not say which SKUs" in synced.run("feed", file, "--column", "message=Verdict").stderr
    assert synced.run("feed", file, "--column", "message=Verdict", "--every-message").exit_code == 0
    assert FeedDesk(synced.home / "desk.db").columns_for(("Verdict", "sku")) == (
        FeedColumns(sku="sku", message="Verdict", every_message=True)
    )
    assert synced.run("feed", file).exit_code == 0


def test_words_of_a_status_explained_once_are_remembered(synced: Bench, tmp_path: Path) -> None:
    file = file_of(tmp_path, "sku,Verdict,message\nA,kaput,x\nB,Rejected,y\nC,splendid,z\n")
    asked = synced.run("feed", file, "--column", "severity=Verdict", "--dry-run")
    assert asked.stdout.splitlines() == [
        "1 of 1 SKUs rejected.",
        "SKUs not counted, because nobody said what their status means: 2 ('kaput', 'splendid').",
        "Say what these words mean with --rejected and --not-rejected.",
        "Nothing was kept (--dry-run).",
    ]
    words = ("--column", "severity=Verdict", "--rejected", "Kaput", "--not-rejected", "splendid")
    assert synced.run("feed", file, *words).stdout.splitlines()[0] == "2 of 3 SKUs rejected."
    assert synced.run("feed", file).stdout.splitlines()[0] == "2 of 3 SKUs rejected."
    other = synced.run("feed", file, "--not-rejected", "kaput", "--dry-run")
    assert other.stdout.splitlines()[0] == "1 of 3 SKUs rejected."


def test_a_code_page_is_asked_for_and_what_was_chosen_is_laid_down_as_utf_8(synced: Bench, tmp_path: Path) -> None:
    file = tmp_path / "validation.csv"
    file.write_bytes("SKU,Severity,Message\nA-1,error,Błąd ceny\n".encode("cp1250"))
    refused = synced.run("feed", str(file))
    assert refused.exit_code == 2
    assert "cp1250: 'A-1,error,Błąd ceny'" in refused.stderr
    assert refused.stderr.strip().endswith("Name it with --code-page.")
    assert synced.run("feed", str(file), "--code-page", "cp1250").exit_code == 0
    [laid] = (synced.home / "feed" / "main").iterdir()
    assert laid.read_text(encoding="utf-8-sig") == "SKU,Severity,Message\nA-1,error,Błąd ceny\n"


def test_a_dry_run_keeps_nothing(synced: Bench, tmp_path: Path) -> None:
    result = synced.run("feed", file_of(tmp_path, "sku,error\nA,bad\n"), "--dry-run")
    assert result.stdout.splitlines()[-1] == "Nothing was kept (--dry-run)."
    assert not (synced.home / "feed").exists()


def test_while_another_process_writes_the_file_waits_for_it(synced: Bench, tmp_path: Path) -> None:
    with lease.hold(synced.home / "snapshot.lock", clock=synced.clock, command="worker"):
        result = synced.run("feed", file_of(tmp_path, "sku,error\nA,bad\n"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("Laid in the feed folder; worker, process ")


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        ("", (), "validation.csv is empty"),
        ("name,price\nLamp,1\n", (), "no heading row with product ids or SKU codes"),
        ("sku,message\nA,x\n", ("--store", "mian"), "No store 'mian'"),
        ("sku,message\nA,x\n", ("--column", "why=message"), "There is nothing named why to map: use sku, severity"),
        ("sku,message\nA,x\n", ("--column", "code=Cod"), "There is no column 'Cod'; there are 'sku', 'message'."),
    ],
)
def test_bad_use_is_exit_code_2_and_one_sentence(
    synced: Bench, tmp_path: Path, content: str, words: tuple[str, ...], sentence: str
) -> None:
    result = synced.run("feed", file_of(tmp_path, content), *words)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert sentence in result.stderr
