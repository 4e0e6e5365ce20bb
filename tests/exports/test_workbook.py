"""The workbook of a worklist: a sheet of all and one a reason, typed cells, links; the file is whole or not there."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.exports import workbook
from aexdash.exports.table import ExportError
from aexdash.exports.worklist.plain import csv_plain
from aexdash.exports.worklist.worklist import COLUMNS, csv_chunks, save, write_xlsx
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.round_trip import read_back
from aexdash.storage.text import visible
from tests.exports.test_worklist import BRAND, CONTEXT, EDIT, read, row, written


def sheets(rows: Iterable[WorkRow]) -> openpyxl.Workbook:
    out = io.BytesIO()
    write_xlsx(out, rows, CONTEXT)
    return openpyxl.load_workbook(out)


def test_a_workbook_has_a_sheet_of_all_and_one_a_reason() -> None:
    book = sheets([row(1), row(2, reasons=(BRAND,)), row(3, reasons=())])
    ids = {sheet.title: [line[0].value for line in sheet.iter_rows(min_row=2)] for sheet in book}
    assert ids == {
        "All": ["1", "2", "3"],
        "Main picture too small": ["1"],
        "Brand missing": ["1", "2"],
        "Unknown": ["3"],
    }


def test_cells_of_a_workbook_are_typed() -> None:
    sheet = sheets([row(title="=1+1", price_min="12.50", price_max="n/a", note="-x", owner="https://x.example/")])[
        "All"
    ]
    values = {column.key: found for column, found in zip(COLUMNS, sheet[2], strict=True)}
    assert (values["product_id"].value, values["product_id"].data_type) == ("1005001234567891", "s")
    assert (values["title"].value, values["title"].data_type) == ("=1+1", "s")
    assert (values["price_min"].value, values["price_max"].value) == (12.5, "n/a")
    assert values["held_since"].value == datetime(2026, 3, 9, 6, 30)  # noqa: DTZ001 - a workbook has no zones
    assert values["age_days"].value == 2.2
    assert values["edit_link"].hyperlink.target == EDIT.format(product_id=1005001234567891)
    assert values["owner"].hyperlink is None
    assert values["audit"].value is None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D2", "A1:AT2")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "internal:Sheet1!A1",
        "https://x.example/" + "a" * 2100,
        "https://x.example/a b",
        "https://[x",
        "https://x.example/\u202egnp.jpg",
    ],
)
def test_only_plain_web_addresses_are_clickable(url: str) -> None:
    sheet = sheets([row(image_url=url)])["All"]
    found = sheet[2][[column.key for column in COLUMNS].index("picture_url")]
    assert (found.value, found.hyperlink) == (visible(url), None)


def test_a_workbook_takes_any_text(tmp_path: Path) -> None:
    title = "<b>\x00\x0b\ufffe\ud800 _x0041_ 🎧 \u202e" + "я" * 40_000
    sheet = sheets([row(title=title)])["All"]
    assert len(str(sheet["B2"].value)) > 30_000
    assert str(sheet["B2"].value).endswith("…")


TURNED = "Lamp \u202egpj.exe\u2066"
WRITTEN_OUT = "Lamp ‹U+202E›gpj.exe‹U+2066›"


def test_what_turns_the_direction_of_a_text_is_written_out_for_people_and_kept_for_scripts() -> None:
    """Titles and SKU codes are words of others; a note is a person's, and comes back as it is."""
    told = row(title=TURNED, sku_codes=(TURNED,), note=TURNED)
    lines = read(written([told]))
    cells = dict(zip([column.key for column in COLUMNS], lines[1], strict=True))
    assert (cells["title"], cells["sku_codes"].strip(), cells["note"].strip()) == (WRITTEN_OUT, WRITTEN_OUT, TURNED)
    book = sheets([told])["All"]
    of_book = {column.key: cell.value for column, cell in zip(COLUMNS, book[2], strict=True)}
    assert (of_book["title"], of_book["sku_codes"], of_book["note"]) == (WRITTEN_OUT, WRITTEN_OUT, TURNED)
    assert TURNED in b"".join(csv_plain([told], CONTEXT)).decode()


def test_a_text_that_was_written_out_is_no_change_when_the_file_comes_back() -> None:
    content = b"".join(csv_chunks([row(title=TURNED, note=TURNED)], CONTEXT))
    [brought] = read_back("worklist.csv", content)
    assert (brought.refusal, brought.changed) == ("", {})


def links_of(line):
    return [found for column, found in zip(COLUMNS, line, strict=True) if column.kind == "link"]


def test_links_stop_at_the_limit_of_the_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_LINKS", 4)
    sheet = sheets([row(1), row(2)])["All"]
    assert [found.hyperlink is not None for line in sheet.iter_rows(min_row=2) for found in links_of(line)] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]


def test_more_rows_than_a_sheet_holds_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    with pytest.raises(ExportError, match="A worksheet holds 2 rows: narrow the filter, or export CSV"):
        save(tmp_path / "held.xlsx", [row(number) for number in range(3)], CONTEXT)
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheet_names_are_allowed_and_unique(wanted: list[str]) -> None:
    taken: set[str] = {"history"}
    for name in wanted:
        found = workbook.sheet_name(name, taken)
        assert 0 < len(found) <= 31
        assert not set(found) & set("[]:*?/\\")
        assert not found.startswith("'")
        assert not found.endswith("'")
        assert found.casefold() not in taken
        taken.add(found.casefold())


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[WorkRow]:
        yield row()
        raise RuntimeError("the snapshot went away")

    target = tmp_path / "held.csv"
    target.write_text("yesterday")
    with pytest.raises(RuntimeError):
        save(target, broken(), CONTEXT)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("held.csv", "yesterday")]
    assert save(target, [row(1), row(2)], CONTEXT) == 2
    assert target.read_bytes() == b"".join(csv_chunks([row(1), row(2)], CONTEXT))


def test_a_workbook_is_saved_by_its_ending(tmp_path: Path) -> None:
    assert save(tmp_path / "held.XLSX", [row()], CONTEXT) == 1
    assert zipfile.is_zipfile(tmp_path / "held.XLSX")


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"held\.pdf ends in neither \.csv nor \.xlsx"):
        save(tmp_path / "held.pdf", [], CONTEXT)
    with pytest.raises(ExportError, match="cannot be written"):
        save(tmp_path / "nowhere" / "held.csv", [], CONTEXT)
