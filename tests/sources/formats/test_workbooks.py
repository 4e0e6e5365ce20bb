"""The real workbooks as they are known (reference sources.md §2.1): each trap is a file written in that way."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from aexdash.sources.tables import Row, SourceError, Table, read_tables
from tests.sources.written import (
    MAIN,
    STYLES_OPENPYXL_REFUSES,
    Formula,
    Number,
    workbook,
    xls,
)

ID, OTHER = 1005006123456789, 1005006123456790


def test_every_sheet_is_a_table_and_value_lists_and_hidden_sheets_are_none() -> None:
    book = workbook(
        {
            "Lamps": [["id", "原因"], [str(ID), "图片"]],
            "brand_hide": [["id", "原因"], [str(OTHER), "no row of ours"]],
            "Chairs": [["原因", "id"], ["品牌", str(OTHER)]],
            "Unseen": [["id", "原因"], [str(OTHER), "no row of ours"]],
        },
        hidden=["Unseen"],
    )
    assert read_tables("products.xlsx", book) == [
        Table("Lamps", ("id", "原因"), [Row(2, (str(ID), "图片"))]),
        Table("Chairs", ("原因", "id"), [Row(2, ("品牌", str(OTHER)))]),
    ]


def test_group_titles_stand_above_the_headings_and_required_ones_have_a_star() -> None:
    rows = [
        ["基本信息", "", "", "物流"],
        ["id", "*商品标题", "关联欧盟责任人", "物流重量"],
        [ID, "Lamp", "", 0.5],
    ]
    [table] = read_tables("商品总数据.xlsx", workbook({"灯": rows}))
    assert table == Table(
        "灯", ("id", "*商品标题", "关联欧盟责任人", "物流重量"), [Row(3, (float(ID), "Lamp", "", 0.5))]
    )


@pytest.mark.parametrize("keys_first", [True, False])
def test_a_row_of_keys_beside_the_captions_is_no_data(keys_first: bool) -> None:
    captions, keys = ["商品ID", "*商品标题", ""], ["productId", "title", "msrEuComp"]
    top = [keys, captions] if keys_first else [captions, keys]
    [table] = read_tables("a.xlsx", workbook({"A": [*top, [str(ID), "Lamp", "7"]]}))
    assert table == Table("A", ("商品ID", "*商品标题", "msrEuComp"), [Row(3, (str(ID), "Lamp", "7"))])


@pytest.mark.parametrize(
    "heading",
    [
        "id",
        "ID",
        "Product ID",
        "product_id",
        "ItemId",
        "*Item ID",
        "商品ID",
        "商品Ｉｄ",
        "产品ID",
        "ID товара",
        "id_товара",
        "SKU",
    ],
)
def test_the_heading_row_is_found_by_its_id_column_in_any_of_the_languages(heading: str) -> None:
    above = [["Exported 2026-03-09"], [], ["Store", "main"]]
    [table] = read_tables("a.xlsx", workbook({"A": [*above, ["x", heading], ["y", str(ID)]]}))
    assert table == Table("A", ("x", heading), [Row(5, ("y", str(ID)))])


def test_the_heading_row_is_looked_for_in_the_first_hundred_rows_alone() -> None:
    above = [["note"]] * 99
    assert read_tables("a.xlsx", workbook({"A": [*above, ["id"], [ID]]}))[0].rows == [Row(101, (float(ID),))]
    with pytest.raises(SourceError, match=r"a\.xlsx has no heading row with product ids or SKU codes in the first 100"):
        read_tables("a.xlsx", workbook({"A": [["note"], *above, ["id"], ["1"]]}))


def test_a_style_sheet_that_openpyxl_refuses_is_read() -> None:
    book = workbook({"A": [["Product ID", "Reason"], [ID, "Brand is missing"]]}, styles=STYLES_OPENPYXL_REFUSES)
    with pytest.raises(ValueError, match="could not read stylesheet"):
        openpyxl.load_workbook(io.BytesIO(book))
    assert read_tables("a.xlsx", book)[0].rows == [Row(2, (float(ID), "Brand is missing"))]


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("dimension", [True, False])
def test_inline_or_shared_texts_with_or_without_a_dimension(inline: bool, dimension: bool) -> None:
    rows = [["id", "Причина"], [str(ID), "Нет <бренда> & фото"]]
    book = workbook({"A": rows}, inline=inline, dimension=dimension)
    assert read_tables("a.xlsx", book)[0].rows == [Row(2, (str(ID), "Нет <бренда> & фото"))]


def test_a_dimension_that_claims_one_cell_hides_no_row() -> None:
    book = workbook(
        {"A": []}, extra={"xl/worksheets/sheet1.xml": sheet('<dimension ref="A1"/>', rows_of_one_listing())}
    )
    assert read_tables("a.xlsx", book)[0].rows == [Row(2, (float(ID), "dark"))]


def test_cells_without_an_address_stand_one_after_the_other() -> None:
    rows = "<row><c t='str'><v>id</v></c><c t='str'><v>Reason</v></c></row><row><c><v>1005006123456789</v></c></row>"
    book = workbook({"A": []}, extra={"xl/worksheets/sheet1.xml": sheet("", rows)})
    assert read_tables("a.xlsx", book)[0] == Table("A", ("id", "Reason"), [Row(2, (float(ID), ""))])


def test_elements_with_a_name_space_are_read() -> None:
    rows = rows_of_one_listing().replace("</", "<@").replace("<", "<x:").replace("<x:@", "</x:")
    content = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    book = workbook({"A": []}, extra={"xl/worksheets/sheet1.xml": content})
    assert read_tables("a.xlsx", book)[0].rows == [Row(2, (float(ID), "dark"))]


def sheet(before: str, rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def rows_of_one_listing() -> str:
    return (
        '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>Reason</v></c></row>'
        f'<row r="2"><c r="A2"><v>{ID}</v></c><c r="B2" t="str"><v>dark</v></c></row>'
    )


def test_formulas_are_read_by_the_value_that_the_file_keeps() -> None:
    rows = [["id", "Reason"], [Formula(f'"{ID}"', str(ID)), Formula('"da"&"rk"', "dark")]]
    assert read_tables("a.xlsx", workbook({"A": rows}))[0].rows == [Row(2, (str(ID), "dark"))]


def test_ids_whose_values_the_file_does_not_keep_are_named_and_not_taken_for_empty() -> None:
    rows = [["id", "Reason"], [Formula(f'"{ID}"'), "dark"]]
    with pytest.raises(SourceError, match=r"left the values of its formulas out: open it in a spreadsheet, save it"):
        read_tables("a.xlsx", workbook({"A": rows}))


def test_other_formulas_without_a_value_are_counted() -> None:
    rows = [["id", "Reason", "Sum"], [ID, "dark", Formula("1+1")], [OTHER, "dark", Formula("1+2")]]
    [table] = read_tables("a.xlsx", workbook({"A": rows}))
    assert table.rows == [Row(2, (float(ID), "dark", "")), Row(3, (float(OTHER), "dark", ""))]
    assert table.note == "2 formulas came without their value and read as empty cells."


def test_openpyxl_writes_formulas_without_a_value_too() -> None:
    book = openpyxl.Workbook()
    for row in (["id", "Reason"], [f'="{ID}"', "dark"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(SourceError, match="left the values of its formulas out"):
        read_tables("a.xlsx", content.getvalue())


def test_sheets_without_a_heading_row_are_left_out_and_named() -> None:
    book = workbook({"How to": [["Fill in the yellow cells"]], "A": [["id"], [ID]], "Empty": [], "Sum": [["total", 5]]})
    [table] = read_tables("a.xlsx", book)
    assert (table.sheet, table.note) == ("A", "Left out for want of a heading row with product ids: How to, Sum.")


def test_unknown_columns_are_kept_and_every_heading_is_there_once() -> None:
    rows = [
        ["", "id", "Reason", "Reason", "", "Reason (2)"],
        ["a", ID, "b", "c", "d", "e", "beyond"],
        [],
        ["", "", "f"],
    ]
    [table] = read_tables("a.xlsx", workbook({"A": rows}))
    assert table.headings == ("Column A", "id", "Reason", "Reason (2)", "Column E", "Reason (2) (2)")
    assert table.rows == [Row(2, ("a", float(ID), "b", "c", "d", "e")), Row(4, ("", "", "f", "", "", ""))]


def test_numbers_are_read_as_they_are_and_other_cells_as_text() -> None:
    rows = [["id", "Weight", "On", "Seen"], [Number("1.005006123456789E+15"), 0.5, True, 3]]
    assert read_tables("a.xlsx", workbook({"A": rows}))[0].rows == [Row(2, (float(ID), 0.5, True, 3.0))]


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    content = xls([["Exported", ""], ["ID товара", "Причина"], [ID, "Нет бренда"], [str(OTHER), "=1+1"]])
    expected = [
        Table("Sheet1", ("ID товара", "Причина"), [Row(3, (float(ID), "Нет бренда")), Row(4, (str(OTHER), "=1+1"))])
    ]
    assert read_tables("old.xls", content) == expected


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv", "a", "商品 总数据.xlsx"])
@pytest.mark.parametrize("content", [xls([["id"], [ID]]), workbook({"A": [["id"], [ID]]})], ids=["xls", "xlsx"])
def test_a_file_is_told_by_its_content_whatever_its_name_and_wherever_it_lies(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for data in (path, content):
        assert [table.rows for table in read_tables(name, data)] == [[Row(2, (float(ID),))]]
