"""The round trip through a real LibreOffice: what it opens, changes nothing in and saves, comes back as it was.

`.ci/run` installs libreoffice-calc-nogui; without it these tests are skipped.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from aexdash.exports.fixsheet import save as save_fixsheet
from aexdash.exports.worklist import save
from aexdash.model import Stage
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.round_trip import BroughtRow, read_back
from tests.exports.test_worklist import BRAND, CONTEXT, SMALL, row

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice (Debian: apt-get install libreoffice-calc-nogui)"),
]

OF_CSV = "CSV:44,34,76,1,,{language},{quoted_as_text},{detect}"
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
ENGLISH, GERMAN = "1033", "1031"

IDS = (1005001234567891, 1005007000000120, 1005001234567890123)
NOTES = ("1/2", "=1+1; -3", 'two\nlines, and a "quote"', "007", "2026-03-09", "TRUE", "Größe ≥ 5, наушники", "")

ROWS = [
    row(
        IDS[number % 3] + number,
        note=note,
        owner=("Olga", "3 Ana", "=Bo")[number % 3],
        stage=list(Stage)[number % 4],
        title=("Wireless earbuds", "=1+1", "Лампа; 'настольная'")[number % 3],
        reasons=(SMALL, BRAND),
    )
    for number, note in enumerate(NOTES)
]

Convert = Callable[..., Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Let LibreOffice open a file and save it in another format; returns the new file."""
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def run(file: Path, to: str, **reading: str) -> Path:
        out = tmp_path_factory.mktemp("saved")
        command = [str(OFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", to]
        command += [f"--infilter={OF_CSV.format(**reading)}"] if reading else []
        subprocess.run([*command, "--outdir", str(out), str(file)], check=True, capture_output=True, timeout=180)
        return out / f"{file.stem}.{to.partition(':')[0]}"

    return run


def nothing_changed(file: Path, rows: Sequence[WorkRow] = ROWS) -> None:
    back = read_back(file.name, file)
    assert [(one.refusal, one.changed, one.recovered) for one in back] == [("", {}, False)] * len(back)
    assert {one.product_id for one in back} == {one.product_id for one in rows}


@pytest.mark.parametrize("language", [ENGLISH, GERMAN])
@pytest.mark.parametrize(("quoted_as_text", "detect"), [("true", "false"), ("false", "true")])
def test_a_csv_opened_in_any_way_and_saved_as_any_format_comes_back_unchanged(
    convert: Convert, tmp_path: Path, language: str, quoted_as_text: str, detect: str
) -> None:
    save(tmp_path / "list.csv", ROWS, CONTEXT)
    words = {"language": language, "quoted_as_text": quoted_as_text, "detect": detect}
    opened = convert(tmp_path / "list.csv", "ods", **words)
    nothing_changed(convert(opened, AS_CSV))
    nothing_changed(convert(opened, "xlsx"))


def test_a_workbook_saved_again_comes_back_unchanged(convert: Convert, tmp_path: Path) -> None:
    save(tmp_path / "list.xlsx", ROWS, CONTEXT)
    opened = convert(tmp_path / "list.xlsx", "ods")
    nothing_changed(convert(opened, "xlsx"))
    nothing_changed(convert(tmp_path / "list.xlsx", "xlsx"))


def test_a_fix_sheet_saved_again_comes_back_unchanged(convert: Convert, tmp_path: Path) -> None:
    save_fixsheet(tmp_path / "fix.xlsx", SMALL.code, ROWS, CONTEXT)
    nothing_changed(convert(convert(tmp_path / "fix.xlsx", "ods"), "xlsx"))
    save_fixsheet(tmp_path / "fix.csv", SMALL.code, ROWS, CONTEXT)
    words = {"language": GERMAN, "quoted_as_text": "false", "detect": "true"}
    nothing_changed(convert(convert(tmp_path / "fix.csv", "ods", **words), AS_CSV))


def test_what_somebody_typed_comes_back_from_both_formats(convert: Convert, tmp_path: Path) -> None:
    save(tmp_path / "list.xlsx", ROWS, CONTEXT)
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    sheet = book["All"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1], start=1)}
    for heading, typed in {"Owner": "Jane, of Support", "Note": "3/4 done", "Stage": "fixed"}.items():
        sheet.cell(2, columns[heading]).value = typed
    changed = io.BytesIO()
    book.save(changed)
    (tmp_path / "changed.xlsx").write_bytes(changed.getvalue())
    expected = {"owner": "Jane, of Support", "note": "3/4 done", "stage": "fixed"}
    opened = convert(tmp_path / "changed.xlsx", "ods")
    for file in (convert(opened, "xlsx"), convert(opened, AS_CSV)):
        assert by_id(file)[IDS[0]] == expected


def by_id(file: Path) -> dict[int, dict[str, str]]:
    """What was changed on the first sheet, by listing."""
    back: list[BroughtRow] = [one for one in read_back(file.name, file) if one.sheet in ("", "All")]
    assert not any(one.refusal for one in back)
    return {one.product_id: dict(one.changed) for one in back}


def test_bare_ids_that_a_workbook_rounded_are_known_again_by_their_letters(convert: Convert, tmp_path: Path) -> None:
    """A file whose tabs a program took off, opened and saved as a workbook: fifteen digits are left of sixteen."""
    save(tmp_path / "list.csv", ROWS, CONTEXT)
    bare = (tmp_path / "list.csv").read_bytes().replace(b"\t", b"")
    (tmp_path / "bare.csv").write_bytes(bare)
    file = convert(tmp_path / "bare.csv", "xlsx", language=ENGLISH, quoted_as_text="false", detect="false")
    back = read_back(file.name, file)
    whole = [one for one in back if not one.refusal]
    assert [one.product_id for one in whole] == [one.product_id for one in ROWS if one.product_id < 10**18]
    assert all(one.recovered and one.id.endswith("0") for one in whole)
    assert all("more digits than a number cell keeps" in one.refusal for one in back if one.refusal)
