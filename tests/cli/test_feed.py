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
    result = synced.run("feed", file)
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
    assert "does not say which column holds" in synced.run("feed", file).stderr
    assert synced.run("feed", file, "--column", "message=Verdict").exit_code == 0
    assert FeedDesk(synced.home / "desk.db").columns_for(("Verdict", "sku")) == (
        FeedColumns(sku="sku", message="Verdict")
    )


def test_a_dry_run_keeps_nothing(synced: Bench, tmp_path: Path) -> None:
    result = synced.run("feed", file_of(tmp_path, "sku,message\nA,bad\n"), "--dry-run")
    assert result.stdout.splitlines()[-1] == "Nothing was kept (--dry-run)."
    assert not (synced.home / "feed").exists()


def test_while_another_process_writes_the_file_waits_for_it(synced: Bench, tmp_path: Path) -> None:
    with lease.hold(synced.home / "snapshot.lock", clock=synced.clock, command="worker"):
        result = synced.run("feed", file_of(tmp_path, "sku,message\nA,bad\n"))
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
