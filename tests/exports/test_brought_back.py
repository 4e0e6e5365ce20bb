"""What we measured never comes back as somebody else's word: our own exports are known, whatever was done to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.exports import feed_rows
from aexdash.exports.feed_rows import csv_of_rows
from aexdash.exports.fixsheets.fixsheet import csv_fixsheet, fix_columns, fixsheet, write_fixsheet
from aexdash.exports.worklist import moves, plain, worklist
from aexdash.exports.worklist.moves import csv_moves
from aexdash.exports.worklist.plain import csv_plain
from aexdash.exports.worklist.worklist import csv_chunks, write_xlsx
from aexdash.model import Provenance, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.history.facts import Moved
from aexdash.snapshot.readmodels import ReasonRow
from aexdash.snapshot.trade.feed_report import RejectedRow
from aexdash.sources.own_exports import OURS_ALONE, OURS_TOGETHER, is_ours
from aexdash.sources.tables import SourceError, read_tables
from tests.exports.test_worklist import CONTEXT, NOW, SINCE, STORE, row
from tests.sources.written import workbook

CODES = sorted(load_taxonomy().codes)
ROW = row(1005001234567891)


def refused(name: str, content: bytes) -> None:
    with pytest.raises(SourceError) as error:
        read_tables(name, content)
    assert str(error.value).startswith(f"{name} is an export of aexdash (its headings '")


def test_a_worklist_brought_back_is_refused() -> None:
    book = io.BytesIO()
    write_xlsx(book, [ROW], CONTEXT)
    refused("worklist.csv", b"".join(csv_chunks([ROW], CONTEXT)))
    refused("worklist.xlsx", book.getvalue())
    refused("plain.csv", b"".join(csv_plain([ROW], CONTEXT)))


@pytest.mark.parametrize("code", CODES)
def test_a_fix_sheet_of_any_reason_brought_back_is_refused(code: str) -> None:
    rows = [row(1005001234567891, reasons=(ReasonRow(code, Provenance.CHECK, "", None, {}, SINCE),))]
    refused("fix.csv", b"".join(csv_fixsheet(fixsheet(code, rows, CONTEXT))))


def test_the_workbook_of_a_fix_sheet_brought_back_is_refused() -> None:
    book = io.BytesIO()
    write_fixsheet(book, "image.main_too_small", [ROW], CONTEXT)
    refused("fix.xlsx", book.getvalue())


def test_moves_and_rejected_feed_rows_brought_back_are_refused() -> None:
    moved = Moved(
        "main", 1005001234567891, "Lamp", Status.ACTIVE, Status.REJECTED, NOW, NOW - timedelta(hours=1), 1, ()
    )
    refused("moves.csv", b"".join(csv_moves([moved], CONTEXT, {})))
    rejected = RejectedRow("main", "report.csv", 2, "A-1", "No brand", "E7", "brand", "error", NOW)
    refused("rejected.csv", b"".join(csv_of_rows([rejected], {}, [STORE])))


@given(st.data())
@pytest.mark.parametrize("code", ["", "image.main_too_small", "attribute.brand_missing", "price.below_minimum"])
def test_an_export_is_known_with_half_of_its_columns_left_out_in_any_order(code: str, data: st.DataObject) -> None:
    columns = fix_columns(code) if code else worklist.COLUMNS
    headings = data.draw(st.permutations([column.title for column in columns]))
    kept = len(headings) - (len(headings) // 2 if not code else 3)
    assert is_ours(headings[:kept])


def test_every_heading_by_which_an_export_is_known_is_one_that_an_export_has() -> None:
    tables = (worklist.COLUMNS, plain.COLUMNS, moves.COLUMNS, feed_rows.COLUMNS)
    exported = {column.title for columns in tables for column in columns} | {column.key for column in plain.COLUMNS}
    exported |= {column.title for code in CODES for column in fix_columns(code)} | {"Allowed values"}
    assert {*OURS_ALONE, *OURS_TOGETHER} <= exported


def test_an_export_saved_again_by_a_spreadsheet_is_known() -> None:
    rows = list(csv.reader(io.StringIO(b"".join(csv_chunks([ROW], CONTEXT)).decode("utf-8-sig"))))
    refused("again.csv", written(rows, ";").encode("utf-16"))


def written(rows: Sequence[Sequence[str]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([["Saved on Monday"], *rows])
    return text.getvalue()


def test_a_sheet_of_ours_beside_one_of_seller_center_is_left_out_and_named() -> None:
    ours = [[column.title for column in worklist.COLUMNS], ["main", "1005001234567891", "Lamp", "rejected"]]
    theirs = [["Product ID", "Reason"], ["1005001234567891", "Picture is blurred"]]
    [table] = read_tables("both.xlsx", workbook({"Ours": ours, "Theirs": theirs}))
    assert (table.sheet, table.note) == (
        "Theirs",
        "Left out as exports of aexdash, which are not the word of anybody else: Ours.",
    )


@pytest.mark.parametrize(
    "headings",
    [
        ("Product ID", "Title", "Reason", "Comment", "Status"),
        ("商品ID", "商品标题", "审核原因"),
        ("Store", "SKU", "Severity", "Message", "Code", "Attribute", "Date"),
        ("Product id", "Reasons", "What to do"),
        ("Product id", "Category", "Price from", "Price to", "Currency", "Owner", "Note", "Stage"),
    ],
)
def test_files_of_others_are_not_taken_for_ours(headings: tuple[str, ...]) -> None:
    assert not is_ours(headings)
