"""The round trip through a real LibreOffice: what it opens, changes nothing in and saves, comes back as it was.

`.ci/run` installs libreoffice-calc-nogui; without it these tests are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from aexdash.exports.fixsheets.fixsheet import save as save_fixsheet
from aexdash.exports.worklist.worklist import save
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

WAYS = [
    {"language": language, "quoted_as_text": quoted_as_text, "detect": detect}
    for language in (ENGLISH, GERMAN)
    for quoted_as_text, detect in (("true", "false"), ("false", "true"))
]
"""The ways in which a CSV is opened."""

BARE = {"language": ENGLISH, "quoted_as_text": "false", "detect": "false"}


@dataclass(frozen=True)
class Office:
    """LibreOffice with a profile of its own."""

    folder: Path

    def convert(self, files: Sequence[Path], to: str, **reading: str) -> list[Path]:
        """Let it open files and save them in another format; returns the new files."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        command = [str(OFFICE), f"-env:UserInstallation={self.folder.as_uri()}/profile", "--headless"]
        command += ["--convert-to", to, *([f"--infilter={OF_CSV.format(**reading)}"] if reading else [])]
        subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=180)
        return [out / f"{file.stem}.{to.partition(':')[0]}" for file in files]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of these tests, each opened, saved as LibreOffice's own sheet, and saved again as CSV and workbook.

    By name and ending. To start LibreOffice takes seconds, so each run takes all files that are opened alike.
    """
    folder = tmp_path_factory.mktemp("files")
    office = Office(tmp_path_factory.mktemp("office"))
    save(folder / "book.xlsx", ROWS, CONTEXT)
    shutil.copyfile(folder / "book.xlsx", folder / "direct.xlsx")
    type_into(folder / "book.xlsx", folder / "typed.xlsx")
    save_fixsheet(folder / "fix.xlsx", SMALL.code, ROWS, CONTEXT)
    save_fixsheet(folder / "sheet.csv", SMALL.code, ROWS, CONTEXT)
    opened = office.convert([folder / name for name in ("book.xlsx", "typed.xlsx", "fix.xlsx")], "ods")
    for number, way in enumerate(WAYS):
        save(folder / f"list-{number}.csv", ROWS, CONTEXT)
        more = [folder / "sheet.csv"] if way == WAYS[-1] else []
        opened += office.convert([folder / f"list-{number}.csv", *more], "ods", **way)
    (folder / "bare.csv").write_bytes((folder / "list-0.csv").read_bytes().replace(b"\t", b""))
    again = [
        *office.convert([*opened, folder / "direct.xlsx"], "xlsx"),
        *office.convert(opened, AS_CSV),
        *office.convert([folder / "bare.csv"], "xlsx", **BARE),
    ]
    return {file.name: file for file in again}


def type_into(book: Path, changed: Path) -> None:
    """Decide about the first listing of a workbook as a person does who types."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["All"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1], start=1)}
    for heading, typed in {"Owner": "Jane, of Support", "Note": "3/4 done", "Stage": "fixed"}.items():
        sheet.cell(2, columns[heading]).value = typed
    opened.save(changed)


def nothing_changed(file: Path, rows: Sequence[WorkRow] = ROWS) -> None:
    back = read_back(file.name, file)
    assert [(one.refusal, one.changed, one.recovered) for one in back] == [("", {}, False)] * len(back)
    assert {one.product_id for one in back} == {one.product_id for one in rows}


@pytest.mark.parametrize("number", range(len(WAYS)))
def test_a_csv_opened_in_any_way_and_saved_as_any_format_comes_back_unchanged(
    saved: dict[str, Path], number: int
) -> None:
    nothing_changed(saved[f"list-{number}.csv"])
    nothing_changed(saved[f"list-{number}.xlsx"])


def test_a_workbook_saved_again_comes_back_unchanged(saved: dict[str, Path]) -> None:
    nothing_changed(saved["book.xlsx"])
    nothing_changed(saved["direct.xlsx"])


def test_a_fix_sheet_saved_again_comes_back_unchanged(saved: dict[str, Path]) -> None:
    nothing_changed(saved["fix.xlsx"])
    nothing_changed(saved["sheet.csv"])


def test_what_somebody_typed_comes_back_from_both_formats(saved: dict[str, Path]) -> None:
    expected = {"owner": "Jane, of Support", "note": "3/4 done", "stage": "fixed"}
    for name in ("typed.xlsx", "typed.csv"):
        assert by_id(saved[name])[IDS[0]] == expected


def by_id(file: Path) -> dict[int, dict[str, str]]:
    """What was changed on the first sheet, by listing."""
    back: list[BroughtRow] = [one for one in read_back(file.name, file) if one.sheet in ("", "All")]
    assert not any(one.refusal for one in back)
    return {one.product_id: dict(one.changed) for one in back}


def test_bare_ids_that_a_workbook_rounded_are_known_again_by_their_letters(saved: dict[str, Path]) -> None:
    """A file whose tabs a program took off, opened and saved as a workbook: fifteen digits are left of sixteen."""
    back = read_back("bare.xlsx", saved["bare.xlsx"])
    whole = [one for one in back if not one.refusal]
    assert [one.product_id for one in whole] == [one.product_id for one in ROWS if one.product_id < 10**18]
    assert all(one.recovered and one.id.endswith("0") for one in whole)
    assert all("more digits than a number cell keeps" in one.refusal for one in back if one.refusal)
