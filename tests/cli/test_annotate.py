"""`aexdash annotate`: a file or one text from Seller Center, from the command line to the worklist."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from aexdash.desk.annotations import Annotations
from aexdash.model import Status
from aexdash.sync import lease
from tests.cli.bench import Bench, listing
from tests.sources.written import STYLES_OPENPYXL_REFUSES, workbook

SMALL = [str(listing(number, Status.REJECTED).product_id) for number in range(4)]
BRAND = str(listing(4, Status.AUDITING).product_id)
ACTIVE = str(listing(5, Status.ACTIVE).product_id)


def file_of(folder: Path, rows: list[list[object]], name: str = "rejected.xlsx") -> str:
    path = folder / name
    path.write_bytes(workbook({"Lamps": rows}, styles=STYLES_OPENPYXL_REFUSES))
    return str(path)


def told(synced: Bench) -> dict[str, list[tuple[str, str | None]]]:
    """The codes and languages that Seller Center stands for, by product id."""
    rows = map(json.loads, synced.run("worklist", "--provenance", "seller_center", "--json").stdout.splitlines())
    return {
        row["product_id"]: sorted(
            (reason["code"], reason["language"]) for reason in row["reasons"] if reason["provenance"] == "seller_center"
        )
        for row in rows
    }


@pytest.mark.slow
def test_a_workbook_that_openpyxl_refuses_becomes_reasons_in_the_worklist_and_in_the_export(
    synced: Bench, tmp_path: Path
) -> None:
    file = file_of(
        tmp_path,
        [
            ["基本信息"],
            ["商品ID", "*商品标题", "审核不通过原因"],
            [int(SMALL[0]), "灯", "Main picture is too small"],
            [SMALL[1], "灯", "Brand Name is missing\nMain picture is too small"],
            [f"{BRAND[0]}.{BRAND[1:]}E+15", "灯", "quite another matter, zzz"],
            [float(ACTIVE), "灯", "Main picture is too small"],
            [SMALL[0], "灯", "Main picture is too small"],
            ["1005009999999999", "灯", "Main picture is too small"],
            ["1.00501E+15", "灯", "Main picture is too small"],
        ],
    )
    with pytest.raises(ValueError, match="could not read stylesheet"):
        openpyxl.load_workbook(file)
    result = synced.run("annotate", file)
    assert (result.exit_code, result.stderr) == (0, "Kept for 4 listings. It stands on those that are held.\n")
    assert result.stdout.splitlines() == [
        "4 listings matched, 3 of them held; 1 unmatched, 0 ambiguous, 1 refused, 1 repeated, 0 without text.",
        "      3  Main picture too small (image.main_too_small)",
        "      1  Brand missing (attribute.brand_missing)",
        "      1  Annotation not recognised (other.unrecognised)",
        "Sheet Lamps, row 8: 1005009999999999: the snapshot knows no such listing",
        "Sheet Lamps, row 9: 1.00501E+15 does not show all digits of the id; write the column as text",
    ]
    assert told(synced) == {
        SMALL[0]: [("image.main_too_small", "en")],
        SMALL[1]: [("attribute.brand_missing", "en"), ("image.main_too_small", "en")],
        BRAND: [("other.unrecognised", "en")],
    }
    export = tmp_path / "told.csv"
    assert synced.run("export", str(export), "--provenance", "seller_center").stderr.startswith("3 listings")
    assert "Brand Name is missing" in export.read_text("utf-8-sig")


@pytest.mark.slow
def test_a_dry_run_shows_the_same_and_keeps_nothing(synced: Bench, tmp_path: Path) -> None:
    file = file_of(tmp_path, [["id", "Reason"], [SMALL[0], "Main picture is too small"]])
    result = synced.run("annotate", file, "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "Nothing was kept (--dry-run).\n")
    assert result.stdout.startswith("1 listing matched, 1 of them held;")
    assert (told(synced), Annotations(synced.home / "desk.db").mark("main")) == ({}, 0)


@pytest.mark.slow
def test_columns_that_were_named_once_are_remembered_for_their_headings(synced: Bench, tmp_path: Path) -> None:
    headings = ["nr", "SKU", "Feedback", "Note"]
    first = file_of(tmp_path, [headings, [SMALL[0], "x", "Main picture is too small", "fine"]])
    asked = synced.run("annotate", first)
    assert asked.exit_code == 2
    assert "Which column says why? Name it with --text; there are 'nr', 'SKU', 'Feedback', 'Note'." in asked.stderr
    assert synced.run("annotate", first, "--id", "nr", "--text", "Feedback").exit_code == 0
    second = file_of(tmp_path, [headings, [SMALL[1], "x", "Main picture is too small", "fine"]], "next.xlsx")
    assert synced.run("annotate", second).exit_code == 0
    assert told(synced) == {number: [("image.main_too_small", "en")] for number in SMALL[:2]}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ours.csv", "ours.xlsx"])
def test_our_own_export_brought_back_is_refused_and_nothing_becomes_seller_centers_word(
    synced: Bench, tmp_path: Path, name: str
) -> None:
    file = str(tmp_path / name)
    assert synced.run("export", file).exit_code == 0
    for words in ((), ("--text", "Reasons"), ("--text", "Measured", "--id", "Product id")):
        result = synced.run("annotate", file, *words)
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
        assert f"{name} is an export of aexdash (its headings " in result.stderr
        assert (
            "Stages, owners and notes come back with aexdash apply, or on the worklist under Bring back."
            in result.stderr
        )
    assert (told(synced), Annotations(synced.home / "desk.db").mark("main")) == ({}, 0)
    assert "is an export of aexdash" in synced.run("feed", file, "--every-message").stderr


def test_rounded_ids_are_offered_and_taken_when_somebody_says_so(synced: Bench, tmp_path: Path) -> None:
    file = file_of(tmp_path, [["id", "Reason"], [f"{SMALL[0][:-1]}0", "Main picture is too small"]])
    offered = synced.run("annotate", file)
    assert offered.exit_code == 0
    assert f"only {SMALL[0]} in store main fits, and may be taken" in offered.stdout
    assert told(synced) == {}
    assert synced.run("annotate", file, "--take-rounded").exit_code == 0
    assert told(synced) == {SMALL[0]: [("image.main_too_small", "en")]}


def test_one_listing_is_annotated_and_taken_back(synced: Bench) -> None:
    result = synced.run("annotate", "--listing", SMALL[0], "--text", "Main picture is too small")
    assert (result.exit_code, result.stdout.split(":")[0]) == (0, f"{SMALL[0]} in store main (rejected)")
    assert told(synced) == {SMALL[0]: [("image.main_too_small", "en")]}
    assert synced.run("annotate", "--listing", SMALL[0], "--text", "").exit_code == 0
    assert told(synced) == {}


def test_while_another_process_writes_the_annotations_wait_for_it(synced: Bench) -> None:
    with lease.hold(synced.home / "snapshot.lock", clock=synced.clock, command="worker"):
        result = synced.run("annotate", "--listing", SMALL[0], "--text", "Main picture is too small")
    assert result.exit_code == 0
    assert result.stderr.startswith("Kept for 1 listing. It stands as soon as worker, process ")
    assert told(synced) == {}
    assert synced.run("sync", "--pulse").exit_code == 0
    assert told(synced) == {SMALL[0]: [("image.main_too_small", "en")]}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Give either a FILE, or --listing with --text."),
        (("--listing", SMALL[0]), "Give either a FILE, or --listing with --text."),
        (("--listing", "1.00501E+15", "--text", "x"), "does not show all digits of the id"),
        (("--listing", "1005009999999999", "--text", "x"), "The snapshot knows no listing 1005009999999999."),
        (("--listing", SMALL[0], "--text", "x", "--store", "mian"), "There is no store 'mian' in the snapshot"),
        (("nowhere.xlsx",), "File 'nowhere.xlsx' does not exist."),
    ],
)
def test_bad_use_is_exit_code_2(synced: Bench, words: tuple[str, ...], sentence: str) -> None:
    result = synced.run("annotate", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file.xlsx is empty"),
        (b"%PDF-1.7", "file.xlsx is a PDF, not a table"),
        (workbook({"A": [["name"], ["lamp"]]}), "has no heading row with product ids or SKU codes"),
        (workbook({"A": [["id", "Reason"], ["1", "2"]]})[:300], "file.xlsx is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_exit_code_2_and_one_sentence(
    synced: Bench, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "file.xlsx").write_bytes(content)
    result = synced.run("annotate", str(tmp_path / "file.xlsx"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert len(result.stderr.splitlines()) == 1


def test_a_column_that_is_not_there_is_named(synced: Bench, tmp_path: Path) -> None:
    file = file_of(tmp_path, [["id", "Reason"], [SMALL[0], "x"]])
    result = synced.run("annotate", file, "--text", "Resaon")
    assert result.exit_code == 2
    assert "There is no column 'Resaon'; there are 'id', 'Reason'." in result.stderr


def test_before_any_sync_there_is_a_sentence(bench: Bench, tmp_path: Path) -> None:
    result = bench.run("annotate", file_of(tmp_path, [["id", "Reason"], [SMALL[0], "x"]]))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "run `aexdash sync`" in result.stderr
