"""What a file of ours says when it comes back: which cells were changed, which rows cannot be used, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.exports.csv_file import safe
from aexdash.exports.fixsheets.fixsheet import csv_fixsheet, fixsheet, write_fixsheet
from aexdash.exports.worklist.worklist import csv_chunks, write_xlsx
from aexdash.model import Lane, Stage, Status
from aexdash.snapshot.readmodels import WorkRow
from aexdash.sources.cells import Cell
from aexdash.sources.errors import SourceError
from aexdash.sources.round_trip import (
    EXPORTED_AT,
    STAGES,
    BroughtRow,
    letters,
    normalised,
    read_back,
    row_check,
    unguarded,
)
from aexdash.words.common import IN_AUDIT, STAGE_WORDS
from tests.exports.test_worklist import BRAND, CONTEXT, NOW, SMALL, row
from tests.sources.written import workbook

ID = 1005001234567891
LONG = 1005001234567890123

Line = dict[str, Cell]


def exported(rows: Sequence[WorkRow]) -> list[Line]:
    """The worklist as a spreadsheet shows it: no tab is seen."""
    text = b"".join(csv_chunks(rows, CONTEXT)).decode("utf-8-sig")
    return [
        {name: cell.lstrip("\t") for name, cell in line.items()}
        for line in csv.DictReader(io.StringIO(text, newline=""))
    ]


def brought(lines: Sequence[Line]) -> list[BroughtRow]:
    return read_back("list.xlsx", workbook({"All": [list(lines[0]), *(list(line.values()) for line in lines)]}))


def saved_again(lines: Sequence[Line]) -> bytes:
    """The worklist as a spreadsheet saves it: without the tabs, and with its line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def changed(change: Callable[[Line], object], rows: Sequence[WorkRow] = (row(ID),)) -> BroughtRow:
    lines = exported(rows)
    change(lines[0])
    return brought(lines)[0]


def set_to(**cells: Cell) -> Callable[[Line], object]:
    return lambda line: line.update({name.replace("_", " "): cell for name, cell in cells.items()})


def without(*names: str) -> Callable[[Line], object]:
    return lambda line: [line.pop(name) for name in names]


def test_a_row_that_nobody_touched_changes_nothing() -> None:
    [one] = brought(exported([row(ID, note="1/2", owner="=Ana", stage=Stage.FIXED)]))
    assert (one.refusal, one.changed, one.store, one.product_id) == ("", {}, "main", ID)
    assert one.exported_at == NOW
    assert one.is_as_exported("note", "1/2")
    assert not one.is_as_exported("note", "1/3")


def test_what_somebody_changed_is_what_the_cells_hold_now() -> None:
    one = changed(set_to(Stage="fixed", Owner="", Note="=1+1 is two;\r\n-x"))
    assert one.changed == {"stage": "fixed", "owner": "", "note": "=1+1 is two;\n-x"}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (set_to(Title="Better title"), "Title was changed in the file: only Stage, Owner and Note can be"),
        (set_to(Status="active"), "Status was changed in the file: only Stage, Owner and Note can be"),
        (set_to(Why="x", What_to_do="y"), "Why and What to do were changed in the file: only Stage, Owner and Note"),
        (set_to(Product_id="1005001234567892"), "Store key, Product id or Exported at (UTC) is not the one that was"),
        (set_to(Store_key="east"), "Store key, Product id or Exported at (UTC) is not the one that was exported in"),
        (without("Store key"), "Store, Product id or Exported at (UTC) is not the one that was exported in this row"),
        (set_to(**{EXPORTED_AT: "2026-03-11T12:00:01Z"}), "Store key, Product id or Exported at (UTC) is not the one"),
        (set_to(**{EXPORTED_AT: "yesterday"}), "its Exported at (UTC) is no moment"),
        (set_to(Product_id=""), "'' is no product id"),
        (set_to(Product_id="1.00500123456789E+15"), "1.00500123456789E+15 does not show all digits of the id"),
        (set_to(Row_check=""), "it has no Row check, so nobody knows what it said when it was exported"),
        (set_to(Row_check="abc"), "its Row check is not the one that was exported"),
        (without("Store", "Store key"), "the file has no column 'Store': it says which listing was meant"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(change: Callable[[Line], object], refusal: str) -> None:
    one = changed(change)
    assert one.refusal.startswith(refusal)
    assert (one.changed, one.number, one.sheet) == ({}, 2, "All")


def test_a_file_from_before_the_key_had_a_column_of_its_own_is_read_as_it_was() -> None:
    [line] = exported([row(ID)])
    [one] = brought([{**line, "Store": line.pop("Store key"), "Owner": "Olga"}])
    assert (one.refusal, one.store, one.changed) == ("", "main", {"owner": "Olga"})


def test_a_refused_row_of_a_fix_sheet_says_that_its_cells_may_be_filled_in() -> None:
    text = b"".join(csv_fixsheet(fixsheet(SMALL.code, [row(ID)], CONTEXT))).decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(text, newline=""))
    [one] = brought([{**line, "What to do": "nothing"}])
    assert one.refusal == (
        "What to do was changed in the file: only Stage, Owner, Note and the cells to fill in can be"
    )


def test_one_row_that_cannot_be_used_refuses_no_other() -> None:
    lines = exported([row(ID), row(ID + 1)])
    lines[0]["Title"], lines[1]["Owner"] = "Mine", "Olga"
    first, second = brought(lines)
    assert (bool(first.refusal), second.refusal, second.changed) == (True, "", {"owner": "Olga"})


@pytest.mark.parametrize(
    "cell",
    [ID, float(ID), f"\t{ID}", f"'{ID}", f'="{ID}"', "1 005 001 234 567 891", f"ID {ID}", 1005001234567890],
)
def test_an_id_in_another_form_is_known_again_and_counted(cell: Cell) -> None:
    one = changed(set_to(Product_id=cell, Owner="Olga"))
    assert (one.refusal, one.product_id, one.changed) == ("", ID, {"owner": "Olga"})
    assert one.recovered is (cell != f"\t{ID}")


def test_a_rounded_id_is_known_by_its_letters_and_not_by_what_listings_there_are() -> None:
    assert changed(set_to(Product_id=1005001234567890)).product_id == ID
    assert changed(set_to(Product_id=1005001234567910)).refusal.startswith("Store key, Product id or Exported at")
    assert changed(set_to(Product_id=float(LONG)), [row(LONG)]).refusal.startswith("1.0050012345678902e+18 has more")


def test_rows_may_be_sorted_columns_moved_and_other_columns_deleted() -> None:
    lines = exported([row(ID + number, note=f"note {number}") for number in range(4)])
    lines[2]["Note"] = "new"
    kept = ("Row check", "Note", "Product id", "Store key", EXPORTED_AT)
    back = brought([{name: line[name] for name in kept} for line in reversed(lines)])
    assert {one.product_id: one.changed for one in back} == {
        ID + number: {"note": "new"} if number == 2 else {} for number in range(4)
    }


def test_a_column_that_was_deleted_changes_nothing() -> None:
    assert changed(without("Stage", "Owner", "Title")).changed == {}


def test_cells_of_one_column_sorted_without_the_others_refuse_their_rows() -> None:
    lines = exported([row(ID), row(ID + 1)])
    lines[0]["Product id"], lines[1]["Product id"] = lines[1]["Product id"], lines[0]["Product id"]
    assert all(one.refusal for one in brought(lines))


def test_a_fix_sheet_comes_back_like_a_worklist() -> None:
    out = io.BytesIO()
    write_fixsheet(out, SMALL.code, [row(ID, reasons=(SMALL, BRAND))], CONTEXT)
    csv_file = b"".join(csv_fixsheet(fixsheet(SMALL.code, [row(ID)], CONTEXT)))
    for back in (read_back("fix.xlsx", out.getvalue()), read_back("fix.csv", csv_file)):
        assert [(one.product_id, one.refusal, one.changed) for one in back] == [(ID, "", {})]


def filled_by_hand(fill: Callable[[Callable[[str, int], openpyxl.cell.Cell]], object]) -> list[BroughtRow]:
    """A fix sheet of three listings, changed with openpyxl, which keeps no value of a formula."""
    out = io.BytesIO()
    write_fixsheet(out, SMALL.code, [row(ID + place, reasons=(SMALL, BRAND)) for place in range(3)], CONTEXT)
    book = openpyxl.load_workbook(out)
    sheet = next(one for one in book.worksheets if "Row check" in [cell.value for cell in one[1]])
    headings = [cell.value for cell in sheet[1]]
    fill(lambda heading, line: sheet.cell(line, headings.index(heading) + 1))
    saved = io.BytesIO()
    book.save(saved)
    return read_back("fix.xlsx", saved.getvalue())


@pytest.mark.parametrize("heading", ["New picture URL", "Owner", "Title", "Product id"])
def test_a_formula_without_a_value_refuses_its_row_and_no_other(heading: str) -> None:
    def fill(cell: Callable[[str, int], openpyxl.cell.Cell]) -> None:
        cell(heading, 2).value = '=HYPERLINK("x")'
        cell("New picture URL", 3).value = "https://pictures.example/new.jpg"

    first, second, third = filled_by_hand(fill)
    assert first.refusal == (
        f"{heading}: a formula with an error or without its value. Mend it, or open it in a spreadsheet, "
        "save it there, and bring it back"
    )
    assert (second.refusal, second.filled) == ("", {"New picture URL": "https://pictures.example/new.jpg"})
    assert (third.refusal, third.filled, third.changed) == ("", {}, {})


def test_an_error_is_no_empty_cell_and_a_formula_where_nothing_is_filled_in_is_left() -> None:
    def fill(cell: Callable[[str, int], openpyxl.cell.Cell]) -> None:
        cell("Owner", 2).value = "#N/A"
        cell("Owner", 2).data_type = "e"
        cell("Measured", 3).value = "=1+1"

    first, second, _ = filled_by_hand(fill)
    assert first.refusal.startswith("Owner: a formula with an error")
    assert (second.refusal, second.changed) == ("", {})


def test_every_sheet_of_a_workbook_comes_back() -> None:
    out = io.BytesIO()
    write_xlsx(out, [row(ID, reasons=(SMALL, BRAND))], CONTEXT)
    back = read_back("list.xlsx", out.getvalue())
    assert [(one.sheet, one.product_id) for one in back] == [
        ("All", ID),
        ("Main picture too small", ID),
        ("Brand missing", ID),
    ]


def test_a_file_of_somebody_else_is_no_worklist_of_ours() -> None:
    with pytest.raises(SourceError, match="no columns 'Product id' and 'Row check', by which a row of ours is known"):
        read_back("theirs.csv", b"Product ID,Reason\n1005001234567891,blurred\n")


def test_every_word_for_a_stage_on_a_page_and_in_an_address_is_read_as_that_stage() -> None:
    assert {word.lower(): stage for stage, word in STAGE_WORDS.items()}.items() <= STAGES.items()
    assert {stage.value: stage for stage in Stage}.items() <= STAGES.items()
    assert STAGES[IN_AUDIT.lower()] is Stage.NEW


def test_an_untouched_listing_in_audit_comes_back_unchanged_also_from_a_file_that_called_it_to_do() -> None:
    audited = row(ID, stage=Stage.NEW, owner="", lane=Lane.WAITING, status=Status.AUDITING)
    [line] = exported([audited])
    assert line["Stage"] == IN_AUDIT
    assert changed(set_to(Note="x"), [audited]).changed == {"note": "x"}
    assert changed(set_to(Stage="to do"), [audited]).changed == {}


texts = st.text(st.sampled_from("=+-@＝;\t\r\n\"' aЯ1\u200e"), max_size=14)


@given(texts | st.text(max_size=60))
def test_the_marks_of_the_csv_are_taken_off_again(text: str) -> None:
    assert unguarded(safe(text)) == unguarded(text)
    assert letters(safe(text)) == letters(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_a_text_without_a_mark_of_its_own_comes_back_as_it_was(text: str) -> None:
    if "'" not in text:
        assert unguarded(safe(text)) == text


@given(st.text(max_size=30), st.text(max_size=30))
def test_letters_differ_where_texts_do(one: str, other: str) -> None:
    assert (letters(one) == letters(other)) == (normalised(one) == normalised(other))
    assert letters(one) != "aaaaa"


@given(texts, texts, texts, st.sampled_from(list(Stage)), st.booleans())
def test_whatever_a_listing_holds_an_export_that_nobody_touched_changes_nothing(
    title: str, owner: str, note: str, stage: Stage, untouched: bool
) -> None:
    one = row(ID, title=title, owner=owner, note=note, stage=stage)
    content = b"".join(csv_chunks([one], CONTEXT))
    back = read_back("list.csv", content if untouched else saved_again(exported([one])))
    assert [(found.refusal, found.changed) for found in back] == [("", {})]


def test_the_letters_are_of_store_id_and_moment_together() -> None:
    cells = {"Store key": "main", "Product id": str(ID), EXPORTED_AT: "2026-03-11T12:00:00Z"}
    check = row_check(cells)
    assert len(check) == 45
    assert check.isalpha()
    assert check[5:] == "aaaaa" * 8
    assert row_check(cells | {"Store key": "east"})[:5] != check[:5]


def test_a_moment_that_a_spreadsheet_made_a_date_of_is_still_that_moment() -> None:
    assert changed(set_to(**{EXPORTED_AT: "2026-03-11T12:00:00"})).exported_at == NOW
    assert changed(set_to(**{EXPORTED_AT: "2026-03-11T13:00:00+01:00"})).exported_at == NOW
