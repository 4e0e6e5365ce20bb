from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.exports.fixsheets.fix_kinds import kind_of
from aexdash.exports.fixsheets.fixsheet import (
    Cards,
    code_for,
    csv_fixsheet,
    fix_columns,
    fixsheet,
    save,
    write_fixsheet,
)
from aexdash.exports.table import ExportError
from aexdash.model import Provenance, Status
from aexdash.platform_data import AttributeRule, CategoryRules
from aexdash.snapshot.readmodels import ListingCard, ReasonRow, WorkRow
from aexdash.snapshot.tallies import ReasonCount
from aexdash.sources.round_trip import NEVER_FILLED
from tests.exports.test_worklist import CONTEXT, SINCE, SMALL, row
from tests.support import examples

MISSING = "attribute.required_missing"
BRANDS = tuple(f"Brand number {number}" for number in range(400))
"""More than a literal list in a cell's validation may hold."""

RULES = (
    AttributeRule(2, "Brand Name", required=True, values=BRANDS),
    AttributeRule(10, "Material", required=True, values=("Brass", "=Steel", "Glass, clear")),
    AttributeRule(11, "Voltage", required=True),
)


def missing(*names: str, code: str = MISSING) -> ReasonRow:
    return ReasonRow(code, Provenance.CHECK, "", None, {"names": list(names)} if names else {}, SINCE)


def cards(store: str, product_id: int) -> ListingCard:
    """What is known of a listing: the rules of its category."""
    return ListingCard(
        row=row(product_id, store=store),
        created_at=None,
        created_raw=None,
        first_seen_at=SINCE,
        periods=(),
        pictures=(),
        titles={},
        attributes=(),
        category=CategoryRules(row(product_id).category_id or 0, "Lamps", RULES),
        skus=(),
        detail_read_at=None,
    )


def book(code: str, rows: list[WorkRow], known: Cards | None = cards) -> openpyxl.Workbook:
    out = io.BytesIO()
    assert write_fixsheet(out, code, rows, CONTEXT, known) == len(rows)
    return openpyxl.load_workbook(out)


def lines(code: str, rows: list[WorkRow], known: Cards | None = cards) -> list[dict[str, str]]:
    text = b"".join(csv_fixsheet(fixsheet(code, rows, CONTEXT, known))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def headings(sheet: object) -> list[str]:
    return [cell.value for cell in sheet[1]]  # type: ignore[index]


def offered(workbook: openpyxl.Workbook) -> dict[str, list[str]]:
    """Which cells have a drop-down, and what it offers as the hidden sheet holds it."""
    found = {}
    for rule in workbook.worksheets[0].data_validations.dataValidation:
        name, _, cells = rule.formula1.partition("!")
        chosen = workbook[name.strip("'")][cells.replace("$", "")]
        found[str(rule.sqref)] = [line[0].value for line in chosen]
    return found


def test_each_missing_attribute_is_a_column_and_its_allowed_values_a_drop_down() -> None:
    rows = [
        row(1, reasons=(missing("Material", "Voltage"),)),
        row(2, reasons=(missing("Material"),)),
        row(3, reasons=(missing("Brand Name"),)),
        row(4, reasons=(missing("Material"),)),
    ]
    found = book(MISSING, rows)
    sheet = found.worksheets[0]
    assert headings(sheet)[:7] == [
        "Product id",
        "Title",
        "Store",
        "What to do",
        "Material",
        "Voltage",
        "Brand Name",
    ]
    materials = ["Brass", "=Steel", "Glass, clear"]
    assert offered(found) == {"E2:E3 E5": materials, "G4": list(BRANDS)}
    assert [cell.value for cell in sheet["E"][1:]] == [None] * 4


def test_the_lists_are_hidden_and_nothing_is_locked() -> None:
    found = book(MISSING, [row(reasons=(missing("Material"),))])
    assert {sheet.title: sheet.sheet_state for sheet in found} == {
        "Required attribute missing": "visible",
        "How to fix": "visible",
        "Lists": "hidden",
    }
    assert not any(sheet.protection.sheet for sheet in found)
    [rule] = found.worksheets[0].data_validations.dataValidation
    assert (rule.type, rule.errorStyle, rule.allowBlank) == ("list", "warning", True)


def test_only_cells_that_want_filling_are_marked() -> None:
    sheet = book(MISSING, [row(1, reasons=(missing("Material"),)), row(2, reasons=(missing("Voltage"),))]).worksheets[0]
    marked = {cell.coordinate for line in sheet["E2:F3"] for cell in line if cell.fill.fgColor.rgb == "FFFFF7D6"}
    assert marked == {"E2", "F3"}
    assert {sheet[coordinate].number_format for coordinate in marked} == {"@"}


def test_a_category_is_asked_for_once() -> None:
    asked: list[int] = []

    def counted(store: str, product_id: int) -> ListingCard:
        asked.append(product_id)
        return cards(store, product_id)

    rows = [row(number, reasons=(missing("Material"),), category_id=number // 10) for number in range(20, 40)]
    fixsheet(MISSING, rows, CONTEXT, counted)
    assert asked == [20, 30]


def test_a_value_that_is_not_allowed_is_corrected_in_the_column_of_its_attribute() -> None:
    code = "attribute.value_not_allowed"
    found = book(code, [row(reasons=(missing("Material: Silk", code=code),))])
    assert headings(found.worksheets[0])[3:5] == ["What to do", "Material"]
    assert headings(found.worksheets[0])[9] == "What is missing or wrong"
    assert found.worksheets[0]["J2"].value == "Material: Silk"
    assert list(offered(found)) == ["E2"]


def test_a_listing_whose_missing_attribute_nobody_named_still_has_a_cell_to_fill() -> None:
    rows = [row(1, reasons=(missing("Voltage"),)), row(2, reasons=(missing(),))]
    sheet = book(MISSING, rows).worksheets[0]
    assert headings(sheet)[4:6] == ["Voltage", "Attribute and value"]
    assert sheet["F3"].fill.fgColor.rgb == "FFFFF7D6"


def test_without_the_rules_of_the_category_there_is_no_drop_down() -> None:
    found = book(MISSING, [row(reasons=(missing("Material"),))], None)
    assert offered(found) == {}
    assert "Lists" not in found.sheetnames


def test_a_picture_is_shown_with_its_size_what_is_asked_and_a_cell_for_the_new_one() -> None:
    told = SMALL.measured | {"url": "https://ae01.alicdn.com/kf/2.jpg"}
    reason = ReasonRow(SMALL.code, Provenance.CHECK, "", None, told, SINCE)
    sheet = book(SMALL.code, [row(reasons=(reason,))]).worksheets[0]
    shown = dict(zip(headings(sheet), [cell.value for cell in sheet[2]], strict=True))
    assert shown["Product id"] == "1005001234567891"
    assert sheet["A2"].data_type == "s"
    assert shown["Present picture"] == "https://ae01.alicdn.com/kf/2.jpg"
    assert shown["Present size (px)"] == "640×640"
    assert "800" in shown["Asked by AliExpress"]
    assert shown["New picture URL"] is None
    assert shown["Resubmit"] == "do not resubmit yet"
    assert shown["Edit page"].endswith("?productId=1005001234567891")


def test_the_csv_has_the_same_columns_and_spells_the_allowed_values_out() -> None:
    rows = [row(1, reasons=(missing("Material", "Brand Name"),))]
    sheet = book(MISSING, rows).worksheets[0]
    [line] = lines(MISSING, rows)
    assert list(line) == [*headings(sheet), "Allowed values"]
    assert (line["Product id"], line["Material"], line["Comment"]) == ("\t1", "", "")
    assert line["Allowed values"].startswith("Material: Brass | =Steel | Glass, clear; Brand Name: Brand number 0 | ")
    assert line["Allowed values"].endswith("| Brand number 39 and 360 more")


def test_platform_text_is_no_formula_in_the_csv_not_even_as_a_heading() -> None:
    reason = ReasonRow(MISSING, Provenance.CHECK, "", None, {"names": ["=cmd|' /C calc'!A1"]}, SINCE)
    text = b"".join(csv_fixsheet(fixsheet(MISSING, [row(title="=1+1", reasons=(reason,))], CONTEXT, cards)))
    for line in csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in line if cell.lstrip("\t").startswith(("=", "+", "-", "@"))]


def test_duplicates_name_the_others_as_text_and_ask_for_a_decision() -> None:
    others = ["1005001234567892", "1005001234567893"]
    reason = ReasonRow("duplicate.title", Provenance.CHECK, "", None, {"others": others}, SINCE)
    found = book("duplicate.title", [row(reasons=(reason,))])
    assert found.worksheets[0]["J2"].value == "1005001234567892, 1005001234567893"
    assert offered(found) == {"E2": ["keep as it is", "change it", "delete it"]}


def test_listings_about_which_nobody_said_anything_have_a_fix_sheet_too() -> None:
    assert [line["Product id"] for line in lines("unknown", [row(1, reasons=()), row(2)])] == ["\t1"]
    in_audit = row(3, reasons=(), status=Status.AUDITING)
    assert [line["Product id"] for line in lines("in_review", [in_audit])] == ["\t3"]


def test_the_workbook_says_what_is_asked_and_how_to_fix_it() -> None:
    about = book(SMALL.code, [row(reasons=(SMALL,))])["How to fix"]
    told = [(line[0].value, line[1].value) for line in about.iter_rows()]
    code = CONTEXT.taxonomy.codes[SMALL.code]
    assert told[0] == (code.name, code.sentence)
    assert [text for name, text in told if name.startswith("Step ")] == list(code.steps)
    assert told[-1] == ("Read at (UTC)", "2026-03-11 12:00")


@pytest.mark.parametrize("code", list(CONTEXT.taxonomy.codes))
def test_every_reason_has_a_fix_sheet_whatever_was_measured(code: str) -> None:
    reason = ReasonRow(code, Provenance.CHECK, "", None, {}, SINCE)
    [line] = fixsheet(code, [row(reasons=(reason,), category_id=None, price_min=None)], CONTEXT).lines
    assert line[0] == "1005001234567891"


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=6))
def test_whatever_attributes_are_called_the_sheet_opens(names: list[str]) -> None:
    found = book(MISSING, [row(reasons=(missing(*names),))])
    assert len(headings(found.worksheets[0])) == len(
        fixsheet(MISSING, [row(reasons=(missing(*names),))], CONTEXT).columns
    )


def test_a_reason_that_does_not_exist_is_refused_and_a_family_names_its_codes(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"There is no reason 'image\.blue': name a code"):
        save(tmp_path / "fix.xlsx", "image.blue", [], CONTEXT)
    with pytest.raises(ExportError, match=r"image is a family of reasons: name one of .*image\.main_too_small"):
        save(tmp_path / "fix.xlsx", "image", [], CONTEXT)
    assert list(tmp_path.iterdir()) == []


def test_a_fix_sheet_is_saved_by_its_ending(tmp_path: Path) -> None:
    rows = [row(1, reasons=(SMALL,)), row(2, reasons=(SMALL,)), row(3, reasons=(missing("Material"),))]
    assert save(tmp_path / "fix.xlsx", SMALL.code, rows, CONTEXT) == 2
    assert save(tmp_path / "fix.csv", SMALL.code, rows, CONTEXT) == 2
    assert zipfile.is_zipfile(tmp_path / "fix.xlsx")
    assert (tmp_path / "fix.csv").read_bytes().count(b"\r\n") == 3


def test_words_in_a_title_are_fixed_in_the_title() -> None:
    assert kind_of("prohibited.banned_word") == kind_of("title.too_long")
    assert kind_of("prohibited.goods") == kind_of("account.suspended")


def test_a_fix_sheet_names_what_else_holds_a_listing_and_what_people_decided() -> None:
    brand = ReasonRow("attribute.brand_missing", Provenance.CHECK, "", None, {}, SINCE)
    rows = [row(1, reasons=(SMALL, brand, brand), owner="=Ana", note="1/2"), row(2, reasons=(SMALL,))]
    first, second = lines(SMALL.code, rows)
    assert (first["Other reasons"], second["Other reasons"]) == ("Brand missing", "")
    assert (first["Stage"], first["Owner"], first["Note"]) == ("taken", "'=Ana", "\t1/2")
    assert first["Exported at (UTC)"] == "\t2026-03-11T12:00:00Z"
    assert first["Row check"] != second["Row check"]


def counts(**listings: int) -> list[ReasonCount]:
    return [ReasonCount(code.replace("__", "."), number, 0, ()) for code, number in listings.items()]


@pytest.mark.parametrize(
    ("reasons", "of_view", "code"),
    [
        (("image.main_too_small",), {}, "image.main_too_small"),
        (("unknown",), {}, "unknown"),
        (("image",), {"image__main_too_small": 3, "title__empty": 2}, "image.main_too_small"),
        (("image",), {"image__main_too_small": 3, "image__unclear": 1}, None),
        (("image",), {"title__empty": 2}, None),
        (("image", "title"), {"image__main_too_small": 3}, None),
        (("image.blue",), {"image__main_too_small": 3}, None),
        ((), {"image__main_too_small": 3}, None),
    ],
)
def test_a_family_stands_for_its_one_code(reasons: tuple[str, ...], of_view: dict[str, int], code: str | None) -> None:
    assert code_for(reasons, lambda: counts(**of_view), CONTEXT.taxonomy) == code


def test_a_family_with_one_code_in_the_taxonomy_asks_for_no_counts() -> None:
    taxonomy = CONTEXT.taxonomy
    families = Counter(code.partition(".")[0] for code in taxonomy.codes if "." in code)
    for family in (family for family, codes in families.items() if codes == 1):
        assert code_for((family,), lambda: pytest.fail("asked"), taxonomy) in taxonomy.codes


def test_the_columns_of_a_fix_sheet_are_to_be_filled_in_or_known_as_not_to_be() -> None:
    for code in CONTEXT.taxonomy.codes:
        columns = fix_columns(code, ("Title", "Material"))
        fill = {column.title for column in columns if column.kind == "fill"}
        assert not fill & NEVER_FILLED, code
        assert {column.title for column in columns} - fill <= NEVER_FILLED, code
        assert len(columns) == len({column.title for column in columns}), code
    assert "Allowed values" in NEVER_FILLED
